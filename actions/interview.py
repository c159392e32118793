"""The interview: reading answers, and going on to the next question that matters."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.advice import ADVISED_ON, give_advice, say_what_differs
from actions.company import Answers, answers_of, clauses, company_of, is_known, name_of, stated_in
from actions.faq import answer_topics, say_missed, topics_asked
from actions.notes import take_in
from actions.replies import LEFT_OPEN, amended, read_reply
from actions.wording import buttons, wording
from advisor.company import UNANSWERED
from advisor.interview import Question, open_questions, question_of
from advisor.stakes import stakes_of

REQUESTED_SLOT = "requested_slot"
CONFIRMED = "confirmed"
REVISITED = "revisited"
"""The slot with the field whose answer the visitor wants to give anew: it is asked for before others."""

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

_RULES_NAMED = 3


class ContinueInterview(Action):
    """Asks the next question that matters; after the last one sums up, and then gives the advice."""

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
        question = next_question(tracker, answers)
        if question is None or question.part != self.part:
            return [SlotSet(REQUESTED_SLOT, None)]
        response = _question_put(question)
        text = f"{wording(domain, response)} {wording(domain, _progress(left(answers)), left=left(answers) - 1)}"
        dispatcher.utter_message(text=text, buttons=buttons(domain, response))
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
        says_yes = intent == "affirm" or any(entity["entity"] == CONFIRMED for entity in _entities(tracker))
        return {CONFIRMED: True} if says_yes and not stated_in(tracker) else amended(reply, answers)

    def ask(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict, answers: Answers
    ) -> list[dict[str, Any]]:
        """Put the summary, unless it was confirmed or a correction opened another question."""
        if tracker.get_slot(CONFIRMED) or next_question(tracker, answers):
            return [SlotSet(REQUESTED_SLOT, None)]
        text = "\n".join([summary(domain, answers), wording(domain, "utter_confirm")])
        dispatcher.utter_message(text=text, buttons=buttons(domain, "utter_confirm"))
        return [SlotSet(REQUESTED_SLOT, CONFIRMED)]


def next_question(tracker: Tracker, answers: Answers) -> Question | None:
    """The question that the visitor went back to, otherwise the first that matters."""
    revisited = tracker.get_slot(REVISITED)
    if revisited:
        whole = question_of(revisited)
        fields = tuple(field for field in whole.fields if field not in answers)
        if fields:
            return Question(whole.part, fields)
    return next(open_questions(company_of(answers), answers), None)


def _left_open(tracker: Tracker, question: Question, advised_on: Answers | None) -> bool:
    """Whether the advice was given with this question open: then nobody wants to be asked it for every new fact."""
    if advised_on is None or tracker.get_slot(REVISITED):
        return False
    open_then = open_questions(company_of(advised_on), advised_on)
    return set(question.fields) <= {field for one in open_then for field in one.fields}


def left(answers: Answers) -> int:
    """How many questions are left at most."""
    return len(list(open_questions(company_of(answers), answers)))


def summary(domain: DomainDict, answers: Answers) -> str:
    """All that was told, a line each, and what stays open."""
    unanswered = [name_of(domain, field) for field, value in answers.items() if not is_known(value)]
    lines = [wording(domain, "utter_summary"), *(f"- {clause}" for clause in clauses(domain, answers))]
    if unanswered:
        lines.append(wording(domain, "utter_summary_open", unknown=", ".join(unanswered)))
    return "\n".join(lines)


def say_left_open(
    dispatcher: CollectingDispatcher, domain: DomainDict, answers: Answers, whole: Question, intent: str
) -> None:
    """Take note that a question stays open, and say what follows from that."""
    question = Question(whole.part, tuple(field for field in whole.fields if field not in answers))
    text = f"{wording(domain, f'utter_left_open_{intent}')} {without_it(domain, answers, question)}"
    dispatcher.utter_message(text=text)


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
    reply: dict[str, Any] = next((one["value"] for one in _entities(tracker) if one["entity"] == "reply"), {})
    return reply.get("intent") or tracker.latest_message["intent"].get("name") or "", reply


def _asks_besides(tracker: Tracker) -> bool:
    """Whether the message asks something beside what answers us; a message of one part is an answer or a question."""
    _, reply = reply_in(tracker)
    return "intent" in reply or any(entity["entity"] == "topic" for entity in _entities(tracker))


def _entities(tracker: Tracker) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tracker.latest_message["entities"]
    return found


def _question_put(question: Question) -> str:
    """The words of a question; its first field is asked alone if some of the others have been answered already."""
    first, whole = question.fields[0], question_of(question.fields[0])
    alone = first == whole.fields[0] and len(question.fields) < len(whole.fields)
    return f"utter_question_{first}" + ("_alone" if alone else "")


def _progress(number: int) -> str:
    return "utter_progress_last" if number <= 1 else "utter_progress"


def _say_why_not(dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> None:
    unclear = [entity["value"] for entity in _entities(tracker) if entity["entity"] == "unclear_revenue"]
    if unclear:
        dispatcher.utter_message(response="utter_revenue_unclear", said=unclear[0])
    elif tracker.get_slot(REQUESTED_SLOT) == CONFIRMED:
        dispatcher.utter_message(response="utter_what_to_change")
    else:
        say_missed(dispatcher, tracker, "utter_not_an_answer")


def _is_a_reply(tracker: Tracker) -> bool:
    """Whether the form is asked about a message just in, and not started or come back to after something else."""
    return all(name.endswith("_form") for name in _actions_of_turn(tracker))


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
