// A button of the assistant.

import type { ComponentChildren } from "preact";
import { useFresh } from "./fresh";
import { useSetting } from "./setting";

const START_OVER = "/start_over";

interface Props {
  title: string;
  payload: string;
  look: string;
  /** How it is called where its words alone do not say it. */
  label?: string;
  onChoose?: () => void;
  children?: ComponentChildren;
}

export function Offer({ title, payload, look, label, onChoose, children = title }: Props) {
  const { talk, ask } = useSetting();
  const press = useFresh(() => {
    if (payload === START_OVER) return ask("startOver");
    onChoose?.();
    talk.choose(label ?? title, payload);
  });
  return (
    <button type="button" class={look} dir="auto" aria-label={label} {...press}>
      {children}
    </button>
  );
}
