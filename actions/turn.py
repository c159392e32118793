"""One message of a visitor, parsed once: what it says, and where the conversation stands."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import cards
from actions.company import Answers, answers_in, stated_in
from actions.history import CONTACT, REQUESTED_SLOT, Event, History
from actions.wording import Wording, join_topic
from advisor.fields import fields
from advisor.interview import question_of
from assistant.contacts.contact import Contact
from assistant.contacts.reading import Reading
from assistant.contacts.sealing import seal, unseal
from assistant.nlu.answers import Reply
from assistant.settings import settings

CONFIRMED = "confirmed"
"""The slot that says that the visitor agreed to the summary."""
REVISITED = "revisited"
"""The slot with the field whose question comes before the others: the visitor goes back to it, or speaks of it."""
ADVISED_ON = "advised_on"
"""The slot with the answers that the last advice was given for."""
ABOUT = "about"
"""The slot with the last subject, a topic or the advice: what "and for a CTO?" refers to."""
SPEAKER = "speaker"
"""The slot that says that it is the CTO who writes."""
QUOTES = "quotes"
"""The slot with the visitor's own words for a fact, by its field."""
ASKED = "contact_asked"
"""The slot with the contact details that were asked for one by one."""
LEAD = "lead"
"""The slot whose value is stored as a lead: see assistant/stores/leads.py."""
OUTBOX = "outbox"
"""The slot whose values are delivered to the firm: see assistant/stores/outbox.py."""
ADVICE = "advice"
"""The subject once the advice was given."""
ASKING = ("ask_for_advice", "ask_verdict_now")
"""Intents that ask for the recommendation."""
WHICH = ("need", "first")
"""The aspects of questions that ask for it."""

_ASKS = re.compile(
    r"\?|^(?:what|why|how|who|whose|which|when|where|do|does|did|is|are|can|could|should|would|will|tell me)\b"
    r"|\b(?:who|which one|what) (?:do|should|would) (?:we|i)\b",
    re.I,
)
_CAIO = re.compile(r"\b(?:caio|chief (?:ai|artificial intelligence) officer)\b(?!['’])", re.I)
_SETTLED = ("business", "headcount")
"""Fields whose answer is not changed in passing: a mention of an agency, or of two programmers, is rarely meant so."""
_CORRECTING = ("answer", "change_answer", "go_back")
_CORRECTS = re.compile(
    r"\b(?:actually|sorry|correct\w*|instead|rather|meant|wrong|scratch that|not|isn't|aren't|don't"
    r"|we (?:also |now |really |mainly |mostly )*(?:sell|build|make|develop)"
    r"|we(?:'re|\u2019re| are) (?:now |about )?\d+)\b",
    re.I,
)
_LIKELY = 0.1  # probability of a topic that is worth answering where the intent itself cannot be served

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
    unclear: str | None  # one beside them that was not understood
    gives_contact: bool  # the message gives contact details
    includes_answers: bool  # a button sends the answers and the advice along with them
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
    contact: Contact  # what the visitor said of themselves
    suggested_address: str | None  # the e-mail address that this message may have meant
    contact_asked: tuple[str, ...]  # the contact details that were asked for one by one
    contact_sent: Contact | None  # what the visitor agreed to send last
    history: History

    @classmethod
    def read(cls, tracker: Tracker, domain: DomainDict) -> Turn:
        """Parse what Rasa hands to an action."""
        message, slots = tracker.latest_message, tracker.slots
        entities: dict[str, list[Any]] = {}
        for entity in message.get("entities", ()):
            entities.setdefault(entity["entity"], []).append(entity["value"])
        history = History(tracker.events)
        contact, suggested = _contact(slots.get(CONTACT), history.contacts_since)
        named = [str(topic) for topic in entities.get("topic", ())]
        reply = Reply(_parsed(entities, "reply"))
        intent = message.get("intent", {})
        name = intent.get("name") or ""
        role, engagement = (next(map(str, entities.get(kind, ())), None) for kind in ("role", "engagement"))
        text = message.get("text") or ""
        stated, answers = stated_in(entities), answers_in(slots)
        if not _corrects(name, text):
            passing = [field for field, value in stated.items() if _is_settled(field, value, history)]
            kept = {field: history.answers_before[field] for field in passing}
            stated = {field: value for field, value in stated.items() if field not in kept}
            answers |= kept
        of_the_company = stated or slots.get(REQUESTED_SLOT) == "revenue_band"
        unclear_revenue = next(map(str, entities.get("unclear_revenue", ())), None)
        if not of_the_company or "revenue_band" in answers or asks_something(text):
            unclear_revenue = None
        return cls(
            wording=Wording(domain["responses"], tracker.get_latest_input_channel(), slots.get(SPEAKER)),
            conversation=tracker.sender_id,
            intent=name,
            text=text,
            stated=stated,
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
            unclear=next(map(str, entities.get("unclear", ())), None),
            gives_contact=CONTACT in (message.get("metadata") or {}),
            includes_answers="include_answers" in entities,
            language=next(map(str, entities.get("language", ())), None),
            alternatives=tuple(
                join_topic(topic, role, engagement)
                for topic in _alternatives(message.get("response_selector", {}), name)
            ),
            nearest=tuple(label["name"] for label in message.get("intent_ranking", ())),
            second_topic=_second_topic(message.get("intent_ranking", ()), role, engagement),
            to_change=next((str(field) for field in entities.get("change", ()) if str(field) in fields()), None),
            confirms=CONFIRMED in entities,
            unclear_revenue=unclear_revenue,
            asks_besides=reply.intent is not None or bool(named),
            answers=answers,
            requested=slots.get(REQUESTED_SLOT),
            confirmed=bool(slots.get(CONFIRMED)),
            revisited=slots.get(REVISITED) if unclear_revenue is None else "revenue_band",
            advised_on=slots.get(ADVISED_ON),
            about=slots.get(ABOUT),
            quotes=slots.get(QUOTES) or {},
            form=tracker.active_loop.get("name"),
            contact=contact,
            suggested_address=suggested,
            contact_asked=tuple(slots.get(ASKED) or ()),
            contact_sent=_sent(slots.get(LEAD)),
            history=history,
        )

    def restored(self, slots: Mapping[str, Any]) -> Events:
        """The events that put back what Rasa has taken from a message that only named it in passing."""
        held = answers_in(slots)
        return [SlotSet(field, self.answers[field]) for field in _SETTLED if held.get(field) != self.answers.get(field)]

    def without_passing(self, told: Answers) -> Answers:
        """What a message tells, without what it only names in passing and was answered before."""
        if _corrects(self.intent, self.text):
            return told
        return {field: value for field, value in told.items() if not _is_settled(field, value, self.history)}

    @property
    def typed(self) -> bool:
        """Whether the message is in words, and no button that was pressed."""
        return bool(self.text) and not self.text.startswith("/")

    @property
    def by_button(self) -> bool:
        """Whether the message is a button's answer, and not the visitor's own words."""
        return self.intent == "answer"

    @property
    def wants_advice(self) -> bool:
        """Whether the message asks for the recommendation."""
        return self.intent in ASKING and asks_something(self.text)

    @property
    def asked(self) -> tuple[str, ...]:
        """The fields of the open question; none outside the interview and at its summary."""
        return question_of(self.requested).fields if self.requested and self.requested != CONFIRMED else ()

    @property
    def reply_intent(self) -> str:
        """What the part of the message that may answer a question is meant as."""
        return self.reply.intent or self.intent


