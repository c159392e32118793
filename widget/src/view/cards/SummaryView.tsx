import type { Summary } from "../../talk/cards";
import { Line } from "../Prose";

/** What the assistant understood. As long as its question is open, it stands below, with the buttons. */
export function SummaryView({ card, offered }: { card: Summary; offered: boolean }) {
  return (
    <article class="body">
      <h3>
        <Line text={card.title} />
      </h3>
      <dl class="answers">
        {card.rows.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <span dir="auto">{value}</span>
            </dd>
          </div>
        ))}
      </dl>
      {card.question && !offered && (
        <p class="asks">
          <Line text={card.question} />
        </p>
      )}
    </article>
  );
}
