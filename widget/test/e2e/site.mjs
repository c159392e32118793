// Serves dist/ as the assistant will: the pages at / and /chat, the files at /widget/, under a strict policy. What belongs
// to the assistant itself goes on to it.

import { readFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));
const TYPES = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

/**
 * @param assistant its address, or null where there is none.
 * @param extra other pages by their path: {type, body, policy}.
 */
export async function serveSite(assistant, extra = {}) {
  const blocked = new Set();
  const requests = [];
  const server = createServer(async (incoming, outgoing) => {
    const { pathname } = new URL(incoming.url, "http://site");
    requests.push(pathname);
    if (blocked.has(pathname)) return void incoming.socket.destroy();
    if (/^\/(socket\.io|webhooks)\//.test(pathname)) return forward(incoming, outgoing);
    if (extra[pathname]) {
      const { type = "text/html; charset=utf-8", body, policy = POLICY } = extra[pathname];
      return void outgoing.writeHead(200, { "Content-Type": type, "Content-Security-Policy": policy }).end(body);
    }
    const name = { "/": "demo.html", "/chat": "chat.html" }[pathname] ?? /^\/widget\/([\w.-]+)$/.exec(pathname)?.[1];
    try {
      const body = await readFile(DIST + name);
      const headers = {
        "Content-Type": TYPES[extname(name)],
        "Access-Control-Allow-Origin": "*",
        "X-Content-Type-Options": "nosniff",
      };
      if (name.endsWith(".html")) headers["Content-Security-Policy"] = POLICY;
      outgoing.writeHead(200, headers).end(body);
    } catch {
      outgoing.writeHead(404).end();
    }
  });
  const forward = (incoming, outgoing) => {
    const target = where();
    if (!target) return void incoming.socket.destroy();
    const onward = request(
      new URL(incoming.url, target),
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  };
  server.on("upgrade", (incoming, socket, head) => {
    const target = where();
    if (!target || blocked.has("websocket")) return socket.destroy();
    const onward = request(new URL(incoming.url, target), { headers: incoming.headers });
    onward.on("upgrade", (answer, upstream, first) => {
      const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("\r\n")}\r\n\r\n`);
      if (first.length) socket.write(first);
      if (head.length) upstream.write(head);
      socket.pipe(upstream).pipe(socket);
      for (const [one, other] of [
        [socket, upstream],
        [upstream, socket],
      ]) {
        one.on("error", () => other.destroy());
        one.on("close", () => other.destroy());
      }
    });
    onward.on("response", () => socket.destroy());
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
    onward.end();
  });
  const open = new Set();
  server.on("connection", (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  const where = () => (typeof assistant === "function" ? assistant() : assistant);
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    blocked,
    requests,
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((closed) => server.close(closed));
    },
  };
}
