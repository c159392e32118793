import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Memory } from "../../src/talk/memory";
import { readEntry } from "../../src/talk/messages";

const entry = readEntry({ id: "a", ts: 1, text: "Hello." });
const state = { session: "s", token: "t", entries: entry ? [entry] : [], open: true, draft: "half a", unread: 2 };

describe("the memory of a browser", () => {
  beforeEach(() => {
    sessionStorage.clear();
    localStorage.clear();
  });
  afterEach(() => vi.restoreAllMocks());

  it("gives back what it was given", () => {
    new Memory("seatwise x", "session").enter("s", "t");
    new Memory("seatwise x", "session").save(state);
    expect(new Memory("seatwise x", "session").load()).toMatchObject({
      ...state,
      entries: [{ id: "a", text: "Hello." }],
    });
    expect(new Memory("seatwise y", "session").load().token).toBe("");
  });

  it("forgets after a day", () => {
    new Memory("seatwise x", "local").enter("s", "t");
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 25 * 60 * 60 * 1000);
    expect(new Memory("seatwise x", "local").load().token).toBe("");
  });

  it("reads what can be read of what is broken", () => {
    for (const broken of [
      "{",
      "[]",
      "null",
      '{"at":1e15,"session":"","entries":[null,{"id":"b","text":"B"},{"id":{}}],"token":5}',
    ]) {
      for (const place of ["seatwise x", "seatwise x state"]) sessionStorage.setItem(place, broken);
      expect(new Memory("seatwise x", "session").load().token).toBe("");
    }
    expect(new Memory("seatwise x", "session").load().entries.map(({ id }) => id)).toEqual(["b"]);
  });

  it("does not mix the words of two sessions", () => {
    const memory = new Memory("seatwise x", "local");
    memory.enter("new", "t");
    memory.save(state);
    expect(memory.load()).toMatchObject({ session: "new", entries: [], draft: "" });
  });

  it("does without storage", () => {
    vi.stubGlobal("sessionStorage", {
      getItem() {
        throw new Error("forbidden");
      },
      setItem() {
        throw new Error("full");
      },
    });
    const memory = new Memory("seatwise x", "session");
    memory.save(state);
    memory.keep({ id: "1", message: "m", kind: "text", at: 1 });
    expect(memory.load().token).toBe("");
    expect(memory.outgoing()).toEqual([]);
    vi.unstubAllGlobals();
  });

  it("clears all that it kept, and nothing of others", () => {
    const memory = new Memory("seatwise x", "session");
    memory.save(state);
    memory.keep({ id: "1", message: "m", kind: "text", at: 1 });
    sessionStorage.setItem("other", "stays");
    memory.clear();
    expect(Object.keys(sessionStorage)).toEqual(["other"]);
  });

  it("keeps the tokens of earlier conversations, the last five, until they are spent", () => {
    const memory = new Memory("seatwise x", "local");
    for (const one of ["1", "2", "3", "4", "5", "6", "7"]) memory.enter(`session ${one}`, `token ${one}`);
    memory.enter("session 7", "a fresh token 7");
    expect(memory.tokens()).toEqual(["a fresh token 7", "token 6", "token 5", "token 4", "token 3", "token 2"]);
    memory.clear();
    for (const one of ["6", "5", "4", "3"]) memory.spent(`token ${one}`);
    expect(new Memory("seatwise x", "local").tokens()).toEqual(["token 2"]);
    memory.spent("token 2");
    expect(Object.keys(localStorage)).toEqual([]);
  });

  it("can still delete after a day what it no longer shows, and not after ninety", () => {
    new Memory("seatwise x", "local").enter("s", "t");
    const now = Date.now();
    const clock = vi.spyOn(Date, "now").mockReturnValue(now + 2 * 24 * 60 * 60 * 1000);
    const later = new Memory("seatwise x", "local");
    expect(later.load().token).toBe("");
    expect(later.tokens()).toEqual(["t"]);
    clock.mockReturnValue(now + 93 * 24 * 60 * 60 * 1000);
    expect(new Memory("seatwise x", "local").tokens()).toEqual([]);
    expect(Object.keys(localStorage)).toEqual([]);
  });

  it("removes what is broken or too old, also of other places, and nothing of others", () => {
    const old = JSON.stringify({ at: Date.now() - 91 * 24 * 60 * 60 * 1000 });
    localStorage.setItem("seatwise y state", old);
    localStorage.setItem("seatwise y 1", "{");
    localStorage.setItem("seatwise z", JSON.stringify({ session: "s", token: "t", at: Date.now() }));
    localStorage.setItem("other", old);
    new Memory("seatwise x", "local");
    expect(Object.keys(localStorage).sort()).toEqual(["other", "seatwise z"]);
  });
});
