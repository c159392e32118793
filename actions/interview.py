"""The interview: reading answers, and going on to the next question that matters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.acknowledgement import MUCH, in_short, record_facts
from actions.advice import HIRES, deciding, is_settled, so_far
from actions.company import Answers, company_of
from actions.turn import ASKING, WHICH, Events, Turn, TurnAction, asks_something, quotes_after
from actions.verdict import (
    give_advice,
    headline,
    leaning,
    say_that_it_stands,
    say_that_some_is_open,
    say_what_differs,
)
from actions.wording import Wording, join_topic, split_topic
from advisor.advice import advise
from advisor.decision import contradictions
from advisor.fields import fields
from advisor.interview import Question, open_questions, question_of, questions

_SENTENCES = re.compile(r"(?<=\.) ")
_NONPROFIT = "nonprofit"
"""For whom the advice is not written: see data/conversation/limits.yml."""
_ANSWERED_BY_ADVICE = (*WHICH, "start", "definition")
"""Aspects that the recommendation, or the question that leads to it, answers along."""
_PLAIN = ("business", "revenue_band", "headcount", "leadership")
"""Fields that say what kind of company it is."""
_A_SENTENCE = 5  # words: less may be an amount of anything
_ASKS_FOR_HELP = re.compile(r"\b(?:can|could|would|will) you (?:please )?(?:help|do|tell|work out|walk)\b", re.I)
_GO_ON = re.compile(r"^/|\b(?:questions?|interview|ask me|go on|continue|go ahead)\b", re.I)


class ContinueInterview(TurnAction):
    """Asks the next question that matters; after the last one sums up, and then gives the advice."""

    def __init__(self) -> None:
        open_now({})  # the first look costs most of a second, which the first visitor need not wait for

    def name(self) -> str:
        return "action_continue_interview"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        answers = turn.answers
        events: Events = []
        begins = False
        asked_for = turn.intent in ASKING
        if not _in_a_form(turn):
            begins = set(answers) <= set(turn.stated)
            given = reply_to_offer(turn) or turn.reply.corrected_revenue(answers) or _told_unasked(turn, answers)
            begins = begins or set(answers) <= {*given}
            leans = asked_for and so_far(turn.wording, {**answers, **given})  # which says what it rests on
            answers, events = record_facts(dispatcher, turn, given, aside=bool(leans))
        noted = len(dispatcher.messages)
        for line in _missing_besides(turn) if not turn.form and asked_for else ():
            dispatcher.utter_message(text=line)
        question = next_question(turn, answers)
        quotes = quotes_after(turn, events)
        before = turn.advised_on
        if asked_for and before is not None and before != answers:  # "we do have developers. Does that change it?"
            return [*events, *say_what_differs(dispatcher, turn.wording, before, answers, quotes)]
        if question and asked_for and turn.form and so_far(turn.wording, answers) and not _GO_ON.search(turn.text):
            return [*events, FollowupAction("action_advise_now")]  # "so what do you recommend?"
        told_much = not turn.form and len(turn.stated) >= MUCH and turn.advised_on is None
        if question and asked_for and is_settled(answers) and (told_much or _in_a_form(turn)):  # which noted it already
            say_that_some_is_open(dispatcher, turn.wording, answers)
            return [*events, *give_advice(dispatcher, turn.wording, answers, quotes)]
        if asked_for and before is not None and not turn.form and not _GO_ON.search(turn.text):
            if headline(turn.wording, company_of(answers), advise(company_of(answers))) in turn.history.said_before:
                say_that_it_stands(dispatcher, turn.wording, answers)
                return events
            return [*events, *give_advice(dispatcher, turn.wording, answers, quotes)]  # "so who do we hire?"
        if question and (asked_for or _in_a_form(turn) or not _left_open(turn, question)):
            if begins or (asked_for and turn.form):
                _open(dispatcher, turn, answers)
                for line in _answers_besides(turn, answers) if asked_for else ():
                    dispatcher.utter_message(text=line)
                if asked_for:  # which is answered before what was told is said back
                    dispatcher.messages = [*dispatcher.messages[noted:], *dispatcher.messages[:noted]]
            return [*events, FollowupAction(f"{question.part}_form")]
        if turn.advised_on is None and not turn.confirmed and _needs_confirming(turn, answers, asked_for=asked_for):
            return [*events, FollowupAction("confirmation_form")]
        if turn.advised_on is None or (turn.advised_on == answers and asked_for):
            return [*events, *give_advice(dispatcher, turn.wording, answers, quotes)]
        if turn.advised_on == answers and not turn.stated:
            dispatcher.utter_message(response="utter_nothing_noted")
            return events
        return [*events, *say_what_differs(dispatcher, turn.wording, turn.advised_on, answers, quotes)]


def _missing_besides(turn: Turn) -> list[str]:
    """What a message that asks for advice asks for besides, and the article does not have."""
    besides = [topic for topic in turn.topics if topic.startswith("not_in_article/")]
    cells = (turn.wording.cell(topic, asked=turn.text) for topic in besides)
    said = [_SENTENCES.split(cell.text)[0] for cell in cells if cell]
    if not said and _NONPROFIT in turn.limits:
        said = [turn.wording.text(f"utter_limit/{_NONPROFIT}")]
    return [*said, *([turn.wording.text("utter_unplaced", part=turn.unplaced)] if turn.unplaced else [])]


def _answers_besides(turn: Turn, answers: Answers) -> list[str]:
    """What a message that asks for advice asks for besides, in short: "do we need one, and what would they do?"."""
    hire = HIRES.get(advise(company_of(answers)).role)
    either = hire if hire in ("caio", "cto") else None
    cells = []
    for topic in turn.topics:
        intent, aspect, role, engagement = split_topic(topic)
        if intent == "faq" and aspect not in _ANSWERED_BY_ADVICE:
            cells.append(turn.wording.cell(join_topic(topic, role or either, engagement), answers=answers))
    return [cell.short for cell in cells if cell][:1]


def _open(dispatcher: CollectingDispatcher, turn: Turn, answers: Answers) -> None:
    """Answer "which one do we need?" as far as the answers go, before the questions that decide."""
    plain = {field: value for field, value in turn.stated.items() if field in _PLAIN}
    told = in_short(turn, plain) if turn.intent in ASKING else ""  # other reasons are said as such
    if lean := leaning(turn.wording, answers, told):
        dispatcher.utter_message(text=" ".join([*rather_another(turn, answers), lean]))
    elif _answers_offer(turn):
        dispatcher.utter_message(text=turn.wording.text("utter_interview_goes_on", left=likely_left(answers)))
    elif not turn.form:
        text = turn.wording.fitting("utter_interview_begins", answers, left=likely_left(answers))
        gladly = [turn.wording.text("utter_gladly")] if _ASKS_FOR_HELP.search(turn.text) else []
        dispatcher.utter_message(text=" ".join([*gladly, text]))
    elif named := deciding(turn.wording, company_of(answers)):
        dispatcher.utter_message(text=turn.wording.fitting("utter_too_little_yet", answers, deciding=named))


def rather_another(turn: Turn, answers: Answers) -> list[str]:
    """A first sentence for a visitor who asks whether one role is needed where the answers point to the other."""
    hire = HIRES.get(advise(company_of(answers)).role)
    other = hire in ("caio", "cto") and turn.role in ("caio", "cto") and hire != turn.role
    return [turn.wording.text(f"utter_rather_not_{turn.role}")] if other and asks_something(turn.text) else []


def _answers_offer(turn: Turn) -> bool:
    """Whether a message answers the question that our last answer closed with."""
    return not turn.form and turn.history.offer[0] == "answer" and bool(turn.stated or reply_to_offer(turn))


def reply_to_offer(turn: Turn, *, doubtful: bool = False) -> Answers:
    """What a message answers of the question that our last answer closed with, outside the interview.

    Args:
        turn: the message.
        doubtful: whether it may be something else, so that it has to be clear.
    """
    intent, values = turn.history.offer
    if turn.form or turn.by_button or intent != "answer":
        return {}
    asked = tuple(field for field in values if field in fields() and field not in turn.answers)
    return turn.reply.answers(turn.reply_intent, asked, doubtful=doubtful) if asked else {}


def _told_unasked(turn: Turn, answers: Answers) -> Answers:
    """What a description says beyond the facts that are beyond doubt, beside the next question.

    It answers that question too, clearly unless it was asked already and something else put it off.
    """
    question = next_question(turn, answers)
    if turn.by_button or question is None or not turn.intent.startswith("inform_") or asks_something(turn.text):
        return {}
    was_asked = turn.history.questions_asked[:1] == question.fields[:1]
    clear = was_asked or len(turn.text.split()) >= _A_SENTENCE
    answered = turn.reply.answers(turn.intent, question.fields, doubtful=not was_asked) if clear else {}
    return {**turn.reply.beside(question.fields), **answered}


def _needs_confirming(turn: Turn, answers: Answers, *, asked_for: bool) -> bool:
    """Whether the summary comes before the verdict.

    Buttons leave no doubt, unless they contradict each other; and a visitor who asks for the verdict gets it.
    """
    return (turn.history.told_in_words and not asked_for) or bool(contradictions(company_of(answers)))


def next_question(turn: Turn, answers: Answers, still_open: Sequence[Question] | None = None) -> Question | None:
    """The question that the visitor went back to, otherwise the first that matters, of those known to be open."""
    left = still_open if still_open is not None else list(open_questions(company_of(answers), answers))
    if turn.revisited:
        whole = question_of(turn.revisited)
        wanted = whole.fields if turn.revisited == whole.fields[0] else (turn.revisited,)
        fields = tuple(field for field in wanted if field not in answers)
        if fields:
            return next((one for one in left if {*one.fields} <= {*fields}), Question(whole.part, fields))
    return next(iter(left), None)


def _left_open(turn: Turn, question: Question) -> bool:
    """Whether the advice was given with this question open: then nobody wants to be asked it for every new fact."""
    if turn.advised_on is None or turn.revisited in question.fields:
        return False
    open_then = open_questions(company_of(turn.advised_on), turn.advised_on)
    return set(question.fields) <= {field for one in open_then for field in one.fields}


def open_now(answers: Answers) -> list[Question]:
    """The questions that are left at most."""
    return list(open_questions(company_of(answers), answers))


def ready_now(answers: Answers) -> list[Question]:
    """The questions that are left and do not wait for another answer."""
    declared = fields()
    return [
        question
        for question in open_now(answers)
        if all(
            answers.get(ground) in values
            for field in question.fields
            for ground, values in declared[field].depends_on.items()
        )
    ]


def likely_left(answers: Answers) -> int:
    """How many questions are likely to be asked yet."""
    return len(ready_now(answers))


def asked_before(answers: Answers) -> int:
    """How many questions have an answer, whether they were asked or not."""
    return sum(any(field in answers for field in question.fields) for question in questions())


def _in_a_form(turn: Turn) -> bool:
    """Whether this turn began inside a form: then the form has noted the message already."""
    return any(name.endswith("_form") for name in turn.history.actions)


def response_of(wording: Wording, question: Question) -> str:
    """The response that asks for a question's first field, and for nothing that has an answer already."""
    response = f"utter_question_{question.fields[0]}"
    return response if wording.asked_by(response) <= set(question.fields) else f"{response}_alone"


def reason_of(wording: Wording, question: Question) -> str:
    """The response that says why a question is asked."""
    response = f"utter_why_{question.fields[0]}"
    return response if response in wording else f"utter_why_{question_of(question.fields[0]).fields[0]}"
