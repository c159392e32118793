// A question to which several answers may be true at once. They go out as one sentence.

import { useState } from "preact/hooks";
import { useSetting } from "./setting";

export function Several({ labels, onSend }: { labels: string[]; onSend(): void }) {
  const { talk, strings } = useSetting();
  const [chosen, choose] = useState<string[]>([]);
  const send = () => {
    if (!chosen.length) return;
    onSend();
    talk.ask(strings.together(labels.filter((label) => chosen.includes(label))));
  };
  const toggle = (label: string, on: boolean) =>
    choose(on ? [...chosen, label] : chosen.filter((other) => other !== label));
  return (
    <fieldset class="several">
      <legend>{strings.several}</legend>
      {labels.map((label) => (
        <label key={label}>
          <input
            type="checkbox"
            checked={chosen.includes(label)}
            onChange={(event) => toggle(label, event.currentTarget.checked)}
          />
          <span dir="auto">{label}</span>
        </label>
      ))}
      <button type="button" class="plain" disabled={!chosen.length} onClick={send}>
        {strings.send}
      </button>
    </fieldset>
  );
}
