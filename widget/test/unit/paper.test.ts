import { expect, it } from "vitest";
import { transcript } from "../../src/paper/transcript";
import { en } from "../../src/strings/en";
import { readEntry } from "../../src/talk/messages";
import cards from "../fixtures/cards.json";

it("a transcript has every word of every card", () => {
  const entries = Object.values(cards)
    .map(readEntry)
    .filter((entry) => entry !== undefined);
  const text = transcript(entries, "Seatwise", en);
  for (const words of [
    "Hire a CAIO first, fractional",
    "8 to 12 hours",
    "12 to 36 months",
    "35 people",
    "https://firm.example/call",
    "need technology upgrades",
  ]) {
    expect(text).toContain(words);
  }
  expect(text).not.toContain("**");
});
