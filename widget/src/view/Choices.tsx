// The answers that the assistant suggests to its last question. They go once something was answered.

import { useRef } from "preact/hooks";
import { onOffer } from "../talk/entries";
import { useSetting, useTalk } from "./setting";

export function Choices() {
  const { talk, strings } = useSetting();
  const { entries } = useTalk();
  const group = useRef<HTMLDivElement>(null);
  const buttons = onOffer(entries).flatMap((entry) => entry.buttons);
  const turn = onOffer(entries).at(-1)?.id;

  const choose = (title: string, payload: string) => {
    // The button goes away; whoever uses a keyboard stays where the next ones will be.
    group.current?.focus({ preventScroll: true });
    talk.choose(title, payload);
  };
  return (
    <div class="choices column" role="group" aria-label={strings.suggestions} tabIndex={-1} ref={group}>
      {buttons.map(({ title, payload }, at) => (
        <button key={`${turn} ${at}`} type="button" class="choice" dir="auto" onClick={() => choose(title, payload)}>
          {title}
        </button>
      ))}
    </div>
  );
}
