// The browser's storage, with a substitute that lasts as long as the page where storage is forbidden or full.

import { type Fields, fields } from "./shapes";

export class Store {
  readonly #storage: Storage | undefined;
  readonly #unstored = new Map<string, Fields>();

  constructor(kind: "session" | "local") {
    try {
      this.#storage = kind === "local" ? localStorage : sessionStorage;
    } catch {
      this.#storage = undefined;
    }
  }

  keys(prefix: string): string[] {
    const keys = new Set([...(attempt(() => Object.keys(this.#storage ?? {})) ?? []), ...this.#unstored.keys()]);
    return [...keys].filter((key) => key.startsWith(prefix));
  }

  read(key: string): Fields | undefined {
    return this.#unstored.get(key) ?? parsed(attempt(() => this.#storage?.getItem(key)));
  }

  write(key: string, value: Fields): void {
    this.#unstored.set(key, value);
    attempt(() => {
      this.#storage?.setItem(key, JSON.stringify(value));
      if (this.#storage) this.#unstored.delete(key);
    });
  }

  remove(key: string): void {
    this.#unstored.delete(key);
    attempt(() => this.#storage?.removeItem(key));
  }
}

/** An entry as it was stored; undefined if it is none of ours. */
export function parsed(text: string | null | undefined): Fields | undefined {
  return fields(attempt(() => JSON.parse(text ?? "null")));
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
