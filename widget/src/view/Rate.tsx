import type { Rating, Reply } from "../talk/messages";
import { Icon } from "./Icon";
import { useSetting } from "./setting";

export function Rate({ reply }: { reply: Reply }) {
  const { talk, strings } = useSetting();
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
    <div class="rate" role="group" aria-label={strings.helpful}>
      {thumb("up", strings.yes)}
      {thumb("down", strings.no)}
      <span role="status">{reply.rating ? strings.thanks : ""}</span>
    </div>
  );
}
