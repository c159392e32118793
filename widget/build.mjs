// Builds dist/ from src/ and pages/. The same sources always give the same bytes; --check tells whether dist/ is up to date.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { lean } from "./lean.mjs";

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
