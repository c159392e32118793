import type { Summary } from "../../talk/cards";
import { Line } from "../Prose";
import { useSetting } from "../setting";

/** What the assistant understood, each line to be changed as long as it is the last word. */
export function SummaryView({ card, offered }: { card: Summary; offered: boolean }) {
  const { talk, strings } = useSetting();
  return (
    <article class="body">
      <h3>
        <Line text={card.title} />
      </h3>
      <dl class="answers">
        {card.rows.map(({ label, value, payload }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <span dir="auto">{value}</span>
              {offered && payload && (
                <button
                  type="button"
                  class="edit"
                  aria-label={strings.changeOf(label)}
                  onClick={() => talk.choose(strings.changeOf(label), payload)}
                >
                  {strings.change}
                </button>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {card.question && (
        <p class="asks">
          <Line text={card.question} />
        </p>
      )}
    </article>
  );
}
