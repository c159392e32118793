"""The dossier of a conversation: what its brief and its report are made from, read from the database in one go.

Everything in it names the event of the conversation that it comes from. Whatever was said before the visitor started
over is left out, because we told them that it is cleared.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.engine import Connection

from actions.company import Answers, answers_in, company_of
from actions.history import MISSES, REQUESTED_SLOT
from actions.turn import ADVISED_ON, QUOTES, named_topics
from actions.wording import join_topic
from advisor.advice import advise
from advisor.fields import fields
from assistant.contacts.disclosure import shared
from assistant.nlu.answers import Reply
from assistant.stores import unanswered
from assistant.stores.leads import Lead, lead_of
from assistant.stores.tables import calls, events, inbox, records

Event = Mapping[str, Any]

_FRESH_START = ("reset_slots", "restart")
_VERDICT = "verdict"  # the type of its card
_TOUCHES = 0.6  # likelihood from which words count as being about a field
_ABOUT = ("topic", "role", "engagement")


@dataclass(frozen=True)
class Asked:
    """One message of the visitor, or a press of a button.

    ``topics`` are what it asked for, as "faq/cost/both"; without any, ``intent`` says what it was meant as.
    """

    event: int
    at: float  # seconds since 1970
    text: str  # as the visitor sees it, without contact details that are not in the lead; empty where they see nothing
    typed: bool
    intent: str
    topics: tuple[str, ...]
    replies: bool  # a question of the interview was open
    gives_contact: bool = False
    understood: bool = True
    answered: bool = True


@dataclass(frozen=True)
class Quote:
    """The visitor's own words for a fact, and how sure it is that they state it, from 0 to 1."""

    words: str
    event: int
    sure: float = 1.0


@dataclass(frozen=True)
class Verdict:
    """The last advice that was given: for which answers, what it was, and its card as the visitor saw it."""

    event: int
    inputs: Answers
    output: Mapping[str, Any]  # as ``Advice.as_json``
    card: Mapping[str, Any] = field(default_factory=dict)
    card_event: int = 0


@dataclass(frozen=True)
class Dossier:
    """A conversation since its last fresh start.

    ``told`` names for each answer the event with the message that gave it, ``words`` what it was read from if it was
    typed. ``touched`` are the words that come closest to an answer, by field, answered or not.
    """

    conversation: str
    began: float  # seconds since 1970
    last: int  # the number of the last event
    asked: tuple[Asked, ...]
    answers: Answers
    told: Mapping[str, int]
    quotes: Mapping[str, Quote]
    words: Mapping[str, Quote]
    touched: Mapping[str, Quote]
    verdict: Verdict | None
    lead: Lead | None
    calls: tuple[str, ...]


def dossier(connection: Connection, conversation: str) -> Dossier:
    """Read the dossier of a conversation; it is empty where nothing is stored."""
    mine = select(events.c.number, events.c.at, events.c.event).where(events.c.conversation == conversation)
    rows = connection.execute(mine.order_by(events.c.number)).all()
    told = [(number, at, json.loads(event)) for number, at, event in rows]
    starts = [place for place, (_, _, event) in enumerate(told) if event["event"] in _FRESH_START]
    since = told[starts[-1] :] if starts else told
    lead = lead_of(connection, conversation)
    agreed = lead.contact if lead else None
    mine = select(inbox.c.message, inbox.c.shown, inbox.c.contact).where(inbox.c.conversation == conversation)
    stored = connection.execute(mine).all()
    reading = _Reading(
        {row.message: shared(row.shown or "", row.contact, agreed) for row in stored},
        {row.message for row in stored if row.contact},
    )
    for number, at, event in since:
        reading.read(number, at, event)
    first = since[0][0] if since else 0
    prepared = select(calls.c.reference).where(calls.c.conversation == conversation)
    return Dossier(
        conversation=conversation,
        began=since[0][1] if since else 0.0,
        last=since[-1][0] if since else 0,
        asked=tuple(reading.asked),
        answers=answers_in(reading.slots),
        told=reading.told,
        quotes=reading.quotes,
        words=reading.words,
        touched=reading.touched,
        verdict=_recorded(connection, conversation, first, reading) or reading.verdict(),
        lead=lead,
        calls=tuple(connection.execute(prepared.order_by(calls.c.at, calls.c.reference)).scalars().all()),
    )


