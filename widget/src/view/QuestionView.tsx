import type { Question } from "../talk/messages";
import { useSetting, useTalk } from "./setting";

/** What the visitor said, and how far it came. */
export function QuestionView({ question, isLast }: { question: Question; isLast: boolean }) {
  const { words } = useSetting();
  return (
    <div class={`question ${question.delivery}`}>
      <div class="bubble" dir="auto">
        <span class="unseen">{words.said(words.you)}</span>
        {question.text}
      </div>
      <Delivery question={question} isLast={isLast} />
    </div>
  );
}

function Delivery({ question, isLast }: { question: Question; isLast: boolean }) {
  const { talk, words } = useSetting();
  const { connection, typing } = useTalk();
  if (question.delivery === "failed") {
    return (
      <div class="delivery problem" role="alert">
        <p>
          {words.notSent}. {question.problem}
        </p>
        <button type="button" class="quiet" onClick={() => talk.retry(question.id)}>
          {words.tryAgain}
        </button>
      </div>
    );
  }
  if (question.delivery === "waiting") {
    return <p class="delivery late">{connection === "lost" || !navigator.onLine ? words.queued : words.sending}</p>;
  }
  return isLast && !typing ? <p class="delivery late">{words.delivered}</p> : null;
}
