// Asks once before something goes away.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { NotErased as Why } from "../talk/erasure";
import type { Asking } from "./asking";
import { useFresh } from "./fresh";
import { NotErased } from "./NotErased";
import { useSetting } from "./setting";

export function ConfirmDialog({ about, onEnd }: { about: NonNullable<Asking>; onEnd(): void }) {
  const { talk, strings } = useSetting();
  const [problem, complain] = useState<Why>();
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

  const startOver = async () => {
    await talk.startOver();
    onEnd();
  };
  const erase = async () => {
    complain(undefined); // so that the same problem is read out again
    const left = await talk.erase(about === "erase");
    if (left) return complain(left);
    if (about === "startOver" && talk.state.erased === "all") talk.begin();
    onEnd();
  };
  const [pressStart, pressErase] = [useFresh(startOver), useFresh(erase)];
  return (
    <div class="ask" role="alertdialog" aria-labelledby="asked" aria-describedby="trouble">
      <div class="column">
        <p id="asked">{about === "erase" ? strings.confirmErase : strings.confirmStartOver}</p>
        <div id="trouble" role="alert">
          {problem && <NotErased why={problem} title={strings.notErased} />}
        </div>
        <div class="pair">
          <button type="button" class="quiet" ref={safe} onClick={onEnd}>
            {strings.keep}
          </button>
          {about === "startOver" && (
            <button type="button" class="plain" {...pressStart}>
              {strings.startOver}
            </button>
          )}
          <button type="button" class="grave" {...pressErase}>
            {about === "erase" ? strings.erase : strings.eraseAndStartOver}
          </button>
        </div>
      </div>
    </div>
  );
}
