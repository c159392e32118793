// Cards as plain text.

import type { Strings } from "../strings";
import type { Card, Section, Verdict } from "../talk/cards";

const LONGEST = 1800; // characters of a mailto: address, which some mail programs cut after 2,000

export function words(card: Card, strings: Strings): string {
  switch (card.type) {
    case "verdict":
      return whole(card, card.sections, strings);
    case "bars":
      return lines(
        card.title,
        items(card.groups.flatMap(({ items }) => items.map((bar) => `${bar.label}: ${bar.text}`))),
        ...card.notes,
      );
    case "table":
      return lines(
        card.title,
        items(card.rows.map(({ label, cells }) => `${label}: ${cells.join(" | ")}`)),
        card.text,
        card.source,
      );
    case "summary":
      return lines(card.title, items(card.rows.map(({ label, value }) => `${label}: ${value}`)), card.question);
    case "person":
      return ""; // the text of its message says it all
    case "held":
      return card.text;
    case "progress":
      return lines(items(card.several));
    case "handoff":
      return lines(card.title, card.text, ...card.actions.map(({ title, url }) => (url ? `${title}: ${url}` : title)));
  }
}

/** A mail that carries the verdict; what does not fit stays behind, the least needed first. */
export function letter(card: Verdict, strings: Strings, to = "mailto:"): string {
  const sections = card.sections.filter(({ folded }) => !folded);
  for (let kept = sections.length; ; kept--) {
    const body = whole(card, sections.slice(0, kept), strings).replaceAll("\n", "\r\n");
    const address = `${to}${to.includes("?") ? "&" : "?"}subject=${encodeURIComponent(`${strings.reading}: ${plain(card.title)}`)}&body=${encodeURIComponent(body)}`;
    if (address.length <= LONGEST || !kept) return address;
  }
}

export function plain(text: string): string {
  return text.replaceAll("**", "");
}

function whole(card: Verdict, sections: Section[], strings: Strings): string {
  const { label, level } = card.strength;
  const parts = [
    lines(`${strings.reading}: ${card.title}`, card.date),
    `${strings.firmness}: ${label ?? strings.strength[level]}`,
    ...sections.map(({ title, items: told }) =>
      lines(title, items(told.map(({ label, text }) => (label ? `${label}: ${text}` : text)))),
    ),
    card.disclosure,
    card.source && `${strings.source}: ${card.source}`,
  ];
  return plain(parts.filter(Boolean).join("\n\n"));
}

function items(told: string[]): string {
  return told.map((one) => `- ${one}`).join("\n");
}

function lines(...parts: (string | undefined)[]): string {
  return plain(parts.filter(Boolean).join("\n"));
}
