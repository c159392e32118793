// A button of the assistant.

import type { ComponentChildren } from "preact";
import { useFresh } from "./fresh";
import { useSetting } from "./setting";

const START_OVER = "/start_over";

interface Props {
  title: string;
  payload: string;
  look: string;
  onChoose?: () => void;
  children?: ComponentChildren;
}

export function Offer({ title, payload, look, onChoose, children = title }: Props) {
  const { talk, ask } = useSetting();
  const press = useFresh(() => {
    if (payload === START_OVER) return ask("startOver");
    onChoose?.();
    talk.choose(title, payload);
  });
  return (
    <button type="button" class={look} dir="auto" {...press}>
      {children}
    </button>
  );
}
