"""Conversations as operators see them: those of a day with their outcome, and one with all that was said."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timezone
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.engine import Connection

from assistant.stores.holds import holder
from assistant.stores.privacy import DAY
from assistant.stores.tables import events, holds, inbox, leads, unanswered

MOST = 100  # conversations of a day; the last ones
_FOR_A_PERSON = ("handoff", "contact")
_OUTCOMES = ("verdict", *_FOR_A_PERSON)  # types of cards

Card = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """One conversation of a day, and what came of it so far."""

    conversation: str
    channel: str
    first: float  # Unix time
    last: float  # Unix time
    said: int  # messages of the visitor
    verdict: Card | None  # the last one
    wants_person: bool
    has_lead: bool
    held_by: str | None
    unanswered: int  # questions


@dataclass(frozen=True)
class Line:
    """One message of either side.

    Attributes:
        speaker: "visitor", "assistant", or the name of a person of the firm.
        message: its id.
        event: the number of the event that Rasa kept of it; None for what Rasa did not hear or say.
    """

    speaker: str
    at: float  # Unix time
    text: str
    message: str
    event: int | None = None
    offers: tuple[str, ...] = ()  # titles of buttons


@dataclass(frozen=True)
class Transcript:
    """One conversation."""

    conversation: str
    held_by: str | None
    verdict: Card | None
    lines: list[Line] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)


def of_day(connection: Connection, day: date) -> list[Outcome]:
    """The conversations with messages on this day (UTC), the latest first; no more than ``MOST``."""
    begin = datetime.combine(day, time(), timezone.utc).timestamp()
    # By the index on "done", which a message has a moment after it is received.
    on_day = or_(
        and_(inbox.c.done >= begin, inbox.c.done < begin + DAY),
        and_(inbox.c.done.is_(None), inbox.c.received >= begin, inbox.c.received < begin + DAY),
    )
    latest = func.max(inbox.c.received)
    talks = (
        select(
            inbox.c.conversation,
            func.min(inbox.c.channel).label("channel"),
            func.min(inbox.c.received).label("first"),
            latest.label("last"),
            func.count(inbox.c.shown).label("said"),
        )
        .where(on_day)
        .group_by(inbox.c.conversation)
        .order_by(latest.desc())
        .limit(MOST)
    )
    rows = connection.execute(talks).mappings().all()
    names = [row["conversation"] for row in rows]
    cards = _outcomes(connection, names)
    with_lead = set(connection.execute(select(leads.c.conversation).where(leads.c.conversation.in_(names))).scalars())
    held = select(holds.c.conversation, holds.c.held_by).where(holds.c.conversation.in_(names))
    held_by = {row.conversation: row.held_by for row in connection.execute(held)}
    open_questions = (
        select(unanswered.c.conversation, func.count().label("number"))
        .where(unanswered.c.conversation.in_(names))
        .group_by(unanswered.c.conversation)
    )
    questions = {row.conversation: row.number for row in connection.execute(open_questions)}
    return [
        Outcome(
            **row,
            verdict=cards[row["conversation"]].get("verdict"),
            wants_person=any(kind in cards[row["conversation"]] for kind in _FOR_A_PERSON),
            has_lead=row["conversation"] in with_lead,
            held_by=held_by.get(row["conversation"]),
            unanswered=questions.get(row["conversation"], 0),
        )
        for row in rows
    ]


def transcript(connection: Connection, conversation: str) -> Transcript | None:
    """All that was said in a conversation; None if there is none of this name."""
    rows = (
        connection.execute(select(inbox).where(inbox.c.conversation == conversation).order_by(inbox.c.received))
        .mappings()
        .all()
    )
    if not rows:
        return None
    numbers = _events(connection, conversation)
    lines: list[Line] = []
    for row in rows:
        if row["shown"] is not None:
            number = numbers.get(row["message"])
            lines.append(Line("visitor", row["received"], row["shown"], row["message"], number))
        lines += (_line(message) for message in json.loads(row["answer"] or "[]"))
    asked = select(unanswered.c.asked).where(unanswered.c.conversation == conversation).order_by(unanswered.c.number)
    return Transcript(
        conversation,
        holder(connection, conversation),
        _outcomes(connection, [conversation])[conversation].get("verdict"),
        lines,
        connection.execute(asked).scalars().all(),
    )


def _outcomes(connection: Connection, conversations: Iterable[str]) -> defaultdict[str, dict[str, Card]]:
    """The last card of each type that is an outcome, by conversation."""
    said = or_(*(inbox.c.answer.contains(f'"type": "{kind}"') for kind in _OUTCOMES))
    wanted = select(inbox.c.conversation, inbox.c.answer).where(inbox.c.conversation.in_(list(conversations)), said)
    found: defaultdict[str, dict[str, Card]] = defaultdict(dict)
    for row in connection.execute(wanted.order_by(inbox.c.done)):
        for message in json.loads(row.answer):
            card = message.get("custom", {})
            if card.get("type") in _OUTCOMES:
                found[row.conversation][card["type"]] = card
    return found


def _events(connection: Connection, conversation: str) -> dict[str, int]:
    """The numbers of the events that hold the visitor's messages, by the id of the message."""
    heard = select(events.c.number, events.c.event).where(
        events.c.conversation == conversation, events.c.event.contains('"event": "user"')
    )
    return {json.loads(row.event)["message_id"]: row.number for row in connection.execute(heard)}


def _line(message: dict[str, Any]) -> Line:
    card = message.get("custom", {})
    speaker = card["name"] if card.get("type") == "person" else "assistant"
    text = message.get("text") or card.get("fallback_text") or ""
    offers = tuple(button["title"] for button in message.get("buttons", ()))
    return Line(speaker, message["ts"], text, message["id"], None, offers)
