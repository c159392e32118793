"""Answers to questions: the topic's words, the article's figures, the section they rest on, and what to ask next."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import cards
from actions.company import stated_in
from actions.notes import take_in
from actions.wording import has, metadata, source_line, wording

ABOUT = "about"
"""The slot with what was last spoken of, a topic or the advice: what "and for a CTO?" refers to."""
UNANSWERED = "unanswered"
"""The slot whose values are kept for whoever edits the content: see assistant/stores/unanswered.py."""

_FOLLOWING = 3
_ASSENT = ("affirm", "deny", "choose")  # to nothing that we asked
_OFFERING_A_PERSON = 2  # misses in a row
_MISSES = ("utter_not_understood", "utter_not_an_answer")


class Answer(Action):
    """Gives the answers of the topics that the last message asks for, in its order, and notes what it states."""

    def name(self) -> str:
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        _, events = take_in(dispatcher, domain, tracker)
        topics = topics_asked(tracker)
        if not any(has(domain, f"utter_{topic}") for topic in topics):
            say_missed(dispatcher, tracker, "utter_not_understood")
            return events
        return [*events, *answer_topics(dispatcher, domain, tracker, topics)]


class OfferTopics(Action):
    """Asks back where a message may mean several things, and says so where it means nothing we know."""

    def name(self) -> str:
        return "action_offer_topics"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        if stated_in(tracker) and not tracker.active_loop.get("name"):
            return [FollowupAction("action_continue_interview")]
        _, events = take_in(dispatcher, domain, tracker)
        selector = tracker.latest_message.get("response_selector", {})
        offers = [one["intent_response_key"] for one in selector.get("faq", {}).get("ranking", [])]
        if offers:
            buttons = [question_button(domain, topic) for topic in offers if has(domain, f"utter_{topic}")]
            dispatcher.utter_message(text=wording(domain, "utter_did_you_mean"), buttons=buttons)
        elif tracker.latest_message["intent"].get("name") in _ASSENT and not tracker.active_loop.get("name"):
            dispatcher.utter_message(response="utter_go_on")
        elif tracker.active_loop.get("name"):
            say_missed(dispatcher, tracker, "utter_not_an_answer")
        else:
            events.append(_for_the_editor(tracker))
            say_missed(dispatcher, tracker, "utter_not_understood")
        return events


def topics_asked(tracker: Tracker) -> list[str]:
    """The topics of the last message in its order: what it asks in words, or the one behind a button."""
    named = [str(entity["value"]) for entity in tracker.latest_message["entities"] if entity["entity"] == "topic"]
    if named:
        return [topic if "/" in topic else f"faq/{topic}" for topic in dict.fromkeys(named)]
    topic = tracker.latest_message["intent"].get("full_retrieval_intent_name")
    return [topic] if topic else []


def answer_topics(
    dispatcher: CollectingDispatcher, domain: DomainDict, tracker: Tracker, topics: list[str]
) -> list[dict[str, Any]]:
    """Say the answers one after the other; the events remember the last as what is spoken of."""
    answered = [topic for topic in topics if has(domain, f"utter_{topic}")]
    for topic in answered:
        about = metadata(domain, f"utter_{topic}")
        said, source = wording(domain, f"utter_{topic}"), source_line(domain, about["facts"])
        following = [*_meant_as_well(tracker), *(f"faq/{one}" for one in about["next"])]
        following = [one for one in dict.fromkeys(following) if one not in answered][:_FOLLOWING]
        # In the middle of the interview its own question comes next.
        asks_on = topic == answered[-1] and not tracker.active_loop.get("name")
        buttons = [question_button(domain, one) for one in following] if asks_on else []
        text = "\n".join(filter(None, [said, source]))
        dispatcher.utter_message(text=text, buttons=buttons, json_message=_card(domain, about, said, source))
    events = [SlotSet(ABOUT, answered[-1])] if answered else []
    if any(topic.startswith("not_in_article/") for topic in answered):
        events.append(_for_the_editor(tracker))
    return events


def _card(domain: DomainDict, about: dict[str, Any], said: str, source: str) -> cards.Card | None:
    """The card of a topic whose figures can be drawn, or whose comparison is a table."""
    if "table" in about:
        return cards.table(about["table"], said, source)
    if "bars" in about:
        return cards.bars(domain, about["question"], about["bars"], [*about.get("notes", [said]), source])
    return None


def _meant_as_well(tracker: Tracker) -> list[str]:
    """Topics that the last message may have asked for, behind the one that is answered."""
    intent = tracker.latest_message["intent"].get("name")
    selected = tracker.latest_message.get("response_selector", {}).get(intent, {})
    return [one["intent_response_key"] for one in selected.get("ranking", [])[1:]]


def say_missed(dispatcher: CollectingDispatcher, tracker: Tracker, response: str) -> None:
    """Say that a message was not understood; after some in a row, offer a person instead of another try."""
    missed = _misses(tracker) + 1 >= _OFFERING_A_PERSON
    dispatcher.utter_message(response=response)
    if missed:
        dispatcher.utter_message(response="utter_offer_person")


def question_button(domain: DomainDict, topic: str) -> dict[str, str]:
    """A button that asks for a topic."""
    return {
        "title": metadata(domain, f"utter_{topic}")["question"],
        "payload": f'/faq{{"topic": "{topic.removeprefix("faq/")}"}}',
    }


def _misses(tracker: Tracker) -> int:
    """How many of our last turns in a row said that we did not understand."""
    misses = 0
    missed = False
    turns = 0
    for event in reversed(tracker.events):
        if event["event"] == "bot":
            missed = missed or (event.get("metadata") or {}).get("utter_action") in _MISSES
        elif event["event"] == "user":
            if turns and not missed:
                break
            misses += missed
            missed = False
            turns += 1
    return misses


def _for_the_editor(tracker: Tracker) -> dict[str, Any]:
    nearest = [label["name"] for label in tracker.latest_message.get("intent_ranking", [])]
    event: dict[str, Any] = SlotSet(UNANSWERED, {"asked": tracker.latest_message.get("text") or "", "nearest": nearest})
    return event
