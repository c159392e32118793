// What a browser keeps of a conversation. Storage may be forbidden or full: then it lasts as long as the page.

import { PLACE } from "../host/places";
import { MOST } from "./entries";
import { type Entry, kept, readEntry } from "./messages";
import { type Fields, fields, words } from "./shapes";

const DAY = 24 * 60 * 60 * 1000;
const LIFETIME = DAY;
const KEPT = 90 * DAY; // as long as the assistant stores a conversation, and lets it be deleted
const MOST_EARLIER = 5;

/** A message on its way: it stays until it is answered. */
export interface Outgoing {
  id: string;
  message: string;
  kind: "text" | "button";
  at: number;
}

export interface Kept {
  session: string;
  token: string;
  entries: Entry[];
  open: boolean;
  draft: string;
  unread: number;
}

export class Memory {
  readonly #storage: Storage | undefined;

  readonly #place: string;
  readonly #kind: "session" | "local";

  constructor(place: string, kind: "session" | "local") {
    this.#place = place;
    this.#kind = kind;
    try {
      this.#storage = kind === "local" ? localStorage : sessionStorage;
    } catch {
      this.#storage = undefined;
    }
    this.#tidy();
  }

  load(): Kept {
    const known = fresh(this.#read(this.#place));
    const session = words(known.session) ?? "";
    const state = fresh(this.#read(this.#statePlace));
    const { entries, open, draft, unread } = state.session === session ? state : {};
    return {
      session,
      token: words(known.token) ?? "",
      entries: Array.isArray(entries) ? entries.map(readEntry).filter((entry) => entry !== undefined) : [],
      open: open === true,
      draft: words(draft) ?? "",
      unread: typeof unread === "number" ? unread : 0,
    };
  }

  /** Apart from all else, so that no window writes an old session over a new one. */
  enter(session: string, token: string): void {
    const before = this.#read(this.#place);
    if (before?.session !== session) this.#retire(words(before?.token));
    this.#write(this.#place, { session, token, at: Date.now() });
  }

  /** Those that open what may still be stored of this visitor: of this conversation first, then of earlier ones. */
  tokens(): string[] {
    const current = words(this.#read(this.#place)?.token);
    return [...(current ? [current] : []), ...this.#earlier().map(({ token }) => token)];
  }

  /** What a token opened is no longer stored. */
  spent(token: string): void {
    const left = this.#earlier().filter((one) => one.token !== token);
    if (left.length) this.#write(this.#earlierPlace, { list: left, at: Date.now() });
    else this.#remove(this.#earlierPlace);
  }

  save({ token, ...state }: Kept): void {
    this.#write(this.#statePlace, { ...state, entries: state.entries.slice(-MOST).map(kept), at: Date.now() });
  }

  /** Each message has a place of its own, so that two windows do not lose each other's. */
  outgoing(): Outgoing[] {
    return this.#places()
      .map((place) => outgoing(this.#read(place)))
      .filter((one) => one !== undefined)
      .sort((one, other) => one.at - other.at);
  }

  keep(one: Outgoing): void {
    this.#write(`${this.#place} ${one.id}`, { ...one });
  }

  drop(id: string): void {
    this.#remove(`${this.#place} ${id}`);
  }

  /** Forgets this conversation; the tokens of earlier ones stay, for they may still have to delete something. */
  clear(): void {
    for (const place of this.#places()) if (place !== this.#earlierPlace) this.#remove(place);
    this.#remove(this.#place);
  }

  /** Tells when another window begins a new conversation, or has deleted this one. */
  onNewSession(tell: (kept: Kept, isDeleted: boolean) => void): void {
    if (this.#kind !== "local") return;
    addEventListener("storage", (event) => {
      if (event.key !== this.#place) return;
      const before = fields(parsed(event.oldValue))?.session;
      const now = this.load();
      if (before && now.session !== before) tell(now, event.newValue === null);
    });
  }

  /** A token whose conversation is no longer shown here can still delete it. */
  #retire(token: string | undefined): void {
    const earlier = this.#earlier();
    if (!token || earlier.some((one) => one.token === token)) return;
    const list = [{ token, at: Date.now() }, ...earlier].slice(0, MOST_EARLIER);
    this.#write(this.#earlierPlace, { list, at: Date.now() });
  }

  #earlier(): { token: string; at: number }[] {
    const list = this.#read(this.#earlierPlace)?.list;
    return (Array.isArray(list) ? list : []).flatMap((one) => {
      const [token, at] = [words(fields(one)?.token), Number(fields(one)?.at)];
      return token && Date.now() - at < KEPT ? [{ token, at }] : [];
    });
  }

  /** Removes what has lain in the browser for too long, of this place and of others, and what cannot be read. */
  #tidy(): void {
    for (const place of this.#places(PLACE)) {
      const at = this.#read(place)?.at;
      if (typeof at !== "number" || Date.now() - at > KEPT) this.#remove(place);
    }
    const known = this.#read(this.#place);
    if (known && !fresh(known).session) {
      this.#retire(words(known.token));
      this.#remove(this.#place);
    }
  }

  get #earlierPlace(): string {
    return `${this.#place} earlier`;
  }

  get #statePlace(): string {
    return `${this.#place} state`;
  }

  #places(start = `${this.#place} `): string[] {
    try {
      return Object.keys(this.#storage ?? {}).filter((key) => key.startsWith(start));
    } catch {
      return [];
    }
  }

  #read(place: string): Fields | undefined {
    try {
      return fields(parsed(this.#storage?.getItem(place) ?? null));
    } catch {
      return undefined;
    }
  }

  #write(place: string, value: Fields): void {
    try {
      this.#storage?.setItem(place, JSON.stringify(value));
    } catch {
      // Full or forbidden: the conversation goes on without it.
    }
  }

  #remove(place: string): void {
    try {
      this.#storage?.removeItem(place);
    } catch {
      // As above.
    }
  }
}

function fresh(state: Fields | undefined): Fields {
  return state && typeof state.at === "number" && Date.now() - state.at < LIFETIME ? state : {};
}

function outgoing(value: Fields | undefined): Outgoing | undefined {
  const [id, message] = [words(value?.id), words(value?.message)];
  if (!value || !id || !message) return undefined;
  return { id, message, kind: value.kind === "button" ? "button" : "text", at: Number(value.at) || 0 };
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
