// An assistant without a mind: it speaks the protocol and says what a test gives it.

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { Server } from "socket.io";

const DAY = 24 * 60 * 60 * 1000; // milliseconds
const KEEP_DAYS = 90;

/** @param answers (message, kind) => list of messages, or null for silence. */
export async function fakeAssistant(answers = () => []) {
  const sessions = new Map();
  const tokens = new Map();
  const erased = new Set();
  const ended = new Set();
  const heard = [];
  const now = () => Date.now() + fake.ahead;
  const age = (token) => now() - (tokens.get(token)?.issued ?? 0);
  const opened = (session = randomUUID(), resumed = false) => {
    const token = randomUUID();
    if (!sessions.has(session)) sessions.set(session, []);
    tokens.set(token, { session, issued: now() });
    return { session_id: session, token, expires: (now() + DAY) / 1000, resumed };
  };
  /** As the assistant does it: 401 if nothing was erased. */
  const erase = (token) => {
    const session = age(token) < (1 + KEEP_DAYS) * DAY && tokens.get(token).session;
    heard.push({ event: "erase", token, session });
    const status = typeof fake.erasing === "function" ? fake.erasing(session) : fake.erasing;
    if (status) return status;
    if (!session) return 401;
    erased.add(session);
    sessions.delete(session);
    if (fake.tells) io.to(session).emit("session_erased", {});
    if (fake.tells) io.in(session).disconnectSockets();
    return 200;
  };
  const http = createServer((request, response) => {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Allow-Headers", "Authorization");
    response.setHeader("Access-Control-Allow-Methods", "DELETE");
    if (fake.foreign && request.url === "/webhooks/web/origin") {
      return void response.writeHead(403).end(JSON.stringify({ error: "foreign_origin" }));
    }
    if (request.method === "DELETE") response.statusCode = erase(request.headers.authorization?.split(" ")[1]);
    response.end("{}");
  });
  const io = new Server(http, { cors: { origin: "*" }, allowRequest: (_, decide) => decide(null, !fake.foreign) });
  // `foreign`: it does not serve the page's origin.
  // `ahead`: its clock, in milliseconds; `erasing`: a status with which it does not erase; `tells`: windows of an erasure.
  const fake = { answers, heard, io, erased, refuse: null, mute: false, ahead: 0, erasing: null, tells: true };
  io.use((socket, next) => {
    if (fake.refuse) return next(Object.assign(new Error("refused"), { data: fake.refuse }));
    const { token, ref } = socket.handshake.auth;
    heard.push({ event: "connect", auth: socket.handshake.auth, ref });
    const known = age(token) < DAY && tokens.get(token).session;
    const session = known && !erased.has(known) && !ended.has(known) ? opened(known, true) : opened();
    socket.data.session = session.session_id;
    socket.emit("session_confirm", session); // before the client's own "connect", as the assistant does it
    next();
  });
  io.on("connection", (socket) => {
    let id = socket.data.session;
    socket.join(id);
    const asked = (act) => (content, acknowledge) => {
      if (erased.has(id)) return acknowledge({ ok: false, error: "erased", message: "This chat has been deleted." });
      if (!ended.has(id)) return act(content ?? {}, acknowledge);
      acknowledge({ ok: false, error: "expired", message: "This session has ended." });
      setTimeout(() => socket.disconnect(), 200);
    };
    socket.data.renew = () => socket.emit("session_confirm", opened(id, true));
    socket.on(
      "user_uttered",
      asked(async (content, acknowledge) => {
        heard.push({ event: "user_uttered", ...content });
        if (fake.mute) return;
        const refusal = fake.refusal?.(content);
        if (refusal) return acknowledge({ ok: false, ...refusal });
        const told = sessions.get(id);
        acknowledge({ ok: true });
        const known = told.filter((message) => message.turn === content.id);
        for (const message of known) socket.emit("bot_uttered", message);
        if (known.length) return;
        if (told.some((message) => message.id === content.id)) return;
        if (content.message !== "/greet")
          told.push({ id: content.id, ts: Date.now() / 1000, from: "visitor", text: content.message });
        io.to(id).emit("bot_typing", { on: true, turn: content.id });
        const said = await fake.answers(content.message, content.kind);
        for (const message of said ?? []) {
          const whole = message && typeof message === "object" ? { v: 1, turn: content.id, ...message } : message;
          if (whole?.id) told.push(whole);
          io.to(id).emit("bot_uttered", whole);
        }
        if (said) io.to(id).emit("bot_typing", { on: false, turn: content.id });
      }),
    );
    socket.on(
      "history",
      asked(({ after }, acknowledge) => {
        const told = sessions.get(id);
        acknowledge({ ok: true, messages: told.slice(told.findIndex((message) => message.id === after) + 1) });
      }),
    );
    socket.on(
      "rate",
      asked((content, acknowledge) => {
        heard.push({ event: "rate", ...content });
        acknowledge({ ok: true });
      }),
    );
    socket.on(
      "session_reset",
      asked((_, acknowledge) => {
        socket.leave(id);
        const next = opened();
        id = next.session_id;
        socket.join(id);
        acknowledge({ ok: true, ...next });
      }),
    );
  });
  /** Fresh tokens for all windows, as after half of a token's life. */
  fake.renew = () => {
    for (const { data } of io.sockets.sockets.values()) data.renew();
  };
  /** Every session has reached its longest life. */
  fake.end = () => {
    for (const session of sessions.keys()) ended.add(session);
  };
  await new Promise((ready) => http.listen(0, "127.0.0.1", ready));
  fake.url = `http://127.0.0.1:${http.address().port}/`;
  fake.close = () => new Promise((closed) => io.close(closed));
  return fake;
}
