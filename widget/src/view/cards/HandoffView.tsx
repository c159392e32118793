import { safeLink } from "../../host/links";
import type { Action, Handoff } from "../../talk/cards";
import { Link } from "../Link";
import { Line, Prose } from "../Prose";
import { useSetting } from "../setting";

/** The way to a person. */
export function HandoffView({ card, offered }: { card: Handoff; offered: boolean }) {
  const ways = card.actions.filter(({ url, payload }) => safeLink(url) || (payload && offered));
  return (
    <article class="body handoff">
      <h3>
        <Line text={card.title} />
      </h3>
      <Prose text={card.text} />
      {ways.length > 0 && (
        <div class="ways">
          {ways.map((way, at) => (
            <Way key={way.title} way={way} look={at ? "quiet" : "plain"} />
          ))}
        </div>
      )}
    </article>
  );
}

function Way({ way, look }: { way: Action; look: string }) {
  const { talk } = useSetting();
  const { title, url, payload } = way;
  if (url && safeLink(url)) {
    return (
      <Link href={url} look={look}>
        {title}
      </Link>
    );
  }
  return (
    <button type="button" class={look} onClick={() => payload && talk.choose(title, payload)}>
      {title}
    </button>
  );
}
