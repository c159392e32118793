// Prints pages in a real Chromium. Arguments: a folder of HTML files, and how many of them axe shall look at.
// Writes one JSON object: file name -> pages on A4 and on Letter, what axe found, and what the page asked the network for.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(new URL("../../../widget/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const [folder, looked] = [process.argv[2], Number(process.argv[3])];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
});
const page = await browser.newPage();
const asked = [];
page.on("request", (request) => request.url().startsWith("file:") || asked.push(request.url()));
const found = {};
for (const [number, name] of readdirSync(folder).filter((name) => name.endsWith(".html")).sort().entries()) {
  asked.length = 0;
  await page.goto(pathToFileURL(join(folder, name)).href);
  const sheets = {};
  for (const format of ["A4", "Letter"]) sheets[format] = pagesOf(await page.pdf({ format, preferCSSPageSize: false }));
  found[name] = { ...sheets, axe: number < looked ? await violations() : [], asked: [...asked] };
}
console.log(JSON.stringify(found));
await browser.close();

/** The tree of pages in a PDF says how many it holds. */
function pagesOf(pdf) {
  return Math.max(...[...pdf.toString("latin1").matchAll(/\/Type \/Pages\s*\/Count (\d+)/g)].map(([, count]) => Number(count)));
}

async function violations() {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.flat().join(" ")).join(", ")}`);
}
