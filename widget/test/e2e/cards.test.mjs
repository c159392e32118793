// Every state of the chat, looked at by axe: light, dark, forced colours, 320 pixels, 200 % zoom, right to left.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { chatWith, field, launcher, open, panel, replies, say, shot, violations } from "./browser.mjs";

const fixtures = (name) => JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url)));
const cards = fixtures("cards");
const odd = fixtures("odd");
const attacks = fixtures("attacks");

let number = 0;
const copy = (message) => ({ ...message, id: `${message.id}-${number++}` });
const hello = () => ({
  id: `hello-${number++}`,
  ts: 1,
  text: "Hello. I can tell you which seat to fill first.",
  buttons: [{ title: "Go on", payload: "Go on" }],
});

function answers(message) {
  if (message === "/greet") return [hello()];
  if (message === "reading") return ["verdict", "bars"].map((type) => copy(cards[type]));
  if (message === "odd") return odd.map((one) => one.message);
  if (message.startsWith("attack ")) return attackedBy(attacks[Number(message.slice(7))]);
  return cards[message] ? [copy(cards[message])] : [{ id: `echo-${number++}`, ts: 1, text: `You said: ${message}` }];
}

function attackedBy(attack) {
  const id = () => `attack-${number++}`;
  const custom = (fields) => ({ id: id(), ts: 1, custom: { version: 1, fallback_text: attack, ...fields } });
  return [
    {
      id: id(),
      ts: 1,
      text: attack,
      buttons: [{ title: attack, payload: attack }],
      image: { src: attack, alt: attack },
    },
    custom({
      type: "verdict",
      version: 2,
      role: attack,
      title: attack,
      strength: { level: "firm", label: attack },
      sections: [
        {
          title: attack,
          items: [
            { text: attack, label: attack },
            { text: attack, payload: attack },
          ],
        },
      ],
      date: attack,
      source: attack,
      disclosure: attack,
    }),
    custom({ type: "table", title: attack, columns: [attack], rows: [{ label: attack, cells: [attack] }] }),
    custom({
      type: "bars",
      title: attack,
      groups: [{ unit: attack, items: [{ label: attack, low: 0, high: 1, text: attack }] }],
      notes: [attack],
    }),
    custom({ type: "summary", title: attack, rows: [{ label: attack, value: attack }] }),
    custom({
      type: "handoff",
      title: attack,
      text: attack,
      actions: [
        { title: attack, url: attack },
        { title: attack, payload: attack },
      ],
    }),
    custom({ type: attack }),
  ];
}

const LOOKS = {
  light: {},
  dark: { colorScheme: "dark" },
  forced: { forcedColors: "active" },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  narrow: { viewport: { width: 320, height: 640 } },
  zoomed: { viewport: { width: 640, height: 430 }, deviceScaleFactor: 2 }, // what 200 % leaves of 1280 by 860
};

const RTL = `<!doctype html><html lang="en"><title>RTL</title><body><main><h1>A page</h1></main><script src="/widget/w.js" data-dir="rtl"></script>`;

