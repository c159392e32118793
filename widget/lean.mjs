// Leaves out of the bundle what Socket.IO can do and our protocol has no use for (docs/protocol.md: websocket or polling, one
// namespace, and JSON alone), and what every browser of today does by itself. The versions are pinned; the build fails where
// a method is not found any more.

import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const ours = (path) => `export * from ${JSON.stringify(fileURLToPath(new URL(path, import.meta.url)))};`;

const MODULES = [
  [/component-emitter\/lib\/esm\/index\.js$/, ours("src/talk/emitter.ts")],
  [/socket\.io-parser\/build\/esm\/index\.js$/, ours("src/talk/packets.ts")],
  [
    /socket\.io-client\/build\/esm\/index\.js$/,
    `import { Manager } from "./manager.js";
     export const io = (at, options) => new Manager(at, options).socket("/", options);`,
  ],
  [
    /engine\.io-client\/build\/esm\/index\.js$/,
    `export { Socket } from "./socket.js";
     export { installTimerFunctions } from "./util.js";
     export { nextTick } from "./globals.js";`,
  ],
  [
    /engine\.io-client\/build\/esm\/transports\/index\.js$/,
    `import { Fetch } from "./polling-fetch.js";
     import { WS } from "./websocket.js";
     export const transports = { websocket: WS, polling: Fetch };`,
  ],
  [
    /engine\.io-client\/build\/esm\/contrib\/parseuri\.js$/,
    `export const parse = (uri) => {
       const { protocol, hostname, port } = new URL(uri);
       return { protocol: protocol.slice(0, -1), host: hostname.split(/[[\\]]/).join(""), port };
     };`,
  ],
  [
    /engine\.io-client\/build\/esm\/contrib\/parseqs\.js$/,
    "export const encode = (query) => String(new URLSearchParams(query)), decode = (text) => text;",
  ],
  [/engine\.io-parser\/.*\/base64-arraybuffer\.js$/, "export const decode = (text) => text;"],
];

const METHODS = [
  [/engine\.io-client\/build\/esm\/socket\.js$/, ["_probe"]],
  [
    /socket\.io-client\/build\/esm\/socket\.js$/,
    [
      ...["_addToQueue", "_drainQueue", "onAny", "prependAny", "offAny", "listenersAny"],
      ...["onAnyOutgoing", "prependAnyOutgoing", "offAnyOutgoing", "listenersAnyOutgoing", "notifyOutgoingListeners"],
    ],
  ],
];

export const lean = {
  name: "lean",
  setup({ onLoad }) {
    for (const [filter, contents] of MODULES) {
      onLoad({ filter }, ({ path }) => ({ contents, resolveDir: dirname(path) }));
    }
    for (const [filter, names] of METHODS) {
      onLoad({ filter }, ({ path }) => ({ contents: names.reduce(without, readFileSync(path, "utf8")) }));
    }
  },
};

function without(code, method) {
  const found = new RegExp(`^    ${method}\\(.*?^    }$`, "ms");
  if (!found.test(code)) throw new Error(`the library has no method ${method} any more`);
  return code.replace(found, `    ${method}() {}`);
}
