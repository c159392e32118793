// What was said, and what may be said next. It is read out by Spoken, not here.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { isOfPerson, onOffer } from "../talk/entries";
import type { Entry } from "../talk/messages";
import { Away } from "./Away";
import { Barred } from "./Barred";
import { Choices } from "./Choices";
import { Erased } from "./Erased";
import { Icon } from "./Icon";
import { Intro } from "./Intro";
import { QuestionView } from "./QuestionView";
import { ReplyView } from "./ReplyView";
import { useSetting, useTalk } from "./setting";

const SCROLLING = /^(Arrow|Page|Home|End)/;
const NEAR = 96; // pixels from the end within which a reader follows the talk
const OWN_SHARE = 0.3; // of the view that the visitor's own words may take
const DOTS = 400; // milliseconds; an answer that is quicker needs no sign that it is coming

export function Log() {
  const { strings } = useSetting();
  const { entries, open, connection, erased, barred, settled, typing } = useTalk();
  const scroller = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const [missed, miss] = useState(false);
  const [goesOn, setGoesOn] = useState(false);
  const isAway = isUnmet(entries, connection) && !erased;
  const offered = new Set(onOffer(entries));
  const last = entries.at(-1);
  const toRate = rateable(entries);

  const follow = (calmly: boolean) => {
    follows.current = true;
    miss(false);
    lookAtLastTurn(scroller.current, calmly);
  };
  useLayoutEffect(() => follow(false), [open]);
  useLayoutEffect(() => {
    if (follows.current || last?.from === "visitor") follow(settled);
    else miss(true);
  }, [entries.length]);
  useLayoutEffect(() => {
    if (follows.current) lookAtLastTurn(scroller.current, true);
  }, [typing, last?.from === "visitor" && last.delivery]);
  useEffect(() => {
    const area = scroller.current;
    if (!area) return;
    const watch = new ResizeObserver((changes) => {
      if (follows.current && changes.some(({ target }) => target === area)) lookAtLastTurn(area, false);
      look();
    });
    for (const part of [area, ...area.children]) watch.observe(part);
    return () => watch.disconnect();
  }, [barred]);

  const leave = () => {
    follows.current = false;
  };
  const left = (area: HTMLElement) => area.scrollHeight - area.scrollTop - area.clientHeight;
  const look = () => {
    if (scroller.current) setGoesOn(left(scroller.current) > 24);
  };
  const scrolled = () => {
    const area = scroller.current;
    look();
    if (!area || left(area) > NEAR) return;
    follows.current = true;
    miss(false);
  };
  const on = () => scroller.current?.scrollBy({ top: scroller.current.clientHeight * 0.8, behavior: "smooth" });
  if (barred) {
    return (
      <div class="talk">
        <Barred />
      </div>
    );
  }
  return (
    <div class={goesOn ? "talk goes-on" : "talk"}>
      <div
        class="scroller"
        ref={scroller}
        onScroll={scrolled}
        onWheel={leave}
        onTouchMove={leave}
        onPointerDown={leave}
        onKeyDown={(event) => SCROLLING.test(event.key) && leave()}
        tabIndex={0}
        role="region"
        aria-label={strings.conversation}
      >
        {!erased && <Intro />}
        <div class="log column">
          {entries.map((entry) =>
            entry.from === "assistant" ? (
              <ReplyView key={entry.id} reply={entry} offered={offered.has(entry)} rateable={toRate.has(entry.id)} />
            ) : entry.from === "visitor" ? (
              <QuestionView key={entry.id} question={entry} isLast={entry === last} />
            ) : (
              <p key={entry.id} class="note">
                {strings.ended}
              </p>
            ),
          )}
        </div>
        {isAway && <Away />}
        {erased && <Erased />}
        <Choices />
        <Writing />
      </div>
      {missed ? (
        <button type="button" class="missed" onClick={() => follow(true)}>
          {strings.newMessages} <Icon name="below" />
        </button>
      ) : (
        goesOn && (
          <button type="button" class="missed on" tabIndex={-1} aria-label={strings.below} onClick={on}>
            <Icon name="below" />
          </button>
        )
      )}
    </div>
  );
}

function Writing() {
  const { options, strings } = useSetting();
  const { typing } = useTalk();
  const [late, show] = useState(false);
  useEffect(() => {
    show(false);
    if (!typing) return;
    const waiting = setTimeout(() => show(true), DOTS);
    return () => clearTimeout(waiting);
  }, [typing]);
  return (
    <div class="writing column" role="status" data-writing={typing}>
      {typing && late && (
        <>
          <i aria-hidden="true">
            <b />
            <b />
            <b />
          </i>
          <span class="unseen">{strings.writing(options.name)}</span>
        </>
      )}
    </div>
  );
}

/** Whether the assistant is away and never said anything here. */
export function isUnmet(entries: Entry[], connection: string): boolean {
  return connection === "lost" && !entries.some((entry) => entry.from === "assistant");
}

/** Shows the last question and what follows; of a long question only the end, so that the answer is in view. */
function lookAtLastTurn(area: HTMLElement | null, calmly: boolean): void {
  const questions = area?.querySelectorAll<HTMLElement>(".question");
  const last = questions?.[questions.length - 1];
  const still = !calmly || matchMedia("(prefers-reduced-motion: reduce)").matches;
  const top = area && last ? last.offsetTop - 12 + Math.max(0, last.offsetHeight - area.clientHeight * OWN_SHARE) : 0;
  area?.scrollTo({ top, behavior: still ? "instant" : "smooth" });
}

/** Where the visitor may say whether it helped: below the newest answer, below verdicts, and where it was said. */
function rateable(entries: Entry[]): Set<string> {
  const found = new Set<string>();
  const asked = new Set(entries.filter((entry) => entry.from === "visitor").map((entry) => entry.id));
  entries.forEach((entry, at) => {
    if (entry.from !== "assistant") return;
    const next = entries[at + 1];
    const endsTurn = next?.from !== "assistant" || next.turn !== entry.turn;
    const turn = entries.filter((one) => one.from === "assistant" && one.turn === entry.turn);
    const has = (type: string) => turn.some((one) => one.from === "assistant" && one.card?.type === type);
    const asks = has("progress") || has("summary") || isOfPerson(entry);
    if (entry.rating || (endsTurn && asked.has(entry.turn) && !asks && (!next || has("verdict")))) found.add(entry.id);
  });
  return found;
}
