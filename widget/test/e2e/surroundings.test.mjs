// The chat and what is around it: the site's contact and privacy page, a site that may not use it, proxies, the Back
// button of a phone, input methods, other colours.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { WebSocketServer } from "ws";
import { field, focused, launched, launcher, open, panel, replies, say, shot, violations, visit } from "./browser.mjs";
import { fakeAssistant } from "./fake.mjs";
import { serveSite } from "./site.mjs";

const cards = JSON.parse(readFileSync(new URL("../fixtures/cards.json", import.meta.url)));
const CONTACT = "mailto:hello@firm.example";
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
let number = 0;
function answers(message) {
  const id = `r${number++}`;
  if (message === "handoff") {
    const { custom } = cards.handoff;
    return [{ ...cards.handoff, id, custom: { ...custom, actions: [{ title: "Not now", payload: "/deny" }] } }];
  }
  return cards[message]
    ? [{ ...cards[message], id }]
    : [{ id, ts: 1, text: message === "/greet" ? "Hello." : `You said: ${message}` }];
}
const embed = (script, attributes) =>
  `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>A page</title><body><main><h1>A page</h1><p id="privacy">Privacy of this page</p></main><script src="${script}" ${attributes} defer></script>`;

describe("the surroundings", () => {
  let browser, fake, chat, site;
  before(async () => {
    browser = await launched();
  });
  after(() => browser.close());
  beforeEach(async () => {
    fake = await fakeAssistant(answers);
    const body = embed("/widget/w.js", `data-privacy="#privacy" data-contact="${CONTACT}"`);
    chat = await serveSite(() => fake.url, { "/page": { body } });
    const foreign = embed(`${chat.url}widget/w.js`, `data-contact="${CONTACT}"`);
    site = await serveSite(null, { "/": { body: foreign, policy: "default-src * 'unsafe-inline'" } });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await site.close();
    await chat.close();
    await fake.close();
  });

  it("a hand-off without a link of its own leads to the contact of the page, with the verdict", async () => {
    const page = await visit(browser, `${chat.url}page`);
    await open(page);
    await say(page, "handoff");
    const contact = replies(page).last().getByRole("link", { name: "Contact us" });
    assert.equal(await contact.getAttribute("href"), CONTACT);
    await say(page, "verdict");
    await say(page, "handoff");
    await page.waitForTimeout(300);
    const { pathname, searchParams } = new URL(await contact.getAttribute("href"));
    assert.equal(pathname, "hello@firm.example");
    assert.match(searchParams.get("body"), /Hire a CAIO first, fractional/);
  });

  it("a hand-off that has a link keeps it", async () => {
    fake.answers = (message) => (message === "/greet" ? answers(message) : [cards.handoff]);
    const page = await visit(browser, `${chat.url}page`);
    await open(page);
    await say(page, "person");
    assert.equal(await page.getByRole("link", { name: "Contact us" }).count(), 0);
    await page.getByRole("link", { name: "Choose a time" }).waitFor();
  });

  it("a privacy section of the same page opens there, on a phone too", async () => {
    for (const look of [{}, PHONE]) {
      const page = await visit(browser, `${chat.url}page`, look);
      await open(page);
      await page
        .getByRole("link", { name: /^Privacy/ })
        .first()
        .click();
      await page.waitForURL(/#privacy$/);
      assert.equal(page.context().pages().length, 1, "no second tab");
      if (look === PHONE) await panel(page).waitFor({ state: "hidden" });
      assert.equal(await page.evaluate(() => document.body.inert), false);
      await page.context().close();
    }
  });

  it("common questions stay when something was written while the assistant is away", async () => {
    const away = await serveSite(null, {
      "/page": { body: embed("/widget/w.js", "") },
      "/widget/questions.json": {
        type: "application/json",
        body: '[{"question": "What does it do?", "answer": "It answers."}]',
      },
    });
    const page = await visit(browser, `${away.url}page`);
    await launcher(page).click();
    await page.getByText("What does it do?").waitFor();
    await field(page).fill("for later");
    await field(page).press("Enter");
    await page.getByText("Waiting to send").waitFor();
    assert.equal(await page.getByText("What does it do?").isVisible(), true);
    assert.deepEqual(await violations(page), []);
    await page.context().close();
    await away.close();
  });

  it("on a site that it does not serve, the owner reads why and visitors see only the contact", async () => {
    fake.foreign = true;
    const page = await visit(browser, "about:blank");
    const errors = [];
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await page.goto(site.url);
    await launcher(page).click();
    await page.getByRole("heading", { name: "Chat isn't available on this page" }).waitFor();
    assert.equal(await page.getByRole("link", { name: "Contact us" }).getAttribute("href"), CONTACT);
    assert.equal(await field(page).count(), 0);
    await shot(page, "foreign");
    assert.deepEqual(await violations(page), []);
    const line = `SEATWISE_ORIGINS=${new URL(site.url).origin}`;
    assert.equal(errors.filter((text) => text.includes(line)).length, 1, errors.join("\n"));
    const before = errors.length;
    await page.waitForTimeout(4000);
    assert.equal(errors.length, before, "and it is not tried again");
    assert.ok(before < 10, errors.join("\n"));
  });

  it("a site of another origin that it serves has its chat", async () => {
    const page = await visit(browser, site.url);
    await open(page);
    await say(page, "one");
  });

  it("a websocket that opens and stays silent is left within ten seconds", async () => {
    const silent = new WebSocketServer({ noServer: true });
    const proxy = createServer(async (incoming, outgoing) => {
      const chunks = [];
      for await (const chunk of incoming) chunks.push(chunk);
      const body = chunks.length ? Buffer.concat(chunks) : undefined;
      try {
        const answer = await fetch(new URL(incoming.url, chat.url), { method: incoming.method, body });
        outgoing.writeHead(answer.status, { "Content-Type": answer.headers.get("content-type") ?? "text/plain" });
        outgoing.end(Buffer.from(await answer.arrayBuffer()));
      } catch {
        outgoing.destroy(); // the page is gone, and with it what it waited for
      }
    });
    proxy.on("upgrade", (request, socket, head) => silent.handleUpgrade(request, socket, head, () => {}));
    await new Promise((ready) => proxy.listen(0, "127.0.0.1", ready));
    const page = await visit(browser, `http://127.0.0.1:${proxy.address().port}/page`);
    await launcher(page).click();
    await replies(page).first().waitFor({ timeout: 10_000 });
    await say(page, "one");
    await page.context().close();
    silent.close();
    proxy.closeAllConnections();
    proxy.close();
  });

  it("a phone's Back button closes the chat and stays on the page", async () => {
    const page = await visit(browser, `${chat.url}page`, PHONE);
    await launcher(page).tap();
    await replies(page).first().waitFor();
    await page.goBack();
    await panel(page).waitFor({ state: "hidden" });
    assert.equal(new URL(page.url()).pathname, "/page");
    const length = await page.evaluate(() => history.length);
    await launcher(page).tap();
    await page.getByRole("button", { name: "Close chat" }).tap();
    await panel(page).waitFor({ state: "hidden" });
    await page.waitForTimeout(200);
    assert.equal(await page.evaluate(() => history.state?.seatwise), undefined, "closed by hand, nothing is left");
    assert.equal(await page.evaluate(() => history.length), length);
  });

  it("Enter that ends a word of an input method does not send", async () => {
    const page = await visit(browser, `${chat.url}page`);
    await open(page);
    await field(page).fill("nihon");
    await field(page).evaluate((area) =>
      area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", keyCode: 229, bubbles: true, cancelable: true })),
    );
    await page.waitForTimeout(100);
    assert.equal(await page.locator(".question").count(), 0);
    assert.equal(await field(page).inputValue(), "nihon");
  });

  for (const look of [{}, PHONE]) {
    it(`the focus stays in the chat after it was deleted and begun anew${look === PHONE ? ", on a phone" : ""}`, async () => {
      const page = await visit(browser, `${chat.url}page`, look);
      await open(page);
      await say(page, "one");
      await page.getByRole("button", { name: "Menu" }).click();
      await page.getByRole("button", { name: "Delete my chat" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Delete my chat" }).click();
      await page.getByRole("button", { name: "Start a new chat" }).click();
      await replies(page).first().waitFor();
      await page.waitForTimeout(100);
      assert.equal(await focused(page), look === PHONE ? "name" : "words");
      await page.keyboard.press("Escape");
      await panel(page).waitFor({ state: "hidden" });
    });
  }

  it("the focus is seen where the next choices will be", async () => {
    fake.answers = (message) =>
      answers(message).map((one) => ({ ...one, buttons: [{ title: "Go on", payload: "go" }] }));
    const page = await visit(browser, `${chat.url}page`);
    await open(page);
    await page.locator(".choice").press("Enter");
    await replies(page).nth(1).waitFor();
    const outline = () =>
      page
        .locator(".choices")
        .last()
        .evaluate((one) => getComputedStyle(one).outlineStyle);
    assert.equal(await outline(), "solid");
  });

  it("in forced colours a pressed thumb and the steps of firmness can be told", async () => {
    const page = await visit(browser, `${chat.url}page`, { forcedColors: "active" });
    await open(page);
    await say(page, "verdict");
    await page.getByRole("button", { name: "Helpful", exact: true }).click();
    const colour = (name, property) =>
      page
        .locator(name)
        .first()
        .evaluate((one, what) => getComputedStyle(one)[what], property);
    assert.notEqual(
      await colour('[aria-pressed="true"]', "backgroundColor"),
      await colour('[aria-pressed="false"]', "backgroundColor"),
    );
    assert.notEqual(
      await colour(".steps .on", "backgroundColor"),
      await colour(".steps i:not(.on)", "backgroundColor"),
    );
    assert.equal(await colour(".steps .on", "backgroundColor"), await colour(".who h2", "color"));
    assert.deepEqual(await violations(page), []);
  });

  it("the button shows that it closes what it opened, and that something is coming", async () => {
    const { app } = JSON.parse(await (await fetch(`${chat.url}widget/manifest.json`)).text());
    const page = await visit(browser, "about:blank");
    let letThrough;
    const held = new Promise((done) => {
      letThrough = done;
    });
    await page.route(`**/${app}*`, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${chat.url}page`);
    const mark = () => launcher(page).evaluate((one) => getComputedStyle(one, "::before").rotate);
    await launcher(page).click();
    assert.equal(await launcher(page).getAttribute("aria-busy"), "true");
    letThrough();
    await replies(page).first().waitFor();
    assert.equal(await launcher(page).getAttribute("aria-busy"), null);
    assert.equal(await mark(), "45deg");
    await launcher(page).click();
    assert.equal(await mark(), "none");
  });
});
