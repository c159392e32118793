// What the chat does to the page that embeds it: nothing. And what that page can do to the chat, and with it.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { field, launched, launcher, open, panel, replies, shot, violations, visit } from "./browser.mjs";
import { fakeAssistant } from "./fake.mjs";
import { serveSite } from "./site.mjs";

let number = 0;
const hello = () => [{ id: `h${number++}`, ts: 1, text: "Hello.", buttons: [{ title: "Go on", payload: "Go on" }] }];
const html = (script, head = "") =>
  `<!doctype html><html lang="en"><head><title>A site</title>${head}</head><body><main><h1>A site</h1><button id="own">Own button</button></main>${script}</body></html>`;

const HOSTILE = `
  * { color: red !important; font: 40px cursive !important; letter-spacing: 9px !important; text-transform: uppercase !important;
      border-radius: 0 !important; direction: rtl; }
  body, body *, seatwise-chat, seatwise-chat * { transform: rotate(3deg) !important; }
  seatwise-chat, body > *, html > * { display: none !important; opacity: 0 !important; visibility: hidden !important; filter: blur(9px) !important; }
  body, body * { display: block !important; visibility: visible !important; opacity: 1 !important; filter: none !important; }
  html { font-size: 4px !important; }
  button, input, textarea, svg, p, h2, div { background: lime !important; width: 900px !important; margin: 50px !important; float: left !important; }
  :root { --paper: red; --text: red; --accent: red; --line: red; --fill: red; --sans: cursive; --room: 10px; --column: 20px; }`;

