// How words from outside are read: each reader gives what it wants, or undefined.

export type Fields = Record<string, unknown>;
type Reader<T> = (value: unknown) => T | undefined;

export function fields(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

export function asText(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() ? value : undefined;
}

export function amount(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
}

export function count(value: unknown): number | undefined {
  return Number.isInteger(value) && (value as number) > 0 ? (value as number) : undefined;
}

/** All of a list, or undefined if one of them is not as it should be. */
export function list<T>(value: unknown, reader: Reader<T>, least = 0): T[] | undefined {
  if (!Array.isArray(value) || value.length < least) return undefined;
  const read = value.map(reader);
  return read.includes(undefined) ? undefined : (read as T[]);
}
