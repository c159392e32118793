// A button of the assistant. Where one has just appeared, a click was meant for what stood there before.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useSetting } from "./setting";

const SETTLES = 500; // milliseconds
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
  const [fresh, settle] = useState(true);
  useEffect(() => {
    const settling = setTimeout(() => settle(false), SETTLES);
    return () => clearTimeout(settling);
  }, []);

  const choose = (event: MouseEvent) => {
    if (fresh && event.detail) return; // a key is pressed only where the focus already is
    if (payload === START_OVER) return ask("startOver");
    onChoose?.();
    talk.choose(label ?? title, payload);
  };
  return (
    <button
      type="button"
      class={look}
      dir="auto"
      aria-label={label}
      aria-disabled={fresh ? "true" : undefined}
      onClick={choose}
    >
      {children}
    </button>
  );
}
