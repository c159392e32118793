// "Deleted" is only said of what was deleted: by expired tokens, in other windows, after a new start, without an answer.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import {
  field,
  focused,
  launched,
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

const HOUR = 60 * 60 * 1000; // milliseconds
const DELETED = "Your chat has been deleted.";
const NOT_DELETED = "This chat could not be deleted.";
const EARLIER_LEFT = "This chat has been deleted, but an earlier one could not be.";

let number = 0;
const echo = (message) => [{ id: `r${number++}`, ts: Date.now() / 1000, text: `You said: ${message}` }];
const embed = (attributes) =>
  `<!doctype html><html lang="en"><title>A page</title><body><main><h1>A page</h1><button id="own">Own button</button></main><script src="/widget/w.js" ${attributes} defer></script>`;

describe("deleting", () => {
  let browser, fake, site;
  before(async () => {
    browser = await launched();
  });
  after(() => browser.close());
  beforeEach(async () => {
    fake = await fakeAssistant(echo);
    site = await serveSite(() => fake.url, {
      "/tab": { body: embed('data-privacy="/privacy" data-contact="mailto:hello@firm.example"') },
      "/local": { body: embed('data-persist="local"') },
    });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await site.close();
    await fake.close();
  });

  const menu = async (page, item) => {
    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("button", { name: item }).click();
  };
  const confirm = (page, name) => page.getByRole("alertdialog").getByRole("button", { name, exact: true }).click();
  const erase = async (page) => {
    await menu(page, "Delete my chat");
    await confirm(page, "Delete my chat");
  };
  const isDeleted = (page) => page.getByRole("heading", { name: DELETED }).waitFor();
  const begun = (page, replies = 1) =>
    page.waitForFunction((count) => {
      const root = document.querySelector("seatwise-chat").shadowRoot;
      return root.querySelectorAll(".reply").length === count;
    }, replies);
  const kept = (page) => page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
  const erasures = () => fake.heard.filter((one) => one.event === "erase");
  /** The clocks of the assistant and of all pages of a context, from now on. */
  const later = async (context, hours) => {
    fake.ahead = hours * HOUR;
    await context.clock.setFixedTime(Date.now() + hours * HOUR);
  };

  for (const [name, hours] of [
    ["an hour", 25],
    ["two days", 72],
  ]) {
    it(`also erases the conversation of a token that expired ${name} ago`, async () => {
      const page = await visit(browser, `${site.url}local`);
      await open(page);
      await say(page, "one");
      await page.close();
      await later(page.context(), hours);
      const back = await visitAgain(page.context(), `${site.url}local`);
      await open(back);
      await erase(back);
      await isDeleted(back);
      assert.equal(fake.erased.size, 2, "the new conversation and the one before");
      assert.equal(await kept(back), "{}");
    });
  }

  it("erases what a window said that was open for 25 hours", async () => {
    const page = await visit(browser, `${site.url}tab`);
    await open(page);
    await say(page, "one");
    await later(page.context(), 13);
    fake.renew();
    await page.waitForTimeout(100);
    await later(page.context(), 25);
    await say(page, "two");
    assert.equal(await page.locator(".note").count(), 0, "a renewal is no new conversation");
    assert.equal(fake.heard.filter(({ message }) => message === "/greet").length, 1, "one greeting");
    const issued = JSON.parse(
      await page.evaluate(() => Object.values(sessionStorage).find((one) => /token/.test(one))),
    );
    await erase(page);
    await isDeleted(page);
    assert.deepEqual(
      erasures().map(({ token }) => token),
      [issued.token],
      "with the fresh token",
    );
    assert.equal(fake.erased.size, 1);
  });

  it("erases what a window said whose token was never renewed", async () => {
    const page = await visit(browser, `${site.url}tab`);
    await open(page);
    await say(page, "one");
    await later(page.context(), 25);
    await erase(page);
    await isDeleted(page);
    assert.equal(fake.erased.size, 1);
  });

  it("is not reported where the token opens nothing any more, and says whom to ask", async () => {
    const page = await visit(browser, `${site.url}tab`);
    await open(page);
    await say(page, "one");
    const before = await kept(page);
    fake.erasing = 401;
    await erase(page);
    const dialog = page.getByRole("alertdialog");
    await dialog.getByText(`${NOT_DELETED} It may be too old to delete from here.`).waitFor();
    assert.equal(await dialog.getByRole("link", { name: "Contact us" }).count(), 1);
    assert.match(await dialog.getByRole("link", { name: "Privacy" }).getAttribute("href"), /\/privacy$/);
    await shot(page, "not-erased");
    assert.deepEqual(await violations(page), []);
    assert.equal(await kept(page), before, "the token and the conversation are kept");
    await confirm(page, "Keep it");
    assert.equal(await focused(page), "Menu");
    await say(page, "two");
    assert.equal(await page.getByText(DELETED).count(), 0);
  });

  for (const [status, why] of [
    [503, "Something went wrong on our end."],
    [429, "There were too many requests."],
    [404, "Something went wrong on our end."],
  ]) {
    it(`is not reported after a ${status}, and succeeds at the next attempt`, async () => {
      const page = await visit(browser, `${site.url}tab`);
      await open(page);
      await say(page, "one");
      fake.erasing = status;
      await erase(page);
      await page.getByText(`${NOT_DELETED} ${why}`).waitFor();
      assert.equal(await page.locator(".question").count(), 1);
      fake.erasing = null;
      await confirm(page, "Delete my chat");
      await isDeleted(page);
      assert.equal(fake.erased.size, 1);
    });
  }

  it("is not reported without a connection", async () => {
    const page = await visit(browser, `${site.url}tab`);
    await open(page);
    await page.context().setOffline(true);
    await erase(page);
    await page.getByText(`${NOT_DELETED} There's no connection right now.`).waitFor();
    await page.context().setOffline(false);
    await confirm(page, "Delete my chat");
    await isDeleted(page);
    assert.equal(fake.erased.size, 1);
  });

  it("includes the conversation before a new start", async () => {
    const page = await visit(browser, `${site.url}tab`);
    await open(page);
    await say(page, "one");
    await menu(page, "Start over");
    await shot(page, "start-over");
    assert.deepEqual(await violations(page), []);
    await confirm(page, "Start over");
    await begun(page);
    assert.equal(fake.erased.size, 0, "which by itself deletes nothing");
    await page.reload();
    await begun(page);
    await erase(page);
    await isDeleted(page);
    assert.equal(fake.erased.size, 2);
    assert.equal(await kept(page), "{}");
  });

  it("includes the conversation that ended by itself", async () => {
    const page = await visit(browser, `${site.url}tab`);
    await open(page);
    await say(page, "one");
    fake.end();
    await say(page, "two");
    await page.getByText("Your earlier chat has ended.").waitFor();
    assert.equal(await page.locator(".delivery.problem").count(), 0, "what was said goes into the new one");
    await erase(page);
    await isDeleted(page);
    assert.equal(fake.erased.size, 2);
  });

  it("needs no storage for the conversation that is shown", async () => {
    const page = await visit(browser, `${site.url}local`);
    await open(page);
    await say(page, "one");
    await page.evaluate(() => localStorage.clear());
    await erase(page);
    await isDeleted(page);
    assert.equal(fake.erased.size, 1);
  });

  it("can go with a new start in one step", async () => {
    const page = await visit(browser, `${site.url}tab`);
    await open(page);
    await say(page, "one");
    await menu(page, "Start over");
    await confirm(page, "Start over");
    await begun(page);
    await say(page, "two");
    await menu(page, "Start over");
    fake.erasing = 503;
    await confirm(page, "Delete and start over");
    await page.getByText(NOT_DELETED).waitFor();
    assert.equal(await page.locator(".question").count(), 1, "nothing is lost");
    fake.erasing = null;
    await confirm(page, "Delete and start over");
    await begun(page);
    assert.equal(fake.erased.size, 1, "and only the conversation that it is about");
    assert.equal(await page.getByRole("alertdialog").count(), 0);
    assert.equal(await page.locator(".question").count(), 0);
    assert.notEqual(await focused(page), "BODY");
    await say(page, "three");
    await erase(page);
    await isDeleted(page);
    assert.equal(fake.erased.size, 3);
  });

  it("says if an earlier conversation is left, and tries that one again", async () => {
    const page = await visit(browser, `${site.url}tab`);
    await open(page);
    await say(page, "one");
    await menu(page, "Start over");
    await confirm(page, "Start over");
    await begun(page);
    const [first] = [...new Set(Object.values(JSON.parse(await kept(page))))]
      .map((one) => JSON.parse(one))
      .filter(({ token }) => token)
      .sort((one, other) => one.at - other.at);
    fake.erasing = (session) => (session === first.session ? 503 : null);
    await erase(page);
    await page.getByText(`${EARLIER_LEFT} Something went wrong on our end.`).waitFor();
    assert.equal(await page.getByText(DELETED).count(), 0);
    assert.deepEqual(await violations(page), []);
    await shot(page, "earlier-left");
    assert.equal(fake.erased.size, 1);
    fake.erasing = null;
    await page.getByRole("button", { name: "Try again" }).click();
    await isDeleted(page);
    assert.equal(fake.erased.size, 2);
    assert.equal(await focused(page), "Start a new chat");
    assert.equal(await kept(page), "{}");
  });

  it("keeps the focus in the chat, by keyboard alone", async () => {
    const page = await visit(browser, `${site.url}tab`);
    await open(page);
    await page.getByRole("button", { name: "Menu" }).press("Enter");
    await page.getByRole("button", { name: "Delete my chat" }).press("Enter");
    await page.getByRole("alertdialog").waitFor();
    assert.equal(await focused(page), "Keep it");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await isDeleted(page);
    await page.waitForTimeout(50);
    assert.equal(await focused(page), "Start a new chat");
    await page.keyboard.press("Enter");
    await begun(page);
    assert.equal(await focused(page), "words");
  });

  it("shows in every window of the browser", async () => {
    fake.tells = false; // only the browser itself tells them
    const page = await visit(browser, `${site.url}local`);
    await open(page);
    await say(page, "one");
    const other = await visitAgain(page.context(), `${site.url}local`);
    await replies(other).nth(1).waitFor();
    await field(other).fill("half a thou");
    await erase(page);
    await isDeleted(page);
    await isDeleted(other);
    assert.equal(await replies(other).count(), 0);
    assert.equal(await kept(other), "{}", "its draft too");
    assert.deepEqual(await violations(other), []);
    await page.getByRole("button", { name: "Start a new chat" }).click();
    await begun(page);
    await say(page, "two");
    await other.getByRole("button", { name: "Start a new chat" }).click();
    await begun(other, 2);
    assert.match(await panel(other).textContent(), /You said: two/, "the chat that the first window began");
    assert.equal(await field(other).inputValue(), "");
  });

  it("is not reported to a window that was idle for 25 hours when another one opens", async () => {
    const page = await visit(browser, `${site.url}local`);
    await open(page);
    await say(page, "one");
    await later(page.context(), 25);
    const other = await visitAgain(page.context(), `${site.url}local`);
    await open(other);
    await begun(page);
    assert.equal(await page.getByText(DELETED).count(), 0);
    assert.equal(fake.erased.size, 0);
    await erase(other);
    await isDeleted(page);
    assert.equal(fake.erased.size, 2);
  });

  it("includes the conversation before a new start where storage is forbidden", async () => {
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
    const page = await visitAgain(context, `${site.url}tab`);
    await open(page);
    await say(page, "one");
    await menu(page, "Start over");
    await confirm(page, "Start over");
    await begun(page);
    await erase(page);
    await isDeleted(page);
    assert.equal(fake.erased.size, 2);
  });

  for (const tells of [true, false]) {
    it(`elsewhere shows ${tells ? "at once" : "at the next message where nobody told"}`, async () => {
      fake.tells = tells;
      const page = await visit(browser, `${site.url}tab`);
      await open(page);
      await say(page, "one");
      await field(page).fill("half a thou");
      await page.locator("#own").focus();
      const { token } = JSON.parse(
        await page.evaluate(() => Object.values(sessionStorage).find((one) => /"token"/.test(one))),
      );
      const headers = { Authorization: `Bearer ${token}` };
      assert.equal((await fetch(`${fake.url}webhooks/web/session`, { method: "DELETE", headers })).status, 200);
      if (!tells) await field(page).press("Enter");
      await isDeleted(page);
      await page.waitForTimeout(50);
      assert.equal(await focused(page), tells ? "own" : "Start a new chat", "takes the focus from nobody");
      assert.deepEqual(await violations(page), []);
      assert.equal(await replies(page).count(), 0);
      assert.equal(await kept(page), "{}");
      await page.getByRole("button", { name: "Start a new chat" }).click();
      await begun(page);
      assert.equal(await page.locator(".note").count(), 0);
      assert.equal(await field(page).inputValue(), "");
    });
  }

  it("a browser's storage is rid of what is stale, and of nothing else", async () => {
    const page = await visit(browser, `${site.url}local`);
    await page.evaluate((url) => {
      const day = 24 * 60 * 60 * 1000;
      const put = (storage, key, value, days) =>
        storage.setItem(
          key,
          typeof value === "string" ? value : JSON.stringify({ ...value, at: Date.now() - days * day }),
        );
      put(localStorage, `seatwise ${url} `, { session: "a", token: "old but good for an erasure" }, 89);
      put(localStorage, `seatwise ${url} call`, { session: "b", token: "of no use any more" }, 91);
      put(localStorage, `seatwise ${url} call state`, { session: "b", entries: [] }, 2);
      put(localStorage, `seatwise ${url} call m`, { id: "m", message: "unsent", kind: "text" }, 2);
      put(localStorage, "seatwise of another version", { words: [] }, 0);
      put(localStorage, "seatwise broken", "{", 0);
      put(sessionStorage, "seatwise in the other storage", "broken", 0);
      put(localStorage, "of the site", "its own", 0);
    }, site.url);
    await page.reload();
    await open(page);
    const left = await page.evaluate(() => Object.keys({ ...sessionStorage, ...localStorage }).sort());
    assert.deepEqual(
      left,
      ["of the site", `seatwise ${site.url} `, `seatwise ${site.url}  earlier a`, `seatwise ${site.url}  state`].sort(),
    );
  });
});
