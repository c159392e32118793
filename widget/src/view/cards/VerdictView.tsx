// The recommendation: what to do, how firm that is, why, and what would change it. It can be taken along.

import type { Item, Level, Section, Verdict } from "../../talk/cards";
import { Offer } from "../Offer";
import { Line } from "../Prose";
import { Sources } from "../Sources";
import { useSetting } from "../setting";
import { Takeaway } from "../Takeaway";

const STEPS: Record<Level, number> = { firm: 4, hedged: 3, conditional: 3, inferred: 2, default: 1, none: 0 };

export function VerdictView({ card, offered }: { card: Verdict; offered: boolean }) {
  const { strings } = useSetting();
  const { level, label } = card.strength;
  return (
    <article class="recommendation">
      <div class="head">
        <p class="eyebrow">
          <span>{strings.reading}</span>
          <span>{card.date}</span>
        </p>
        <h3>
          <Line text={card.title} />
        </h3>
        <p class="strength">
          <span class="steps" aria-hidden="true">
            {[1, 2, 3, 4].map((step) => (
              <i key={step} class={step <= STEPS[level] ? "on" : ""} />
            ))}
          </span>
          <span class="unseen">{strings.firmness}: </span>
          <strong>{label ?? strings.strength[level]}</strong>
        </p>
      </div>
      {card.sections.map((section) => (
        <SectionView key={section.title} section={section} offered={offered} />
      ))}
      {card.source && <Sources text={card.source} />}
      {card.disclosure && (
        <p class="disclosure">
          <Line text={card.disclosure} />
        </p>
      )}
      <Takeaway card={card} />
    </article>
  );
}

function SectionView({ section, offered }: { section: Section; offered: boolean }) {
  const { title, items, folded } = section;
  const content = <Items items={items} offered={offered} />;
  if (folded) {
    return (
      <details class="section">
        <summary>{title}</summary>
        {content}
      </details>
    );
  }
  return (
    <section class="section">
      <h4>{title}</h4>
      {content}
    </section>
  );
}

function Items({ items, offered }: { items: Item[]; offered: boolean }) {
  const labeled = items.filter(({ label, payload }) => label && !payload);
  const others = items.filter((item) => !labeled.includes(item));
  return (
    <>
      {labeled.length > 0 && (
        <dl class="strip">
          {labeled.map(({ label, text }) => (
            <div key={text}>
              <dt>{label}</dt>
              <dd>
                <Line text={text} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {others.length > 0 && (
        <ul class={others.some(({ payload }) => payload) ? "rows" : items.length > 1 ? "" : "alone"}>
          {others.map((item) => (
            <li key={item.text}>
              {item.payload && offered ? (
                <Offer title={item.text.replaceAll("**", "")} payload={item.payload} look="row">
                  <Words item={item} />
                </Offer>
              ) : (
                <Words item={item} />
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Words({ item }: { item: Item }) {
  return (
    <span>
      {item.label && <strong>{item.label} </strong>}
      <Line text={item.text} />
    </span>
  );
}
