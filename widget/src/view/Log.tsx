// What was said. The list itself is the live region; nothing else reads messages out.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { onOffer } from "../talk/entries";
import type { Entry } from "../talk/messages";
import { Away } from "./Away";
import { Choices } from "./Choices";
import { Erased } from "./Erased";
import { Icon } from "./Icon";
import { Intro } from "./Intro";
import { QuestionView } from "./QuestionView";
import { ReplyView } from "./ReplyView";
import { useSetting, useTalk } from "./setting";

const SCROLLING = /^(Arrow|Page|Home|End)/;
const NEAR = 96; // pixels from the end within which a reader follows the talk

export function Log() {
  const { strings } = useSetting();
  const { entries, open, connection, erased, settled, typing } = useTalk();
  const scroller = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const [missed, miss] = useState(false);
  const isAway = connection === "lost" && !entries.length && !erased;
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
    const watch = area && new ResizeObserver(() => follows.current && lookAtLastTurn(area, false));
    if (area) watch?.observe(area);
    return () => watch?.disconnect();
  }, []);

  const leave = () => {
    follows.current = false;
  };
  const scrolled = () => {
    const area = scroller.current;
    if (!area || area.scrollHeight - area.scrollTop - area.clientHeight > NEAR) return;
    follows.current = true;
    miss(false);
  };
  return (
    <div class="talk">
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
        <div class="log column" role="log" aria-label={strings.conversation} aria-live={settled ? "polite" : "off"}>
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
      {missed && (
        <button type="button" class="missed" onClick={() => follow(true)}>
          {strings.newMessages} <Icon name="below" />
        </button>
      )}
    </div>
  );
}

function Writing() {
  const { options, strings } = useSetting();
  const { typing } = useTalk();
  return (
    <div class="writing column" role="status">
      {typing && (
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

/** Shows the last question and all that follows; its beginning where there is not enough room. */
function lookAtLastTurn(area: HTMLElement | null, calmly: boolean): void {
  const questions = area?.querySelectorAll<HTMLElement>(".question");
  const last = questions?.[questions.length - 1];
  const still = !calmly || matchMedia("(prefers-reduced-motion: reduce)").matches;
  area?.scrollTo({ top: last ? last.offsetTop - 12 : 0, behavior: still ? "instant" : "smooth" });
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
    const asks = has("progress") || has("summary");
    if (entry.rating || (endsTurn && asked.has(entry.turn) && !asks && (!next || has("verdict")))) found.add(entry.id);
  });
  return found;
}
