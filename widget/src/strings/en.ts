// What the widget itself says, in English. Another language is another file of the same shape, named in words/index.ts.

/** What the loader says; it carries no more than this. */
export const enLauncher = {
  lang: "en",
  dir: "ltr",
  chat: "Chat",
  chatWith: (name: string) => `Chat with ${name}`,
  notLoaded: "The chat did not load. Please try again.",
  contact: "Contact us",
};

const count = (number: number) => number.toLocaleString("en");

export const en = {
  launcher: enLauncher,
  lang: "en",
  dir: "ltr" as "ltr" | "rtl",

  unread: (messages: number) => (messages === 1 ? "1 new message" : `${messages} new messages`),

  close: "Close chat",
  more: "More",
  startOver: "Start over",
  download: "Download transcript",
  erase: "Delete my chat",
  privacy: "Privacy",
  keep: "Keep it",
  confirmStartOver:
    "Start a new conversation? This one will no longer be shown here, but it stays stored until it is deleted.",
  eraseAndStartOver: "Delete and start over",
  confirmErase:
    "Delete this chat and any earlier ones that this browser remembers? They will be deleted here and where they are stored. This cannot be undone.",
  erased: "Your chat has been deleted.",
  notErased: "This chat could not be deleted.",
  earlierNotErased: "This chat has been deleted, but an earlier one could not be.",
  whyNotErased: {
    unreachable: "There is no connection right now. Please try again in a moment.",
    busy: "There were too many requests. Please try again in a minute.",
    failed: "Something went wrong on our side. Please try again in a few minutes.",
    refused: "It may be too old to be deleted from here. Please ask us to delete it.",
  },
  newChat: "Start a new chat",
  ended: "The earlier conversation has ended. A new one begins here.",

  bot: "A bot, not a person",
  intro:
    "Ask what you like, or answer about six short questions and get my reading. That takes about three minutes; stop whenever you like.",
  stored: "What you write is stored, so that the conversation can go on.",

  conversation: "Conversation",
  suggestions: "Suggested answers",
  you: "You",
  said: (who: string) => `${who}: `,
  writing: (name: string) => `${name} is writing`,
  newMessages: "New messages",
  opensNewTab: "opens in a new tab",
  notShown: "This message cannot be shown here.",
  imageMissing: (alt: string) => (alt ? `Image: ${alt}` : "An image that could not be loaded"),

  yourMessage: "Your message",
  write: "Write a message",
  send: "Send",
  tooLong: (length: number, longest: number) => `${count(length)} of ${count(longest)} characters`,

  sending: "Sending",
  queued: "Will be sent",
  delivered: "Delivered",
  notSent: "Not sent",
  tryAgain: "Try again",
  noAnswer: "There was no answer. Please try again.",

  offline: "You are offline. What you write is kept here and sent when you are back.",
  reconnecting: (name: string) =>
    `${name} cannot be reached just now. What you write is kept here and sent when it is back.`,
  back: "Connected again.",
  away: "I cannot be reached just now",
  awayKept: "I keep trying. What you write here is kept in this browser and sent as soon as I am back.",
  awayMeanwhile: "Meanwhile, these are questions that people often ask.",
  retry: "Try now",

  helpful: "Was this helpful?",
  yes: "Helpful",
  no: "Not helpful",
  thanks: "Thank you, noted.",

  reading: "Recommendation",
  because: "Because",
  source: "Source",
  strength: {
    firm: "Firm",
    hedged: "A leaning",
    conditional: "Conditional",
    inferred: "Our inference",
    default: "Our own default",
    none: "No recommendation",
  },
  range: "Range",
  item: "Item",
  andMore: "or more",
  change: "Change",
  changeOf: (label: string) => `Change: ${label}`,
  progress: "Progress of the interview",

  transcript: (name: string) => `Conversation with ${name}`,
  transcriptFile: "conversation.txt",
};

export type Strings = typeof en;
