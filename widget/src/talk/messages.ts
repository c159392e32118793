// A message as it comes from the assistant or out of storage: whatever is wrong with it, what can be shown of it is.

import { type Card, readCard } from "./cards";
import { asText, fields, list } from "./shapes";

export interface Button {
  title: string;
  payload: string;
}

export interface Reply {
  from: "assistant";
  id: string;
  /** Seconds since 1970. */
  ts: number;
  turn: string;
  text: string;
  buttons: Button[];
  image: { src: string; alt: string } | undefined;
  card: Card | undefined;
  rating: Rating;
  /** As it came, for storage. */
  raw: unknown;
}

export type Rating = "up" | "down" | null;
export type Delivery = "waiting" | "stored" | "failed";

export interface Question {
  from: "visitor";
  id: string;
  ts: number;
  text: string;
  delivery: Delivery;
  problem: string;
}

export type Entry = Reply | Question | { from: "note"; id: string };

export function readReply(value: unknown): Reply | undefined {
  const message = fields(value);
  const id = asText(message?.id);
  if (!message || !id) return undefined;
  const custom = fields(message.custom);
  const card = custom && readCard(custom);
  const image = fields(message.image);
  const src = asText(image?.src);
  return {
    from: "assistant",
    id,
    ts: typeof message.ts === "number" ? message.ts : Date.now() / 1000,
    turn: asText(message.turn) ?? "",
    text: asText(message.text) ?? (card ? "" : (asText(custom?.fallback_text) ?? "")),
    buttons: list(message.buttons, button) ?? [],
    image: src ? { src, alt: asText(image?.alt) ?? "" } : undefined,
    card,
    rating: message.rating === "up" || message.rating === "down" ? message.rating : null,
    raw: value,
  };
}

/** A message of either side, as a history has it. */
export function readEntry(value: unknown): Entry | undefined {
  const message = fields(value);
  if (message?.from === "note") return { from: "note", id: asText(message.id) ?? "note" };
  if (message?.from !== "visitor") return readReply(value);
  const [id, text] = [asText(message.id), asText(message.text)];
  if (!id || !text) return undefined;
  const ts = typeof message.ts === "number" ? message.ts : Date.now() / 1000;
  const delivery = message.delivery === "waiting" || message.delivery === "failed" ? message.delivery : "stored";
  return { from: "visitor", id, ts, text, delivery, problem: asText(message.problem) ?? "" };
}

/** What is written into storage, to be read again with `readEntry`. */
export function kept(entry: Entry): unknown {
  if (entry.from !== "assistant") return entry;
  return { ...fields(entry.raw), rating: entry.rating };
}

function button(value: unknown): Button | undefined {
  const { title, payload } = fields(value) ?? {};
  const [name, sent] = [asText(title), asText(payload)];
  return name && sent ? { title: name, payload: sent } : undefined;
}
