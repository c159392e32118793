import type { Rating, Reply } from "../talk/messages";
import { Icon } from "./Icon";
import { useSetting } from "./setting";

export function Rate({ reply }: { reply: Reply }) {
  const { talk, words } = useSetting();
  const thumb = (value: NonNullable<Rating>, label: string) => (
    <button
      type="button"
      class="thumb"
      aria-label={label}
      aria-pressed={reply.rating === value}
      onClick={() => talk.rate(reply.id, reply.rating === value ? null : value)}
    >
      <Icon name={value} />
    </button>
  );
  return (
    <div class="rate" role="group" aria-label={words.helpful}>
      {thumb("up", words.yes)}
      {thumb("down", words.no)}
      <span role="status">{reply.rating ? words.thanks : ""}</span>
    </div>
  );
}
