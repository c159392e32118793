import type { Strings } from "../strings";
import type { Card } from "./cards";
import type { Reply } from "./messages";
import { splitSource } from "./sources";

const LONGEST = 60; // words of a card; the rest is read on demand

/** A message as it is read out when it comes. */
export function spoken({ text, card, buttons }: Reply, strings: Strings): string {
  const titles = buttons.map(({ title }) => title);
  const several = card?.type === "progress" ? card.several : [];
  const choices = [...several, ...titles];
  const said = card && card.type !== "progress" ? shortened(headline(card, strings)) : splitSource(text).text;
  const step = card?.type === "progress" ? card.label : "";
  return [step && `${step}.`, said || text, choices.length > 0 && strings.choices(choices)]
    .filter(Boolean)
    .join(" ")
    .replaceAll("**", "");
}

function headline(card: Card, strings: Strings): string {
  switch (card.type) {
    case "verdict": {
      const { level, label } = card.strength;
      return `${card.title}. ${strings.firmness}: ${label ?? strings.strength[level]}.`;
    }
    case "summary":
      return `${card.title}. ${card.question ?? ""}`;
    case "handoff":
      return `${card.title}. ${card.text}`;
    case "person":
      return `${strings.said(card.name)}${card.text}`;
    case "held":
      return card.text;
    default:
      return "title" in card ? `${card.title}.` : "";
  }
}

function shortened(text: string): string {
  const words = text.split(/\s+/);
  return words.length > LONGEST ? `${words.slice(0, LONGEST - 1).join(" ")} …` : text;
}
