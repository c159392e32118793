// Prints what axe finds in a page: node axe.mjs FILE
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../widget/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const context = await browser.newContext({ bypassCSP: true });
const page = await context.newPage();
await page.setContent(readFileSync(process.argv[2], "utf8"));
if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT, fullPage: true });
await page.evaluate(axe);
const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
console.log(JSON.stringify(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" "))}`)));
await browser.close();
