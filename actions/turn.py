"""One message of a visitor, parsed once: what it says, and where the conversation stands."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.company import Answers, answers_in, stated_in
from actions.wording import Wording, join_topic
from advisor.fields import fields
from advisor.interview import question_of
from assistant.nlu.answers import Reply

REQUESTED_SLOT = "requested_slot"
CONFIRMED = "confirmed"
"""The slot that says that the visitor agreed to the summary."""
REVISITED = "revisited"
"""The slot with the field whose answer the visitor wants to give again: it is asked for before the others."""
ADVISED_ON = "advised_on"
"""The slot with the answers that the last advice was given for."""
ABOUT = "about"
"""The slot with the last subject, a topic or the advice: what "and for a CTO?" refers to."""
QUOTES = "quotes"
"""The slot with the visitor's own words for a fact, by its field."""
ADVICE = "advice"
"""The subject once the advice was given."""

MISSES = (
    *(
        "utter_not_understood",
        "utter_not_covered",
        "utter_not_an_answer",
        "utter_offer_person",
        "utter_offer_a_way_out",
    ),
    *("utter_not_understood_again", "utter_not_an_answer_again", "utter_out_of_scope", "utter_out_of_scope_again"),
)
"""The responses that say that a message was not understood."""

_ASKS = re.compile(
    r"\?|^(?:what|why|how|who|whose|which|when|where|do|does|did|is|are|can|could|should|would|will|tell me)\b", re.I
)
_LIKELY = 0.1  # probability of a topic that is worth answering where the intent itself cannot be served

Event = dict[str, Any]
Events = list[Event]
"""What an action returns to Rasa."""


@dataclass(frozen=True)
class Turn:
    """A message and the conversation that it belongs to, as far as actions need them."""

    wording: Wording
    conversation: str  # its id
    intent: str
    text: str  # as typed; the payload of a button
    stated: Answers  # the facts that the message states, by a button or in words
    reply: Reply  # the part of the message that may answer a question
    named: tuple[str, ...]  # what a follow-up or a correction names, in the words of the company reader
    supposed: Answers  # what a "what if" supposes
    topics: tuple[str, ...]  # that the message asks for, in its order: "faq/cost/caio/fractional"
    role: str | None  # the role that the message names: caio, cto or both
    officer: str | None  # whom the question is about if we know only of our two roles: "a CIO"
    beside: str | None  # such an officer who is only named
    limits: tuple[str, ...]  # what it asks for and the article does not distinguish: "place"
    unplaced: str | None  # a question beside those that are answered, which nothing answers
    gives_contact: bool  # the message holds an e-mail address or a phone number
    language: str | None  # of a message that is not in English, as an ISO 639-1 code
    alternatives: tuple[str, ...]  # topics that it may have asked for, the likeliest first
    nearest: tuple[str, ...]  # intents, the likeliest first
    second_topic: str | None  # the likeliest topic of a message with another intent, if it is likely at all
    to_change: str | None  # the field whose answer a button gives up
    confirms: bool  # a button agrees to the summary
    unclear_revenue: str | None  # an amount that has to be asked about again
    asks_besides: bool  # the message asks something beside what may be an answer
    answers: Answers  # everything that was answered so far, by this message too
    requested: str | None  # the first field of the open question
    confirmed: bool
    revisited: str | None
    advised_on: Answers | None
    about: str | None
    quotes: Mapping[str, str]  # the visitor's own words for a fact, by its field
    form: str | None  # the open form
    history: History

    @classmethod
    def read(cls, tracker: Tracker, domain: DomainDict) -> Turn:
        """Parse what Rasa hands to an action."""
        message, slots = tracker.latest_message, tracker.slots
        entities: dict[str, list[Any]] = {}
        for entity in message.get("entities", ()):
            entities.setdefault(entity["entity"], []).append(entity["value"])
        named = [str(topic) for topic in entities.get("topic", ())]
        reply = Reply(_parsed(entities, "reply"))
        intent = message.get("intent", {})
        name = intent.get("name") or ""
        role, engagement = (next(map(str, entities.get(kind, ())), None) for kind in ("role", "engagement"))
        return cls(
            wording=Wording(domain["responses"]),
            conversation=tracker.sender_id,
            intent=name,
            text=message.get("text") or "",
            stated=stated_in(entities),
            reply=reply,
            named=tuple(map(str, entities.get("named", ()))),
            supposed=answers_in(_mapping(entities, "supposed")),
            topics=tuple(join_topic(topic, role, engagement) for topic in _typed(intent))
            if not named
            else named_topics(named),
            role=role,
            officer=next(map(str, entities.get("officer", ())), None),
            beside=next(map(str, entities.get("beside", ())), None),
            limits=tuple(map(str, entities.get("limit", ()))),
            unplaced=next(map(str, entities.get("unplaced", ())), None),
            gives_contact="contact" in entities,
            language=next(map(str, entities.get("language", ())), None),
            alternatives=tuple(
                join_topic(topic, role, engagement)
                for topic in _alternatives(message.get("response_selector", {}), name)
            ),
            nearest=tuple(label["name"] for label in message.get("intent_ranking", ())),
            second_topic=_second_topic(message.get("intent_ranking", ()), role, engagement),
            to_change=next((str(field) for field in entities.get("change", ()) if str(field) in fields()), None),
            confirms=CONFIRMED in entities,
            unclear_revenue=next(map(str, entities.get("unclear_revenue", ())), None),
            asks_besides=reply.intent is not None or bool(named),
            answers=answers_in(slots),
            requested=slots.get(REQUESTED_SLOT),
            confirmed=bool(slots.get(CONFIRMED)),
            revisited=slots.get(REVISITED),
            advised_on=slots.get(ADVISED_ON),
            about=slots.get(ABOUT),
            quotes=slots.get(QUOTES) or {},
            form=tracker.active_loop.get("name"),
            history=History(tracker.events),
        )

    @property
    def by_button(self) -> bool:
        """Whether the message is a button's answer, and not the visitor's own words."""
        return self.intent == "answer"

    @property
    def asked(self) -> tuple[str, ...]:
        """The fields of the open question; none outside the interview and at its summary."""
        return question_of(self.requested).fields if self.requested and self.requested != CONFIRMED else ()

    @property
    def reply_intent(self) -> str:
        """What the part of the message that may answer a question is meant as."""
        return self.reply.intent or self.intent


