// One conversation: what is known of it, and all that can be done with it. Views read `state` and hear of its changes.

import type { Options } from "../host/options";
import { placeOf } from "../host/options";
import type { Stage } from "../host/stage";
import { changed, firstPlace, grouped, isAnswered, lastSettled, MOST, merged, onOffer } from "./entries";
import { erase, type NotErased } from "./erasure";
import { newId } from "./ids";
import { type Entry, type Rating, type Reply, readEntry, readReply } from "./messages";
import { isForeign } from "./origin";
import { Outbox } from "./outbox";
import { ConversationStorage, type Known, type Outgoing } from "./storage";
import { readSession, type Session, Transport } from "./transport";

export const LONGEST = 1000; // characters
const GRACE = 1500; // milliseconds before a lost connection is worth a word

export interface State {
  entries: Entry[];
  open: boolean;
  /** "new" until the first connection; "lost" when it is worth telling. */
  connection: "new" | "connected" | "lost";
  typing: boolean;
  unread: number;
  draft: string;
  /** A sentence about the last thing that went wrong. */
  trouble: string;
  /** That the conversation was erased: "all", or why an earlier one was not erased with it. */
  erased: "" | "all" | NotErased;
  /** Under which the operator can look that up. */
  receipt: string;
  /** Whether what was said before is in place, so that new words may be read out. */
  settled: boolean;
  /** What came just now, to be read out. */
  news: Reply[];
  /** Whether the assistant does not serve this site. */
  barred: boolean;
}

export class Talk {
  state: State;
  readonly #memory: ConversationStorage;
  readonly #wire: Transport;
  readonly #outbox: Outbox;
  readonly #turns = new Set<string>();
  /** How what was shown went out, for another try. */
  readonly #sent = new Map<string, Pick<Outgoing, "message" | "kind">>();
  readonly #listeners = new Set<() => void>();
  #session = "";
  #token = "";
  #isGreeted = false;
  #isResumed = false;
  #wanted = false;
  #fetching = false;
  #erasing: Promise<NotErased | undefined> | undefined;
  #losing: ReturnType<typeof setTimeout> | undefined;

  readonly #options: Options;
  readonly #emit: Stage["emit"];
  readonly #noAnswer: string;

