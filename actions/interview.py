"""The interview: reading answers, and going on to the next question that matters."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions import cards
from actions.acknowledgement import record_facts
from actions.advice import give_advice, say_what_differs
from actions.company import Answers, clauses, company_of, is_known, name_of
from actions.turn import Events, Turn, TurnAction
from actions.wording import Wording
from advisor.impact import impact_of
from advisor.interview import Question, open_questions, question_of, questions
from assistant.nlu.answers import corrected_revenue

_RULES_NAMED = 3


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
        if not _in_a_form(turn):
            begins = set(answers) <= set(turn.stated)
            answers, events = record_facts(dispatcher, turn, corrected_revenue(turn.reply, answers))
        question = next_question(turn, answers)
        asked_for = turn.intent == "ask_for_advice"
        if question and (asked_for or _in_a_form(turn) or not _left_open(turn, question)):
            if begins:
                dispatcher.utter_message(text=turn.wording.text("utter_interview_begins"))
            return [*events, FollowupAction(f"{question.part}_form")]
        if turn.advised_on is None and not turn.confirmed:
            return [*events, FollowupAction("confirmation_form")]
        if turn.advised_on is None or (turn.advised_on == answers and asked_for):
            return [*events, *give_advice(dispatcher, turn.wording, answers)]
        if turn.advised_on == answers and not turn.stated:
            dispatcher.utter_message(response="utter_nothing_noted")
            return events
        return [*events, *say_what_differs(dispatcher, turn.wording, turn.advised_on, answers)]


def next_question(turn: Turn, answers: Answers, still_open: Sequence[Question] | None = None) -> Question | None:
    """The question that the visitor went back to, otherwise the first that matters, of those known to be open."""
    if turn.revisited:
        whole = question_of(turn.revisited)
        fields = tuple(field for field in whole.fields if field not in answers)
        if fields:
            return Question(whole.part, fields)
    return next(iter(still_open if still_open is not None else open_questions(company_of(answers), answers)), None)


def _left_open(turn: Turn, question: Question) -> bool:
    """Whether the advice was given with this question open: then nobody wants to be asked it for every new fact."""
    if turn.advised_on is None or turn.revisited:
        return False
    open_then = open_questions(company_of(turn.advised_on), turn.advised_on)
    return set(question.fields) <= {field for one in open_then for field in one.fields}


def open_now(answers: Answers) -> list[Question]:
    """The questions that are left at most."""
    return list(open_questions(company_of(answers), answers))


def left(answers: Answers) -> int:
    """How many they are."""
    return len(open_now(answers))


def asked_before(answers: Answers) -> int:
    """How many questions have an answer, whether they were asked or not."""
    return sum(any(field in answers for field in question.fields) for question in questions())


def summary(wording: Wording, answers: Answers) -> str:
    """All that was told, a line each, and what stays open."""
    unanswered = [name_of(wording, field) for field, value in answers.items() if not is_known(value)]
    lines = [wording.text("utter_summary"), *(f"- {clause}" for clause in clauses(wording, answers))]
    if unanswered:
        lines.append(wording.text("utter_summary_open", unknown=", ".join(unanswered)))
    return "\n".join(lines)


def summary_card(wording: Wording, answers: Answers, question: str | None = None) -> cards.Card | None:
    """The same with each line to be changed; None where there is no line."""
    asked = {field for question in questions() for field in question.fields}
    left_open = wording.text("utter_card_left_open")
    rows = [
        cards.Row(
            wording.text(f"utter_card_field_{field}"),
            " and ".join(said),
            f'/change_answer{{"change": "{field}"}}' if field in asked else None,
        )
        for field, value in answers.items()
        if (said := clauses(wording, {field: value}) or ([] if is_known(value) else [left_open]))
    ]
    return cards.summary(wording.text("utter_summary").rstrip(":"), rows, question) if rows else None


def skip_consequence(wording: Wording, answers: Answers, question: Question) -> str:
    """What an answer that is not given costs."""
    lost = impact_of(question, company_of(answers), answers).lost
    response = "utter_without_it_lost" if lost else "utter_without_it"
    return wording.text(response, rules=rules_named(wording, lost))


def rules_named(wording: Wording, rules: tuple[str, ...]) -> str:
    """The first of some rules, in a few words each."""
    return "; ".join(wording.text(f"utter_feeds_{rule}") for rule in rules[:_RULES_NAMED])


def _in_a_form(turn: Turn) -> bool:
    """Whether this turn began inside a form: then the form has noted the message already."""
    return any(name.endswith("_form") for name in turn.history.actions)
