import type { Question } from "../talk/messages";
import { useSetting, useTalk } from "./setting";

/** What the visitor said, and how far it came. */
export function QuestionView({ question, isLast }: { question: Question; isLast: boolean }) {
  const { strings } = useSetting();
  return (
    <div class={`question ${question.delivery}`}>
      <div class="bubble" dir="auto">
        <span class="unseen">{strings.said(strings.you)}</span>
        {question.text}
      </div>
      <Delivery question={question} isLast={isLast} />
    </div>
  );
}

function Delivery({ question, isLast }: { question: Question; isLast: boolean }) {
  const { talk, strings } = useSetting();
  const { connection, typing } = useTalk();
  if (question.delivery === "failed") {
    return (
      <div class="delivery problem" role="alert">
        <p>
          {strings.notSent}. {question.problem}
        </p>
        <button type="button" class="quiet" onClick={() => talk.retry(question.id)}>
          {strings.tryAgain}
        </button>
      </div>
    );
  }
  if (question.delivery === "waiting") {
    return <p class="delivery late">{connection === "lost" || !navigator.onLine ? strings.queued : strings.sending}</p>;
  }
  return isLast && !typing ? <p class="delivery late">{strings.delivered}</p> : null;
}
