// A person takes over: the visitor sees who is there, hears only that person, and goes on with the assistant afterwards.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { chatWith, choice, field, replies, say, shot, violations } from "./browser.mjs";

let number = 0;
const told = (fields) => ({ v: 1, id: `told-${number}`, turn: `turn-${number++}`, ts: Date.now() / 1000, ...fields });
const held = (text) => told({ custom: { type: "held", version: 1, fallback_text: text } });
const person = (name, text) => told({ text, custom: { type: "person", version: 1, fallback_text: text, name, text } });
const question = (turn) => ({
  ...told({ text: "Who leads?", buttons: [{ title: "Nobody", payload: "/answer" }] }),
  ...(turn && { turn }),
});
const attack = "<img src=x onerror='globalThis.hurt=1'>";

describe("a person in the chat", () => {
  let isHeld = false;
  const chat = chatWith((message) => {
    const { turn: _, ...answer } = isHeld ? held("Dana from the firm will answer here.") : question();
    return message === "nothing" ? [] : [answer];
  });
  const push = (message) => chat.fake.io.emit("bot_uttered", message);

  it("is announced, answers by name, and leaves", async () => {
    isHeld = false;
    const page = await chat.open();
    await choice(page, "Nobody").waitFor();
    push(held("Dana from the firm is in this chat now and will answer here."));
    await page.getByText("Dana from the firm is in this chat now").first().waitFor();
    assert.equal(await choice(page, "Nobody").count(), 0, "the assistant's question is closed");

    isHeld = true;
    await field(page).fill("Are you there?");
    await field(page).press("Enter");
    await page.locator(".note", { hasText: "Dana from the firm will answer here." }).waitFor();
    assert.equal(await page.locator(".rate").count(), 0, "there is nothing to rate");

    push(person("Dana", "Yes, **here** I am."));
    const card = page.locator(".card.person");
    await card.waitFor();
    assert.equal(await card.getByRole("heading").textContent(), "Dana, in person");
    assert.match(await card.textContent(), /Yes, here I am\.$/);
    await shot(page, "person");
    assert.deepEqual(await violations(page), []);

    isHeld = false;
    push(told({ text: "Dana has left this chat, so I'm back. We can go on where we were." }));
    push(question());
    await choice(page, "Nobody").waitFor();
    await say(page, "thanks");
    assert.deepEqual(page.faults, []);
  });

  it("stands in the transcript under their own name", async () => {
    isHeld = false;
    const page = await chat.open();
    push(person("Dana", "Hello from me."));
    await page.locator(".card.person").waitFor();
    await page.getByRole("button", { name: "Menu" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download transcript" }).click(),
    ]);
    const text = await readFile(await download.path(), "utf8");
    assert.match(text, /^Dana, .+\nHello from me\.$/m);
    assert.equal(text.match(/Hello from me/g).length, 1);
  });

  it("says words, never markup", async () => {
    isHeld = false;
    const page = await chat.open();
    push(person(attack, attack));
    push(held(attack));
    await replies(page).locator(".person").waitFor();
    await page.locator(".note").waitFor();
    assert.equal(await page.evaluate(() => globalThis.hurt ?? null), null);
    assert.deepEqual(page.faults, []);
  });
});
