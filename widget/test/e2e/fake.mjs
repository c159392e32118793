// An assistant without a mind: it speaks the protocol and says what a test gives it.

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { Server } from "socket.io";

/** @param answers (message, kind) => list of messages, or null for silence. */
export async function fakeAssistant(answers = () => []) {
  const sessions = new Map();
  const heard = [];
  const http = createServer((request, response) => {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Allow-Headers", "Authorization");
    response.setHeader("Access-Control-Allow-Methods", "DELETE");
    if (request.method === "DELETE") {
      const token = request.headers.authorization?.split(" ")[1];
      heard.push({ event: "erase", token });
      response.statusCode = fake.erasure(token);
      if (response.statusCode === 200) {
        sessions.delete(token);
        io.to(token).emit("session_erased", {});
        io.in(token).disconnectSockets(true);
      }
    }
    response.end("{}");
  });
  const io = new Server(http, { cors: { origin: "*" } });
  const fake = { answers, heard, io, refuse: null, mute: false, erasure: () => 200 };
  io.use((_, next) => {
    if (!fake.refuse) return next();
    const error = new Error("refused");
    error.data = fake.refuse;
    next(error);
  });
  io.on("connection", (socket) => {
    const { token, ref } = socket.handshake.auth;
    let id = sessions.has(token) ? token : randomUUID();
    if (!sessions.has(id)) sessions.set(id, []);
    heard.push({ event: "connect", auth: socket.handshake.auth, ref });
    socket.join(id);
    socket.emit("session_confirm", { session_id: id, token: id, expires: 2e9, resumed: id === token });
    socket.on("user_uttered", async (content, acknowledge) => {
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
    });
    socket.on("history", ({ after } = {}, acknowledge) => {
      const told = sessions.get(id);
      acknowledge({ ok: true, messages: told.slice(told.findIndex((message) => message.id === after) + 1) });
    });
    socket.on("rate", (content, acknowledge) => {
      heard.push({ event: "rate", ...content });
      acknowledge({ ok: true });
    });
    socket.on("session_reset", (_, acknowledge) => {
      socket.leave(id);
      id = randomUUID();
      sessions.set(id, []);
      socket.join(id);
      acknowledge({ ok: true, session_id: id, token: id, expires: 2e9, resumed: false });
    });
  });
  await new Promise((ready) => http.listen(0, "127.0.0.1", ready));
  fake.url = `http://127.0.0.1:${http.address().port}/`;
  fake.close = () => new Promise((closed) => io.close(closed));
  return fake;
}
