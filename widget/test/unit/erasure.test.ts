import { afterEach, describe, expect, it, vi } from "vitest";
import { erase } from "../../src/talk/erasure";

describe("an erasure", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  for (const [status, outcome] of [
    [200, undefined],
    [410, undefined],
    [202, "failed"],
    [204, "failed"],
    [401, "refused"],
    [403, "failed"],
    [404, "failed"],
    [429, "busy"],
    [500, "failed"],
    [503, "failed"],
  ] as const) {
    it(`after a ${status} is ${outcome ?? "done"}`, async () => {
      const asked = vi.fn(async (..._: unknown[]) => ({ status }));
      vi.stubGlobal("fetch", asked);
      expect(await erase("https://chat.example/", "t")).toBe(outcome);
      expect(asked.mock.calls[0]).toMatchObject([
        "https://chat.example/webhooks/web/session",
        { method: "DELETE", headers: { Authorization: "Bearer t" } },
      ]);
    });
  }

  it("without an answer is not done", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
    expect(await erase("https://chat.example/", "t")).toBe("unreachable");
  });

  it("does not wait for an answer for ever", async () => {
    vi.useFakeTimers();
    vi.stubGlobal("fetch", (_: string, { signal }: RequestInit) => {
      return new Promise((_, fail) => signal?.addEventListener("abort", () => fail(signal.reason)));
    });
    const erasing = erase("https://chat.example/", "t");
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await erasing).toBe("unreachable");
  });
});
