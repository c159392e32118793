// The conversation as a text file, made here from what is shown here.

import type { Strings } from "../strings";
import type { Card } from "./cards";
import type { Entry } from "./messages";

export function transcript(entries: Entry[], name: string, strings: Strings): string {
  const told = entries.flatMap((entry) => {
    if (entry.from === "note") return [`--- ${strings.ended}`];
    const at = new Date(entry.ts * 1000).toLocaleString(strings.lang, { dateStyle: "medium", timeStyle: "short" });
    const who = entry.from === "visitor" ? strings.you : name;
    const said = [
      entry.text.replaceAll("**", ""),
      entry.from === "assistant" && entry.card ? cardText(entry.card) : "",
    ];
    return [`${who}, ${at}\n${said.filter(Boolean).join("\n")}`];
  });
  return [strings.transcript(name), ...told].join("\n\n").concat("\n");
}

export function download(entries: Entry[], name: string, strings: Strings): void {
  const file = new Blob([transcript(entries, name, strings)], { type: "text/plain;charset=utf-8" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = strings.transcriptFile;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function cardText(card: Card): string {
  switch (card.type) {
    case "verdict":
      return lines(card.title, items(card.reasons), card.strength.label, card.source);
    case "points":
      return lines(card.title, items(card.items));
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
        card.source,
      );
    case "summary":
      return lines(card.title, items(card.rows.map(({ label, value }) => `${label}: ${value}`)), card.question);
    case "progress":
      return "";
    case "handoff":
      return lines(card.title, card.text, ...card.actions.map(({ title, url }) => (url ? `${title}: ${url}` : title)));
  }
}

function items(told: string[]): string {
  return told.map((one) => `- ${one}`).join("\n");
}

function lines(...parts: (string | undefined)[]): string {
  return parts.filter(Boolean).join("\n").replaceAll("**", "");
}
