import type { Summary } from "../../talk/cards";
import { Offer } from "../Offer";
import { Line } from "../Prose";
import { useSetting } from "../setting";

/** What the assistant understood, each line to be changed as long as it is the last word. Its question stands below. */
export function SummaryView({ card, offered }: { card: Summary; offered: boolean }) {
  const { strings } = useSetting();
  const groups = [...new Set(card.rows.map(({ group }) => group))];
  return (
    <article class="body">
      <h3>
        <Line text={card.title} />
      </h3>
      {groups.map((group) => (
        <section key={group}>
          {group && <h4>{group}</h4>}
          <dl class="answers">
            {card.rows
              .filter((row) => row.group === group)
              .map(({ label, value, payload }) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>
                    <span dir="auto">{value}</span>
                    {offered && payload && (
                      <Offer title={strings.change} payload={payload} look="edit" label={strings.changeOf(label)} />
                    )}
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
      {card.question && !offered && (
        <p class="asks">
          <Line text={card.question} />
        </p>
      )}
    </article>
  );
}
