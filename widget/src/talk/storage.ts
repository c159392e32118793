// What a browser keeps of a conversation. Storage may be forbidden or full: then it lasts as long as the page.

import { PLACE } from "../host/places";
import { MOST } from "./entries";
import { type Entry, kept, readEntry } from "./messages";
import { asText, type Fields } from "./shapes";
import { parsed, Store } from "./store";

const DAY = 24 * 60 * 60 * 1000; // milliseconds
const LIFETIME = DAY; // of a token
const ERASABLE = 90 * DAY; // how long an expired token may still erase its conversation
const MOST_EARLIER = 10; // conversations

/** A message on its way: it stays until it is answered. */
export interface Outgoing {
  id: string;
  message: string;
  kind: "text" | "button";
  at: number;
}

/** A conversation that may be stored at the assistant, and the token that can erase it. */
export interface Known {
  session: string;
  token: string;
}

export interface Kept extends Known {
  entries: Entry[];
  open: boolean;
  draft: string;
  unread: number;
}

export class ConversationStorage {
  readonly #store: Store;
  readonly #place: string;
  readonly #kind: "session" | "local";

  constructor(place: string, kind: "session" | "local") {
    this.#place = place;
    this.#kind = kind;
    this.#store = new Store(kind);
    for (const each of ["session", "local"] as const) tidy(new Store(each));
  }

  load(): Kept {
    const known = fresh(this.#store.read(this.#place));
    const session = asText(known.session) ?? "";
    const state = fresh(this.#store.read(this.#statePlace));
    const { entries, open, draft, unread } = state.session === session ? state : {};
    return {
      session,
      token: asText(known.token) ?? "",
      entries: Array.isArray(entries) ? entries.map(readEntry).filter((entry) => entry !== undefined) : [],
      open: open === true,
      draft: asText(draft) ?? "",
      unread: typeof unread === "number" ? unread : 0,
    };
  }

  /**
   * Apart from all else, so that no window writes an old session over a new one. Without a session, the next one is still
   * to come. The token of the session before is kept, for nothing else could erase that conversation.
   */
  enter(session: string, token: string): void {
    const before = this.#store.read(this.#place);
    if (isKnown(before) && before.session !== session) this.#store.write(this.#earlierPlace(before.session), before);
    this.#store.remove(this.#earlierPlace(session));
    if (session) this.#store.write(this.#place, { session, token, at: Date.now() });
    else this.#store.remove(this.#place);
    const earlier = this.#earlier().sort((one, other) => Number(one.at) - Number(other.at));
    for (const { session } of earlier.slice(0, -MOST_EARLIER)) this.#store.remove(this.#earlierPlace(session));
  }

  /** The conversations in this place that are not known to be erased, the current one last. */
  known(): Known[] {
    return [...this.#earlier(), this.#store.read(this.#place)].filter(isKnown);
  }

  save({ token, ...state }: Kept): void {
    this.#store.write(this.#statePlace, { ...state, entries: state.entries.slice(-MOST).map(kept), at: Date.now() });
  }

  /** Each message has a place of its own, so that two windows do not lose each other's. */
  outgoing(): Outgoing[] {
    return this.#places()
      .map((place) => outgoing(this.#store.read(place)))
      .filter((one) => one !== undefined)
      .sort((one, other) => one.at - other.at);
  }

  keep(one: Outgoing): void {
    this.#store.write(`${this.#place} ${one.id}`, { ...one });
  }

  drop(id: string): void {
    this.#store.remove(`${this.#place} ${id}`);
  }

  /** Forgets an erased conversation, with all that was said in it. */
  forget(session: string): void {
    this.#store.remove(this.#earlierPlace(session));
    if (this.#store.read(this.#place)?.session === session) {
      this.#store.write(this.#place, { erased: session }); // for other windows: a removal can have other reasons
      this.#store.remove(this.#place);
    }
    if (this.#store.read(this.#statePlace)?.session !== session) return; // what is kept is of another conversation
    for (const place of this.#places()) if (!isKnown(this.#store.read(place))) this.#store.remove(place);
  }

  /** Tells when another window begins a new conversation, gets a fresh token, or erases a conversation. */
  onChange(changed: (kept: Kept) => void, erased: (session: string) => void): void {
    if (this.#kind !== "local") return;
    addEventListener("storage", (event) => {
      if (event.key !== this.#place) return;
      const session = asText(parsed(event.newValue)?.erased);
      if (session) erased(session);
      else if (parsed(event.oldValue)?.session) changed(this.load());
    });
  }

  get #statePlace(): string {
    return `${this.#place} state`;
  }

  #earlierPlace(session: string): string {
    return `${this.#place} earlier ${session}`;
  }

  #earlier(): (Fields & Known)[] {
    return this.#places()
      .map((place) => this.#store.read(place))
      .filter(isKnown);
  }

  #places(): string[] {
    return this.#store.keys(`${this.#place} `);
  }
}

/** Removes what is too old or cannot be read, of every conversation. */
function tidy(store: Store): void {
  for (const key of store.keys(PLACE)) if (!isUseful(store.read(key))) store.remove(key);
}

function isUseful(value: Fields | undefined): boolean {
  if (isKnown(value)) return isWithin(ERASABLE, value);
  return (Array.isArray(value?.entries) || outgoing(value) !== undefined) && isWithin(LIFETIME, value);
}

function isKnown(value: Fields | undefined): value is Fields & Known {
  return asText(value?.session) !== undefined && asText(value?.token) !== undefined;
}

function fresh(value: Fields | undefined): Fields {
  return value && isWithin(LIFETIME, value) ? value : {};
}

/** Also false for a time far ahead, which would never pass. */
function isWithin(age: number, value: Fields | undefined): boolean {
  return typeof value?.at === "number" && Math.abs(Date.now() - value.at) < age;
}

function outgoing(value: Fields | undefined): Outgoing | undefined {
  const [id, message] = [asText(value?.id), asText(value?.message)];
  if (!value || !id || !message) return undefined;
  return { id, message, kind: value.kind === "button" ? "button" : "text", at: Number(value.at) || 0 };
}
