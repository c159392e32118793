import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { safeLink } from "../host/links";
import { Icon } from "./Icon";
import { Link } from "./Link";
import { useSetting, useTalk } from "./setting";

export function Header() {
  const { options, strings, close } = useSetting();
  return (
    <div class="header">
      <div class="column">
        <span class="mark">
          <Icon name="seat" />
        </span>
        <div class="who">
          <h2 id="name" tabIndex={-1}>
            {options.name}
          </h2>
          <p>{strings.bot}</p>
        </div>
        <More />
        {options.mode === "widget" && (
          <>
            <Size />
            <button type="button" class="tool" aria-label={strings.close} onClick={close}>
              <Icon name="close" />
            </button>
          </>
        )}
      </div>
    </div>
  );
}

/** More room for what is wide, on a screen that has it. */
function Size() {
  const { strings } = useSetting();
  const [wide, widen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => void button.current?.closest(".place")?.classList.toggle("wide", wide), [wide]);
  return (
    <button
      type="button"
      class="tool size"
      ref={button}
      aria-label={wide ? strings.shrink : strings.expand}
      onClick={() => widen(!wide)}
    >
      <Icon name={wide ? "shrink" : "expand"} />
    </button>
  );
}

function More() {
  const { options, strings, ask, paper } = useSetting();
  const { entries } = useTalk();
  const [open, show] = useState(false);
  const more = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const privacy = safeLink(options.privacy, location.href);

  useEffect(() => {
    if (!open) return;
    const leave = (event: Event) => {
      if (!more.current || !event.composedPath().includes(more.current)) show(false);
    };
    for (const event of ["pointerdown", "focusin"]) document.addEventListener(event, leave);
    return () => {
      for (const event of ["pointerdown", "focusin"]) document.removeEventListener(event, leave);
    };
  }, [open]);

  const choose = (act: () => void) => () => {
    show(false);
    button.current?.focus();
    act();
  };
  const save = () => void paper().then(({ download }) => download(entries, options.name, strings));
  const hide = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !open) return;
    event.preventDefault();
    show(false);
    button.current?.focus();
  };
  const leave = (event: FocusEvent) => {
    if (!more.current?.contains(event.relatedTarget as Node | null)) show(false);
  };
  return (
    <div class="more" ref={more} onKeyDown={hide} onFocusOut={leave}>
      <button
        type="button"
        class="tool"
        ref={button}
        aria-label={strings.more}
        aria-expanded={open}
        aria-controls="more"
        onClick={() => show(!open)}
      >
        <Icon name="more" />
      </button>
      <ul id="more" hidden={!open}>
        <li>
          <button type="button" onClick={choose(() => ask("startOver"))}>
            {strings.startOver}
          </button>
        </li>
        <li>
          <button type="button" onClick={choose(save)}>
            {strings.download}
          </button>
        </li>
        <li>
          <button type="button" onClick={choose(() => ask("erase"))}>
            {strings.erase}
          </button>
        </li>
        {privacy && (
          <li>
            <Link href={privacy}>{strings.privacy}</Link>
          </li>
        )}
      </ul>
    </div>
  );
}
