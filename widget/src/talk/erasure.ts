// Has a stored conversation erased. Only an answer that says so counts: whatever else happens, it may still be there.

const PATIENCE = 15_000; // milliseconds
const REASONS: Record<number, NotErased> = { 401: "refused", 429: "busy" };

/** Why a conversation was not erased. "refused" stays so, however often it is tried. */
export type NotErased = "unreachable" | "busy" | "failed" | "refused";

/** Erases the conversation of a token; undefined means that it is gone. */
export async function erase(url: string, token: string): Promise<NotErased | undefined> {
  const patience = new AbortController();
  const waiting = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const { status } = await fetch(`${url}webhooks/web/session`, {
      method: "DELETE",
      headers: { Authorization: `Bearer ${token}` },
      signal: patience.signal,
    });
    return status === 200 || status === 410 ? undefined : (REASONS[status] ?? "failed");
  } catch {
    return "unreachable";
  } finally {
    clearTimeout(waiting);
  }
}
