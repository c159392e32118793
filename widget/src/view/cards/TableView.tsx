import type { Table } from "../../talk/cards";
import { Line, Prose } from "../Prose";
import { Sources } from "../Sources";
import { useSetting } from "../setting";

/** A comparison and what it comes to. In a narrow panel each row's name stands above its cells. */
export function TableView({ card }: { card: Table }) {
  const { strings } = useSetting();
  const [corner = strings.item, ...columns] = headings(card);
  return (
    <article class="body">
      <h3>
        <Line text={card.title} />
      </h3>
      <table
        class="comparison"
        role="table"
        aria-label={card.title.replaceAll("**", "")}
        style={{ "--cells": columns.length }}
      >
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader" class="unseen">
              {corner}
            </th>
            {columns.map((column) => (
              <th key={column} scope="col" role="columnheader">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {card.rows.map(({ label, cells }) => (
            <tr key={label} role="row">
              <th scope="row" role="rowheader">
                {label}
              </th>
              {cells.map((cell, at) => (
                <td key={at} role="cell">
                  <Line text={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {card.text && <Prose text={card.text} />}
      {card.source && <Sources text={card.source} />}
    </article>
  );
}

/** The first column may have a heading of its own. */
function headings({ columns, rows }: Table): (string | undefined)[] {
  const cells = Math.max(...rows.map((row) => row.cells.length));
  return columns.length > cells ? columns : [undefined, ...columns];
}
