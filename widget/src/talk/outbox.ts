// What the visitor wrote goes out one by one, in its order, and again with the same id until it is answered.

import type { ConversationStorage, Outgoing } from "./storage";
import type { Outcome, Transport } from "./transport";

const AGAIN = 2000; // milliseconds until a message without acknowledgement is sent once more
const UNANSWERED = 25_000; // milliseconds until a stored message without answer is

export interface Sends {
  stored(id: string): void;
  refused(id: string, error: string, message: string): void;
}

export class Outbox {
  #queue: Outgoing[];
  readonly #stored = new Map<string, ReturnType<typeof setTimeout>>();
  #running = false;

  readonly #memory: ConversationStorage;
  readonly #wire: Pick<Transport, "say" | "connected" | "reconnect">;
  readonly #sends: Sends;

  constructor(memory: ConversationStorage, wire: Pick<Transport, "say" | "connected" | "reconnect">, sends: Sends) {
    this.#memory = memory;
    this.#wire = wire;
    this.#sends = sends;
    this.#queue = memory.outgoing();
  }

  has(id: string): boolean {
    return this.#queue.some((one) => one.id === id);
  }

  get ids(): string[] {
    return this.#queue.map((one) => one.id);
  }

  add(one: Outgoing): void {
    this.#queue.push(one);
    this.#memory.keep(one);
    void this.#run();
  }

  /** It was answered, or given up. */
  drop(id: string): void {
    this.#queue = this.#queue.filter((one) => one.id !== id);
    this.#settle(id);
    this.#memory.drop(id);
  }

  clear(): void {
    for (const id of this.ids) this.drop(id);
  }

  /** After a lost connection nobody knows how far a message came. */
  sendAgain(): void {
    for (const id of this.ids) this.#settle(id);
    void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    let losses = 0;
    for (let next = this.#next(); next && this.#wire.connected; next = this.#next()) {
      const outcome = await this.#wire.say(next);
      if (!this.has(next.id)) continue;
      losses = outcome.kind === "lost" ? losses + 1 : 0;
      await this.#took(next.id, outcome, losses);
    }
    this.#running = false;
  }

  #next(): Outgoing | undefined {
    return this.#queue.find((one) => !this.#stored.has(one.id));
  }

  async #took(id: string, outcome: Outcome, losses: number): Promise<void> {
    if (outcome.kind === "done") {
      this.#stored.set(
        id,
        setTimeout(() => this.sendAgain(), UNANSWERED),
      );
      return this.#sends.stored(id);
    }
    if (outcome.kind === "lost") {
      if (losses > 1) this.#wire.reconnect();
      return pause(AGAIN);
    }
    // A session that has expired is followed by another one, into which the message goes.
    if (outcome.error === "rate_limited" || outcome.error === "expired") return pause((outcome.retryAfter || 1) * 1000);
    this.drop(id);
    this.#sends.refused(id, outcome.error, outcome.message);
  }

  #settle(id: string): void {
    clearTimeout(this.#stored.get(id));
    this.#stored.delete(id);
  }
}

function pause(wait: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, wait));
}
