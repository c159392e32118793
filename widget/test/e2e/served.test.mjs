// As visitors get it: pages, files and cards of the real assistant, with the headers that it sends.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, afterEach, before, describe, it } from "node:test";
import { realAssistant } from "./assistant.mjs";
import { answered, choice, launched, launcher, open, replies, say, shot, violations, visit } from "./browser.mjs";
import { serveSite } from "./site.mjs";

const KEY = "the-key-of-the-tests-of-the-widget-32-bytes"; // serve.py's
const base64url = (content) => Buffer.from(content).toString("base64url");

/** The same token, as it would be had it expired so many hours ago. */
function expiredFor(hours, token) {
  const [header, claims] = token.split(".");
  const { sub, aud, opened } = JSON.parse(Buffer.from(claims, "base64url"));
  const exp = Math.floor(Date.now() / 1000) - hours * 3600;
  const signed = `${header}.${base64url(JSON.stringify({ sub, aud, opened, exp }))}`;
  return `${signed}.${createHmac("sha256", KEY).update(signed).digest("base64url")}`;
}

const VERDICT = ".verdict, .choice:has-text('Start over')"; // a card, or what is offered after its words
const COMPANY = "we are a law firm with 35 people, about 4 million a year, website, crm and cloud are there";

describe("what the assistant itself serves", () => {
  let browser, assistant;
  before(async () => {
    browser = await launched();
    assistant = await realAssistant();
  });
  after(async () => {
    await browser.close();
    await assistant.stop();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  const isClean = async (page) => {
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(page.faults, []);
    assert.deepEqual([...page.hosts], [new URL(assistant.url).host], "nobody else was asked for anything");
  };

  it("the demonstration site has a chat that answers", async () => {
    const page = await visit(browser, assistant.url);
    await shot(page, "served-demo");
    await open(page);
    await say(page, "what does a caio cost?");
    await shot(page, "served-demo-open");
    await isClean(page);
  });

  it("a click brings the first words within a blink", async () => {
    const took = [];
    for (let visitNumber = 0; visitNumber < 7; visitNumber++) {
      const page = await visit(browser, assistant.url);
      await launcher(page).hover(); // a hand is on its way before it clicks
      await page.waitForTimeout(300);
      const clicked = performance.now();
      await launcher(page).click();
      await replies(page).first().waitFor();
      took.push(Math.round(performance.now() - clicked));
      await page.context().close();
    }
    took.sort((one, other) => one - other);
    console.log(`click to the first words of the real assistant: ${took.join(", ")} ms, median ${took[3]}`);
    assert.ok(took[3] < 1000, "far from a blink");
  });

  it("the chat on a page of its own leads to a verdict, and has it after a reload", async () => {
    const page = await visit(browser, `${assistant.url}chat?ref=acme-7`);
    await replies(page).first().waitFor();
    await say(page, "which one do we need?");
    await say(page, COMPANY);
    for (let turn = 0; turn < 20 && !(await page.locator(VERDICT).count()); turn++) {
      const yes = choice(page, "Yes, go ahead");
      if (await yes.count()) {
        await shot(page, "served-summary");
        await isClean(page);
      }
      await ((await yes.count()) ? yes : page.locator(".choice").last()).click();
      await answered(page);
    }
    await shot(page, "served-verdict");
    await isClean(page);
    const cards = await page.locator(".card").count();
    assert.ok(cards >= 2, `${cards} cards`);
    await page.reload();
    await page.locator(VERDICT).first().waitFor();
    assert.equal(await page.locator(".card").count(), cards);
  });

  it("comparison, cost and hours are drawn", async () => {
    const page = await visit(browser, `${assistant.url}chat`);
    await replies(page).first().waitFor();
    for (const [asked, drawn] of [
      ["what is the difference between a caio and a cto?", "table.comparison"],
      ["what does it cost?", ".card:last-of-type table"],
      ["how many hours a month does it take?", ".card:last-of-type table"],
    ]) {
      await say(page, asked);
      assert.ok(await page.locator(".reply").last().locator(".card").count(), asked);
      assert.ok(await page.locator(drawn).count(), asked);
      await shot(page, `served-${asked.split(" ").at(-1).replace(/\W/g, "")}`);
    }
    await isClean(page);
  });

  it("when it is away, the questions that people often ask are there", async () => {
    if (!assistant.isOurs) return;
    const page = await visit(browser, assistant.url);
    const kept = page.waitForResponse(/questions\.json/);
    await launcher(page).hover();
    await (await kept).finished();
    await assistant.kill();
    await launcher(page).click();
    await page.locator(".away details").first().click();
    await shot(page, "served-away");
    assert.ok((await page.locator(".away details").count()) > 5);
    assert.deepEqual(await violations(page), []);
    await assistant.start();
    await replies(page).first().waitFor({ timeout: 60_000 });
  });

  it("a site that it does not serve is told so", async () => {
    const body = `<!doctype html><body><h1>A site</h1><script src="${assistant.url}widget/w.js" defer></script>`;
    const site = await serveSite(null, { "/": { body, policy: "default-src * 'unsafe-inline'" } });
    const page = await visit(browser, "about:blank");
    const errors = [];
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await page.goto(site.url);
    await launcher(page).click();
    await page.getByRole("heading", { name: "Chat isn't available on this page" }).waitFor();
    assert.ok(errors.some((text) => text.includes(`SEATWISE_ORIGINS=${new URL(site.url).origin}`)));
    await site.close();
  });

  for (const hours of [1, 25, 48]) {
    it(`a chat is deleted for good also where its token expired ${hours} hours ago`, async () => {
      const page = await visit(browser, assistant.url);
      await open(page);
      await say(page, "what does a caio cost?");
      const place = await page.evaluate(() =>
        Object.keys(sessionStorage).find((key) => !/ (state|earlier)$/.test(key)),
      );
      const kept = await page.evaluate((key) => JSON.parse(sessionStorage[key]), place);
      const expired = { ...kept, token: expiredFor(hours, kept.token) };
      await page.goto(`${assistant.url}widget/questions.json`); // no page that writes it back
      await page.evaluate(([key, value]) => sessionStorage.setItem(key, value), [place, JSON.stringify(expired)]);
      await page.goto(assistant.url);
      await replies(page).first().waitFor();
      await page.getByRole("button", { name: "Menu" }).click();
      await page.getByRole("button", { name: "Delete my chat" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Delete my chat" }).click();
      await page.getByRole("heading", { name: "Your chat has been deleted." }).waitFor();
      const headers = { Authorization: `Bearer ${kept.token}` };
      assert.equal((await fetch(`${assistant.url}webhooks/web/messages`, { headers })).status, 410);
      assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage)), []);
    });
  }
});