@dataclass(frozen=True)
class History:
    """What the events of a conversation tell about its course."""

    events: Sequence[Event]

    @cached_property
    def actions(self) -> tuple[str, ...]:
        """The actions that have run since the visitor's last message."""
        return tuple(event["name"] for event in self.events[self._last_message :] if event["event"] == "action")

    @cached_property
    def answers_before(self) -> Answers:
        """The answers that were held before the last message."""
        slots: dict[str, Any] = {}
        for event in reversed(self.events[: self._last_message]):
            if event["event"] == "reset_slots":
                break
            if event["event"] == "slot" and event["name"] in fields():
                slots.setdefault(event["name"], event["value"])
        return answers_in(slots)

    @cached_property
    def questions_asked(self) -> tuple[str, ...]:
        """The first field of each question since the last fresh start, latest first."""
        asked: list[str] = []
        for event in reversed(self.events):
            if event["event"] in ("reset_slots", "restart"):
                break
            if event["event"] == "slot" and event["name"] == REQUESTED_SLOT and event["value"]:
                asked.append(event["value"])
        return tuple(asked)

    @cached_property
    def nothing_said_yet(self) -> bool:
        """Whether we have not said anything in this conversation, a greeting neither."""
        return not any(event["event"] == "bot" for event in self.events)

    @cached_property
    def told_in_words(self) -> bool:
        """Whether an answer since the last fresh start was typed, and so may have been misread."""
        typed = False
        for event in self._since_fresh_start:
            if event["event"] == "user":
                typed = not (event.get("text") or "").startswith("/")
            elif event["event"] == "slot" and typed and event["name"] in fields() and event["value"] is not None:
                return True
        return False

    @cached_property
    def _since_fresh_start(self) -> Sequence[Event]:
        restarts = (place for place, event in enumerate(self.events) if event["event"] in ("reset_slots", "restart"))
        return self.events[max(restarts, default=0) :]

    @cached_property
    def misses(self) -> int:
        """How many of our last turns in a row, this one not included, said that we did not understand."""
        misses, missed = 0, False
        for event in reversed(self.events[: self._last_message]):
            if event["event"] == "bot":
                missed = missed or (event.get("metadata") or {}).get("utter_action") in MISSES
            elif event["event"] == "user":
                if not missed:
                    break
                misses, missed = misses + 1, False
        return misses

    @cached_property
    def offer(self) -> tuple[str, Mapping[str, Any]]:
        """The first button that we showed last: its intent and values; empty if we showed none."""
        for event in reversed(self.events[: self._last_message]):
            buttons = (event.get("data") or {}).get("buttons")
            if event["event"] == "bot" and buttons:
                intent, brace, values = buttons[0]["payload"].removeprefix("/").partition("{")
                return intent, json.loads(brace + values) if brace else {}
            if event["event"] == "user":
                break
        return "", {}

    @cached_property
    def _last_message(self) -> int:
        """The place of the visitor's last message among the events."""
        places = (place for place in range(len(self.events) - 1, -1, -1) if self.events[place]["event"] == "user")
        return next(places, 0)


