// The answers that the assistant suggests to its last question. They go once something was answered.

import { useRef } from "preact/hooks";
import { onOffer } from "../talk/entries";
import { Offer } from "./Offer";
import { Line } from "./Prose";
import { Several } from "./Several";
import { useSetting, useTalk } from "./setting";

const PINNED = 3; // buttons that may stand over the talk

export function Choices() {
  const { strings } = useSetting();
  const { entries } = useTalk();
  const group = useRef<HTMLDivElement>(null);
  const offer = onOffer(entries);
  const { id, buttons } = offer.findLast((entry) => entry.buttons.length > 0) ?? { id: "", buttons: [] };
  const cards = offer.map(({ card }) => card);
  const several = cards.findLast((card) => card?.type === "progress")?.several ?? [];
  const question = buttons.length > 0 && cards.findLast((card) => card?.type === "summary")?.question;
  const leads = question || offer[0] === entries[0]; // the greeting has one, too
  const beside = question && buttons.length > PINNED ? 1 : 0;

  // The button goes away; whoever uses a keyboard stays where the next ones will be.
  const stay = () => group.current?.focus({ preventScroll: true });
  const offers = buttons.map(({ title, payload }, at) => (
    <Offer
      key={`${id} ${at}`}
      title={title}
      payload={payload}
      look={`choice${leads && !at ? " first" : ""}${strings.skips.test(title) ? " skip" : ""}`}
      onChoose={stay}
    />
  ));
  return (
    <>
      {beside > 0 && <div class="choices column">{offers.slice(beside)}</div>}
      <div
        class={question ? "choices column pinned" : "choices column"}
        role="group"
        aria-label={strings.suggestions}
        tabIndex={-1}
        ref={group}
      >
        {question && (
          <p>
            <Line text={question} />
          </p>
        )}
        {several.length > 0 && <Several key={id} labels={several} onSend={stay} />}
        {beside ? offers.slice(0, beside) : offers}
      </div>
    </>
  );
}