describe("the states of the chat", () => {
  const chat = chatWith(answers, { "/rtl": { body: RTL } });

  for (const [look, options] of Object.entries(LOOKS)) {
    it(`axe finds nothing in any state: ${look}`, async () => {
      const page = await chat.visit(options);
      const check = async (state) => {
        await shot(page, `${look}-${state}`);
        assert.deepEqual(await violations(page), [], `${look}, ${state}`);
      };
      await launcher(page).waitFor();
      await check("closed");
      await open(page);
      await check("open");
      await say(page, "progress");
      await check("form");
      await say(page, "several");
      await check("several");
      await say(page, "summary");
      await check("summary");
      await say(page, "reading");
      await check("verdict");
      await say(page, "table");
      await check("table");
      await say(page, "handoff");
      await check("handoff");
      await say(page, "person");
      await check("person");
      chat.fake.refusal = ({ message }) =>
        message === "no" && { error: "not_stored", message: "I cannot take that in just now." };
      await field(page).fill("no");
      await field(page).press("Enter");
      await page.locator(".delivery.problem").waitFor();
      await check("error");
      await page.getByRole("button", { name: "Menu" }).click();
      await check("more");
      await page.getByRole("button", { name: "Delete my chat" }).click();
      await check("asked");
      await page.keyboard.press("Escape");
      assert.deepEqual(page.faults, []);
    });
  }

  it("nothing sticks out at 320 pixels, and words may be spaced out", async () => {
    const page = await chat.open({ viewport: { width: 320, height: 640 } });
    for (const state of ["progress", "summary", "reading", "table", "handoff"]) await say(page, state);
    const wide = () =>
      page.evaluate(() => {
        const root = document.querySelector("seatwise-chat").shadowRoot;
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(
          "* { letter-spacing: .12em !important; word-spacing: .16em !important; line-height: 1.5 !important; }",
        );
        root.adoptedStyleSheets.push(sheet);
        const area = root.querySelector(".scroller");
        return [...root.querySelectorAll(".panel *:not(.unseen, .unseen *)")]
          .filter((one) => one.getBoundingClientRect().right > 320.5 && getComputedStyle(one).position !== "absolute")
          .map((one) => one.className)
          .concat(area.scrollWidth > area.clientWidth ? ["scroller"] : []);
      });
    assert.deepEqual(await wide(), []);
  });

  it("right to left is the mirror image", async () => {
    const page = await chat.open({}, "rtl");
    for (const state of ["progress", "reading", "table"]) await say(page, state);
    const box = await panel(page).boundingBox();
    assert.ok(box.x < 100, "the panel stands on the other side");
    const question = await page.locator(".question .bubble").last().boundingBox();
    assert.ok(question.x < box.x + box.width / 3, "the visitor's words too");
    await shot(page, "rtl");
    assert.deepEqual(await violations(page), []);
  });

  it("odd messages show their words and never break the history", async () => {
    const page = await chat.open();
    await say(page, "odd");
    const expected = odd.filter((one) => one.shows).map((one) => one.shows);
    const shown = async () => (await replies(page).allTextContents()).join("\n");
    for (const words of expected) assert.ok((await shown()).includes(words), words);
    await page.reload();
    await replies(page).nth(expected.length).waitFor();
    for (const words of expected) assert.ok((await shown()).includes(words), `after a reload: ${words}`);
    await say(page, "still here");
    assert.deepEqual(page.faults, []);
  });

  it("words from anybody never become markup or a link that runs", async () => {
    const page = await chat.open();
    const found = [];
    for (const [at, attack] of attacks.entries()) {
      await say(page, `attack ${at}`);
      await say(page, attack);
      found.push(await page.evaluate(looked));
    }
    for (const one of found) assert.deepEqual(one, { links: [], strange: 0, hurt: null });
    function looked() {
      const root = document.querySelector("seatwise-chat").shadowRoot;
      const links = [...root.querySelectorAll("a")]
        .map((link) => link.href)
        .filter((href) => !/^(https?|mailto|tel):/.test(href));
      const strange = [
        ...root.querySelectorAll(".log :is(script, iframe, object, style, [onerror], [onload], [onclick], [srcdoc])"),
      ];
      return { links, strange: strange.length, hurt: globalThis.hurt ?? null };
    }
    await page.reload();
    await replies(page).first().waitFor();
    assert.equal(await page.evaluate(() => globalThis.hurt ?? null), null);
    assert.deepEqual(
      page.faults.filter((fault) => !/img-src/.test(fault)),
      [],
    );
  });

  it("bars, comparison and summary are a table and a list for those who hear them", async () => {
    const page = await chat.open();
    await say(page, "bars");
    await say(page, "table");
    await say(page, "summary");
    const costs = page.getByRole("table", { name: "US dollars a month" });
    assert.equal(await costs.getByRole("row").count(), 3);
    assert.equal(await costs.getByRole("rowheader", { name: "CAIO, fractional" }).count(), 1);
    assert.equal(await costs.getByRole("cell", { name: "$2,500 to $15,000" }).count(), 1);
    const roles = page.getByRole("table", { name: "The two roles side by side" });
    assert.deepEqual(await roles.getByRole("columnheader").allTextContents(), ["Item", "CAIO", "CTO"]);
    assert.equal(await page.getByText("One is a technology role at heart").count(), 1); // what its choices answer
    assert.equal(await page.getByRole("term").filter({ hasText: "Revenue" }).count(), 1);
    assert.equal(await page.getByRole("definition").filter({ hasText: "$1M to $10M a year" }).count(), 1);
  });
});