class TurnAction(Action, ABC):
    """An action that is given the turn instead of a tracker and a domain."""

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        turn = Turn.read(tracker, domain)
        events = self.respond(dispatcher, turn)
        if dispatcher.messages and turn.history.nothing_said_yet:
            disclose(dispatcher.messages[-1], turn.wording)
        return events

    @abstractmethod
    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        """Say what is to be said, and return the events that change the conversation."""


def asks_something(text: str) -> bool:
    """Whether a message has the form of a question."""
    return _ASKS.search(text) is not None


def quotes_after(turn: Turn, events: Events) -> Mapping[str, str]:
    """The visitor's words once these events have happened."""
    found: Mapping[str, str] = next((one["value"] for one in events if one.get("name") == QUOTES), turn.quotes)
    return found


def disclose(message: dict[str, Any], wording: Wording) -> None:
    """Have the first message of a conversation say that it is automated (EU AI Act, Article 50)."""
    lines = filter(None, [wording.text("utter_first_contact"), message.get("source")])
    message["source"] = "\n".join(lines)


def _mapping(entities: Mapping[str, list[Any]], name: str) -> Mapping[str, Any]:
    """The first such entity, where it holds fields; a forged button may hold anything."""
    return next((value for value in entities.get(name, ()) if isinstance(value, Mapping)), {})


def _parsed(entities: Mapping[str, list[Any]], name: str) -> Mapping[str, Any]:
    """The first such entity, a mapping as JSON; a forged button may hold anything."""
    try:
        value = json.loads(next(iter(entities.get(name, ())), "{}"))
    except (TypeError, ValueError):
        return {}
    return value if isinstance(value, Mapping) else {}


def _second_topic(ranking: Sequence[Mapping[str, Any]], role: str | None, engagement: str | None) -> str | None:
    likely = (label["name"] for label in ranking if "/" in label["name"] and label["confidence"] >= _LIKELY)
    return next((join_topic(topic, role, engagement) for topic in likely), None)


def named_topics(topics: Sequence[str]) -> tuple[str, ...]:
    """The topic behind a button, or those of a message that asks for several."""
    return tuple(
        topic if topic.startswith(("faq/", "not_in_article/")) else f"faq/{topic}" for topic in dict.fromkeys(topics)
    )


def _typed(intent: Mapping[str, Any]) -> tuple[str, ...]:
    """What a message asks for in words."""
    topic = intent.get("full_retrieval_intent_name")
    return (topic,) if topic else ()


def _alternatives(selectors: Mapping[str, Any], intent: str) -> tuple[str, ...]:
    """Of an answered question those behind its topic; of an unclear one all that it may be."""
    if intent in selectors:
        return tuple(one["intent_response_key"] for one in selectors[intent].get("ranking", ())[1:])
    return tuple(one["intent_response_key"] for one in selectors.get("faq", {}).get("ranking", ()))
