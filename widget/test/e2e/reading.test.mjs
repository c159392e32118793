// What a visitor has in view: the answer below a long question, what goes on below, sources, a sign of typing.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { answered, chatWith, field, launcher, panel, replies, say, shot, violations } from "./browser.mjs";

let number = 0;
const reply = (text) => ({ id: `r${number++}`, ts: 1, text });
const later = (wait, messages) => new Promise((done) => setTimeout(() => done(messages), wait));
function answers(message) {
  if (message === "long") return [reply(Array.from({ length: 30 }, (_, at) => `Paragraph ${at}.`).join("\n\n"))];
  if (message === "source") return [reply("It depends.\n\n- one\n- two\n\nSource: the article, section Cost")];
  if (message === "bare source") return [reply("Sources: the article, and another one")];
  if (message === "quick") return later(200, [reply("quick answer")]);
  if (message === "slow") return later(1200, [reply("slow answer")]);
  return [reply(message === "/greet" ? "Hello." : "A short answer.")];
}

describe("reading", () => {
  const chat = chatWith(answers);
  const isIn = async (inner, outer) => {
    const [one, other] = [await inner.boundingBox(), await outer.boundingBox()];
    return one.y >= other.y - 1 && one.y + one.height <= other.y + other.height + 1;
  };

  for (const viewport of [
    { width: 1280, height: 860 },
    { width: 320, height: 640 },
  ]) {
    it(`a message of 900 characters leaves its answer in view: ${viewport.width} pixels`, async () => {
      const page = await chat.open({ viewport });
      await say(page, "we build things for people ".repeat(33));
      await page.waitForTimeout(600);
      assert.ok(await isIn(replies(page).last().locator(".bubble"), page.locator(".scroller")));
    });
  }

  it("what goes on below is hinted at, until its end is reached", async () => {
    const page = await chat.open();
    const more = page.getByRole("button", { name: "More below" });
    assert.equal(await more.count(), 0);
    await say(page, "long");
    await more.waitFor();
    await shot(page, "goes-on");
    assert.deepEqual(await violations(page), []);
    for (let step = 0; step < 12 && (await more.count()); step++) {
      await more.click();
      await page.waitForTimeout(500);
    }
    assert.equal(await more.count(), 0);
    assert.ok(await page.getByText("Paragraph 29.").last().isVisible());
  });

  it("a source is folded away, and is never a bubble of its own", async () => {
    const page = await chat.open();
    await say(page, "source");
    const last = replies(page).last();
    assert.equal((await last.locator(".bubble").textContent()).includes("section Cost"), false);
    await last.getByText("the article, section Cost").waitFor({ state: "hidden" });
    await last.getByText("Source", { exact: true }).click();
    await last.getByText("the article, section Cost").waitFor();
    await shot(page, "source");
    assert.deepEqual(await violations(page), []);
    await say(page, "bare source");
    assert.equal(await replies(page).last().locator(".bubble").count(), 0);
  });

  it("a sign of typing comes only where an answer takes its time", async () => {
    const page = await chat.open();
    await page.evaluate(() => {
      globalThis.dots = 0;
      const root = document.querySelector("seatwise-chat").shadowRoot;
      new MutationObserver(() => {
        if (root.querySelector(".writing i")) globalThis.dots++;
      }).observe(root.querySelector(".writing"), { childList: true });
    });
    await say(page, "quick");
    assert.equal(await page.evaluate(() => globalThis.dots), 0);
    await say(page, "slow");
    assert.ok((await page.evaluate(() => globalThis.dots)) > 0);
  });

  it("the chat can be made larger, and smaller again", async () => {
    const page = await chat.open();
    await page.waitForTimeout(300);
    const { width } = await panel(page).boundingBox();
    await page.getByRole("button", { name: "Make the chat larger" }).click();
    assert.ok((await panel(page).boundingBox()).width > width + 200);
    assert.deepEqual(await violations(page), []);
    await page.getByRole("button", { name: "Make the chat smaller" }).click();
    assert.equal((await panel(page).boundingBox()).width, width);
  });

  it("at 400 % zoom 120 pixels are left for reading, also in an interview", async () => {
    const page = await chat.visit({ viewport: { width: 360, height: 225 } });
    await launcher(page).click();
    await replies(page).first().waitFor();
    chat.fake.answers = () => [
      {
        ...reply("Who leads?"),
        custom: { type: "progress", version: 1, fallback_text: "x", step: 1, of: 4, label: "Who leads" },
      },
    ];
    await field(page).fill("one");
    await field(page).press("Enter");
    await answered(page);
    const { height } = await page.locator(".scroller").boundingBox();
    assert.ok(height >= 120, `${height} pixels`);
    await shot(page, "zoomed-400");
    assert.deepEqual(await violations(page), []);
  });
});
