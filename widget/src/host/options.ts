// What a site says about the chat: data-* attributes of the script tag, and CSS variables where colours are concerned.

import { PLACE } from "./places";

export interface Options {
  /** Address of the assistant, with a slash at its end. */
  url: string;
  name: string;
  color: string;
  theme: "auto" | "light" | "dark";
  position: "end" | "start";
  lang: string;
  dir: string;
  greeting: string;
  privacy: string;
  contact: string;
  persist: "session" | "local";
  /** "page" fills the window and has no launcher. */
  mode: "widget" | "page";
  /** Ties the conversation to a call. */
  ref: string;
}

const REFERENCE = /^[\w-]{1,64}(\.[\w-]+)?$/;

export function optionsOf(script: HTMLScriptElement): Options {
  const data = script.dataset;
  const mode = data.mode === "page" ? "page" : "widget";
  const named = data.ref || (mode === "page" && new URLSearchParams(location.search).get("ref")) || "";
  return {
    url: new URL(data.url || "..", data.url ? location.href : script.src).href.replace(/\/*$/, "/"),
    name: data.name || "Seatwise",
    color: data.color || "",
    theme: data.theme === "light" || data.theme === "dark" ? data.theme : "auto",
    position: data.position === "start" ? "start" : "end",
    lang: data.lang || document.documentElement.lang,
    dir: data.dir || "",
    greeting: data.greeting || "",
    privacy: data.privacy || "",
    contact: data.contact || "",
    persist: data.persist === "local" ? "local" : "session",
    mode,
    ref: REFERENCE.test(named) ? named : "",
  };
}

/** Where a conversation is kept: one for each assistant and each call. */
export function placeOf({ url, ref }: Options): string {
  return `${PLACE}${url} ${ref}`;
}
