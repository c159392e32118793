import { useLayoutEffect, useRef } from "preact/hooks";
import { LONGEST } from "../talk/talk";
import { Icon } from "./Icon";
import { useSetting, useTalk } from "./setting";

/** Enter that ends a word of an input method; some browsers say so only by a code of their own. */
const isComposing = (event: KeyboardEvent) => event.isComposing || event.keyCode === 229;

export function Composer() {
  const { talk, strings } = useSetting();
  const { draft, erased, barred } = useTalk();
  const field = useRef<HTMLTextAreaElement>(null);
  const length = Array.from(draft).length;
  const isOver = length > LONGEST;

  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.blockSize = "auto";
    area.style.blockSize = `${area.scrollHeight + 2}px`;
  }, [draft]);

  const send = (event: Event) => {
    event.preventDefault();
    field.current?.focus({ preventScroll: true });
    if (isOver || !draft.trim()) return;
    talk.write("");
    talk.ask(draft);
  };
  const type = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.shiftKey && !isComposing(event)) send(event);
  };
  if (erased || barred) return null;
  return (
    <form class="composer" onSubmit={send}>
      <div class="column">
        <textarea
          id="words"
          ref={field}
          rows={1}
          dir="auto"
          value={draft}
          aria-label={strings.yourMessage}
          aria-describedby="count"
          aria-invalid={isOver}
          placeholder={strings.write}
          enterkeyhint="send"
          autocomplete="off"
          onInput={(event) => talk.write(event.currentTarget.value)}
          onKeyDown={type}
        />
        <button type="submit" class="send" aria-label={strings.send} aria-disabled={isOver || !draft.trim()}>
          <Icon name="send" />
        </button>
      </div>
      <p id="count" class={isOver ? "column problem" : "column"} role="status">
        {length > LONGEST * 0.9 ? strings.tooLong(length, LONGEST) : ""}
      </p>
    </form>
  );
}
