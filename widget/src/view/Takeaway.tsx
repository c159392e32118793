// Ways to take a verdict along.

import { useEffect, useState } from "preact/hooks";
import type { Verdict } from "../talk/cards";
import { Icon } from "./Icon";
import { type Paper, useSetting, useTalk } from "./setting";

export function Takeaway({ card }: { card: Verdict }) {
  const { options, strings, root, paper } = useSetting();
  const { entries } = useTalk();
  const [tools, have] = useState<Paper>();
  const [told, tell] = useState("");
  useEffect(() => void paper().then(have, () => undefined), [paper]);
  if (!tools) return null;

  const print = () => {
    const cards = entries.map((entry) => (entry.from === "assistant" ? entry.card : undefined));
    const answers = cards.findLast((one) => one?.type === "summary");
    tools.print(root, card, answers?.type === "summary" ? answers : undefined, options.name, strings);
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(tools.words(card, strings));
      tell(strings.copied);
    } catch {
      tell(strings.notCopied);
    }
  };
  return (
    <div class="takeaway">
      <button type="button" class="quiet" onClick={print}>
        <Icon name="print" /> {strings.print}
      </button>
      <button type="button" class="quiet" onClick={copy}>
        <Icon name="copy" /> {strings.copy}
      </button>
      <a class="quiet" href={tools.letter(card, strings)}>
        <Icon name="mail" /> {strings.email}
      </a>
      <span role="status">{told}</span>
    </div>
  );
}
