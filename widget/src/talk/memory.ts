// What a browser keeps of a conversation. Storage may be forbidden or full: then it lasts as long as the page.

import { MOST } from "./entries";
import { type Entry, kept, readEntry } from "./messages";
import { type Fields, fields, words } from "./shapes";

const LIFETIME = 24 * 60 * 60 * 1000;

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
    this.#write(this.#place, { session, token, at: Date.now() });
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

  clear(): void {
    for (const place of this.#places()) this.#remove(place);
    this.#remove(this.#place);
  }

  /** Tells when another window begins a new conversation. */
  onNewSession(tell: (kept: Kept) => void): void {
    if (this.#kind !== "local") return;
    addEventListener("storage", (event) => {
      if (event.key !== this.#place) return;
      const before = fields(parsed(event.oldValue))?.session;
      const now = this.load();
      if (before && now.session !== before) tell(now);
    });
  }

  get #statePlace(): string {
    return `${this.#place} state`;
  }

  #places(): string[] {
    try {
      return Object.keys(this.#storage ?? {}).filter((key) => key.startsWith(`${this.#place} `));
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
