import { describe, expect, it } from "vitest";
import { grouped, lastSettled, merged, onOffer } from "../../src/talk/entries";
import { type Entry, readEntry } from "../../src/talk/messages";

const asked = (id: string, delivery = "stored") =>
  readEntry({ id, ts: 1, from: "visitor", text: id, delivery }) as Entry;
const told = (id: string, turn: string) => readEntry({ id, ts: 1, turn, text: id }) as Entry;
const ids = (entries: Entry[]) => entries.map((entry) => entry.id).join(" ");

describe("a history joins what is shown", () => {
  it("shows each message once", () => {
    const shown = [told("a0", ""), asked("q1"), told("a1", "q1")];
    expect(ids(merged(shown, shown))).toBe("a0 q1 a1");
  });

  it("puts what was missed after its neighbour", () => {
    expect(ids(merged([told("a0", ""), asked("q1"), asked("q2", "waiting")], [asked("q1"), told("a1", "q1")]))).toBe(
      "a0 q1 a1 q2",
    );
  });

  it("brings what was said in another window", () => {
    expect(ids(merged([told("a0", "")], [asked("q1"), told("a1", "q1")]))).toBe("a0 q1 a1");
  });

  it("puts a question before its answer, even where the answer was quicker", () => {
    expect(ids(merged([told("a0", ""), told("a1", "q1")], [asked("q1")]))).toBe("a0 q1 a1");
  });

  it("keeps what has not been sent behind what has", () => {
    expect(ids(merged([asked("q9", "waiting")], [told("a0", ""), asked("q1"), told("a1", "q1")]))).toBe("a0 q1 a1 q9");
  });

  it("keeps what the visitor thought of an answer", () => {
    const rated = { ...(told("a1", "q1") as Extract<Entry, { from: "assistant" }>), rating: "up" as const };
    expect(merged([rated], [told("a1", "q1")])[0]).toMatchObject({ rating: "up" });
  });
});

describe("the history is asked for", () => {
  it("from the last message where all is answered", () => {
    expect(lastSettled([told("a0", ""), asked("q1"), told("a1", "q1")])).toBe("a1");
  });
  it("from before the first question that is open", () => {
    expect(lastSettled([told("a0", ""), asked("q1"), asked("q2"), told("a1", "q1")])).toBe("q1");
  });
  it("from the beginning where nothing is known", () => {
    expect(lastSettled([])).toBeUndefined();
    expect(lastSettled([asked("q1")])).toBeUndefined();
  });
});

it("only what came after the visitor's last word is on offer", () => {
  expect(ids(onOffer([told("a0", ""), asked("q1"), told("a1", "q1"), told("a2", "q1")]))).toBe("a1 a2");
  expect(onOffer([told("a0", ""), asked("q1")])).toEqual([]);
});

it("an answer stands below its question, whatever came between", () => {
  const said = [told("a0", ""), asked("q1"), asked("q2"), told("a1", "q1"), told("a2", "q2"), told("b1", "q1")];
  expect(ids(grouped(said))).toBe("a0 q1 a1 b1 q2 a2");
  expect(ids(merged([told("a0", "")], said))).toBe("a0 q1 a1 b1 q2 a2");
});
