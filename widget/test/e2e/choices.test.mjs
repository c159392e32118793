// One answer for one click: buttons that have just come, those of earlier questions, several at once, starting over.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { answered, chatWith, choice, field, focused, replies, say, shot, violations } from "./browser.mjs";

const cards = JSON.parse(readFileSync(new URL("../fixtures/cards.json", import.meta.url)));
let number = 0;
const reply = (text, titles = [], more = {}) => ({
  id: `r${number++}`,
  ts: 1,
  text,
  buttons: titles.map((title) => ({ title, payload: `/${title.toLowerCase().replaceAll(" ", "_")}` })),
  ...more,
});
function answers(message) {
  if (message === "/greet") return [reply("Hello.", ["Ask for advice", "What does it cost"])];
  if (message === "/nobody" || message === "/ask_for_advice")
    return [reply(`After ${message}`, ["Nobody", "A CTO", "Not sure"])];
  if (message === "slow") return new Promise((done) => setTimeout(() => done([reply("slow answer", ["Slow"])]), 400));
  if (message === "quick") return [reply("quick answer", ["Quick"])];
  if (message === "twice")
    return [reply("I did not get that.", ["Talk to someone"]), reply("Again?", ["Talk to someone", "Start over"])];
  return cards[message] ? [{ ...cards[message], id: `c${number++}` }] : [reply(`You said: ${message}`)];
}

describe("choosing an answer", () => {
  const chat = chatWith(answers);
  const sent = () => chat.fake.heard.filter((one) => one.event === "user_uttered").map((one) => one.message);
  const titles = (page) => page.locator(".choice").allTextContents();
  for (const wait of [0, 120, 250]) {
    it(`a click on a button that came ${wait} ms ago answers nothing, and a later one does`, async () => {
      const page = await chat.open();
      await choice(page, "Ask for advice").click();
      const nobody = choice(page, "Nobody");
      await nobody.waitFor();
      await page.waitForTimeout(wait);
      const { x, y, width, height } = await nobody.boundingBox();
      await page.mouse.click(x + width / 2, y + height / 2);
      await page.waitForTimeout(600);
      assert.deepEqual(sent(), ["/greet", "/ask_for_advice"]);
      await nobody.click();
      await answered(page);
      assert.deepEqual(sent(), ["/greet", "/ask_for_advice", "/nobody"]);
    });
  }

  it("two clicks at once are one", async () => {
    const page = await chat.open();
    await choice(page, "Ask for advice").click();
    await answered(page);
    await page.waitForTimeout(600);
    await choice(page, "Nobody").evaluate((one) => {
      one.click();
      one.click();
    });
    await answered(page);
    assert.deepEqual(sent(), ["/greet", "/ask_for_advice", "/nobody"]);
  });

  it("can be pressed by key at once", async () => {
    const page = await chat.open();
    await choice(page, "Ask for advice").press("Enter");
    await answered(page);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await answered(page);
    assert.deepEqual(sent(), ["/greet", "/ask_for_advice", "/nobody"]);
  });

  it("only the buttons of the last question are shown, each once", async () => {
    const page = await chat.open();
    await say(page, "twice");
    assert.deepEqual(await titles(page), ["Talk to someone", "Start over"]);
    await field(page).fill("quick");
    await field(page).press("Enter");
    await field(page).fill("slow");
    await field(page).press("Enter");
    await page.getByText("slow answer").first().waitFor();
    assert.deepEqual(await titles(page), ["Slow"]);
  });

  it("every answer stands below its question, also where several were asked at once", async () => {
    const page = await chat.open();
    const order = async () =>
      (await page.locator(".bubble").allTextContents()).slice(1).map((text) => text.replace(/^\w+: /, ""));
    for (const words of ["slow", "quick", "one"]) {
      await field(page).fill(words);
      await field(page).press("Enter");
    }
    await page.getByText("slow answer").first().waitFor();
    await page.waitForTimeout(200);
    const expected = ["slow", "slow answer", "quick", "quick answer", "one", "You said: one"];
    assert.deepEqual(await order(), expected);
    await page.reload();
    await replies(page).nth(3).waitFor();
    await page.waitForTimeout(300);
    assert.deepEqual(await order(), expected);
  });

  it("starting over by button asks first, as the menu does", async () => {
    const page = await chat.open();
    await say(page, "twice");
    await choice(page, "Start over").click();
    await page.getByRole("alertdialog").getByText("Start a new chat?").waitFor();
    assert.equal(await focused(page), "Keep it");
    await page.keyboard.press("Enter");
    assert.equal(await page.locator(".question").count(), 1);
    await choice(page, "Start over").click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Start over", exact: true }).click();
    await page.waitForFunction(
      () => document.querySelector("seatwise-chat").shadowRoot.querySelectorAll(".bubble").length === 1,
    );
    assert.equal(sent().includes("/start_over"), false);
  });

  it("a double click on it never deletes anything", async () => {
    const page = await chat.open();
    await say(page, "twice");
    await choice(page, "Start over").click();
    const erase = page.getByRole("button", { name: "Delete and start over" });
    const { x, y, width, height } = await erase.boundingBox();
    await page.mouse.click(x + width / 2, y + height / 2);
    await page.waitForTimeout(300);
    assert.equal(chat.fake.heard.filter((one) => one.event === "erase").length, 0);
    assert.equal(await page.locator(".question").count(), 1);
  });

  it("several answers go out as one sentence", async () => {
    const page = await chat.open();
    await say(page, "several");
    const send = page.locator(".several").getByRole("button", { name: "Send" });
    assert.equal(await send.isDisabled(), true);
    await page.getByRole("checkbox", { name: "A CRM" }).check();
    await page.getByRole("checkbox", { name: "A website" }).check();
    await shot(page, "several");
    assert.deepEqual(await violations(page), []);
    await send.click();
    await answered(page);
    const { kind, message } = chat.fake.heard.filter((one) => one.event === "user_uttered").at(-1);
    assert.deepEqual([kind, message], ["text", "A website and a CRM"]);
    assert.equal(await page.locator(".several").count(), 0);
  });

  it("the way on is filled, and what skips a question is quiet", async () => {
    const page = await chat.open();
    const look = (title) => choice(page, title).evaluate((one) => getComputedStyle(one).backgroundColor);
    assert.equal(await look("Ask for advice"), "rgb(31, 95, 80)");
    await choice(page, "Ask for advice").click();
    await answered(page);
    assert.equal(await look("Nobody"), await look("A CTO"), "answers to a question are equals");
    assert.equal(await look("Not sure"), "rgba(0, 0, 0, 0)");
  });

  it("the question below a long summary stays in view with its button", async () => {
    const rows = Array.from({ length: 17 }, (_, at) => ({ label: `Row ${at}`, value: "a value" }));
    chat.fake.answers = (message) =>
      message === "summary"
        ? [{ ...cards.summary, id: `c${number++}`, custom: { ...cards.summary.custom, rows } }]
        : answers(message);
    const page = await chat.open();
    await say(page, "summary");
    await page.waitForTimeout(500);
    const area = await page.locator(".scroller").boundingBox();
    for (const part of [choice(page, "Yes, go ahead"), page.locator(".pinned p")]) {
      const { y, height } = await part.boundingBox();
      assert.ok(y > area.y && y + height <= area.y + area.height + 1, "in view");
    }
    await shot(page, "pinned");
    assert.deepEqual(await violations(page), []);
  });
});
