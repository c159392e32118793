// What every view knows of its surroundings.

import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Options } from "../host/options";
import type { Emit } from "../host/stage";
import type { Strings } from "../strings";
import type { State, Talk } from "../talk/talk";

export interface Setting {
  talk: Talk;
  options: Options;
  strings: Strings;
  assets: string;
  emit: Emit;
  /** Puts the focus where it is when the chat is opened. */
  enter(): void;
  close(): void;
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
