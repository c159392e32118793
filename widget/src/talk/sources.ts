/** The words of a message, and its last line where that says what they rest on. */
export function splitSource(text: string): { text: string; source: string } {
  const found = /(?:^|\n)[ \t]*\**sources?:\**[ \t]*([^\n]+)\s*$/i.exec(text);
  return found ? { text: text.slice(0, found.index).trim(), source: found[1] ?? "" } : { text, source: "" };
}
