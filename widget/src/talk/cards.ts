// The cards of docs/protocol.md. A card that is not as it should be is none.

import { amount, asText, count, type Fields, fields, list } from "./shapes";

export const LEVELS = ["firm", "hedged", "conditional", "inferred", "default", "none"] as const;
export type Level = (typeof LEVELS)[number];

export interface Item {
  text: string;
  label: string | undefined;
  /** What is sent when it is tapped. */
  payload: string | undefined;
}

export interface Section {
  title: string;
  items: Item[];
  folded: boolean;
}

export interface Verdict {
  type: "verdict";
  role: string;
  title: string;
  strength: { level: Level; label: string | undefined };
  sections: Section[];
  date: string;
  source: string | undefined;
  disclosure: string | undefined;
}

export interface Bar {
  label: string;
  low: number;
  high: number;
  text: string;
  openEnded: boolean;
}

export interface Bars {
  type: "bars";
  title: string;
  groups: { unit: string; items: Bar[] }[];
  notes: string[];
}

export interface Table {
  type: "table";
  title: string;
  text: string | undefined;
  columns: string[];
  rows: { label: string; cells: string[] }[];
  source: string | undefined;
}

export interface Summary {
  type: "summary";
  title: string;
  rows: { label: string; value: string }[];
  question: string | undefined;
}

export interface Progress {
  type: "progress";
  step: number;
  of: number;
  label: string;
  /** What may be chosen together; empty where there is one answer. */
  several: string[];
}

export interface Action {
  title: string;
  url: string | undefined;
  payload: string | undefined;
}

export interface Handoff {
  type: "handoff";
  title: string;
  text: string;
  actions: Action[];
}

/** What a person of the firm says. */
export interface Person {
  type: "person";
  name: string;
  text: string;
}

/** A person has the conversation, and the assistant is silent. */
export interface Held {
  type: "held";
  text: string;
}

export type Card = Verdict | Bars | Table | Summary | Progress | Handoff | Person | Held;

const readers: Record<string, (card: Fields) => Card | undefined> = {
  verdict(card) {
    const [role, title] = [asText(card.role), asText(card.title)];
    const [sections, date, strength] = [list(card.sections, section), asText(card.date), fields(card.strength)];
    const level = LEVELS.find((one) => one === strength?.level);
    if (!role || !title || !sections || !date || !level) return undefined;
    return {
      type: "verdict",
      role,
      title,
      sections,
      date,
      strength: { level, label: asText(strength?.label) },
      source: asText(card.source),
      disclosure: asText(card.disclosure),
    };
  },
  bars(card) {
    const [title, groups, notes] = [asText(card.title), list(card.groups, group, 1), list(card.notes, asText)];
    return title && groups && notes ? { type: "bars", title, groups, notes } : undefined;
  },
  table(card) {
    const [title, columns, rows] = [asText(card.title), list(card.columns, asText), list(card.rows, row, 1)];
    if (!title || !columns || !rows) return undefined;
    return { type: "table", title, text: asText(card.text), columns, rows, source: asText(card.source) };
  },
  summary(card) {
    const [title, rows] = [asText(card.title), list(card.rows, answer, 1)];
    return title && rows ? { type: "summary", title, rows, question: asText(card.question) } : undefined;
  },
  progress(card) {
    const [step, of, label] = [count(card.step), count(card.of), asText(card.label)];
    const several = list(card.several ?? [], (one) => asText(one) ?? asText(fields(one)?.title));
    return step && of && label && several && step <= of ? { type: "progress", step, of, label, several } : undefined;
  },
  handoff(card) {
    const [title, text, actions] = [asText(card.title), asText(card.text), list(card.actions, action)];
    return title && text && actions ? { type: "handoff", title, text, actions } : undefined;
  },
  person(card) {
    const [name, text] = [asText(card.name), asText(card.text)];
    return name && text ? { type: "person", name, text } : undefined;
  },
  held(card) {
    const text = asText(card.fallback_text);
    return text ? { type: "held", text } : undefined;
  },
};

/** The version that is understood of a card, where it is not the first. */
const VERSIONS: Record<string, number> = { verdict: 2 };

export function readCard(custom: Fields): Card | undefined {
  const { type, version } = custom;
  if (typeof type !== "string" || !Object.hasOwn(readers, type) || version !== (VERSIONS[type] ?? 1)) return undefined;
  return readers[type]?.(custom);
}

function section(value: unknown): Section | undefined {
  const { title, items, folded } = fields(value) ?? {};
  const [name, told] = [asText(title), list(items, item, 1)];
  return name && told ? { title: name, items: told, folded: folded === true } : undefined;
}

function item(value: unknown): Item | undefined {
  const { text, label, payload } = fields(value) ?? {};
  const told = asText(text);
  return told ? { text: told, label: asText(label), payload: asText(payload) } : undefined;
}

function group(value: unknown) {
  const { unit, items } = fields(value) ?? {};
  const [name, bars] = [asText(unit), list(items, bar, 1)];
  return name && bars ? { unit: name, items: bars } : undefined;
}

function bar(value: unknown): Bar | undefined {
  const { label, low, high, text, open_ended } = fields(value) ?? {};
  const [name, from, to, told] = [asText(label), amount(low), amount(high), asText(text)];
  if (!name || from === undefined || to === undefined || !told || from > to) return undefined;
  return { label: name, low: from, high: to, text: told, openEnded: open_ended === true };
}

function row(value: unknown) {
  const { label, cells } = fields(value) ?? {};
  const [name, told] = [asText(label), list(cells, asText)];
  return name && told ? { label: name, cells: told } : undefined;
}

function answer(value: unknown) {
  const { label, value: said } = fields(value) ?? {};
  const [name, told] = [asText(label), asText(said)];
  return name && told ? { label: name, value: told } : undefined;
}

function action(value: unknown): Action | undefined {
  const { title, url, payload } = fields(value) ?? {};
  const name = asText(title);
  return name ? { title: name, url: asText(url), payload: asText(payload) } : undefined;
}
