import { useLayoutEffect, useRef } from "preact/hooks";
import { NotErased } from "./NotErased";
import { useSetting, useTalk } from "./setting";

export function Erased() {
  const { talk, strings, enter } = useSetting();
  const { erased, receipt } = useTalk();
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    // Another window may have erased it while the visitor is somewhere else in the page.
    if (!document.activeElement?.closest("body *")) button.current?.focus();
  }, [erased === "all"]);
  useLayoutEffect(() => () => void setTimeout(enter), []); // once there is a field again
  return (
    <div class="away column">
      <div role="status">
        {erased === "all" ? (
          <>
            <h3>{strings.erased}</h3>
            {receipt && <p>{`${strings.receipt} ${receipt}`}</p>}
          </>
        ) : (
          erased && <NotErased why={erased} title={strings.earlierNotErased} />
        )}
      </div>
      <div class="pair">
        <button type="button" class="plain" ref={button} onClick={() => talk.begin()}>
          {strings.newChat}
        </button>
        {erased !== "all" && erased !== "refused" && (
          <button type="button" class="quiet" onClick={() => talk.erase(true)}>
            {strings.tryAgain}
          </button>
        )}
      </div>
    </div>
  );
}
