import { onOffer } from "../talk/entries";
import { useSetting, useTalk } from "./setting";

/** How far the interview is, as long as its question is the last word. */
export function Progress() {
  const { strings } = useSetting();
  const { entries } = useTalk();
  const card = onOffer(entries)
    .map((entry) => entry.card)
    .findLast((one) => one?.type === "progress");
  if (card?.type !== "progress") return null;
  return (
    <div class="progress">
      <div class="column">
        <p>
          <strong dir="auto">{card.label}</strong>
        </p>
        <div
          class="track"
          role="progressbar"
          aria-label={strings.progress}
          aria-valuemin={0}
          aria-valuemax={card.of}
          aria-valuenow={card.step}
          aria-valuetext={card.label}
        >
          <div style={{ inlineSize: `${(100 * card.step) / card.of}%` }} />
        </div>
      </div>
    </div>
  );
}
