import { useEffect, useState } from "preact/hooks";
import { safeLink } from "../../host/links";
import type { Action, Handoff, Verdict } from "../../talk/cards";
import { Link } from "../Link";
import { Offer } from "../Offer";
import { Line, Prose } from "../Prose";
import { useSetting, useTalk } from "../setting";

/** The way to a person: the assistant's own, or the contact that the page gave. */
export function HandoffView({ card, offered }: { card: Handoff; offered: boolean }) {
  const { strings } = useSetting();
  const contact = useContact();
  const own = card.actions.filter(({ url, payload }) => safeLink(url) || (payload && offered));
  const isLinked = own.some(({ url }) => safeLink(url));
  const ways =
    isLinked || !contact ? own : [{ title: strings.launcher.contact, url: contact, payload: undefined }, ...own];
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
  const { title, url, payload } = way;
  if (url && safeLink(url)) {
    return (
      <Link href={url} look={look}>
        {title}
      </Link>
    );
  }
  return <Offer title={title} payload={payload ?? ""} look={look} />;
}

/** The page's contact; a mail to it carries the verdict. */
function useContact(): string | null {
  const { options, strings, paper } = useSetting();
  const { entries } = useTalk();
  const contact = safeLink(options.contact, location.href);
  const [address, write] = useState(contact);
  const verdict = entries
    .map((entry) => (entry.from === "assistant" ? entry.card : undefined))
    .findLast((card): card is Verdict => card?.type === "verdict");
  useEffect(() => {
    if (!contact?.startsWith("mailto:") || !verdict) return;
    void paper().then(
      ({ letter }) => write(letter(verdict, strings, contact)),
      () => undefined,
    );
  }, [contact, verdict, strings, paper]);
  return address;
}
