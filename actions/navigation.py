"""Finding one's way in the interview: back, anew, a summary, how much is left, stop, start over."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, AllSlotsReset, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.advice import give_advice
from actions.company import Answers, answers_of, clauses, is_known, name_of, stated_in, things_named
from actions.interview import CONFIRMED, REQUESTED_SLOT, REVISITED, left, summary, summary_card
from actions.notes import take_in
from actions.replies import MENTIONS
from actions.wording import wording
from advisor.interview import fallen, question_of, questions

_NAMED = {
    **MENTIONS,
    **dict.fromkeys(("revenue", "size"), "revenue_band"),
    **dict.fromkeys(("business", "service", "software_product", "ai_product"), "business"),
    **dict.fromkeys(("leadership", "cto", "caio", "one_person", "nobody"), "leadership"),
    **dict.fromkeys(("ai_strategy", "ai_tools", "ai_use"), "ai_strategy"),
    "initiatives": "ai_initiatives",
}
"""What can be named as the answer to change, and a field of it."""


class ChangeAnswer(Action):
    """Asks a question again that was answered, or which one is meant."""

    def name(self) -> str:
        return "action_change_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        if stated_in(tracker):  # "the revenue was wrong, it's 4 million" says both
            return _go_on(tracker)  # which takes it in
        answers = answers_of(tracker)
        field = _named(tracker)
        if field:
            return _ask_again(dispatcher, domain, tracker, answers, field)
        answered = [one.fields[0] for one in questions() if set(one.fields) & set(answers)]
        if not answered:
            dispatcher.utter_message(response="utter_nothing_to_change")
            return []
        buttons = [
            {"title": _title(domain, one), "payload": f'/change_answer{{"change": "{one}"}}'} for one in answered
        ]
        dispatcher.utter_message(text=wording(domain, "utter_change_which"), buttons=buttons)
        return []


class GoBack(Action):
    """Asks the question again that was asked before this one."""

    def name(self) -> str:
        return "action_go_back"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        answers = answers_of(tracker)
        now = tracker.get_slot(REQUESTED_SLOT)
        pending = question_of(now).fields if now and now != CONFIRMED else ()
        for event in reversed(tracker.events):
            if event["event"] in ("reset_slots", "restart"):
                break
            asked = event["value"] if event["event"] == "slot" and event["name"] == REQUESTED_SLOT else None
            if asked and asked != CONFIRMED and asked not in pending and set(question_of(asked).fields) & set(answers):
                return _ask_again(dispatcher, domain, tracker, answers, asked)
        dispatcher.utter_message(response="utter_nothing_to_change")
        return []


class Summarise(Action):
    """Says what is known of the company."""

    def name(self) -> str:
        return "action_summarise"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        answers = answers_of(tracker)
        if not answers:
            dispatcher.utter_message(response="utter_summary_nothing")
        elif tracker.get_slot(REQUESTED_SLOT) != CONFIRMED:  # which sums up by itself
            dispatcher.utter_message(text=summary(domain, answers), json_message=summary_card(domain, answers))
        return []


class SayHowMuchIsLeft(Action):
    """Says how many questions are left at most."""

    def name(self) -> str:
        return "action_say_how_much_is_left"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        number = left(answers_of(tracker))
        response = "utter_left" if number else "utter_left_none"
        dispatcher.utter_message(text=wording(domain, response, left=number))
        return []


class AdviseNow(Action):
    """Gives the reading for what is known so far, to a visitor who has had enough questions."""

    def name(self) -> str:
        return "action_advise_now"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        answers, events = take_in(dispatcher, domain, tracker)
        if not any(map(is_known, answers.values())):
            dispatcher.utter_message(text=wording(domain, "utter_nothing_to_go_by"))
            return [*events, *_go_on(tracker)]
        if left(answers):
            dispatcher.utter_message(text=wording(domain, "utter_reading_so_far", left=left(answers)))
        return [*events, *give_advice(dispatcher, domain, answers), ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]


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


def _ask_again(
    dispatcher: CollectingDispatcher, domain: DomainDict, tracker: Tracker, answers: Answers, field: str
) -> list[dict[str, Any]]:
    """Take back the answers to a question, and those that stand on their ground, and let it be asked next."""
    whole = question_of(field).fields
    after = {one: value for one, value in answers.items() if one not in whole}
    gone = fallen(answers, {**after, **dict.fromkeys(whole, None)})
    was = clauses(domain, {one: answers[one] for one in (*whole, *gone) if one in answers})
    response = "utter_again" if was else "utter_again_open"
    dispatcher.utter_message(text=wording(domain, response, facts="; ".join(was), name=name_of(domain, whole[0])))
    events = [SlotSet(one, None) for one in (*whole, *gone)]
    return [*events, SlotSet(REVISITED, whole[0]), *_go_on(tracker)]


def _go_on(tracker: Tracker) -> list[dict[str, Any]]:
    """An open form asks on by itself."""
    return [] if tracker.active_loop.get("name") else [FollowupAction("action_continue_interview")]


def _named(tracker: Tracker) -> str | None:
    """The field that the message names, by a button or in words."""
    for entity in tracker.latest_message["entities"]:
        if entity["entity"] == "change":
            return str(entity["value"])
    return next((_NAMED[name] for name in things_named(tracker) if name in _NAMED), None)


def _title(domain: DomainDict, field: str) -> str:
    name = name_of(domain, field)
    return name[0].upper() + name[1:]
