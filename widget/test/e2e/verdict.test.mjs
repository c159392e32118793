// The recommendation: as it is seen, heard, tapped, printed, copied and mailed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { answered, chatWith, open, replies, say, shot, violations } from "./browser.mjs";

const cards = JSON.parse(readFileSync(new URL("../fixtures/cards.json", import.meta.url)));
let number = 0;
const answers = (message) =>
  cards[message]
    ? [{ ...cards[message], id: `c${number++}` }]
    : [{ id: `r${number++}`, ts: 1, text: message === "/greet" ? "Hello." : `You said: ${message}` }];
const PAGES = ["A4", "Letter"];
const pages = async (page, format) =>
  (await page.pdf({ format })).toString("latin1").match(/\/Type\s*\/Page[^s]/g).length;

describe("the verdict", () => {
  const chat = chatWith(answers);
  const shown = async (path, options) => {
    const page = await chat.visit(options, path);
    if (path === "chat") await replies(page).first().waitFor();
    else await open(page);
    await say(page, "summary");
    await say(page, "verdict");
    return page;
  };

  it("has its title in 28 pixels, its firmness as a word, and folded sections that open", async () => {
    const page = await shown();
    const title = page.getByRole("heading", { name: "Hire a CAIO first, fractional" });
    assert.equal(await title.evaluate((one) => getComputedStyle(one).fontSize), "28px");
    await page.getByText("Fairly firm", { exact: true }).waitFor();
    await page.getByText("an inventory of tools").waitFor({ state: "hidden" });
    await page.getByText("The first year").press("Enter");
    await page.waitForTimeout(500);
    const [section, view] = [page.getByText("an inventory of tools"), page.locator(".scroller")];
    const [box, area] = [await section.boundingBox(), await view.boundingBox()];
    assert.ok(box.y > area.y && box.y < area.y + area.height, "and stays in view");
    assert.ok(await page.getByText("This recommendation comes from a firm").isVisible(), "never folded");
    await shot(page, "verdict-open");
    assert.deepEqual(await violations(page), []);
  });

  it("lets what would change it be tapped, as long as it is on offer", async () => {
    const page = await shown();
    await page.getByRole("button", { name: /You need technology upgrades/ }).click();
    await answered(page);
    const sent = chat.fake.heard.filter((one) => one.event === "user_uttered").at(-1);
    assert.deepEqual([sent.kind, sent.message], ["button", '/what_if{"upgrades": true}']);
    assert.equal(await page.getByRole("button", { name: /You need technology upgrades/ }).count(), 0);
  });

  it("is read out in at most sixty words, and then the choices", async () => {
    const page = await shown();
    const heard = await page.evaluate(
      () => document.querySelector("seatwise-chat").shadowRoot.querySelector("[role=log]").lastElementChild.textContent,
    );
    const [words, choices] = heard.split(" Suggested answers: ");
    assert.match(words, /Hire a CAIO first.*How firm: Fairly firm/);
    assert.ok(words.split(/\s+/).length <= 60, words);
    assert.equal(choices, "Talk to someone; Start over.");
  });

  for (const place of ["", "chat"]) {
    for (const format of PAGES) {
      it(`is printed on one ${format} page from /${place}, with everything unfolded and the answers`, async () => {
        const page = await shown(place);
        await page.evaluate(() => {
          globalThis.print = () => {
            globalThis.printed = document.title;
          };
        });
        await page.getByRole("button", { name: "Save as PDF" }).click();
        assert.equal(await page.evaluate(() => globalThis.printed), "Hire a CAIO first, fractional, November 28, 2026");
        const memo = page.locator(".memo");
        const words = await memo.textContent();
        for (const part of [
          "Why",
          "an inventory of tools",
          "Your answers",
          "35 people",
          "firm that offers",
          "The article",
        ]) {
          assert.ok(words.includes(part), part);
        }
        await page.emulateMedia({ media: "print" });
        assert.equal(await memo.isVisible(), true);
        assert.equal(await page.locator(".panel").isVisible(), false);
        await shot(page, "memo");
        await page.emulateMedia({ media: null });
        assert.equal(await pages(page, format), 1);
        await memo.waitFor({ state: "detached" });
        assert.deepEqual(page.faults, []);
      });
    }
  }

  it("is on one page also where there is very much to say", async () => {
    const card = cards.verdict.custom;
    const sections = [...card.sections, ...card.sections, ...card.sections].map((one, at) => ({
      ...one,
      title: `${one.title} ${at}`,
    }));
    chat.fake.answers = (message) =>
      message === "verdict"
        ? [{ ...cards.verdict, id: `c${number++}`, custom: { ...card, sections } }]
        : answers(message);
    const page = await shown();
    await page.evaluate(() => {
      globalThis.print = () => {};
    });
    await page.getByRole("button", { name: "Save as PDF" }).click();
    await page.emulateMedia({ media: "print" });
    await shot(page, "memo-dense");
    await page.emulateMedia({ media: null });
    assert.equal(await pages(page, "Letter"), 1);
  });

  it("prints with the whole talk from the page of its own", async () => {
    const page = await shown("chat", { colorScheme: "dark" });
    await page.emulateMedia({ media: "print" });
    const ink = (name) =>
      page
        .locator(name)
        .first()
        .evaluate((one) => getComputedStyle(one).color);
    assert.equal(await ink(".panel"), "rgb(28, 38, 35)", "dark on white, whatever the screen has");
    await shot(page, "printed-talk");
    assert.equal(await page.getByRole("heading", { name: "What I know about your company" }).isVisible(), true);
    assert.equal(await page.locator("#words").isVisible(), false);
    assert.equal(await page.getByText("an inventory of tools").isVisible(), true, "what is folded too");
    await page.emulateMedia({ media: null });
    assert.ok((await pages(page, "A4")) > 1, "nothing is cut off");
  });

  it("leaves the printed page of a site alone", async () => {
    const page = await shown();
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator(".panel").isVisible(), false);
    assert.equal(await page.getByRole("heading", { name: "Know which leader" }).isVisible(), true);
  });

  it("can be copied and mailed as plain text", async () => {
    const page = await chat.open({ permissions: ["clipboard-read", "clipboard-write"] });
    await say(page, "verdict");
    await page.getByRole("button", { name: "Copy", exact: true }).last().click();
    await page.getByText("Copied", { exact: true }).waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    for (const part of [
      "Hire a CAIO first, fractional",
      "Cost: $2,500 to $15,000 a month",
      "an inventory of tools",
      "Source:",
    ]) {
      assert.ok(text.includes(part), part);
    }
    const address = await page.getByRole("link", { name: "Email" }).getAttribute("href");
    const { protocol, searchParams } = new URL(address);
    assert.equal(protocol, "mailto:");
    assert.match(searchParams.get("subject"), /Hire a CAIO first/);
    assert.match(searchParams.get("body"), /What would change it/);
    assert.ok(address.length < 2000, "mail programs cut what is longer");
  });
});
