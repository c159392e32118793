// The conversation survives what happens to it: no network, no server, reload, another page, another tab, another try.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { freePort } from "./assistant.mjs";
import {
  answered,
  field,
  launched,
  launcher,
  open,
  panel,
  replies,
  say,
  shot,
  violations,
  visit,
  visitAgain,
} from "./browser.mjs";
import { fakeAssistant } from "./fake.mjs";
import { serveSite } from "./site.mjs";

let number = 0;
const reply = (text, more = {}) => ({ id: `r${number++}`, ts: Date.now() / 1000, text, ...more });
const echo = (message) => (message === "/greet" ? [reply("Hello.")] : [reply(`You said: ${message}`)]);
const texts = async (page) =>
  (await page.locator(".bubble").allTextContents()).map((text) => text.replace(/^(You|Seatwise): /, ""));
const embed = (attributes) =>
  `<!doctype html><html lang="en"><title>A page</title><body><main><h1>A page</h1><a href="/other">Another page</a></main><script src="/widget/w.js" ${attributes} defer></script>`;

describe("the conversation", () => {
  let browser, fake, site;
  before(async () => {
    browser = await launched();
  });
  after(() => browser.close());
  beforeEach(async () => {
    fake = await fakeAssistant(echo);
    const page = { body: embed('data-persist="session" data-contact="mailto:hello@firm.example"') };
    site = await serveSite(() => fake.url, {
      "/page": page,
      "/other": page,
      "/local": { body: embed('data-persist="local"') },
    });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await site.close();
    await fake.close();
  });
  const said = (text) => fake.heard.filter((one) => one.event === "user_uttered" && one.message === text);

  it("survives a reload and the way to another page", async () => {
    const page = await visit(browser, `${site.url}page`);
    await open(page);
    await say(page, "one");
    await field(page).fill("half a thou");
    await page.reload();
    await replies(page).nth(1).waitFor();
    assert.deepEqual(await texts(page), ["Hello.", "one", "You said: one"]);
    assert.equal(await field(page).inputValue(), "half a thou");
    assert.ok(await panel(page).isVisible(), "what was open stays open");
    await page.getByRole("link", { name: "Another page" }).click();
    await replies(page).nth(1).waitFor();
    await say(page, "two");
    assert.deepEqual(await texts(page), ["Hello.", "one", "You said: one", "two", "You said: two"]);
    assert.equal(fake.heard.filter((one) => one.message === "/greet").length, 1, "one greeting");
  });

  it("never opens by itself, and stays closed when it was closed", async () => {
    const page = await visit(browser, `${site.url}page`);
    await page.waitForTimeout(400);
    assert.equal(await panel(page).count(), 0);
    await open(page);
    await page.keyboard.press("Escape");
    await page.reload();
    await panel(page).waitFor({ state: "attached" });
    assert.equal(await panel(page).isVisible(), false);
  });

  it("keeps what is written offline, over a reload too, and sends it once", async () => {
    const page = await visit(browser, `${site.url}page`);
    await open(page);
    await page.context().setOffline(true);
    await page.getByText("You're offline").waitFor();
    await field(page).fill("from the tunnel");
    await field(page).press("Enter");
    await page.getByText("Waiting to send").waitFor();
    await shot(page, "offline");
    assert.deepEqual(await violations(page), []);
    await page.context().setOffline(false);
    await answered(page);
    assert.deepEqual(await texts(page), ["Hello.", "from the tunnel", "You said: from the tunnel"]);
    assert.equal(new Set(said("from the tunnel").map((one) => one.id)).size, 1);
  });

  it("goes on after the server was away, with what was written meanwhile", async () => {
    const page = await visit(browser, `${site.url}page`);
    await open(page);
    await say(page, "one");
    const { url } = fake;
    const port = Number(new URL(url).port);
    fake.io.disconnectSockets(true);
    const was = fake;
    fake = { url: null, close: async () => {} };
    await page.getByText(/Trying to reach/).waitFor();
    await field(page).fill("two");
    await field(page).press("Enter");
    await page.getByText("Waiting to send").waitFor();
    await page.reload();
    await page.getByText("Waiting to send").waitFor();
    await shot(page, "server-away");
    fake = was;
    assert.ok(port);
    await answered(page);
    assert.deepEqual(await texts(page), ["Hello.", "one", "You said: one", "two", "You said: two"]);
    assert.equal(said("two").length >= 1, true);
    assert.equal(new Set(said("two").map((one) => one.id)).size, 1);
  });

  it("says so when the server cannot be reached at all, and keeps what is written", async () => {
    const port = await freePort();
    const empty = await serveSite(`http://127.0.0.1:${port}/`, {
      "/page": { body: embed('data-contact="mailto:hello@firm.example"') },
      "/widget/questions.json": {
        type: "application/json",
        body: JSON.stringify([{ question: "What does it do?", answer: "It **answers**." }]),
      },
    });
    const page = await visit(browser, `${empty.url}page`);
    await launcher(page).click();
    await page.getByRole("heading", { name: "We can't connect right now" }).waitFor();
    await page.getByRole("link", { name: "Contact us" }).waitFor();
    await page.getByText("What does it do?").click();
    await page.getByText("It answers.").waitFor();
    await field(page).fill("for later");
    await shot(page, "away");
    assert.deepEqual(await violations(page), []);
    await field(page).press("Enter");
    await page.getByText("Waiting to send").waitFor();
    assert.deepEqual(await texts(page), ["for later"]);
    await page.context().close();
    await empty.close();
  });

  it("sends a message again that was not answered, under its id", async () => {
    const page = await visit(browser, `${site.url}page`);
    await open(page);
    fake.answers = () => null;
    await field(page).fill("one");
    await field(page).press("Enter");
    await page.locator(".writing i").waitFor();
    fake.io.emit("bot_error", {
      turn: said("one")[0].id,
      code: "not_stored",
      message: "I cannot take that in just now.",
    });
    await page.getByText("Not sent. I cannot take that in just now.").waitFor();
    assert.equal(await page.locator(".writing i").count(), 0);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.waitForTimeout(200);
    assert.equal(said("one").length, 2);
    assert.equal(said("one")[0].id, said("one")[1].id);
  });

  it("waits when it was too fast, and says nothing about it", async () => {
    const page = await visit(browser, `${site.url}page`);
    await open(page);
    let refusals = 1;
    fake.refusal = () => (refusals-- > 0 ? { error: "rate_limited", message: "Too fast.", retry_after: 1 } : null);
    await say(page, "one");
    assert.deepEqual(await texts(page), ["Hello.", "one", "You said: one"]);
  });

  it("comes back when a full server lets it in", async () => {
    fake.refuse = { error: "rate_limited", message: "Please wait a moment.", retry_after: 1 };
    const page = await visit(browser, `${site.url}page`);
    await launcher(page).click();
    await page.getByText("Please wait a moment.").waitFor();
    fake.refuse = null;
    await replies(page).first().waitFor();
  });

  it("is the same in two tabs of one browser where the site wants that", async () => {
    const page = await visit(browser, `${site.url}local`);
    await open(page);
    await say(page, "one");
    const other = await visitAgain(page.context(), `${site.url}local`);
    await replies(other).nth(1).waitFor({ state: "attached" });
    await say(page, "two");
    await replies(other).nth(2).waitFor({ state: "attached" });
    assert.deepEqual(await texts(other), ["Hello.", "one", "You said: one", "two", "You said: two"]);
    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("button", { name: "Start over" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Start over", exact: true }).click();
    await page.waitForFunction(
      () => document.querySelector("seatwise-chat").shadowRoot.querySelectorAll(".reply").length === 1,
    );
    await say(page, "three");
    await other.waitForFunction(() => document.querySelector("seatwise-chat").shadowRoot.textContent.includes("three"));
    assert.equal((await texts(other)).includes("one"), false, "the old conversation is gone in both");
  });

  it("shows how much was said while it was closed", async () => {
    const page = await visit(browser, `${site.url}page`);
    await open(page);
    fake.answers = (message) =>
      new Promise((done) => setTimeout(() => done([reply(`late ${message}`), reply("more")]), 400));
    await field(page).fill("one");
    await field(page).press("Enter");
    await page.waitForTimeout(100);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Chat with Seatwise, 2 new messages" }).waitFor();
    await shot(page, "unread");
    await page.reload();
    await page.getByRole("button", { name: "Chat with Seatwise, 2 new messages" }).click();
    await page.getByRole("button", { name: "Chat with Seatwise", exact: true }).waitFor();
  });

  it("starts over", async () => {
    const page = await visit(browser, `${site.url}page`);
    await open(page);
    await say(page, "one");
    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("button", { name: "Start over" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Keep it" }).click();
    assert.equal((await texts(page)).length, 3);
    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("button", { name: "Start over" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Start over", exact: true }).click();
    await page.waitForFunction(
      () => document.querySelector("seatwise-chat").shadowRoot.querySelectorAll(".bubble").length === 1,
    );
    assert.deepEqual(await texts(page), ["Hello."]);
  });

  it("is deleted, here and there", async () => {
    const page = await visit(browser, `${site.url}page`);
    await open(page);
    await say(page, "one");
    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("button", { name: "Delete my chat" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete my chat" }).click();
    await page.getByRole("heading", { name: "Your chat has been deleted." }).waitFor();
    await shot(page, "erased");
    assert.deepEqual(await violations(page), []);
    assert.equal(fake.heard.filter((one) => one.event === "erase").length, 1);
    assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage)), []);
    await page.getByRole("button", { name: "Start a new chat" }).click();
    await replies(page).first().waitFor();
    assert.deepEqual(await texts(page), ["Hello."]);
  });

  it("says that it was not deleted where it was not", async () => {
    const page = await visit(browser, `${site.url}page`);
    await open(page);
    site.blocked.add("/webhooks/web/session");
    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("button", { name: "Delete my chat" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete my chat" }).click();
    await page.getByText("This chat could not be deleted.").waitFor();
    assert.deepEqual(await texts(page), ["Hello."]);
  });

  it("can be taken along as a text", async () => {
    const page = await visit(browser, `${site.url}page`);
    await open(page);
    await say(page, "one");
    await page.getByRole("button", { name: "Menu" }).click();
    const coming = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download transcript" }).click();
    const download = await coming;
    const text = await readFile(await download.path(), "utf8");
    assert.match(text, /You, .*\none\n\nSeatwise, .*\nYou said: one/);
    assert.equal(download.suggestedFilename(), "conversation.txt");
    assert.deepEqual(page.faults, []);
  });

  it("hears whether an answer helped", async () => {
    const page = await visit(browser, `${site.url}page`);
    await open(page);
    await say(page, "one");
    await page.getByRole("button", { name: "Helpful", exact: true }).click();
    await page.getByText("Thanks for the feedback.").waitFor();
    await page.getByRole("button", { name: "Helpful", exact: true }).click();
    await page.waitForTimeout(200);
    const rated = fake.heard.filter((one) => one.event === "rate").map((one) => one.value);
    assert.deepEqual(rated, ["up", null]);
  });

  it("takes a thousand characters, and says when it is more", async () => {
    const page = await visit(browser, `${site.url}page`);
    await open(page);
    await field(page).fill("x".repeat(1001));
    await page.getByText("1,001 of 1,000 characters").waitFor();
    await field(page).press("Enter");
    await page.waitForTimeout(200);
    assert.equal(said("x".repeat(1001)).length, 0);
    assert.equal((await field(page).inputValue()).length, 1001, "nothing is lost");
  });

  it("begins anew where the server no longer knows it, and says so", async () => {
    const page = await visit(browser, `${site.url}page`);
    await open(page);
    await say(page, "one");
    await fake.close();
    fake = await fakeAssistant(echo);
    await page.getByText("Your earlier chat has ended.").waitFor();
    await say(page, "two");
    assert.deepEqual(await texts(page), ["Hello.", "one", "You said: one", "two", "You said: two"]);
  });

  it("tells the reference of a call on the page of its own", async () => {
    const page = await visit(browser, `${site.url}chat?ref=call_42`);
    await replies(page).first().waitFor();
    assert.equal(fake.heard.find((one) => one.event === "connect").auth.ref, "call_42");
    await page.goto(`${site.url}chat?ref=<b>`);
    await replies(page).first().waitFor();
    assert.equal(fake.heard.filter((one) => one.event === "connect").at(-1).auth.ref, undefined);
    await shot(page, "chat-page");
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(page.faults, []);
  });
});
