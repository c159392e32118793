// What every view knows of its surroundings.

import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Options } from "../host/options";
import type { Emit } from "../host/stage";
import type * as paper from "../paper";
import type { Strings } from "../strings";
import type { State, Talk } from "../talk/talk";
import type { Asking } from "./asking";

export type Paper = typeof paper;

export interface Setting {
  talk: Talk;
  options: Options;
  strings: Strings;
  assets: string;
  emit: Emit;
  /** Puts the focus where it is when the chat is opened. */
  enter(): void;
  close(): void;
  /** Has the visitor confirm something first. */
  ask(about: Asking): void;
  /** Follows a link to another place of the same page. */
  visit(event: Event, address: string): void;
  root: HTMLElement;
  /** What it takes to print, copy and save; loaded when it is first wanted. */
  paper(): Promise<Paper>;
}

export const Surroundings = createContext<Setting | null>(null);

export function useSetting(): Setting {
  const setting = useContext(Surroundings);
  if (!setting) throw new Error("a view stands outside of the panel");
  return setting;
}

/** The conversation as it is now. */
export function useTalk(): State {
  const { talk } = useSetting();
  const [, show] = useState(talk.state);
  useEffect(() => {
    show(talk.state); // it may have changed since this was drawn
    return talk.listen(() => show(talk.state));
  }, [talk]);
  return talk.state;
}