describe("a page with the chat", () => {
  let browser, fake, site, chat;
  before(async () => {
    browser = await launched();
    fake = await fakeAssistant(hello);
    chat = await serveSite(fake.url);
  });
  after(async () => {
    await browser.close();
    await chat.close();
    await fake.close();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await site?.close();
    site = null;
  });
  /** A foreign site that embeds the chat, under the policy that its owner needs for it. */
  async function foreign(attributes = "", { head = "", more = "", style = "" } = {}) {
    const at = new URL(chat.url).host;
    const policy =
      `default-src 'none'; script-src http://${at} 'self'; connect-src http://${at} ws://${at}; style-src 'self'; ` +
      "require-trusted-types-for 'script'; trusted-types 'none'";
    const script = `<script src="${chat.url}widget/w.js" ${attributes} defer></script>${more}`;
    site = await serveSite(null, {
      "/": { body: html(script, `${head}<link rel="stylesheet" href="/site.css">`), policy },
      "/site.css": { body: style, type: "text/css" },
    });
    return site.url;
  }

  it("works under a strict policy with Trusted Types, on a site of another origin", async () => {
    const page = await visit(browser, await foreign());
    await open(page);
    await page.locator(".choice").click();
    await replies(page).nth(1).waitFor();
    assert.deepEqual(page.faults, []);
    assert.deepEqual(
      [...page.hosts].sort(),
      [new URL(site.url).host, new URL(chat.url).host].sort(),
      "and asks no third party",
    );
  });

  it("loads the application only when somebody means to talk", async () => {
    const page = await visit(browser, await foreign());
    chat.requests.length = 0;
    await page.reload();
    await page.waitForTimeout(300);
    assert.deepEqual(chat.requests, ["/widget/w.js"]);
    await launcher(page).hover();
    await page.waitForTimeout(300);
    assert.equal(chat.requests.filter((path) => /app-/.test(path)).length, 1);
    assert.equal(
      chat.requests.some((path) => /socket/.test(path)),
      false,
      "and speaks to the assistant only when it is opened",
    );
  });

  it("can still be used where the application is blocked, and the button says so", async () => {
    const { app } = JSON.parse(await (await fetch(`${chat.url}widget/manifest.json`)).text());
    chat.blocked.add(`/widget/${app}`);
    const page = await visit(browser, await foreign('data-contact="mailto:hello@firm.example"'));
    await launcher(page).click();
    await page.getByText("The chat didn't load.").waitFor();
    assert.equal(
      await page.getByRole("link", { name: "Contact us" }).getAttribute("href"),
      "mailto:hello@firm.example",
    );
    await shot(page, "blocked");
    assert.deepEqual(await violations(page), []);
    await page.locator("#own").click();
    const on = await page.evaluate(() => document.elementFromPoint(400, 400)?.tagName);
    assert.equal(["HTML", "BODY", "MAIN"].includes(on), true, "nothing lies over the page");
    chat.blocked.clear();
    await open(page);
    assert.equal(await page.getByText("The chat didn't load.").count(), 0);
  });

  it("has no styles that reach into the chat", async () => {
    const look = (page) =>
      page.evaluate(() => {
        const root = document.querySelector("seatwise-chat").shadowRoot;
        const told = {};
        for (const name of [".launcher", ".panel", ".who h2", ".bubble", ".choice", "#words", ".send"]) {
          const element = root.querySelector(name);
          const box = element.getBoundingClientRect();
          const style = getComputedStyle(element);
          told[name] = [box.x, box.y, box.width, box.height].map(Math.round);
          for (const property of [
            "color",
            "backgroundColor",
            "fontFamily",
            "fontSize",
            "letterSpacing",
            "opacity",
            "visibility",
            "filter",
            "direction",
          ]) {
            told[name].push(style[property]);
          }
        }
        return told;
      });
    const calm = await visit(browser, await foreign());
    await open(calm);
    await shot(calm, "calm-site");
    const expected = await look(calm);
    await calm.context().close();
    await site.close();
    const page = await visit(browser, await foreign("", { style: HOSTILE }));
    await open(page);
    await shot(page, "hostile-site");
    assert.deepEqual(await look(page), expected);
  });

  it("keeps its own styles, focus and keys", async () => {
    const page = await visit(browser, await foreign());
    const before = await page.evaluate(() => getComputedStyle(document.querySelector("#own")).cssText);
    await open(page);
    assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector("#own")).cssText), before);
    assert.deepEqual(await page.evaluate(() => Object.keys(globalThis).filter((name) => /seatwise/i.test(name))), [
      "Seatwise",
    ]);
    await page.locator("#own").focus();
    await page.keyboard.press("Escape");
    assert.equal(await panel(page).isVisible(), true, "Escape belongs to the page where the focus is in the page");
  });

  it("can open, close, ask and listen", async () => {
    const page = await visit(browser, await foreign());
    await page.evaluate(() => {
      globalThis.heard = [];
      for (const name of ["open", "close", "message_sent", "message_received"]) {
        globalThis.Seatwise.on(name, (detail) => globalThis.heard.push([name, detail]));
      }
      globalThis.Seatwise.ask("What does it cost?");
    });
    await page.locator(".question", { hasText: "What does it cost?" }).waitFor();
    await replies(page).first().waitFor();
    await page.evaluate(() => globalThis.Seatwise.close());
    await panel(page).waitFor({ state: "hidden" });
    await page.evaluate(() => globalThis.Seatwise.open());
    await panel(page).waitFor();
    const heard = await page.evaluate(() => globalThis.heard);
    assert.deepEqual(heard, [
      ["open", {}],
      ["message_sent", { kind: "text" }],
      ["message_received", { type: "text" }],
      ["close", {}],
      ["open", {}],
    ]);
    assert.equal(JSON.stringify(heard).includes("cost"), false, "what was said is nobody's business");
  });

  it("chooses colour, side, theme and words", async () => {
    const page = await visit(
      browser,
      await foreign(
        'data-color="oklch(0.8 0.17 85)" data-position="start" data-theme="dark" data-name="Ask Hollis" data-greeting="Good to see you" data-privacy="/privacy"',
      ),
    );
    await page.getByRole("button", { name: "Chat with Ask Hollis" }).click();
    await page.getByRole("heading", { name: "Good to see you" }).waitFor();
    await page.locator(".choice").click();
    await replies(page).nth(1).waitFor();
    assert.ok((await panel(page).boundingBox()).x < 100);
    assert.match(
      await page
        .getByRole("link", { name: /Privacy/ })
        .first()
        .getAttribute("href"),
      /\/privacy$/,
    );
    await shot(page, "own-colours");
    assert.deepEqual(await violations(page), []);
  });

  it("takes its colour and place from CSS variables too", async () => {
    const page = await visit(
      browser,
      await foreign("", { style: ":root { --seatwise-color: #b3261e; --seatwise-offset-y: 60px; --seatwise-z: 7; }" }),
    );
    await open(page);
    await page.mouse.move(10, 10);
    await page.waitForTimeout(300);
    const told = await page.evaluate(() => {
      const button = document.querySelector("seatwise-chat").shadowRoot.querySelector(".launcher");
      return [
        getComputedStyle(button).backgroundColor,
        getComputedStyle(button).zIndex,
        innerHeight - button.getBoundingClientRect().bottom,
      ];
    });
    assert.deepEqual(told, ["rgb(179, 38, 30)", "7", 80]);
  });

  it("works where a proxy lets no websocket through", async () => {
    chat.blocked.add("websocket");
    const page = await visit(browser, await foreign());
    await open(page);
    await page.locator(".choice").click();
    await replies(page).nth(1).waitFor();
    chat.blocked.clear();
  });

  it("does not fail where storage is forbidden", async () => {
    const address = await foreign();
    const context = await browser.newContext();
    await context.addInitScript(() => {
      for (const name of ["sessionStorage", "localStorage"]) {
        Object.defineProperty(globalThis, name, {
          get() {
            throw new DOMException("forbidden", "SecurityError");
          },
        });
      }
    });
    const page = await context.newPage();
    const faults = [];
    page.on("pageerror", (error) => faults.push(error.message));
    await page.goto(address);
    await open(page);
    await field(page).fill("hello");
    await field(page).press("Enter");
    await replies(page).nth(1).waitFor();
    assert.deepEqual(faults, []);
  });

  it("has no long task from the loader at a quarter of the speed", async () => {
    const page = await visit(browser, "about:blank");
    const address = await foreign();
    const slow = await page.context().newCDPSession(page);
    await slow.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    await page.addInitScript(() => {
      globalThis.frames = [];
      new PerformanceObserver((list) =>
        globalThis.frames.push(...list.getEntries().map((entry) => entry.toJSON())),
      ).observe({
        type: "long-animation-frame",
        buffered: true,
      });
    });
    const took = [];
    for (let run = 0; run < 5; run++) {
      await page.goto(address);
      await launcher(page).waitFor();
      await page.waitForTimeout(400);
      took.push(
        await page.evaluate(() => {
          const scripts = globalThis.frames
            .flatMap((frame) => frame.scripts)
            .filter((script) => script.sourceURL.endsWith("/w.js"));
          return Math.round(Math.max(0, ...scripts.map((script) => script.duration)));
        }),
      );
    }
    took.sort((one, other) => one - other);
    console.log(`the loader at a quarter of the speed: ${took.join(", ")} ms`);
    assert.ok(took[2] < 200, `${took.join(", ")} ms`);
  });

  it("has its first message within 300 ms of the click", async () => {
    const took = [];
    for (let run = 0; run < 7; run++) {
      const page = await visit(browser, await foreign());
      await page.evaluate(() => {
        const root = document.querySelector("seatwise-chat").shadowRoot;
        const button = root.querySelector(".launcher");
        globalThis.took = new Promise((done) => {
          button.addEventListener("click", () => {
            const clicked = performance.now();
            const look = () =>
              root.querySelector(".reply") ? done(performance.now() - clicked) : requestAnimationFrame(look);
            look();
          });
        });
      });
      await launcher(page).click();
      took.push(Math.round(await page.evaluate(() => globalThis.took)));
      await page.context().close();
      await site.close();
    }
    took.sort((one, other) => one - other);
    console.log(`click to first message: ${took.join(", ")} ms`);
    // Shown, and gated only where something is badly wrong: a machine for tests is shared, and its time is no promise.
    assert.ok(took[3] < 1000, `median of ${took.join(", ")} ms`);
  });
});
