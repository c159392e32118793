import { useLayoutEffect, useRef } from "preact/hooks";
import { useSetting } from "./setting";

export function Erased() {
  const { talk, words } = useSetting();
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => button.current?.focus(), []);
  return (
    <div class="away column">
      <div role="status">
        <h3>{words.erased}</h3>
      </div>
      <button type="button" class="plain" ref={button} onClick={() => talk.begin()}>
        {words.newChat}
      </button>
    </div>
  );
}
