"""Answers to questions: the topic's words, the article's figures, the section they rest on, and what to ask next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import cards
from actions.acknowledgement import record_facts
from actions.turn import ABOUT, Event, Events, Turn, TurnAction
from actions.wording import Wording

UNANSWERED = "unanswered"
"""The slot whose values are kept for the editors of the content: see assistant/stores/unanswered.py."""

_FOLLOWING = 3
_ASSENT = ("affirm", "deny", "choose")  # to nothing that we asked
_OFFERING_A_PERSON = 2  # misses in a row


class Answer(TurnAction):
    """Gives the answers of the topics that the last message asks for, in its order, and notes what it states."""

    def name(self) -> str:
        return "action_answer"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        _, events = record_facts(dispatcher, turn)
        if not any(f"utter_{topic}" in turn.wording for topic in turn.topics):
            say_missed(dispatcher, turn, "utter_not_understood")
            return events
        return [*events, *answer_topics(dispatcher, turn, turn.topics)]


class OfferTopics(TurnAction):
    """Asks back where a message may mean several things, and says so where it means nothing we know."""

    def name(self) -> str:
        return "action_offer_topics"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        if turn.stated and not turn.form:
            return [FollowupAction("action_continue_interview")]
        _, events = record_facts(dispatcher, turn)
        if turn.alternatives:
            offered = [topic for topic in turn.alternatives if f"utter_{topic}" in turn.wording]
            buttons = [question_button(turn.wording, topic) for topic in offered]
            dispatcher.utter_message(text=turn.wording.text("utter_did_you_mean"), buttons=buttons)
        elif turn.intent in _ASSENT and not turn.form:
            dispatcher.utter_message(response="utter_go_on")
        elif turn.form:
            say_missed(dispatcher, turn, "utter_not_an_answer")
        else:
            events.append(_for_the_editor(turn))
            say_missed(dispatcher, turn, "utter_not_understood")
        return events


def answer_topics(dispatcher: CollectingDispatcher, turn: Turn, topics: Sequence[str]) -> Events:
    """Say the answers one after the other; the events remember the last as what is spoken of."""
    answered = [topic for topic in topics if f"utter_{topic}" in turn.wording]
    for topic in answered:
        about = turn.wording.metadata(f"utter_{topic}")
        said, source = turn.wording.text(f"utter_{topic}"), turn.wording.source_line(about["facts"])
        following = [*turn.alternatives, *(f"faq/{one}" for one in about["next"])]
        following = [one for one in dict.fromkeys(following) if one not in answered][:_FOLLOWING]
        # In the middle of the interview its own question comes next.
        asks_on = topic == answered[-1] and not turn.form
        buttons = [question_button(turn.wording, one) for one in following] if asks_on else []
        text = "\n".join(filter(None, [said, source]))
        dispatcher.utter_message(text=text, buttons=buttons, json_message=_card(turn.wording, about, said, source))
    events = [SlotSet(ABOUT, answered[-1])] if answered else []
    if any(topic.startswith("not_in_article/") for topic in answered):
        events.append(_for_the_editor(turn))
    return events


def _card(wording: Wording, about: dict[str, Any], said: str, source: str) -> cards.Card | None:
    """The card of a topic whose figures can be drawn, or whose comparison is a table."""
    if "table" in about:
        return cards.table(about["table"], said, source)
    if "bars" in about:
        return cards.bars(wording, about["question"], about["bars"], [*about.get("notes", [said]), source])
    return None


def say_missed(dispatcher: CollectingDispatcher, turn: Turn, response: str) -> None:
    """Say that a message was not understood; after some in a row, offer a person instead of another try."""
    missed = turn.history.misses + 1 >= _OFFERING_A_PERSON
    dispatcher.utter_message(response=response)
    if missed:
        dispatcher.utter_message(response="utter_offer_person")


def question_button(wording: Wording, topic: str) -> dict[str, str]:
    """A button that asks for a topic."""
    return {
        "title": wording.metadata(f"utter_{topic}")["question"],
        "payload": f'/faq{{"topic": "{topic.removeprefix("faq/")}"}}',
    }


def _for_the_editor(turn: Turn) -> Event:
    event: Event = SlotSet(UNANSWERED, {"asked": turn.text, "nearest": list(turn.nearest)})
    return event
