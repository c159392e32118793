"""The interview: reading answers, and going on to the next question that matters."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, ActiveLoop, AllSlotsReset, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.advice import give_advice
from actions.company import Answers, answers_of, clauses, company_of, stated_in
from actions.replies import read_reply
from actions.wording import wording
from advisor.interview import Question, open_questions, question_of

REQUESTED_SLOT = "requested_slot"
ANSWERING = {
    "answer", "choose", "affirm", "deny", "dont_know", "rather_not_say",
    "inform_company_size", "inform_tech_stack", "inform_ai_plans",
}  # fmt: skip
"""Intents that can only be meant as an answer while a question is open."""


class ContinueInterview(Action):
    """Starts the next part of the interview that has a question left, or gives the advice."""

    def name(self) -> str:
        return "action_continue_interview"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        answers = answers_of(tracker)
        question = next(open_questions(company_of(answers), answers), None)
        if not _in_a_form(tracker):
            stated = stated_in(tracker)
            _note(dispatcher, domain, tracker)
            if question and set(answers) <= set(stated):
                dispatcher.utter_message(response="utter_interview_begins")
        if question is None:
            give_advice(dispatcher, domain, answers)
            return []
        return [FollowupAction(f"{question.part}_form")]


class StartOver(Action):
    """Forgets the company."""

    def name(self) -> str:
        return "action_start_over"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        dispatcher.utter_message(response="utter_started_over")
        return [ActiveLoop(None), AllSlotsReset()]


class Stop(Action):
    """Leaves the interview and keeps what was said."""

    def name(self) -> str:
        return "action_stop"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        dispatcher.utter_message(response="utter_stopped")
        return [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]


class _AskPart:
    """What all parts of the interview share: take the answer in, then request the next field that matters."""

    part: str

    def name(self) -> str:
        return f"validate_{self.part}_form"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        answers = answers_of(tracker)
        events = self._take_in(dispatcher, tracker, domain, answers) if _is_a_reply(tracker) else []
        if any(event["event"] == "action_execution_rejected" for event in events):
            return events
        question = next(open_questions(company_of(answers), answers), None)
        if question is None or question.part != self.part:
            return [*events, SlotSet(REQUESTED_SLOT, None)]
        dispatcher.utter_message(response=_question_put(question))
        return [*events, SlotSet(REQUESTED_SLOT, question.fields[0])]

    def _take_in(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict, answers: Answers
    ) -> list[dict[str, Any]]:
        """Read the reply to the open question into the answers; a message that is none is left to the rules."""
        requested = tracker.get_slot(REQUESTED_SLOT)
        question = question_of(requested)
        given = _answer(tracker, question, answers)
        intent = tracker.latest_message["intent"].get("name")
        stated = stated_in(tracker)
        if not given and not (intent in ANSWERING or (stated and not _asks(tracker))):
            return [ActionExecutionRejected(f"{self.part}_form")]
        _note(dispatcher, domain, tracker)
        if not given and not stated and intent != "answer":
            _say_why_not(dispatcher, tracker)
        answers.update(given)
        # The requested slot is set in any case: Rasa takes a turn that sets none for one that is not about the form.
        return [SlotSet(field, value) for field, value in {requested: answers.get(requested), **given}.items()]


class AskCompanySize(_AskPart, Action):
    part = "company_size"


class AskTechStack(_AskPart, Action):
    part = "tech_stack"


class AskAiPlans(_AskPart, Action):
    part = "ai_plans"


class AskCtoReadiness(_AskPart, Action):
    part = "cto_readiness"


def _question_put(question: Question) -> str:
    """The words of a question; its first field is asked alone if some of the others have been answered already."""
    first, whole = question.fields[0], question_of(question.fields[0])
    alone = first == whole.fields[0] and len(question.fields) < len(whole.fields)
    return f"utter_question_{first}" + ("_alone" if alone else "")


def _asks(tracker: Tracker) -> bool:
    """Whether the message asks us something, whatever else it states; only one that does not can be a reply."""
    is_question = tracker.latest_message["intent"].get("name") in ("faq", "not_in_article")
    return is_question and all(entity["entity"] != "reply" for entity in tracker.latest_message["entities"])


def _answer(tracker: Tracker, question: Question, answers: Answers) -> Answers:
    """What a short reply answers of the fields that were open when it came, also those that it states by itself."""
    stated = stated_in(tracker)
    open_fields = [field for field in question.fields if field not in answers or field in stated]
    entities = tracker.latest_message["entities"]
    reply: dict[str, Any] = next((entity["value"] for entity in entities if entity["entity"] == "reply"), {})
    return read_reply(tracker.latest_message["intent"].get("name") or "", reply, open_fields)


def _say_why_not(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    unclear = [
        entity["value"] for entity in tracker.latest_message["entities"] if entity["entity"] == "unclear_revenue"
    ]
    if unclear:
        dispatcher.utter_message(response="utter_revenue_unclear", said=unclear[0])
    else:
        dispatcher.utter_message(response="utter_not_an_answer")


def _note(dispatcher: CollectingDispatcher, domain: DomainDict, tracker: Tracker) -> None:
    """Say back what a message in the visitor's own words was understood to state."""
    said = clauses(domain, stated_in(tracker))
    if said:
        dispatcher.utter_message(text=wording(domain, "utter_noted", facts="; ".join(said)))


def _is_a_reply(tracker: Tracker) -> bool:
    """Whether the form is asked about a message just in, and not started or come back to after something else."""
    return bool(tracker.get_slot(REQUESTED_SLOT)) and all(name.endswith("_form") for name in _actions_of_turn(tracker))


def _in_a_form(tracker: Tracker) -> bool:
    """Whether this turn began inside a form: then the form has noted the message already."""
    return any(name.endswith("_form") for name in _actions_of_turn(tracker))


def _actions_of_turn(tracker: Tracker) -> list[str]:
    """The actions run since the visitor's last message."""
    names: list[str] = []
    for event in reversed(tracker.events):
        if event["event"] == "user":
            break
        if event["event"] == "action":
            names.append(event["name"])
    return names
