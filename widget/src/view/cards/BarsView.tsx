// Ranges, drawn to one scale within a group. It is a table, so that it can be read without seeing the bars.

import type { Bar, Bars } from "../../talk/cards";
import { Line } from "../Prose";
import { useSetting } from "../setting";

export function BarsView({ card }: { card: Bars }) {
  return (
    <article class="body">
      <h3>
        <Line text={card.title} />
      </h3>
      {card.groups.map(({ unit, items }) => (
        <Group key={unit} unit={unit} items={items} />
      ))}
      {card.notes.map((note) => (
        <p key={note} class="source">
          <Line text={note} />
        </p>
      ))}
    </article>
  );
}

// The roles are said again because a table that is laid out as blocks loses them in some browsers.
function Group({ unit, items }: { unit: string; items: Bar[] }) {
  const { strings } = useSetting();
  const most = Math.max(...items.map((bar) => (bar.openEnded ? bar.high * 1.15 : bar.high))) || 1;
  return (
    <table class="bars" role="table">
      <caption>{unit}</caption>
      <thead class="unseen" role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">
            {strings.item}
          </th>
          <th scope="col" role="columnheader">
            {strings.range}
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {items.map((bar) => (
          <tr key={bar.label} role="row">
            <th scope="row" role="rowheader">
              {bar.label}
            </th>
            <td role="cell">
              <span>{bar.text}</span>
              {items.length > 1 && <Track bar={bar} most={most} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Track({ bar, most }: { bar: Bar; most: number }) {
  const end = bar.openEnded ? most : bar.high;
  const [from, length] = [(100 * bar.low) / most, (100 * (end - bar.low)) / most];
  return (
    <span class="track" aria-hidden="true">
      <span
        class={bar.openEnded ? "open" : ""}
        style={{ insetInlineStart: `${from}%`, inlineSize: `${Math.max(2, length)}%` }}
      />
    </span>
  );
}
