// The conversation as a list. The assistant's history is the truth; what we showed before it was told keeps its place.

import type { Entry, Question, Reply } from "./messages";

export const MOST = 100;

/** Both lists as one, each message once; what is new comes after its neighbour in the history. */
export function merged(shown: Entry[], history: Entry[]): Entry[] {
  const entries = [...shown];
  let place = -1;
  for (const told of history) {
    const at = entries.findIndex((entry) => entry.id === told.id);
    if (at >= 0) {
      entries[at] = refreshed(entries[at] as Entry, told);
      place = Math.max(place, at);
    } else {
      const answer = entries.findIndex((entry) => entry.from === "assistant" && entry.turn === told.id);
      place = answer >= 0 ? answer : place < 0 ? firstPlace(entries) : place + 1;
      entries.splice(place, 0, told);
    }
  }
  return grouped(entries);
}

/** Each answer below its question, also where several were asked at once. */
export function grouped(entries: Entry[]): Entry[] {
  const asked = new Set(entries.filter((entry) => entry.from === "visitor").map(({ id }) => id));
  const isAnswer = (entry: Entry): entry is Reply => entry.from === "assistant" && asked.has(entry.turn);
  return entries.flatMap((entry) => {
    if (isAnswer(entry)) return [];
    return [entry, ...entries.filter((other) => isAnswer(other) && other.turn === entry.id)];
  });
}

/** Where another conversation begins: before whatever has not been stored yet. */
export function firstPlace(entries: Entry[]): number {
  const unsent = entries.findIndex((entry) => entry.from === "visitor" && entry.delivery !== "stored");
  return unsent < 0 ? entries.length : unsent;
}

function refreshed(shown: Entry, told: Entry): Entry {
  if (shown.from === "assistant" && told.from === "assistant") return { ...told, rating: told.rating ?? shown.rating };
  return told;
}

/** The newest message up to which nothing is missing: where a history may begin. */
export function lastSettled(entries: Entry[]): string | undefined {
  const open = entries.findIndex((entry) => entry.from === "visitor" && !isAnswered(entries, entry.id));
  const settled = open < 0 ? entries : entries.slice(0, open);
  return settled.filter((entry) => entry.from !== "note").at(-1)?.id;
}

export function isAnswered(entries: Entry[], question: string): boolean {
  return entries.some((entry) => entry.from === "assistant" && entry.turn === question);
}

/** The messages after the last word of the visitor or a person: only they still offer anything. */
export function onOffer(entries: Entry[]): Reply[] {
  const last = entries.findLastIndex((entry) => entry.from !== "assistant" || isOfPerson(entry));
  return entries.slice(last + 1) as Reply[];
}

/** Whether a person of the firm said it, or it says that one is there. */
export function isOfPerson({ card }: Reply): boolean {
  return card?.type === "person" || card?.type === "held";
}

export function changed(entries: Entry[], id: string, change: Partial<Question> | Partial<Reply>): Entry[] {
  return entries.map((entry) => (entry.id === id ? ({ ...entry, ...change } as Entry) : entry));
}
