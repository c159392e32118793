// What a visitor takes along: as a file, on paper, in the clipboard or by mail. Loaded when there is something to take.

export { print } from "./paper/print";
export { download } from "./paper/transcript";
export { letter, words } from "./paper/words";
