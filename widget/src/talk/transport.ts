// Socket.IO, as docs/protocol.md has it. What comes in is unread; what goes out is acknowledged or counts as lost.

import { io, type Socket } from "socket.io-client";
import type { Rating } from "./messages";
import { asText, type Fields, fields } from "./shapes";
import type { Outgoing } from "./storage";

const PATIENCE = 8000; // milliseconds for an acknowledgement
const RETURN = 2000; // after the server itself let us go
const SILENCE = 6000; // until a connection that opens and stays silent counts as blocked

export interface Session {
  session: string;
  token: string;
  resumed: boolean;
}

export type Outcome =
  | { kind: "done"; content: Fields }
  | { kind: "refused"; error: string; message: string; retryAfter: number }
  | { kind: "lost" };

export interface Hears {
  confirmed(session: Session): void;
  connected(): void;
  disconnected(): void;
  /** Not let in; the sentence is for the visitor where there is one. */
  refused(message: string): void;
  typing(on: boolean, turn: string): void;
  said(message: unknown): void;
  failed(turn: string, message: string): void;
  session(): string;
  /** By this window or by anybody else. */
  erased(session: string, receipt?: string): void;
}

export class Transport {
  readonly #socket: Socket;
  #returning: ReturnType<typeof setTimeout> | undefined;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  readonly #hears: Hears;
  readonly #credentials: () => Record<string, unknown>;

  constructor(url: string, credentials: () => Record<string, unknown>, hears: Hears) {
    this.#hears = hears;
    this.#credentials = credentials;
    const place = new URL("socket.io/", url);
    this.#socket = io(place.origin, {
      path: place.pathname,
      auth: (give: (auth: object) => void) => give(this.#credentials()),
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      autoConnect: false,
      reconnectionDelay: 500,
      reconnectionDelayMax: 6000,
      timeout: PATIENCE,
    });
    this.#listen();
  }

  get connected(): boolean {
    return this.#socket.connected;
  }

  connect(): void {
    clearTimeout(this.#returning);
    this.#watch();
    this.#socket.connect();
  }

  disconnect(): void {
    clearTimeout(this.#returning);
    clearTimeout(this.#waiting);
    this.#socket.disconnect();
  }

  /** Connects at once, with the credentials as they are now. */
  reconnect(): void {
    this.disconnect();
    this.connect();
  }

  say({ id, message, kind }: Outgoing): Promise<Outcome> {
    return this.#ask("user_uttered", { id, message, kind });
  }

  history(after: string | undefined): Promise<Outcome> {
    return this.#ask("history", after ? { after } : {});
  }

  reset(): Promise<Outcome> {
    return this.#ask("session_reset", {});
  }

  rate(id: string, value: Rating): Promise<Outcome> {
    return this.#ask("rate", { id, value });
  }

  async #ask(event: string, content: object): Promise<Outcome> {
    if (!this.connected) return { kind: "lost" };
    const session = this.#hears.session();
    try {
      const answer = outcome(await this.#socket.timeout(PATIENCE).emitWithAck(event, content));
      if (answer.kind === "refused" && answer.error === "erased") this.#hears.erased(session);
      return answer;
    } catch {
      return { kind: "lost" };
    }
  }

  #listen(): void {
    const socket = this.#socket;
    const hears = this.#hears;
    socket.on("session_confirm", (content: unknown) => {
      const session = readSession(fields(content));
      if (session) hears.confirmed(session);
    });
    socket.on("connect", () => {
      clearTimeout(this.#waiting);
      hears.connected();
    });
    socket.io.on("reconnect_attempt", () => this.#watch());
    socket.on("disconnect", (reason) => {
      hears.disconnected();
      // The one case in which the library does not come back by itself.
      if (reason === "io server disconnect") this.#returnIn(RETURN);
    });
    socket.on("connect_error", (error: Error & { data?: unknown }) => {
      clearTimeout(this.#waiting);
      const refusal = fields(error.data);
      hears.refused(asText(refusal?.message) ?? "");
      if (!socket.active) this.#returnIn(seconds(refusal?.retry_after) * 1000 || 5 * RETURN);
    });
    socket.on("bot_typing", (content: unknown) => {
      const typing = fields(content);
      hears.typing(typing?.on === true, asText(typing?.turn) ?? "");
    });
    socket.on("bot_uttered", (content: unknown) => hears.said(content));
    socket.on("bot_error", (content: unknown) => {
      const error = fields(content);
      hears.failed(asText(error?.turn) ?? "", asText(error?.message) ?? "");
    });
    socket.on("session_erased", (content: unknown) => hears.erased(hears.session(), asText(fields(content)?.receipt)));
  }

  /** Some proxies let a websocket open and nothing through it. Then polling, which they know, has to do. */
  #watch(): void {
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => {
      if (this.connected) return;
      this.#socket.io.opts.transports = ["polling"];
      this.reconnect();
    }, SILENCE);
  }

  #returnIn(wait: number): void {
    clearTimeout(this.#returning);
    this.#returning = setTimeout(() => this.#socket.connect(), wait);
  }
}

export function readSession(content: Fields | undefined): Session | undefined {
  const [session, token] = [asText(content?.session_id), asText(content?.token)];
  return session && token ? { session, token, resumed: content?.resumed === true } : undefined;
}

function outcome(content: unknown): Outcome {
  const answer = fields(content) ?? {};
  if (answer.ok === true) return { kind: "done", content: answer };
  return {
    kind: "refused",
    error: asText(answer.error) ?? "bad_request",
    message: asText(answer.message) ?? "",
    retryAfter: seconds(answer.retry_after),
  };
}

function seconds(value: unknown): number {
  return typeof value === "number" && value > 0 ? Math.min(value, 300) : 0;
}
