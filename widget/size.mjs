// What a visitor downloads stays small: the loader at once, the application when it is wanted,
// the rest when there is something to print or take along.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const dist = (name) => fileURLToPath(new URL(`dist/${name}`, import.meta.url));
const { loader, app, paper } = JSON.parse(readFileSync(dist("manifest.json"), "utf8"));
const LIMITS = { [loader]: 2 * 1024, [app]: 36 * 1024, [paper]: 4 * 1024 };

for (const [name, limit] of Object.entries(LIMITS)) {
  const size = gzipSync(readFileSync(dist(name)), { level: 9 }).length;
  console.log(`${name}: ${size} of ${limit} bytes, gzipped`);
  if (size > limit) process.exitCode = 1;
}
