// The whole interview with the real assistant: by mouse, by keyboard, by touch; with a reload, without a network, and
// with a server that is killed in the middle of it.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { realAssistant } from "./assistant.mjs";
import { answered, choice, field, launched, launcher, replies, say, shot, violations, visit } from "./browser.mjs";
import { serveSite } from "./site.mjs";

/** Which answer to choose; of a question that is not listed the first. */
const WANTED = [/^Which one do we need/, /^\$1M to \$10M/, /^Nobody/, /^Yes, it works/, /^Neither/, /^Yes, go ahead/];
const VERDICT = ".verdict, .choice:has-text('Start over')"; // a card, or what is offered after its words

describe("the interview", () => {
  let browser, assistant, site;
  before(async () => {
    browser = await launched();
    let origin = "";
    site = await serveSite(() => assistant.url.replace(/\/$/, ""));
    origin = new URL(site.url).origin;
    assistant = await realAssistant(origin);
  });
  after(async () => {
    await browser.close();
    await site.close();
    await assistant.stop();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  const text = async (page) => (await replies(page).allTextContents()).join("\n");

  async function wanted(page) {
    const titles = await page.locator(".choice").allTextContents();
    return Math.max(
      0,
      titles.findIndex((title) => WANTED.some((one) => one.test(title))),
    );
  }
  async function untilVerdict(page, press) {
    for (let turn = 0; turn < 25 && !(await page.locator(VERDICT).count()); turn++) {
      const at = await wanted(page);
      await press(page.locator(".choice").nth(at));
      await answered(page);
    }
    assert.ok(await page.locator(VERDICT).count(), await text(page));
    assert.ok((await page.locator(".question").count()) > 4, "it took some questions");
    assert.deepEqual(page.faults, []);
  }

  it('is forgotten within a minute of "delete my data", with a receipt', async () => {
    const page = await visit(browser, site.url);
    await launcher(page).click();
    await replies(page).first().waitFor();
    await say(page, "we make $4M a year, and I'm Jane Ortiz, jane@acme.example");
    const began = Date.now();
    await say(page, "delete my data");
    await choice(page, "Yes, delete it").click();
    await page.getByText(/Your receipt: [0-9a-f]{12}/).waitFor();
    assert.ok(Date.now() - began < 60_000);
    await shot(page, "receipt");
  });

  it("by mouse", async () => {
    const page = await visit(browser, site.url);
    await launcher(page).click();
    await replies(page).first().waitFor();
    await untilVerdict(page, (button) => button.click());
    await shot(page, "interview-mouse");
    assert.deepEqual(await violations(page), []);
    assert.deepEqual([...page.hosts], [new URL(site.url).host], "nobody else was asked for anything");
  });

  it("by keyboard alone", async () => {
    const page = await visit(browser, site.url);
    await page.locator("#copy").focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await replies(page).first().waitFor();
    await page.keyboard.press("Shift+Tab"); // from the field back to the last suggestion
    const place = (element) => {
      const buttons = [...element.parentElement.children];
      return [buttons.indexOf(element.getRootNode().activeElement), buttons.indexOf(element)];
    };
    await untilVerdict(page, async (button) => {
      for (let step = 0; step < 20; step++) {
        const [at, wanted] = await button.evaluate(place);
        if (at === wanted) break;
        await page.keyboard.press(at < wanted ? "Tab" : "Shift+Tab");
      }
      await page.keyboard.press("Enter");
    });
  });

  it("by touch on a phone", async () => {
    const page = await visit(browser, site.url, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    await launcher(page).tap();
    await replies(page).first().waitFor();
    await untilVerdict(page, (button) => button.tap());
    await shot(page, "interview-touch");
    assert.deepEqual(await violations(page), []);
  });

  it("in one's own words", async () => {
    const page = await visit(browser, site.url);
    await launcher(page).click();
    await replies(page).first().waitFor();
    await say(
      page,
      "we're a 35 person accounting firm, about 4 mil a year, everything's on Xero and Hubspot, people use chatgpt but there's no plan",
    );
    await say(page, "yes. why do you ask?");
    assert.ok((await replies(page).count()) > 2);
    await untilVerdict(page, (button) => button.click());
  });

  it("over a reload and a lost network, with nothing lost", async () => {
    const page = await visit(browser, site.url);
    await launcher(page).click();
    await replies(page).first().waitFor();
    await choice(page, "Which one do we need?").click();
    await answered(page);
    await choice(page, "$1M to $10M").click();
    await answered(page);
    const before = await text(page);
    await page.reload();
    await replies(page).nth(2).waitFor();
    assert.equal(await text(page), before);
    await page.context().setOffline(true);
    await page
      .locator(".choice")
      .nth(await wanted(page))
      .click();
    await page.getByText("Waiting to send").waitFor();
    await page.context().setOffline(false);
    await answered(page);
    await untilVerdict(page, (button) => button.click());
  });

  it("over a server that is killed and comes back, with nothing lost", async (t) => {
    if (!assistant.isOurs) return t.skip("the assistant at SEATWISE_URL is not ours to kill");
    const page = await visit(browser, site.url);
    await launcher(page).click();
    await replies(page).first().waitFor();
    await choice(page, "Which one do we need?").click();
    await answered(page);
    await choice(page, "$1M to $10M").click();
    await answered(page);
    const before = await text(page);
    await assistant.kill();
    await page
      .locator(".choice")
      .nth(await wanted(page))
      .click();
    await page.getByText("Waiting to send").waitFor();
    await assistant.start();
    await answered(page);
    assert.ok((await text(page)).startsWith(before));
    await page.reload();
    await replies(page).nth(3).waitFor();
    await untilVerdict(page, (button) => button.click());
  });

  it("is deleted at the assistant when the visitor wants that", async () => {
    const page = await visit(browser, site.url);
    await launcher(page).click();
    await replies(page).first().waitFor();
    await say(page, "what does a caio cost?");
    await field(page).waitFor();
    const token = await page.evaluate(() =>
      Object.values(sessionStorage)
        .map((kept) => JSON.parse(kept).token)
        .find(Boolean),
    );
    await page.getByRole("button", { name: "Menu" }).click();
    await page.getByRole("button", { name: "Delete my chat" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete my chat" }).click();
    await page.getByRole("heading", { name: "Your chat has been deleted." }).waitFor();
    const headers = { Authorization: `Bearer ${token}` };
    assert.equal((await fetch(`${assistant.url}webhooks/web/messages`, { headers })).status, 410);
  });
});
