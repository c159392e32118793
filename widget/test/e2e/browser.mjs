// A real Chromium, and what tests ask of a page in it.

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, afterEach, before } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { fakeAssistant } from "./fake.mjs";
import { serveSite } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SHOTS = process.env.SCREENSHOTS || fileURLToPath(new URL("../output/", import.meta.url));
mkdirSync(SHOTS, { recursive: true });

export function launched() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
  });
}

/**
 * For all tests of a suite: a browser, a fake assistant with these answers, and a site with the chat. After each test its
 * pages are closed, and the assistant is as it was.
 * @param pages of the site, beside its own; see serveSite.
 */
export function chatWith(answers, pages) {
  const chat = {
    /** A new page with the chat closed. */
    visit: (options, path = "") => visit(chat.browser, chat.site.url + path, options),
    /** A new page with the chat open. */
    async open(options, path) {
      const page = await chat.visit(options, path);
      await open(page);
      return page;
    },
  };
  before(async () => {
    chat.browser = await launched();
    chat.fake = await fakeAssistant(answers);
    chat.site = await serveSite(chat.fake.url, pages);
  });
  after(async () => {
    await chat.browser.close();
    await chat.site.close();
    await chat.fake.close();
  });
  afterEach(async () => {
    for (const context of chat.browser.contexts()) await context.close();
    Object.assign(chat.fake, { answers, refusal: undefined });
    chat.fake.heard.length = 0;
  });
  return chat;
}

/** A page of its own; `faults` collects what went wrong in it, `hosts` whom it asked for something. */
export async function visit(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  const page = await visitAgain(context, url);
  return page;
}

export async function visitAgain(context, url) {
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.faults = [];
  page.hosts = new Set();
  page.on("pageerror", (error) => page.faults.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy|Trusted|violat/i.test(message.text())) page.faults.push(message.text());
  });
  page.on("request", (request) => /^(https?|wss?):/.test(request.url()) && page.hosts.add(new URL(request.url()).host));
  await page.goto(url);
  return page;
}

export const launcher = (page) => page.locator(".launcher");
export const panel = (page) => page.locator(".panel");
export const field = (page) => page.locator("#words");
export const replies = (page) => page.locator(".reply");
export const choice = (page, title) => page.locator(".choice", { hasText: title });

export async function open(page) {
  await launcher(page).click();
  await replies(page).first().waitFor();
}

/** Says something and waits until all of the answer is there. */
export async function say(page, text) {
  await field(page).fill(text);
  await field(page).press("Enter");
  await answered(page);
}

export async function answered(page) {
  await page.waitForTimeout(50);
  await page.waitForFunction(() => {
    const root = document.querySelector("seatwise-chat").shadowRoot;
    return (
      root.querySelector(".log > :last-child")?.classList.contains("reply") &&
      root.querySelector(".writing").dataset.writing === "false"
    );
  });
}

export async function shot(page, name) {
  await page.waitForTimeout(350); // the motion ends
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}

/** What axe finds against WCAG 2.2 AA and its own best practice, in the chat and in the page around it. */
export async function violations(page) {
  await page.waitForTimeout(350);
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate(() =>
    globalThis.axe.run(document, { resultTypes: ["violations"] }),
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.flat().join(" ")).join(", ")}`);
}

/** The element that has the focus, down in the shadow. */
export function focused(page) {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.id || element?.getAttribute("aria-label") || element?.textContent?.trim() || element?.tagName;
  });
}
