/**
 * Whether the assistant turned this site away. A browser keeps the reason for a failed connection from scripts; this
 * answer it lets them read.
 */
export async function isForeign(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}webhooks/web/origin`);
    return answer.status === 403 && (await answer.json()).error === "foreign_origin";
  } catch {
    return false;
  }
}
