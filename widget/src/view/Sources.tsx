import { Prose } from "./Prose";
import { useSetting } from "./setting";

/** Where something is from, for those who want to know. */
export function Sources({ text }: { text: string }) {
  const { strings } = useSetting();
  return (
    <details class="sources">
      <summary>{strings.source}</summary>
      <Prose text={text} />
    </details>
  );
}
