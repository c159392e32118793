// Builds dist/ from src/ and pages/. The same sources always give the same bytes; --check tells whether dist/ is up to date.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const styles = {
  name: "styles",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

// What Socket.IO can do that our protocol has no use for (docs/protocol.md: websocket or polling, and JSON alone), and what
// every browser of today does by itself.
const UNUSED = [
  [
    /component-emitter\/lib\/esm\/index\.js$/,
    `export class Emitter {
      listeners(event) { return ((this._heard ??= {})["$" + event] ??= []); }
      hasListeners(event) { return this.listeners(event).length > 0; }
      on(event, act) { this.listeners(event).push(act); return this; }
      once(event, act) { const once = (...told) => { this.off(event, once); act.apply(this, told); }; once.fn = act; return this.on(event, once); }
      off(event, act) { this._heard = event ? { ...this._heard, ["$" + event]: act ? this.listeners(event).filter((one) => one !== act && one.fn !== act) : [] } : {}; return this; }
      emitReserved(event, ...told) { for (const act of [...this.listeners(event)]) act.apply(this, told); return this; }
      emit(event, ...told) { return this.emitReserved(event, ...told); }
      removeListener(event, act) { return this.off(event, act); }
      removeAllListeners(event) { return this.off(event); }
    }`,
  ],
  [
    /engine\.io-client\/build\/esm\/transports\/index\.js$/,
    'import { Fetch } from "./polling-fetch.js"; import { WS } from "./websocket.js"; export const transports = { websocket: WS, polling: Fetch };',
  ],
  [
    /engine\.io-client\/build\/esm\/index\.js$/,
    'export { Socket } from "./socket.js"; export { installTimerFunctions } from "./util.js"; export { nextTick } from "./globals.js";',
  ],
  [
    /engine\.io-client\/build\/esm\/contrib\/parseuri\.js$/,
    "export const parse = (uri) => { const { protocol, hostname, port } = new URL(uri); return { protocol: protocol.slice(0, -1), host: hostname.split(/[[\\]]/).join(''), port }; };",
  ],
  [
    /engine\.io-client\/build\/esm\/contrib\/parseqs\.js$/,
    "export const encode = (query) => String(new URLSearchParams(query)), decode = (text) => text;",
  ],
  [/engine\.io-client\/.*\/webtransport\.js$/, "export class WT {}"],
  [/engine\.io-parser\/.*\/base64-arraybuffer\.js$/, "export const decode = (text) => text;"],
  [/socket\.io-parser\/build\/esm\/index\.js$/, `export * from ${JSON.stringify(here("src/talk/packets.ts"))};`],
  [
    /socket\.io-client\/build\/esm\/index\.js$/,
    'import { Manager } from "./manager.js"; export const io = (at, options) => new Manager(at, options).socket("/", options);',
  ],
];
const UNUSED_METHODS = [
  [/engine\.io-client\/build\/esm\/socket\.js$/, ["_probe"]],
  [
    /socket\.io-client\/build\/esm\/socket\.js$/,
    [
      "_addToQueue",
      "_drainQueue",
      "onAny",
      "prependAny",
      "offAny",
      "listenersAny",
      "onAnyOutgoing",
      "prependAnyOutgoing",
      "offAnyOutgoing",
      "listenersAnyOutgoing",
      "notifyOutgoingListeners",
    ],
  ],
];
const lean = {
  name: "lean",
  setup({ onLoad }) {
    for (const [filter, contents] of UNUSED)
      onLoad({ filter }, ({ path }) => ({ contents, resolveDir: dirname(path) }));
    for (const [filter, names] of UNUSED_METHODS) {
      onLoad({ filter }, ({ path }) => ({ contents: names.reduce(without, readFileSync(path, "utf8")) }));
    }
  },
};

function without(code, method) {
  const found = new RegExp(`^    ${method}\\(.*?^    }$`, "ms");
  if (!found.test(code)) throw new Error(`the library has no method ${method} any more`);
  return code.replace(found, `    ${method}() {}`);
}

async function bundle(entry, options) {
  const { outputFiles, metafile } = await build({
    entryPoints: [here(entry)],
    absWorkingDir: here("."),
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    target: ["es2022", "chrome99", "firefox119", "safari16.4"],
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    charset: "utf8",
    plugins: [styles, lean],
    ...options,
  });
  return { code: outputFiles[0].contents, inputs: Object.keys(metafile.inputs) };
}

async function built() {
  const { code: paper } = await bundle("src/paper.ts", { format: "esm" });
  const paperName = named("paper", paper);
  const define = { PAPER: JSON.stringify(paperName) };
  const { code: app, inputs } = await bundle("src/app.tsx", { format: "esm", define });
  const name = named("app", app);
  const { code: loader } = await bundle("src/loader.ts", { format: "iife", define: { APP: JSON.stringify(name) } });
  const files = { "w.js": loader, [name]: app, [paperName]: paper };
  for (const page of readdirSync(here("pages"))) files[page] = readFileSync(here(`pages/${page}`));
  files["licenses.txt"] = licenses(inputs);
  return { ...files, "manifest.json": `${JSON.stringify({ loader: "w.js", app: name, paper: paperName }, null, 2)}\n` };
}

function named(part, code) {
  return `${part}-${createHash("sha256").update(code).digest("hex").slice(0, 10)}.js`;
}

/** The terms under which others let us hand out their work. */
function licenses(inputs) {
  const packages = new Set(
    inputs.map((path) => /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean),
  );
  return [...packages]
    .sort()
    .map((name) => {
      const { version } = JSON.parse(readFileSync(here(`node_modules/${name}/package.json`), "utf8"));
      return `${name} ${version}\n\n${readFileSync(here(`node_modules/${name}/LICENSE`), "utf8").trim()}\n`;
    })
    .join("\n\n");
}

function differences(files) {
  const found = readdirSync(here("dist"));
  const names = new Set([...found, ...Object.keys(files)]);
  return [...names].filter(
    (name) =>
      !files[name] || !found.includes(name) || !readFileSync(here(`dist/${name}`)).equals(Buffer.from(files[name])),
  );
}

const files = await built();
if (process.argv.includes("--check")) {
  const stale = differences(files);
  if (stale.length) {
    console.error(`dist/ is not what the sources give (${stale.join(", ")}); build it: npm run build`);
    process.exit(1);
  }
} else {
  rmSync(here("dist"), { recursive: true, force: true });
  mkdirSync(here("dist"));
  for (const [name, content] of Object.entries(files)) writeFileSync(here(`dist/${name}`), content);
}
