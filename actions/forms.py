"""The forms of the interview: each puts the questions of its part, and reads what comes as an answer."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import cards
from actions.company import Answers, answers_of, stated_in
from actions.faq import answer_topics, say_missed, topics_asked
from actions.interview import (
    CONFIRMED,
    REQUESTED_SLOT,
    actions_of_turn,
    asked_before,
    entities_of,
    next_question,
    open_now,
    reply_in,
    summary,
    summary_card,
    without_it,
)
from actions.notes import take_in
from actions.replies import LEFT_OPEN, amended, read_reply
from actions.wording import buttons, wording
from advisor.company import UNANSWERED
from advisor.interview import Question, question_of

ANSWERING = {
    "answer", "choose", "affirm", "deny", "dont_know", "rather_not_say", "skip",
    "inform_company_size", "inform_tech_stack", "inform_ai_plans",
}  # fmt: skip
"""Intents that can only be meant as an answer while a question is open."""

OPEN_TO_FACTS = {
    *("faq", "not_in_article", "ask_for_advice", "nlu_fallback", "out_of_scope"),
    *("greet", "thank", "help", "complain", "change_answer"),
}
"""Intents that a message which states facts may be taken for; others ask for something of their own."""


class _Form:
    """What all forms share: take the answer in, or leave a message that is none to the rules."""

    part: str

    def name(self) -> str:
        return f"validate_{self.part}_form"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        answers = answers_of(tracker)
        events: list[dict[str, Any]] = []
        given: Answers = {}
        requested = tracker.get_slot(REQUESTED_SLOT)
        if requested and _is_a_reply(tracker):
            given = self.read(tracker, requested, answers)
            intent = tracker.latest_message["intent"].get("name")
            stated = stated_in(tracker)
            if not given and not (intent in ANSWERING or (stated and intent in OPEN_TO_FACTS)):
                return [ActionExecutionRejected(f"{self.part}_form")]
            if given and intent in LEFT_OPEN and set(given.values()) <= UNANSWERED:
                say_left_open(dispatcher, domain, answers, question_of(requested), intent)
            facts = {field: value for field, value in given.items() if field != CONFIRMED}
            answers, events = take_in(dispatcher, domain, tracker, facts)
            topics = topics_asked(tracker) if _asks_besides(tracker) or not given else []
            if topics:
                events += answer_topics(dispatcher, domain, tracker, topics)
            elif not given and not stated and intent != "answer":
                _say_why_not(dispatcher, tracker, domain)
            # The requested slot is set in any case: a turn that sets none is taken for one that leaves the form alone.
            events = [SlotSet(requested, given.get(requested, tracker.get_slot(requested))), *events]
        if CONFIRMED in given:
            return [*events, SlotSet(REQUESTED_SLOT, None)]
        return [*events, *self.ask(dispatcher, tracker, domain, answers)]

    def read(self, tracker: Tracker, requested: str, answers: Answers) -> Answers:
        """What a short reply answers of the fields that were open when it came, also those that it states by itself."""
        stated = stated_in(tracker)
        fields = [field for field in question_of(requested).fields if field not in answers or field in stated]
        intent, reply = reply_in(tracker)
        return read_reply(intent, reply, fields) or amended(reply, answers)

    def ask(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict, answers: Answers
    ) -> list[dict[str, Any]]:
        """Put the next question of this part; without one the form is done."""
        still_open = open_now(answers)
        question = next_question(tracker, answers, still_open)
        if question is None or question.part != self.part:
            return [SlotSet(REQUESTED_SLOT, None)]
        response = _question_put(question)
        number = len(still_open)
        text = f"{wording(domain, response)} {wording(domain, _progress(number), left=number - 1)}"
        card = cards.progress(domain, asked_before(answers), number)
        dispatcher.utter_message(text=text, buttons=buttons(domain, response), json_message=card)
        return [SlotSet(REQUESTED_SLOT, question.fields[0])]


class AskCompanySize(_Form, Action):
    part = "company_size"


class AskTechStack(_Form, Action):
    part = "tech_stack"


class AskAiPlans(_Form, Action):
    part = "ai_plans"


class AskCtoReadiness(_Form, Action):
    part = "cto_readiness"


class AskConfirmation(_Form, Action):
    """Sums up what was understood, before anything is made of it."""

    part = "confirmation"

    def read(self, tracker: Tracker, requested: str, answers: Answers) -> Answers:
        """A yes is all that can be given here; what states a fact is a correction."""
        intent, reply = reply_in(tracker)
        says_yes = intent == "affirm" or any(entity["entity"] == CONFIRMED for entity in entities_of(tracker))
        return {CONFIRMED: True} if says_yes and not stated_in(tracker) else amended(reply, answers)

    def ask(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict, answers: Answers
    ) -> list[dict[str, Any]]:
        """Put the summary, unless it was confirmed or a correction opened another question."""
        if tracker.get_slot(CONFIRMED) or next_question(tracker, answers):
            return [SlotSet(REQUESTED_SLOT, None)]
        question = wording(domain, "utter_confirm")
        text = "\n".join([summary(domain, answers), question])
        card = summary_card(domain, answers, question)
        dispatcher.utter_message(text=text, buttons=buttons(domain, "utter_confirm"), json_message=card)
        return [SlotSet(REQUESTED_SLOT, CONFIRMED)]


def say_left_open(
    dispatcher: CollectingDispatcher, domain: DomainDict, answers: Answers, whole: Question, intent: str
) -> None:
    """Take note that a question stays open, and say what follows from that."""
    question = Question(whole.part, tuple(field for field in whole.fields if field not in answers))
    text = f"{wording(domain, f'utter_left_open_{intent}')} {without_it(domain, answers, question)}"
    dispatcher.utter_message(text=text)


def _asks_besides(tracker: Tracker) -> bool:
    """Whether the message asks something beside what answers us; a message of one part is an answer or a question."""
    _, reply = reply_in(tracker)
    return "intent" in reply or any(entity["entity"] == "topic" for entity in entities_of(tracker))


def _question_put(question: Question) -> str:
    """The words of a question; its first field is asked alone if some of the others have been answered already."""
    first, whole = question.fields[0], question_of(question.fields[0])
    alone = first == whole.fields[0] and len(question.fields) < len(whole.fields)
    return f"utter_question_{first}" + ("_alone" if alone else "")


def _progress(number: int) -> str:
    return "utter_progress_last" if number <= 1 else "utter_progress"


def _say_why_not(dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> None:
    unclear = [entity["value"] for entity in entities_of(tracker) if entity["entity"] == "unclear_revenue"]
    if unclear:
        dispatcher.utter_message(response="utter_revenue_unclear", said=unclear[0])
    elif tracker.get_slot(REQUESTED_SLOT) == CONFIRMED:
        dispatcher.utter_message(response="utter_what_to_change")
    else:
        say_missed(dispatcher, tracker, "utter_not_an_answer")


def _is_a_reply(tracker: Tracker) -> bool:
    """Whether the form is asked about a message just in, and not started or come back to after something else."""
    return all(name.endswith("_form") for name in actions_of_turn(tracker))
