"""The interview: reading answers, and going on to the next question that matters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import cards
from actions.advice import ADVISED_ON, give_advice, say_what_differs
from actions.company import Answers, answers_of, clauses, company_of, is_known, name_of, stated_in
from actions.notes import take_in
from actions.replies import amended
from actions.wording import wording
from advisor.interview import Question, open_questions, question_of, questions
from advisor.stakes import stakes_of

REQUESTED_SLOT = "requested_slot"
CONFIRMED = "confirmed"
REVISITED = "revisited"
"""The slot with the field whose answer the visitor wants to give anew: it is asked for before others."""

_RULES_NAMED = 3


class ContinueInterview(Action):
    """Asks the next question that matters; after the last one sums up, and then gives the advice."""

    def __init__(self) -> None:
        open_now({})  # the first look costs most of a second, which the first visitor need not wait for

    def name(self) -> str:
        return "action_continue_interview"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        answers = answers_of(tracker)
        events: list[dict[str, Any]] = []
        begins = False
        if not _in_a_form(tracker):
            begins = set(answers) <= set(stated_in(tracker))
            _, reply = reply_in(tracker)
            answers, events = take_in(dispatcher, domain, tracker, amended(reply, answers))
        question = next_question(tracker, answers)
        advised_on = tracker.get_slot(ADVISED_ON)
        asked_for = tracker.latest_message["intent"].get("name") == "ask_for_advice"
        if question and (asked_for or _in_a_form(tracker) or not _left_open(tracker, question, advised_on)):
            if begins:
                dispatcher.utter_message(text=wording(domain, "utter_interview_begins"))
            return [*events, FollowupAction(f"{question.part}_form")]
        if advised_on is None and not tracker.get_slot(CONFIRMED):
            return [*events, FollowupAction("confirmation_form")]
        if advised_on is None or (advised_on == answers and asked_for):
            return [*events, *give_advice(dispatcher, domain, answers)]
        if advised_on == answers and not stated_in(tracker):
            dispatcher.utter_message(response="utter_nothing_noted")
            return events
        return [*events, *say_what_differs(dispatcher, domain, advised_on, answers)]


def next_question(tracker: Tracker, answers: Answers, still_open: Sequence[Question] | None = None) -> Question | None:
    """The question that the visitor went back to, otherwise the first that matters, of those known to be open."""
    revisited = tracker.get_slot(REVISITED)
    if revisited:
        whole = question_of(revisited)
        fields = tuple(field for field in whole.fields if field not in answers)
        if fields:
            return Question(whole.part, fields)
    return next(iter(still_open if still_open is not None else open_questions(company_of(answers), answers)), None)


def _left_open(tracker: Tracker, question: Question, advised_on: Answers | None) -> bool:
    """Whether the advice was given with this question open: then nobody wants to be asked it for every new fact."""
    if advised_on is None or tracker.get_slot(REVISITED):
        return False
    open_then = open_questions(company_of(advised_on), advised_on)
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


def summary(domain: DomainDict, answers: Answers) -> str:
    """All that was told, a line each, and what stays open."""
    unanswered = [name_of(domain, field) for field, value in answers.items() if not is_known(value)]
    lines = [wording(domain, "utter_summary"), *(f"- {clause}" for clause in clauses(domain, answers))]
    if unanswered:
        lines.append(wording(domain, "utter_summary_open", unknown=", ".join(unanswered)))
    return "\n".join(lines)


def summary_card(domain: DomainDict, answers: Answers, question: str | None = None) -> cards.Card | None:
    """The same with each line to be changed; None where there is no line."""
    asked = {field for question in questions() for field in question.fields}
    left_open = wording(domain, "utter_card_left_open")
    rows = [
        cards.Row(
            wording(domain, f"utter_card_field_{field}"),
            " and ".join(said),
            f'/change_answer{{"change": "{field}"}}' if field in asked else None,
        )
        for field, value in answers.items()
        if (said := clauses(domain, {field: value}) or ([] if is_known(value) else [left_open]))
    ]
    return cards.summary(wording(domain, "utter_summary").rstrip(":"), rows, question) if rows else None


def without_it(domain: DomainDict, answers: Answers, question: Question) -> str:
    """What an answer that is not given costs."""
    lost = stakes_of(question, company_of(answers), answers).lost
    response = "utter_without_it_lost" if lost else "utter_without_it"
    return wording(domain, response, rules=rules_named(domain, lost))


def rules_named(domain: DomainDict, rules: tuple[str, ...]) -> str:
    """The first of some rules, in a few words each."""
    return "; ".join(wording(domain, f"utter_feeds_{rule}") for rule in rules[:_RULES_NAMED])


def reply_in(tracker: Tracker) -> tuple[str, dict[str, Any]]:
    """The part of the last message that may answer a question: what it is meant as, and what it names."""
    reply: dict[str, Any] = next((one["value"] for one in entities_of(tracker) if one["entity"] == "reply"), {})
    return reply.get("intent") or tracker.latest_message["intent"].get("name") or "", reply


def entities_of(tracker: Tracker) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tracker.latest_message["entities"]
    return found


def _in_a_form(tracker: Tracker) -> bool:
    """Whether this turn began inside a form: then the form has noted the message already."""
    return any(name.endswith("_form") for name in actions_of_turn(tracker))


def actions_of_turn(tracker: Tracker) -> list[str]:
    """The actions run since the visitor's last message."""
    names: list[str] = []
    for event in reversed(tracker.events):
        if event["event"] == "user":
            break
        if event["event"] == "action":
            names.append(event["name"])
    return names