class TurnAction(Action, ABC):
    """An action that is given the turn instead of a tracker and a domain."""

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        turn = Turn.read(tracker, domain)
        events = [*turn.restored(tracker.slots), *self.respond(dispatcher, turn)]
        if turn.history.contacts_since and not any(event.get("name") == CONTACT for event in events):
            events = [*events, keep_contact(turn.contact, turn.suggested_address)]
        kept = turn.gives_contact and turn.contact.is_reachable and settings().takes_leads
        if dispatcher.messages and kept and not _shows_contact(dispatcher):
            add_line(dispatcher.messages[-1], turn.wording.text("utter_contact_kept"))
        if turn.history.nothing_said_yet and not _CAIO.search(turn.text):
            spell_out(dispatcher.messages, turn.wording)
        if dispatcher.messages and turn.history.nothing_said_yet:
            add_line(dispatcher.messages[-1], turn.wording.text("utter_first_contact"))  # EU AI Act, Article 50
        return events

    @abstractmethod
    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        """Say what is to be said, and return the events that change the conversation."""


def _corrects(intent: str, text: str) -> bool:
    """Whether a message may change an answer that was given before."""
    return intent in _CORRECTING or _CORRECTS.search(text) is not None


def _is_settled(field: str, value: Any, history: History) -> bool:
    """Whether a field was answered otherwise before, and only a correction is taken for another answer."""
    return field in _SETTLED and history.answers_before.get(field, value) != value


def keep_contact(contact: Contact, suggested: str | None = None) -> Event:
    """The event that keeps contact details, and the address that may have been meant, for the next turns."""
    kept: Event = SlotSet(CONTACT, seal(Reading(contact, "", suggested).as_json()))
    return kept


def asks_something(text: str) -> bool:
    """Whether a message has the form of a question."""
    return _ASKS.search(text) is not None


def quotes_after(turn: Turn, events: Events) -> Mapping[str, str]:
    """The visitor's words once these events have happened."""
    found: Mapping[str, str] = next((one["value"] for one in events if one.get("name") == QUOTES), turn.quotes)
    return found


def add_line(message: dict[str, Any], line: str) -> None:
    """Add a line below what a message says, before its source, and to its card, which may be all that is shown."""
    message["source"] = "\n".join(filter(None, [line, message.get("source")]))
    if card := message.get("custom"):
        message["custom"] = cards.with_line(card, line)


def spell_out(messages: list[dict[str, Any]], wording: Wording) -> None:
    """Spell out the role that most visitors have not heard of where it is named first."""
    for message in messages:
        text = message.get("text") or ""
        if _CAIO.search(text) and (message.get("custom") or {}).get("type") != "verdict":  # its card says the same
            message["text"] = _CAIO.sub(wording.text("utter_caio_spelled_out"), text, count=1)
            return


def _shows_contact(dispatcher: CollectingDispatcher) -> bool:
    return any((message.get("custom") or {}).get("type") == CONTACT for message in dispatcher.messages)


def _contact(kept: str | None, given: Sequence[str]) -> tuple[Contact, str | None]:
    """The contact details that were kept, with what messages gave since; and a correction of the last address."""
    contact, suggested = Contact(), None
    for token in filter(None, [kept, *given]):
        reading = Reading.from_json(unseal(token))
        contact, suggested = contact.updated(reading.contact), reading.suggestion
    return contact, suggested


def _sent(lead: Mapping[str, Any] | None) -> Contact | None:
    return Contact.from_json(unseal(lead["contact"])) if lead else None


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
