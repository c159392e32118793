"""Navigation in the interview: back, change an answer, a summary, what is left, stop, start over."""

from __future__ import annotations

import re

from rasa_sdk.events import ActiveLoop, AllSlotsReset, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.acknowledgement import record_facts
from actions.advice import NO_ADVICE, deciding
from actions.company import clauses, company_of, is_known, name_of
from actions.faq import answer_topics
from actions.history import REQUESTED_SLOT
from actions.interview import likely_left
from actions.summary import summary, summary_card
from actions.turn import CONFIRMED, REVISITED, Events, Turn, TurnAction, quotes_after
from actions.verdict import give_advice, say_that_some_is_open
from actions.wording import Wording, capitalized
from advisor.advice import advise
from advisor.fields import fields
from advisor.interview import invalidated, question_of, questions

_OTHERWISE = re.compile(
    r"\b(?:i|we) (?:said|told you|wrote|put|answered)\b.{1,60}?\bbut\b.{1,20}?"
    r"\b(?:do|does|don't|doesn't|are|aren't|is|isn't)\b",
    re.I,
)
"""Says the opposite of an answer: "I said no developers, but we do have a team of six"."""
_NAMED = {
    **dict.fromkeys(("revenue", "size"), "revenue_band"),
    **dict.fromkeys(("business", "service", "software_product", "ai_product"), "business"),
    **dict.fromkeys(("leadership", "cto", "caio", "one_person", "nobody"), "leadership"),
    **dict.fromkeys(("ai_strategy", "ai_tools", "ai_use"), "ai_strategy"),
}
"""What can be named as the answer to change without being the name of a field, and a field of it."""


class ChangeAnswer(TurnAction):
    """Asks a question again that was answered, or which one is meant."""

    def name(self) -> str:
        return "action_change_answer"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        if turn.stated:  # "the revenue was wrong, it's 4 million" says both
            return _go_on(turn)  # which takes it in
        answers = turn.answers
        told = {} if turn.by_button else turn.reply.beside(())
        field = _named(turn)
        if field and _OTHERWISE.search(turn.text) and isinstance(answers.get(field), bool):
            told = {**told, field: not answers[field]}
        if corrected := turn.reply.corrected_revenue(answers) or told:  # "sorry, I meant 1.2 million"
            _, events = record_facts(dispatcher, turn, corrected)
            return [*events, *_go_on(turn)]
        if field:
            return _ask_again(dispatcher, turn, field)
        answered = [one.fields[0] for one in questions() if set(one.fields) & set(answers)]
        if not answered:
            dispatcher.utter_message(response="utter_nothing_to_change")
            return []
        buttons = [
            {"title": _title(turn.wording, one), "payload": f'/change_answer{{"change": "{one}"}}'} for one in answered
        ]
        dispatcher.utter_message(text=turn.wording.text("utter_change_which"), buttons=buttons)
        return []


class GoBack(TurnAction):
    """Asks the question again that was asked before this one."""

    def name(self) -> str:
        return "action_go_back"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        answers = turn.answers
        for asked in turn.history.questions_asked:
            if asked != CONFIRMED and asked not in turn.asked and set(question_of(asked).fields) & set(answers):
                return _ask_again(dispatcher, turn, asked)
        dispatcher.utter_message(response="utter_nothing_to_change")
        return []


class Summarise(TurnAction):
    """Says what is known of the company."""

    def name(self) -> str:
        return "action_summarise"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        answers = turn.answers
        if not answers:
            dispatcher.utter_message(response="utter_summary_nothing")
        else:
            dispatcher.utter_message(
                text=summary(turn.wording, answers), json_message=summary_card(turn.wording, answers)
            )
        return []


class SayHowMuchIsLeft(TurnAction):
    """Says how many questions are left; outside the interview, the visitor more likely asked about the roles."""

    def name(self) -> str:
        return "action_say_how_much_is_left"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        if not turn.form and turn.second_topic:
            return answer_topics(dispatcher, turn, [turn.second_topic])
        number = likely_left(turn.answers)
        response = ("utter_left_none", "utter_left_one")[number] if number < 2 else "utter_left"
        dispatcher.utter_message(text=turn.wording.text(response, left=number))
        return []


class AdviseNow(TurnAction):
    """Gives the advice for what is known so far, to a visitor who wants no more questions."""

    def name(self) -> str:
        return "action_advise_now"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        told = {} if turn.by_button else turn.reply.beside(())
        answers, events = record_facts(
            dispatcher, turn, {**told, **turn.reply.beside(turn.asked)} if turn.asked else told
        )
        if not any(map(is_known, answers.values())):
            if turn.form:  # otherwise the interview says so as it begins
                dispatcher.utter_message(text=turn.wording.text("utter_nothing_to_go_by"))
            return [*events, *_go_on(turn)]
        if likely_left(answers):
            company = company_of(answers)
            if advise(company).role == NO_ADVICE:
                named = deciding(turn.wording, company)
                dispatcher.utter_message(text=turn.wording.fitting("utter_too_little_yet", answers, deciding=named))
                return [*events, *_go_on(turn)]
            say_that_some_is_open(dispatcher, turn.wording, answers)
        return [
            *events,
            *give_advice(dispatcher, turn.wording, answers, quotes_after(turn, events)),
            ActiveLoop(None),
            SlotSet(REQUESTED_SLOT, None),
        ]


class StartOver(TurnAction):
    """Forgets the company."""

    def name(self) -> str:
        return "action_start_over"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        dispatcher.utter_message(response="utter_started_over")
        return [ActiveLoop(None), AllSlotsReset()]


class Stop(TurnAction):
    """Leaves the interview and keeps what was said."""

    def name(self) -> str:
        return "action_stop"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        dispatcher.utter_message(response="utter_stopped")
        return [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]


def _ask_again(dispatcher: CollectingDispatcher, turn: Turn, field: str) -> Events:
    """Reset the answers to a question and those that depend on it, and let it be asked next."""
    whole, answers = question_of(field).fields, turn.answers
    after = {one: value for one, value in answers.items() if one not in whole}
    gone = invalidated(answers, {**after, **dict.fromkeys(whole, None)})
    was = clauses(turn.wording, {one: answers[one] for one in (*whole, *gone) if one in answers})
    response = "utter_again" if was else "utter_again_open"
    dispatcher.utter_message(
        text=turn.wording.text(response, facts="; ".join(was), name=name_of(turn.wording, whole[0]))
    )
    events = [SlotSet(one, None) for one in (*whole, *gone)]
    return [*events, SlotSet(REVISITED, whole[0]), *_go_on(turn)]


def _go_on(turn: Turn) -> Events:
    """An open form asks on by itself."""
    return [] if turn.form else [FollowupAction("action_continue_interview")]


def _named(turn: Turn) -> str | None:
    """The field that the message names, by a button or in words."""
    return turn.to_change or next((field for name in turn.named if (field := _NAMED.get(name, name)) in fields()), None)


def _title(wording: Wording, field: str) -> str:
    return capitalized(name_of(wording, field))
