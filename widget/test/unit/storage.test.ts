import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readEntry } from "../../src/talk/messages";
import { ConversationStorage } from "../../src/talk/storage";

const HOUR = 60 * 60 * 1000; // milliseconds
const entry = readEntry({ id: "a", ts: 1, text: "Hello." });
const state = { session: "s", token: "t", entries: entry ? [entry] : [], open: true, draft: "half a", unread: 2 };

describe("the memory of a browser", () => {
  beforeEach(() => {
    sessionStorage.clear();
    localStorage.clear();
  });
  afterEach(() => vi.restoreAllMocks());

  it("gives back what it was given", () => {
    new ConversationStorage("seatwise x", "session").enter("s", "t");
    new ConversationStorage("seatwise x", "session").save(state);
    expect(new ConversationStorage("seatwise x", "session").load()).toMatchObject({
      ...state,
      entries: [{ id: "a", text: "Hello." }],
    });
    expect(new ConversationStorage("seatwise y", "session").load().token).toBe("");
  });

  it("does not go on after a day, and can still erase for 90", () => {
    const known = [{ session: "s", token: "t" }];
    new ConversationStorage("seatwise x", "local").enter("s", "t");
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 25 * HOUR);
    expect(new ConversationStorage("seatwise x", "local").load().token).toBe("");
    expect(new ConversationStorage("seatwise x", "local").known()).toMatchObject(known);
    new ConversationStorage("seatwise x", "local").enter("s2", "t2");
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 88 * 24 * HOUR);
    expect(new ConversationStorage("seatwise x", "local").known()).toMatchObject([
      ...known,
      { session: "s2", token: "t2" },
    ]);
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 47 * HOUR);
    expect(new ConversationStorage("seatwise x", "local").known()).toMatchObject([{ session: "s2", token: "t2" }]);
  });

  it("keeps the tokens of the last ten conversations before this one", () => {
    const memory = new ConversationStorage("seatwise x", "session");
    let now = Date.now();
    vi.spyOn(Date, "now").mockImplementation(() => now++);
    for (let number = 0; number < 15; number++) memory.enter(`s${number}`, `t${number}`);
    memory.enter("s14", "fresh");
    expect(new ConversationStorage("seatwise x", "session").known().map(({ token }) => token)).toEqual(
      [4, 5, 6, 7, 8, 9, 10, 11, 12, 13].map((number) => `t${number}`).concat("fresh"),
    );
    memory.enter("", ""); // the next one is still to come
    expect(memory.known()).toHaveLength(10);
    expect(memory.known().at(-1)).toMatchObject({ token: "fresh" });
    expect(new ConversationStorage("seatwise y", "session").known()).toEqual([]);
  });

  it("removes what is stale or cannot be read, of every conversation and in both storages", () => {
    const hoursAgo = (hours: number, value: object) => JSON.stringify({ ...value, at: Date.now() - hours * HOUR });
    const token = { session: "s", token: "t" };
    const message = { id: "m", message: "unsent", kind: "text" };
    const stays = {
      "seatwise y": hoursAgo(89 * 24, token),
      "seatwise y earlier r": hoursAgo(30, token),
      "seatwise y state": hoursAgo(23, { session: "s", entries: [] }),
      "seatwise y m": hoursAgo(23, message),
      other: "broken",
    };
    const goes = {
      "seatwise z": hoursAgo(91 * 24, token),
      "seatwise z earlier r": hoursAgo(-91 * 24, token),
      "seatwise z state": hoursAgo(25, { session: "s", entries: [] }),
      "seatwise z m": hoursAgo(25, message),
      "seatwise z n": JSON.stringify(token),
      "seatwise broken": "{",
      "seatwise of another version": hoursAgo(0, { words: [] }),
    };
    for (const storage of [sessionStorage, localStorage]) {
      for (const [key, value] of Object.entries({ ...stays, ...goes })) storage.setItem(key, value);
    }
    new ConversationStorage("seatwise x", "session");
    for (const storage of [sessionStorage, localStorage]) {
      expect(Object.keys(storage).sort()).toEqual(Object.keys(stays).sort());
    }
  });

  it("tells other windows of a new conversation, a fresh token and an erasure, and of no mere removal", () => {
    const heard: string[] = [];
    const other = new ConversationStorage("seatwise x", "local");
    other.onChange(
      ({ session, token }) => heard.push(`${session} ${token}`),
      (session) => heard.push(`erased ${session}`),
    );
    const told = (before: object | null, now: object | null) => {
      if (now) localStorage.setItem("seatwise x", JSON.stringify(now));
      else localStorage.removeItem("seatwise x");
      dispatchEvent(
        new StorageEvent("storage", {
          key: "seatwise x",
          oldValue: before && JSON.stringify(before),
          newValue: now && JSON.stringify(now),
        }),
      );
    };
    const known = (session: string, token: string) => ({ session, token, at: Date.now() });
    told(known("s", "t"), known("s", "fresh"));
    told(known("s", "fresh"), known("s2", "t2"));
    told(known("s2", "t2"), null);
    expect(heard).toEqual(["s fresh", "s2 t2", " "]);
    heard.length = 0;
    told(known("s2", "t2"), { erased: "s2" });
    told({ erased: "s2" }, null);
    told(null, known("s3", "t3"));
    expect(heard).toEqual(["erased s2"]);
  });

  it("reads what can be read of what is broken", () => {
    for (const broken of [
      "{",
      "[]",
      "null",
      `{"at":${Date.now()},"session":"","entries":[null,{"id":"b","text":"B"},{"id":{}}],"token":5}`,
    ]) {
      for (const place of ["seatwise x", "seatwise x state"]) sessionStorage.setItem(place, broken);
      expect(new ConversationStorage("seatwise x", "session").load().token).toBe("");
    }
    expect(new ConversationStorage("seatwise x", "session").load().entries.map(({ id }) => id)).toEqual(["b"]);
  });

  it("does not mix the words of two sessions", () => {
    const memory = new ConversationStorage("seatwise x", "local");
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
    const memory = new ConversationStorage("seatwise x", "session");
    memory.enter("s", "t");
    memory.save(state);
    expect(memory.load()).toMatchObject({ session: "s", draft: "half a" });
    memory.enter("s2", "t2");
    expect(memory.known()).toHaveLength(2);
    memory.forget("s");
    memory.forget("s2");
    expect(memory.known()).toEqual([]);
    expect(new ConversationStorage("seatwise x", "session").load().token).toBe("");
    vi.unstubAllGlobals();
  });

  it("forgets all of an erased conversation, and nothing of others", () => {
    const memory = new ConversationStorage("seatwise x", "session");
    memory.enter("r", "t");
    memory.enter("s", "t");
    memory.save(state);
    memory.keep({ id: "1", message: "m", kind: "text", at: Date.now() });
    sessionStorage.setItem("other", "stays");
    memory.forget("unknown");
    expect(Object.keys(sessionStorage)).toHaveLength(5);
    memory.forget("s");
    expect(Object.keys(sessionStorage).sort()).toEqual(["other", "seatwise x earlier r"]);
    memory.forget("r");
    expect(Object.keys(sessionStorage)).toEqual(["other"]);
  });

  it("keeps what was said in a conversation when an earlier one is forgotten", () => {
    const memory = new ConversationStorage("seatwise x", "session");
    memory.enter("r", "t");
    memory.enter("s", "t");
    memory.save(state);
    memory.forget("r");
    expect(memory.load()).toMatchObject({ session: "s", draft: "half a", entries: [{ id: "a" }] });
    expect(memory.known()).toHaveLength(1);
  });
});
