import type { Person } from "../../talk/cards";
import { Prose } from "../Prose";
import { useSetting } from "../setting";

/** What a person of the firm says, under their name. */
export function PersonView({ card }: { card: Person }) {
  const { strings } = useSetting();
  return (
    <article class="body">
      <h3>{strings.inPerson(card.name)}</h3>
      <Prose text={card.text} />
    </article>
  );
}
