import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name));
const MARKUP =
  /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|eval\(|new Function/i;

it("nothing in the sources turns words into markup or code, or names a host", () => {
  expect(files.length).toBeGreaterThan(30);
  for (const name of files) {
    const text = readFileSync(`src/${name}`, "utf8");
    expect(text, name).not.toMatch(MARKUP);
    expect(text, name).not.toMatch(/https?:\/\/[a-z]/);
  }
});
