"""Answers to questions: the topic's words, the article's figures, the section they rest on, and what to ask next."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.wording import has, metadata, source_line, wording


class Answer(Action):
    """Gives the answer of the topic that the last message asks for."""

    def name(self) -> str:
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        response = _asked_for(tracker)
        if not has(domain, response):
            dispatcher.utter_message(response="utter_not_understood")
            return []
        about = metadata(domain, response)
        text = "\n".join(filter(None, [wording(domain, response), source_line(domain, about["facts"])]))
        dispatcher.utter_message(
            text=text, buttons=_questions(domain, tracker, [f"faq/{topic}" for topic in about["next"]])
        )
        return []


class OfferTopics(Action):
    """Asks back where a message may mean several things, and says so where it means nothing we know."""

    def name(self) -> str:
        return "action_offer_topics"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        selector = tracker.latest_message.get("response_selector", {})
        offers = [one["intent_response_key"] for one in selector.get("faq", {}).get("ranking", [])]
        if offers:
            buttons = [_question(domain, topic) for topic in offers if has(domain, f"utter_{topic}")]
            dispatcher.utter_message(text=wording(domain, "utter_did_you_mean"), buttons=buttons)
        elif tracker.active_loop.get("name"):
            dispatcher.utter_message(response="utter_not_an_answer")
        else:
            dispatcher.utter_message(response="utter_not_understood")
        return []


def _asked_for(tracker: Tracker) -> str:
    """The response of the topic: from a button its name, from words what the classifier made of them."""
    for entity in tracker.latest_message["entities"]:
        if entity["entity"] == "topic":
            return f"utter_faq/{entity['value']}"
    return f"utter_{tracker.latest_message['intent'].get('full_retrieval_intent_name')}"


def _questions(domain: DomainDict, tracker: Tracker, topics: list[str]) -> list[dict[str, str]]:
    """What to ask next; in the middle of the interview its own question comes next."""
    if tracker.active_loop.get("name"):
        return []
    return [_question(domain, topic) for topic in topics]


def _question(domain: DomainDict, topic: str) -> dict[str, str]:
    name = topic.removeprefix("faq/")
    return {"title": metadata(domain, f"utter_{topic}")["question"], "payload": f'/faq{{"topic": "{name}"}}'}
