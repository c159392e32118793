// What axe cannot see: the way of the focus, what is read out, what can be reached.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { answered, chatWith, field, focused, launcher, open, panel, replies, say } from "./browser.mjs";

let number = 0;
const buttons = ["One", "Two"].map((title) => ({ title, payload: title }));
const echo = (message) => [
  { id: `r${number++}`, ts: 1, text: message === "/greet" ? "Hello." : `You said: ${message}`, buttons },
];
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

describe("without a mouse, without eyes, with a thumb", () => {
  const chat = chatWith(echo);
  /** All that Tab reaches in the chat. */
  async function reachable(page) {
    const found = [];
    await page.locator("#copy").focus();
    for (let step = 0; step < 25; step++) {
      await page.keyboard.press("Tab");
      const inChat = await page.evaluate(() => document.activeElement?.tagName === "SEATWISE-CHAT");
      if (inChat) found.push(await focused(page));
      else if (found.length) break;
    }
    return found;
  }

  it("only the button can be reached while the chat is closed", async () => {
    const page = await chat.visit();
    assert.deepEqual(await reachable(page), ["Chat with Seatwise"]);
    await open(page);
    await page.keyboard.press("Escape");
    assert.deepEqual(await reachable(page), ["Chat with Seatwise"]);
  });

  it("Enter opens, the focus is in the field, Escape closes and gives the focus back", async () => {
    const page = await chat.visit();
    await launcher(page).focus();
    assert.deepEqual(await launcher(page).evaluate((button) => [button.ariaHasPopup, button.ariaExpanded]), [
      "dialog",
      "false",
    ]);
    await page.keyboard.press("Enter");
    await replies(page).first().waitFor();
    assert.equal(await focused(page), "words");
    assert.equal(await launcher(page).getAttribute("aria-expanded"), "true");
    assert.equal(await page.getByRole("dialog", { name: "Seatwise" }).count(), 1);
    await page.keyboard.press("Escape");
    await panel(page).waitFor({ state: "hidden" });
    assert.equal(await focused(page), "Chat with Seatwise");
  });

  it("Tab goes through the panel in the order of the eye, and out of it again", async () => {
    const page = await chat.open();
    const order = await reachable(page);
    assert.deepEqual(order, [
      "Chat with Seatwise",
      "Menu",
      "Make the chat larger",
      "Close chat",
      "Conversation",
      ...order.filter((name) => name.startsWith("Privacy")),
      "One",
      "Two",
      "words",
      "Send",
    ]);
  });

  it("an answer is chosen by key, and the next ones are one Tab away", async () => {
    const page = await chat.open();
    await page.getByRole("button", { name: "One", exact: true }).focus();
    await page.keyboard.press("Enter");
    await answered(page);
    await page.keyboard.press("Tab");
    assert.equal(await focused(page), "One");
    await page.keyboard.press("Escape");
    await panel(page).waitFor({ state: "hidden" });
  });

  it("Escape closes the menu first, then a question, then the chat", async () => {
    const page = await chat.open();
    await page.getByRole("button", { name: "Menu" }).press("Enter");
    await page.keyboard.press("Escape");
    assert.equal(await focused(page), "Menu");
    assert.equal(await page.getByRole("button", { name: "Menu" }).getAttribute("aria-expanded"), "false");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Start over" }).press("Enter");
    await page.getByRole("alertdialog").waitFor();
    assert.equal(await focused(page), "Keep it");
    await page.keyboard.press("Escape");
    assert.equal(await page.getByRole("alertdialog").count(), 0);
    assert.equal(await panel(page).isVisible(), true);
    assert.notEqual(await focused(page), "BODY");
    await page.keyboard.press("Escape");
    await panel(page).waitFor({ state: "hidden" });
  });

  it("one log reads new messages out, once, and nothing else of the talk", async () => {
    const page = await chat.visit();
    await page.addInitScript(() => {
      globalThis.live = [];
      const watch = setInterval(() => {
        const log = document.querySelector("seatwise-chat")?.shadowRoot.querySelector("[role=log]");
        if (!log) return;
        clearInterval(watch);
        new MutationObserver((changes) => {
          for (const { addedNodes } of changes) for (const node of addedNodes) globalThis.live.push(node.textContent);
        }).observe(log, { childList: true });
        for (const node of log.children) globalThis.live.push(node.textContent);
      }, 1);
    });
    await open(page);
    await say(page, "one");
    await page.reload();
    await replies(page).nth(1).waitFor();
    await say(page, "two");
    await page.waitForTimeout(100);
    assert.deepEqual(await page.evaluate(() => globalThis.live), [
      "Seatwise: You said: two Suggested answers: One; Two.",
    ]);
    const others = await page.evaluate(() => {
      const root = document.querySelector("seatwise-chat").shadowRoot;
      return root.querySelectorAll(".log .delivery [role=status], .scroller [role=log], .scroller [aria-live]").length;
    });
    assert.equal(others, 0);
  });

  it("says who speaks, and that an answer is being written", async () => {
    const page = await chat.open();
    chat.fake.answers = (message) => new Promise((done) => setTimeout(() => done(echo(message)), 1500));
    await field(page).fill("one");
    await field(page).press("Enter");
    await page.locator("[role=status]", { hasText: "Seatwise is typing" }).waitFor();
    await answered(page);
    assert.match(await replies(page).last().textContent(), /^Seatwise: You said/);
    assert.match(await page.locator(".question").last().textContent(), /^You: one/);
  });

  it("on a phone it fills the screen, the page waits, and no keyboard jumps up", async () => {
    const page = await chat.visit(PHONE);
    await launcher(page).tap();
    await replies(page).first().waitFor();
    await page.waitForTimeout(350);
    assert.deepEqual(await panel(page).boundingBox(), { x: 0, y: 0, width: 390, height: 844 });
    assert.equal(await panel(page).getAttribute("aria-modal"), "true");
    assert.equal(await page.evaluate(() => document.body.inert), true);
    assert.equal(await focused(page), "name");
    assert.ok(Number.parseFloat(await field(page).evaluate((element) => getComputedStyle(element).fontSize)) >= 16);
    await page.getByRole("button", { name: "Close chat" }).tap();
    await panel(page).waitFor({ state: "hidden" });
    assert.equal(await page.evaluate(() => document.body.inert), false);
    assert.equal(await page.evaluate(() => document.documentElement.style.overflow), "");
    assert.equal(await focused(page), "Chat with Seatwise");
  });

  it("on a phone the field stays above the keyboard", async () => {
    const page = await chat.visit(PHONE);
    await launcher(page).tap();
    await replies(page).first().waitFor();
    await page.evaluate(() => {
      Object.defineProperty(visualViewport, "height", { value: 480, configurable: true });
      Object.defineProperty(visualViewport, "offsetTop", { value: 40, configurable: true });
      visualViewport.dispatchEvent(new Event("resize"));
    });
    const box = await field(page).boundingBox();
    assert.ok(box.y + box.height <= 520 && box.y > 40, `the field is at ${box.y}`);
  });

  it("everything to press is at least 44 pixels high and wide", async () => {
    for (const look of [PHONE, {}]) {
      const page = await chat.open(look);
      await say(page, "one");
      const small = await page.evaluate(() => {
        const root = document.querySelector("seatwise-chat").shadowRoot;
        return [...root.querySelectorAll("button, textarea")]
          .map((one) => [one.className || one.id, one.getBoundingClientRect()])
          .filter(([, box]) => box.width && (box.width < 43.9 || box.height < 43.9))
          .map(([name, box]) => `${name} ${box.width}x${box.height}`);
      });
      assert.deepEqual(small, []);
    }
  });

  it("nothing moves for who asked for stillness", async () => {
    const page = await chat.open({ reducedMotion: "reduce" });
    await say(page, "one");
    const moving = await page.evaluate(() => document.querySelector("seatwise-chat").shadowRoot.getAnimations().length);
    assert.equal(moving, 0);
  });
});
