import type { Level, Verdict } from "../../talk/cards";
import { Line } from "../Prose";
import { useSetting } from "../setting";

const STEPS: Record<Level, number> = { firm: 4, hedged: 3, conditional: 3, inferred: 2, default: 1, none: 0 };

export function VerdictView({ card }: { card: Verdict }) {
  const { strings } = useSetting();
  const { level, label } = card.strength;
  return (
    <article class="verdict">
      <div class="head">
        <p class="eyebrow">{strings.reading}</p>
        <h3>
          <Line text={card.title} />
        </h3>
        <p class="strength">
          <span class="steps" aria-hidden="true">
            {[1, 2, 3, 4].map((step) => (
              <i key={step} class={step <= STEPS[level] ? "on" : ""} />
            ))}
          </span>
          <span>{label ?? strings.strength[level]}</span>
        </p>
      </div>
      {card.reasons.length > 0 && (
        <div class="body">
          <h4>{strings.because}</h4>
          <ul>
            {card.reasons.map((reason) => (
              <li key={reason}>
                <Line text={reason} />
              </li>
            ))}
          </ul>
        </div>
      )}
      {card.source && (
        <p class="source">
          <Line text={card.source} />
        </p>
      )}
    </article>
  );
}
