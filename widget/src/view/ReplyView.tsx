import { safeImage } from "../host/links";
import type { Reply } from "../talk/messages";
import { splitSource } from "../talk/sources";
import { CardView } from "./cards/CardView";
import { Picture } from "./Picture";
import { Prose } from "./Prose";
import { Rate } from "./Rate";
import { Sources } from "./Sources";
import { useSetting } from "./setting";

/** One message of the assistant. A card stands in the place of its text; progress is shown at the top instead. */
export function ReplyView({ reply, offered, rateable }: { reply: Reply; offered: boolean; rateable: boolean }) {
  const { options, strings } = useSetting();
  const card = reply.card?.type === "progress" ? undefined : reply.card;
  const image = reply.image && safeImage(reply.image.src, options.url);
  const { text, source } = splitSource(reply.text);
  if (card?.type === "held") return <p class="note">{card.text}</p>;
  const isEmpty = !card && !reply.text && !image;
  return (
    <div class="reply">
      {(card || text || image || isEmpty) && (
        <div class={card ? `card ${card.type}` : "bubble"} dir="auto">
          {card?.type !== "person" && (
            <span class="unseen" dir={strings.dir}>
              {strings.said(options.name)}
            </span>
          )}
          {card ? <CardView card={card} offered={offered} /> : <Prose text={isEmpty ? strings.notShown : text} />}
          {image && reply.image && <Picture src={image} alt={reply.image.alt} />}
        </div>
      )}
      {!card && source && <Sources text={source} />}
      {rateable && <Rate reply={reply} />}
    </div>
  );
}
