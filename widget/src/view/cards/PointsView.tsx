import type { Points } from "../../talk/cards";
import { Line } from "../Prose";

export function PointsView({ card }: { card: Points }) {
  return (
    <article class="body">
      <h3>
        <Line text={card.title} />
      </h3>
      <ul>
        {card.items.map((item) => (
          <li key={item}>
            <Line text={item} />
          </li>
        ))}
      </ul>
    </article>
  );
}
