// What the widget itself says, in English. Another language is another file of the same shape, named in strings/index.ts.

/** What the loader says; it carries no more than this. */
export const enLauncher = {
  lang: "en",
  dir: "ltr",
  chat: "Chat",
  chatWith: (name: string) => `Chat with ${name}`,
  notLoaded: "The chat didn't load. Try again.",
  contact: "Contact us",
};

const count = (number: number) => number.toLocaleString("en");
// Without a comma before "and": the assistant takes the sentence apart again.
const together = new Intl.ListFormat("en-GB");

export const en = {
  launcher: enLauncher,
  lang: "en",
  dir: "ltr" as "ltr" | "rtl",

  unread: (messages: number) => (messages === 1 ? "1 new message" : `${messages} new messages`),

  close: "Close chat",
  expand: "Make the chat larger",
  shrink: "Make the chat smaller",
  more: "Menu",
  startOver: "Start over",
  download: "Download transcript",
  erase: "Delete my chat",
  privacy: "Privacy",
  keep: "Keep it",
  confirmStartOver:
    "Start a new chat? Your answers will be cleared from this window. The old chat stays on file until you delete it.",
  eraseAndStartOver: "Delete and start over",
  confirmErase:
    "Delete this chat and any earlier ones this browser remembers? They will be erased here and on our servers. You can't undo this.",
  erased: "Your chat has been deleted.",
  receipt: "Your receipt:",
  notErased: "This chat could not be deleted.",
  earlierNotErased: "This chat has been deleted, but an earlier one could not be.",
  whyNotErased: {
    unreachable: "There's no connection right now. Please try again in a moment.",
    busy: "There were too many requests. Please try again in a minute.",
    failed: "Something went wrong on our end. Please try again in a few minutes.",
    refused: "It may be too old to delete from here. Please ask us to delete it.",
  },
  newChat: "Start a new chat",
  ended: "Your earlier chat has ended. This is a new one.",

  bot: "Automated assistant",
  stored: "Your chat is saved so you can pick up where you left off.",

  conversation: "Conversation",
  suggestions: "Suggested answers",
  choices: (titles: string[]) => `Suggested answers: ${titles.join("; ")}.`,
  /** Answers that mean "I'd skip this": shown with less weight. */
  skips: /^(not sure|skip|(i'd )?rather not|(i )?don't know)/i,
  several: "Choose all that apply",
  /** Several answers as one sentence: "A website and a CRM". */
  together: (labels: string[]) =>
    together.format(
      labels.map((label, at) => (at ? label.replace(/^[A-Z](?![A-Z])/, (one) => one.toLowerCase()) : label)),
    ),
  you: "You",
  inPerson: (name: string) => `${name}, in person`,
  said: (who: string) => `${who}: `,
  writing: (name: string) => `${name} is typing`,
  newMessages: "New messages",
  below: "More below",
  opensNewTab: "opens in a new tab",
  notShown: "This message can't be shown here.",
  imageMissing: (alt: string) => (alt ? `Image: ${alt}` : "An image that didn't load"),

  yourMessage: "Your message",
  write: "Type a message",
  send: "Send",
  tooLong: (length: number, longest: number) => `${count(length)} of ${count(longest)} characters`,

  sending: "Sending",
  queued: "Waiting to send",
  delivered: "Delivered",
  notSent: "Not sent",
  tryAgain: "Try again",
  noAnswer: "No answer came back. Please try again.",

  offline: "You're offline. Anything you type is saved here and sent when you're back.",
  reconnecting: (name: string) =>
    `Trying to reach ${name}. Anything you type is saved here and sent once we reconnect.`,
  away: "We can't connect right now",
  awayKept: "We'll keep trying. Anything you type is saved in this browser and sent once we connect.",
  awayMeanwhile: "Meanwhile, here are answers to common questions.",
  retry: "Try now",
  notHere: "Chat isn't available on this page",

  helpful: "Was this helpful?",
  yes: "Helpful",
  no: "Not helpful",
  thanks: "Thanks for the feedback.",

  reading: "Recommendation",
  firmness: "How firm",
  source: "Source",
  company: "Your answers",
  print: "Save as PDF",
  copy: "Copy",
  copied: "Copied",
  notCopied: "Couldn't copy",
  email: "Email",
  strength: {
    firm: "Firm",
    hedged: "Fairly firm",
    conditional: "Depends on your plans",
    inferred: "Our inference",
    default: "Our default",
    none: "No recommendation",
  },
  range: "Range",
  item: "Item",
  progress: "Interview progress",

  transcript: (name: string) => `Conversation with ${name}`,
  transcriptFile: "conversation.txt",
};

export type Strings = typeof en;
