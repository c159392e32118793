// Builds dist/ from src/ and pages/. The same sources always give the same bytes; --check tells whether dist/ is up to date.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

// What Socket.IO can do that our protocol has no use for (docs/protocol.md: websocket or polling, and JSON alone).
const UNUSED = [
  [/engine\.io-client\/.*\/webtransport\.js$/, "export class WT {}"],
  [/engine\.io-parser\/.*\/base64-arraybuffer\.js$/, "export const decode = (text) => text;"],
  [/socket\.io-parser\/.*\/is-binary\.js$/, "export const isBinary = () => false, hasBinary = isBinary;"],
  [
    /socket\.io-parser\/.*\/[^-]*binary\.js$/,
    "export const reconstructPacket = (packet) => packet, deconstructPacket = (packet) => ({ packet, buffers: [] });",
  ],
];
const lean = {
  name: "lean",
  setup({ onLoad }) {
    for (const [filter, contents] of UNUSED) onLoad({ filter }, () => ({ contents }));
  },
};

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
  const { code: app, inputs } = await bundle("src/app.tsx", { format: "esm" });
  const name = `app-${createHash("sha256").update(app).digest("hex").slice(0, 10)}.js`;
  const { code: loader } = await bundle("src/loader.ts", { format: "iife", define: { APP: JSON.stringify(name) } });
  const files = { "w.js": loader, [name]: app };
  for (const page of readdirSync(here("pages"))) files[page] = readFileSync(here(`pages/${page}`));
  files["licenses.txt"] = licenses(inputs);
  return { ...files, "manifest.json": `${JSON.stringify({ loader: "w.js", app: name }, null, 2)}\n` };
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
