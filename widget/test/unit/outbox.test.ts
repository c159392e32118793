import { beforeEach, describe, expect, it, vi } from "vitest";
import { Outbox } from "../../src/talk/outbox";
import { ConversationStorage } from "../../src/talk/storage";
import type { Outcome } from "../../src/talk/transport";

const outgoing = (id: string) => ({ id, message: id, kind: "text" as const, at: Date.now() });
const done: Outcome = { kind: "done", content: {} };
const lost: Outcome = { kind: "lost" };
const refused = (error: string, retryAfter = 0): Outcome => ({ kind: "refused", error, message: "No.", retryAfter });

function made(outcomes: Outcome[] = []) {
  const said: string[] = [];
  const told: string[] = [];
  const wire = {
    connected: true,
    reconnect: vi.fn(),
    say: async ({ id }: { id: string }) => {
      said.push(id);
      return outcomes.shift() ?? done;
    },
  };
  const memory = new ConversationStorage("seatwise test", "session");
  const outbox = new Outbox(memory, wire, {
    stored: (id) => told.push(`stored ${id}`),
    refused: (id, error) => told.push(`${error} ${id}`),
  });
  return { outbox, wire, memory, said, told };
}

describe("the outbox", () => {
  beforeEach(() => {
    sessionStorage.clear();
    vi.useFakeTimers();
  });

  it("sends in order, one after the other", async () => {
    const { outbox, said } = made();
    for (const id of ["a", "b", "c"]) outbox.add(outgoing(id));
    await vi.advanceTimersByTimeAsync(10);
    expect(said).toEqual(["a", "b", "c"]);
  });

  it("keeps what is written without a connection, also over a reload", async () => {
    const before = made();
    before.wire.connected = false;
    before.outbox.add(outgoing("a"));
    const after = made();
    expect(after.outbox.ids).toEqual(["a"]);
    after.outbox.sendAgain();
    await vi.advanceTimersByTimeAsync(10);
    expect(after.said).toEqual(["a"]);
  });

  it("says a message without acknowledgement again under the same id", async () => {
    const { outbox, said, wire } = made([lost, lost]);
    outbox.add(outgoing("a"));
    await vi.advanceTimersByTimeAsync(5000);
    expect(said).toEqual(["a", "a", "a"]);
    expect(wire.reconnect).toHaveBeenCalledOnce();
  });

  it("waits as long as it is told to", async () => {
    const { outbox, said, told } = made([refused("rate_limited", 7)]);
    outbox.add(outgoing("a"));
    await vi.advanceTimersByTimeAsync(6900);
    expect(said).toEqual(["a"]);
    await vi.advanceTimersByTimeAsync(200);
    expect(told).toEqual(["stored a"]);
  });

  it("keeps what comes too late for a session, for the next one", async () => {
    const { outbox, said, wire } = made([refused("expired")]);
    outbox.add(outgoing("a"));
    wire.connected = false;
    await vi.advanceTimersByTimeAsync(5000);
    expect(said).toEqual(["a"]);
    wire.connected = true;
    outbox.sendAgain();
    await vi.advanceTimersByTimeAsync(10);
    expect(said).toEqual(["a", "a"]);
  });

  it("gives up what is refused, and goes on with the next", async () => {
    const { outbox, told } = made([refused("too_long")]);
    outbox.add(outgoing("a"));
    outbox.add(outgoing("b"));
    await vi.advanceTimersByTimeAsync(10);
    expect(told).toEqual(["too_long a", "stored b"]);
    expect(outbox.ids).toEqual(["b"]);
  });

  it("asks again after a stored message that nobody answers", async () => {
    const { outbox, said } = made();
    outbox.add(outgoing("a"));
    await vi.advanceTimersByTimeAsync(26_000);
    expect(said).toEqual(["a", "a"]);
    outbox.drop("a");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(said).toHaveLength(2);
  });
});