def _recorded(connection: Connection, conversation: str, first: int, reading: _Reading) -> Verdict | None:
    """The last verdict as it was recorded, if there is a record of one since the fresh start."""
    mine = select(records.c.event, records.c.body).where(
        records.c.conversation == conversation, records.c.body.is_not(None), records.c.event >= first
    )
    row = connection.execute(mine.order_by(records.c.number.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    body = json.loads(row.body)
    return Verdict(row.event, answers_in(body["inputs"]), body["output"], *reading.card)


class _Reading:
    """What was gathered from the events so far.

    Args:
        shown: what the firm may see of a message, by its id.
        with_contact: the ids of the messages that gave contact details.
    """

    def __init__(self, shown: Mapping[str, str], with_contact: Collection[str]) -> None:
        self._shown = shown
        self._with_contact = with_contact
        self._reply = Reply({})
        self._touching: dict[str, float] = {}
        self._message = 0  # the number of the visitor's last message
        self._advised: tuple[int, Any] | None = None
        self.asked: list[Asked] = []
        self.slots: dict[str, Any] = {}
        self.told: dict[str, int] = {}
        self.quotes: dict[str, Quote] = {}
        self.words: dict[str, Quote] = {}
        self.touched: dict[str, Quote] = {}
        self.card: tuple[Mapping[str, Any], int] = ({}, 0)

    def read(self, number: int, at: float, event: Event) -> None:
        """Take in the next event."""
        if event["event"] == "user":
            self._message = number
            self.asked.append(self._read_message(number, at, event))
            self._read_words(number, event)
        elif event["event"] == "slot":
            self._read_slot(number, event["name"], event["value"])
        elif event["event"] == "bot":
            self._read_answer(number, event)

    def verdict(self) -> Verdict | None:
        """The last advice by the slot that remembers it."""
        if self._advised is None:
            return None
        event, held = self._advised
        inputs = answers_in(held)
        output = json.loads(json.dumps(advise(company_of(inputs)).as_json()))
        return Verdict(event, inputs, output, *self.card)

    def _read_message(self, number: int, at: float, event: Event) -> Asked:
        parsed = event["parse_data"]
        payload = (event.get("text") or "").startswith("/")
        return Asked(
            event=number,
            at=at,
            text=self._shown.get(event.get("message_id") or "", "" if payload else event.get("text") or ""),
            typed=not payload,
            intent=parsed["intent"].get("name") or "",
            topics=_topics(parsed),
            replies=bool(self.slots.get(REQUESTED_SLOT)),
            gives_contact=event.get("message_id") in self._with_contact,
        )

    def _read_words(self, number: int, event: Event) -> None:
        self._reply = Reply(_heard(event["parse_data"]))
        for name in () if self.asked[-1].gives_contact else fields():
            likely, words = self._reply.touching(name)
            if likely > self._touching.get(name, _TOUCHES):
                self._touching[name], self.touched[name] = likely, Quote(words, number)

    def _read_slot(self, number: int, name: str, value: Any) -> None:
        if name in fields() and value != self.slots.get(name):
            self.told[name] = self._message
            self.words.pop(name, None)
            if words := self._reply.stated_in((name,)).get(name):
                self.words[name] = Quote(words, self._message, self._reply.sure(name, words))
        self.slots[name] = value
        if name == QUOTES:
            held = {of: quote for of, quote in self.quotes.items() if (value or {}).get(of) == quote.words}
            new = {of: Quote(words, self._message) for of, words in (value or {}).items() if of not in held}
            self.quotes = {**held, **new}
        elif name == ADVISED_ON and value is not None:
            self._advised = (number, value)
        elif name == unanswered.SLOT and value:
            self.asked[-1:] = [replace(one, answered=False) for one in self.asked[-1:]]

    def _read_answer(self, number: int, event: Event) -> None:
        card = (event.get("data") or {}).get("custom") or {}
        if card.get("type") == _VERDICT:
            self.card = (card, number)
        if (event.get("metadata") or {}).get("utter_action") in MISSES:
            self.asked[-1:] = [replace(one, understood=False) for one in self.asked[-1:]]


def _heard(parsed: Mapping[str, Any]) -> Mapping[str, Any]:
    """A message as the company reader heard it; nothing of a button."""
    held = next((one["value"] for one in parsed["entities"] if one["entity"] == "reply"), "{}")
    return cast("Mapping[str, Any]", json.loads(held))


def _topics(parsed: Mapping[str, Any]) -> tuple[str, ...]:
    """What a message asks for: the topic behind a button, those of a message that asks for several, or its own."""
    held = {kind: [str(one["value"]) for one in parsed["entities"] if one["entity"] == kind] for kind in _ABOUT}
    if held["topic"]:
        return named_topics(held["topic"])
    typed = parsed["intent"].get("full_retrieval_intent_name")
    role, engagement = (next(iter(held[kind]), None) for kind in ("role", "engagement"))
    return (join_topic(typed, role, engagement),) if typed else ()
