// Asks once before something goes away.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Asking } from "./asking";
import { useSetting } from "./setting";

export function Ask({ about, onEnd }: { about: NonNullable<Asking>; onEnd(): void }) {
  const { talk, words } = useSetting();
  const [trouble, complain] = useState("");
  const safe = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const button = safe.current;
    const root = button?.getRootNode() as ShadowRoot;
    const before = root.activeElement as HTMLElement | null;
    button?.focus();
    return () => {
      if (button?.closest(".ask")?.contains(root.activeElement)) before?.focus();
    };
  }, []);

  const act = async () => {
    if (about === "startOver") await talk.startOver();
    else if (!(await talk.erase())) return complain(words.notErased);
    onEnd();
  };
  return (
    <div class="ask" role="alertdialog" aria-labelledby="asked" aria-describedby="trouble">
      <div class="column">
        <p id="asked">{about === "erase" ? words.confirmErase : words.confirmStartOver}</p>
        <p id="trouble" class="problem" role="alert">
          {trouble}
        </p>
        <div class="pair">
          <button type="button" class="quiet" ref={safe} onClick={onEnd}>
            {words.keep}
          </button>
          <button type="button" class={about === "erase" ? "grave" : "plain"} onClick={act}>
            {about === "erase" ? words.erase : words.startOver}
          </button>
        </div>
      </div>
    </div>
  );
}
