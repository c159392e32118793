// The conversation as a text file, made here from what is shown here.

import type { Strings } from "../strings";
import type { Entry } from "../talk/messages";
import { words } from "./words";

export function transcript(entries: Entry[], name: string, strings: Strings): string {
  const told = entries.flatMap((entry) => {
    if (entry.from === "note") return [`--- ${strings.ended}`];
    const at = new Date(entry.ts * 1000).toLocaleString(strings.lang, { dateStyle: "medium", timeStyle: "short" });
    const card = entry.from === "assistant" ? entry.card : undefined;
    const who = entry.from === "visitor" ? strings.you : card?.type === "person" ? card.name : name;
    const said = [entry.text.replaceAll("**", ""), card ? words(card, strings) : ""];
    return [`${who}, ${at}\n${[...new Set(said)].filter(Boolean).join("\n")}`];
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