  constructor(options: Options, emit: Stage["emit"], noAnswer: string) {
    this.#options = options;
    this.#emit = emit;
    this.#noAnswer = noAnswer;
    this.#memory = new ConversationStorage(placeOf(options), options.persist);
    const kept = this.#memory.load();
    this.#session = kept.session;
    this.#token = kept.token;
    this.state = {
      entries: kept.entries,
      open: kept.open,
      connection: "new",
      typing: false,
      unread: kept.unread,
      draft: kept.draft,
      trouble: "",
      erased: "",
      receipt: "",
      settled: false,
      news: [],
      barred: false,
    };
    this.#wire = new Transport(
      options.url,
      () => ({ v: 1, ...(this.#token && { token: this.#token }), ...(options.ref && { ref: options.ref }) }),
      {
        confirmed: (session) => this.#confirmed(session),
        connected: () => void this.#connected(),
        disconnected: () => this.#disconnected(),
        refused: (message) => this.#unreachable(message),
        typing: (on, turn) => this.#typing(on, turn),
        said: (message) => this.#said(message),
        failed: (turn, message) => this.#failed(turn, message),
        session: () => this.#session,
        erased: (session, receipt) => this.#erasedElsewhere(session, receipt),
      },
    );
    this.#outbox = new Outbox(this.#memory, this.#wire, {
      stored: (id) => this.#change({ entries: changed(this.state.entries, id, { delivery: "stored" }) }),
      refused: (id, error, message) => this.#refused(id, error, message),
    });
    this.#memory.onChange(
      (other) => this.#followed(other),
      (session) => this.#erasedElsewhere(session),
    );
    const look = () => this.#lookAgain();
    for (const event of ["online", "offline", "pageshow"]) addEventListener(event, look);
    document.addEventListener("visibilitychange", look);
  }

  /** Whether there is something to come back to. */
  get begun(): boolean {
    return this.state.entries.length > 0;
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  connect(): void {
    if (this.state.barred) return;
    this.#wanted = true;
    if (this.#wire.connected) return;
    this.#wire.connect();
    this.#losing ??= setTimeout(() => this.#lost(), 2 * GRACE);
  }

  open(): void {
    if (this.state.open && this.#wanted) return;
    if (!this.state.open) this.#emit("open", {});
    this.#change({ open: true });
    this.#read();
    if (!this.state.erased) this.connect();
    if (this.#wire.connected) this.#greet();
  }

  close(): void {
    if (!this.state.open) return;
    this.#change({ open: false });
    this.#emit("close", {});
  }

  write(draft: string): void {
    this.#change({ draft });
  }

  ask(text: string): void {
    this.#send(text, "text", text);
  }

  heard(): void {
    this.#change({ news: [] });
  }

  /** Presses a button: a payload that begins with "/" is a command, any other is said as it is. */
  choose(title: string, payload: string): void {
    if (!onOffer(this.state.entries).length) return; // it was answered by the click before
    this.#send(payload, payload.startsWith("/") ? "button" : "text", title);
  }

  /** Sends a message again that could not be. */
  retry(id: string): void {
    const again = this.#sent.get(id);
    const question = this.state.entries.find((entry) => entry.id === id);
    if (question?.from !== "visitor") return;
    this.#change({ trouble: "", entries: changed(this.state.entries, id, { delivery: "waiting", problem: "" }) });
    this.#outbox.add({ id, message: question.text, kind: "text", at: Date.now(), ...again });
    this.connect();
  }

  async rate(id: string, value: Rating): Promise<void> {
    const before = this.state.entries;
    this.#change({ entries: changed(before, id, { rating: value }), trouble: "" });
    this.#emit("rated", { value });
    const outcome = await this.#wire.rate(id, value);
    if (outcome.kind !== "refused" || this.state.erased) return;
    this.#change({ entries: changed(this.state.entries, id, { rating: null }), trouble: outcome.message });
  }

  /** A new conversation. Without a connection it begins when there is one again. */
  async startOver(): Promise<void> {
    const outcome = await this.#wire.reset();
    if (this.state.erased) return;
    if (outcome.kind === "refused" && outcome.error !== "expired") return this.#change({ trouble: outcome.message });
    const session = outcome.kind === "done" ? readSession(outcome.content) : undefined;
    this.#enter(session?.session ?? "", session?.token ?? "");
    this.#forget();
    this.#emit("started_over", {});
    if (session) this.#greet();
    else this.#wire.reconnect();
  }

  /**
   * Erases the conversation, and also the visitor's earlier ones if that is wanted. Gives why the conversation was not
   * erased, if it was not; then it goes on as before. `state.erased` says if an earlier one is left.
   */
  erase(withEarlier: boolean): Promise<NotErased | undefined> {
    this.#erasing ??= this.#eraseKnown(withEarlier).finally(() => {
      this.#erasing = undefined;
    });
    return this.#erasing;
  }

  /** After an erasure; in the conversation that another window has begun, if one has. */
  begin(): void {
    const { session, token } = this.#memory.load();
    this.#session = session;
    this.#token = token;
    this.#change({ erased: "", receipt: "" });
    this.connect();
  }

  /** Tries at once what is otherwise tried again after a while. */
  tryNow(): void {
    this.#wire.reconnect();
  }

  #send(message: string, kind: "text" | "button", shown: string): void {
    const text = shown.trim();
    if (!text) return;
    const id = newId();
    const ts = Date.now() / 1000;
    const outgoing = { message: kind === "text" ? message.trim() : message, kind };
    this.#sent.set(id, outgoing);
    const question: Entry = { from: "visitor", id, ts, text, delivery: "waiting", problem: "" };
    this.#change({ entries: [...this.state.entries, question].slice(-MOST), trouble: "", erased: "" });
    this.#outbox.add({ id, at: Date.now(), ...outgoing });
    this.#emit("message_sent", { kind });
    this.connect();
  }

  #confirmed({ session, token, resumed }: Session): void {
    this.#isResumed = resumed;
    if (!resumed && this.#session && this.#session !== session && this.begun) {
      const entries = [...this.state.entries];
      entries.splice(firstPlace(entries), 0, { from: "note", id: newId() }); // what is unsent goes into the new one
      this.#change({ entries });
    }
    this.#enter(session, token);
    this.#save();
  }

  #enter(session: string, token: string): void {
    this.#session = session;
    this.#token = token;
    this.#memory.enter(session, token);
  }

  async #connected(): Promise<void> {
    clearTimeout(this.#losing);
    this.#losing = undefined;
    this.#change({ connection: "connected", trouble: "" });
    if (this.#isResumed || this.begun) await this.#catchUp();
    this.#change({ settled: true });
    this.#outbox.sendAgain();
    this.#greet();
  }

  #disconnected(): void {
    this.#turns.clear();
    this.#change({ typing: false });
    if (this.#wanted) this.#losing ??= setTimeout(() => this.#lost(), GRACE);
  }

  #lost(): void {
    this.#losing = undefined;
    if (this.#wire.connected || !this.#wanted) return;
    this.#change({ connection: "lost", settled: true });
  }

  #unreachable(message: string): void {
    this.#change({ trouble: message });
    if (this.state.connection !== "new") return;
    this.#lost();
    if (!message) void this.#lookWhy();
  }

  async #lookWhy(): Promise<void> {
    if (!(await isForeign(this.#options.url))) return;
    this.#wanted = false;
    this.#wire.disconnect();
    this.#change({ barred: true, trouble: "" });
    this.#emit("error", { code: "foreign_origin" });
    console.error(
      `Seatwise: the assistant at ${this.#options.url} does not serve this site. Add the site to its settings, several ` +
        `separated by spaces:\nSEATWISE_ORIGINS=${location.origin}`,
    );
  }

  /** Back from sleep, from another tab or from a tunnel. */
  #lookAgain(): void {
    if (document.hidden || !this.#wanted) return;
    if (this.state.open) this.#read();
    if (!navigator.onLine) return void this.#change({});
    if (this.#wire.connected) void this.#catchUp();
    else this.#wire.reconnect();
  }

  /** What was said while nobody listened. */
  async #catchUp(): Promise<void> {
    if (this.#fetching) return;
    this.#fetching = true;
    const outcome = await this.#wire.history(lastSettled(this.state.entries));
    this.#fetching = false;
    if (outcome.kind !== "done") return;
    const told = Array.isArray(outcome.content.messages) ? outcome.content.messages : [];
    this.#tookIn(told.map(readEntry).filter((entry) => entry !== undefined));
  }

  #tookIn(told: Entry[]): void {
    const known = new Set(this.state.entries.map((entry) => entry.id));
    const entries = merged(this.state.entries, told).slice(-MOST);
    for (const id of this.#outbox.ids) if (isAnswered(entries, id)) this.#outbox.drop(id);
    const fresh = told.filter((entry) => entry.from === "assistant" && !known.has(entry.id));
    this.#change({ entries, news: this.state.settled ? [...this.state.news, ...(fresh as Reply[])] : [] });
    if (known.size) this.#count(fresh.length);
  }

  #greet(): void {
    if (!this.state.open || !this.state.settled || this.begun || this.#isGreeted || this.#outbox.ids.length) return;
    this.#isGreeted = true;
    const id = newId();
    this.#outbox.add({ id, message: "/greet", kind: "button", at: Date.now() });
  }

  #typing(on: boolean, turn: string): void {
    if (on) this.#turns.add(turn);
    else this.#turns.delete(turn);
    this.#change({ typing: this.#turns.size > 0 });
    if (on && !this.#knows(turn)) void this.#catchUp();
  }

  /** Whether a turn began here; otherwise the visitor's words are in another window. */
  #knows(turn: string): boolean {
    return !turn || this.#outbox.has(turn) || this.state.entries.some((one) => one.id === turn);
  }

  #said(message: unknown): void {
    const reply = readReply(message);
    if (!reply) {
      this.#emit("error", { code: "unreadable_message" });
      return;
    }
    const isNew = !this.state.entries.some((entry) => entry.id === reply.id);
    this.#outbox.drop(reply.turn);
    this.#sent.delete(reply.turn);
    if (!isNew) return;
    const entries = changed(this.state.entries, reply.turn, { delivery: "stored", problem: "" });
    this.#change({
      entries: grouped([...entries, reply]).slice(-MOST),
      news: [...this.state.news, reply],
      trouble: "",
    });
    this.#count(1);
    this.#emit("message_received", { type: reply.card?.type ?? "text" });
    if (reply.card?.type === "verdict") {
      this.#emit("verdict", { role: reply.card.role, strength: reply.card.strength.level });
    }
  }

  #failed(turn: string, message: string): void {
    this.#refused(turn, "not_stored", message);
  }

  #refused(id: string, error: string, message: string): void {
    const problem = message || this.#noAnswer;
    this.#outbox.drop(id);
    this.#turns.delete(id);
    const isShown = this.state.entries.some((entry) => entry.id === id);
    if (!isShown) this.#isGreeted = false; // it was the greeting, and is tried again with the next connection
    this.#change({
      typing: this.#turns.size > 0,
      entries: changed(this.state.entries, id, { delivery: "failed", problem }),
      trouble: isShown ? "" : problem,
    });
    this.#emit("error", { code: error });
  }

  #count(messages: number): void {
    if (!messages || (this.state.open && !document.hidden)) return;
    const unread = this.state.unread + messages;
    this.#change({ unread });
    this.#emit("unread", { count: unread });
  }

  #read(): void {
    if (!this.state.unread) return;
    this.#change({ unread: 0 });
    this.#emit("unread", { count: 0 });
  }

  async #eraseKnown(withEarlier: boolean): Promise<NotErased | undefined> {
    const tried = new Map<string, NotErased | undefined>();
    // Looked up again each time: a lost connection may bring another session meanwhile.
    const untried = () => {
      const current = { session: this.#session, token: this.#token }; // the storage may have been emptied
      const known = [...(withEarlier ? this.#memory.known() : []), current];
      return known.find(({ session, token }) => token && !tried.has(session));
    };
    for (let next = untried(); next; next = untried()) {
      tried.set(next.session, await erase(this.#options.url, next.token));
    }
    const problem = tried.get(this.#session);
    tried.delete(this.#session);
    for (const [session, failure] of tried) if (!failure) this.#memory.forget(session);
    // Of several reasons, one that may pass comes first.
    const left = [...tried.values()].filter((failure) => failure !== undefined);
    if (!problem) this.#erased(left.find((failure) => failure !== "refused") ?? left[0] ?? "all");
    return problem;
  }

  #erasedElsewhere(session: string, receipt = ""): void {
    if (receipt) this.#change({ receipt });
    if (!this.#erasing && session && session === this.#session) this.#erased("all");
  }

  #erased(erased: "all" | NotErased): void {
    this.#wanted = false;
    this.#wire.disconnect();
    this.#forget();
    this.#memory.forget(this.#session);
    this.#session = "";
    this.#token = "";
    this.#change({ erased });
    this.#emit("erased", {});
  }

  /** Another window has begun a new conversation, or has a fresh token for this one. */
  #followed({ session, token }: Known): void {
    if (this.state.erased) return;
    this.#token = token;
    if (session === this.#session) return;
    this.#session = session;
    this.#forget();
    this.#isGreeted = true; // by the window that began it
    if (this.#wanted) this.#wire.reconnect();
  }

  #forget(): void {
    this.#outbox.clear();
    this.#turns.clear();
    this.#sent.clear();
    this.#isGreeted = false;
    this.#change({ entries: [], news: [], typing: false, unread: 0, trouble: "", draft: "" });
  }

  #change(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    this.#save();
    for (const listener of this.#listeners) listener();
  }

  #save(): void {
    if (!this.#session && !this.begun) return;
    const { entries, open, draft, unread } = this.state;
    this.#memory.save({ session: this.#session, token: this.#token, entries, open, draft, unread });
  }
}
