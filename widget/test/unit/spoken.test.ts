import { expect, it } from "vitest";
import { en } from "../../src/strings/en";
import { readReply } from "../../src/talk/messages";
import { splitSource } from "../../src/talk/sources";
import { spoken } from "../../src/talk/spoken";
import cards from "../fixtures/cards.json";

const heard = (message: unknown) => spoken(readReply(message) as NonNullable<ReturnType<typeof readReply>>, en);

it("every card is read out in a few words, and its buttons after them", () => {
  for (const [name, message] of Object.entries(cards)) {
    const [words = ""] = heard(message).split(" Suggested answers: ");
    expect(words.split(/\s+/).length, name).toBeLessThanOrEqual(60);
    expect(words, name).not.toContain("**");
  }
  expect(heard(cards.progress)).toBe(
    "Who leads. Who leads technology and AI in the company today? Suggested answers: Nobody; A CTO; One person for both; Not sure.",
  );
});

it("a very long card is cut after sixty words", () => {
  const custom = { ...cards.handoff.custom, text: "many words ".repeat(80) };
  expect(heard({ ...cards.handoff, custom }).split(/\s+/).length).toBe(60);
});

it("a last line that names a source is told from the words before it", () => {
  expect(splitSource("One.\n\nTwo.\nSource: the article")).toEqual({ text: "One.\n\nTwo.", source: "the article" });
  expect(splitSource("**Sources:** a, b")).toEqual({ text: "", source: "a, b" });
  for (const text of ["Our source: a friend", "Source: this\nand more", "No source"]) {
    expect(splitSource(text)).toEqual({ text, source: "" });
  }
});

it("several answers make one English sentence", () => {
  expect(en.together(["A website", "A CRM"])).toBe("A website and a CRM");
  expect(en.together(["CRM"])).toBe("CRM");
  expect(en.together(["Website", "CRM", "Cloud systems"])).toBe("Website, CRM and cloud systems");
});
