// What a screen reader is told of a new message: its words, or of a card what it comes to; and what may be answered. The
// talk itself is no live region, so that it can be read at one's own pace.

import { useEffect } from "preact/hooks";
import { spoken } from "../talk/spoken";
import { useSetting, useTalk } from "./setting";

const HEARD = 8000; // milliseconds after which nobody should come upon it a second time

export function Spoken() {
  const { talk, options, strings } = useSetting();
  const { news } = useTalk();
  useEffect(() => {
    if (!news.length) return;
    const waiting = setTimeout(() => talk.heard(), HEARD);
    return () => clearTimeout(waiting);
  }, [news, talk]);
  return (
    <div class="unseen" role="log" aria-live="polite">
      {news.map((reply) => (
        <p key={reply.id}>
          {strings.said(options.name)}
          {spoken(reply, strings)}
        </p>
      ))}
    </div>
  );
}
