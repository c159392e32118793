"""What leaves for the firm's other systems, such as a visitor's wish to be called: stored first, then delivered.

A message is stored with the event that asks for it, in the same transaction (see conversations.py), so a turn that is
not saved sends nothing and a turn that is saved sends once. Each destination of a message has attempts of its own. Its
key stays the same at every attempt, so that a receiver recognizes duplicates. The messages of one conversation reach a
destination in order. What a destination refuses for good is a dead letter: it is kept until a person sends it again.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, func, insert, or_, select, update
from sqlalchemy.engine import Connection

from assistant.settings import Settings, settings
from assistant.stores.database import Database
from assistant.stores.erasures import begin_write
from assistant.stores.tables import inbox, leads, outbox

SLOT = "outbox"
"""An action that wants something delivered sets this slot to {"kind": …, "content": {…}}; visitors cannot set it."""

LEASE = 60.0  # seconds: who has not said by then what became of a message has crashed
_FIRST_PAUSE = 5.0  # seconds; each further one is twice as long
_LONGEST_PAUSE = 60 * 60.0
_MOST_ATTEMPTS = 82  # by then three days have passed
_MOST_AT_ONCE = 20
_DAY = 24 * 60 * 60.0
_MOST_A_DAY = {"handoff": 1, "lead": 3, "lead.updated": 3, "report": 3}
"""Of these kinds, how many the visitor of a conversation may ask for in a day; further ones are not stored."""
_DESTINATIONS = {
    "handoff": ("webhook", "mail", "slack"),
    "lead": ("webhook", "hubspot", "mail", "slack"),
    "lead.updated": ("webhook", "hubspot", "mail", "slack"),
    "unclaimed": ("webhook", "slack"),
    "overdue": ("mail",),
    "chat": ("slack",),
    "erased": ("slack",),
    "expired": ("slack",),
    "report": ("mail",),
    "call": ("mail",),
}
"""Kind -> where it goes, as far as that is configured."""
REMINDERS = ("unclaimed", "overdue")
"""Kinds that are stored for a lead that nobody claims, one after another."""
_KEY = re.compile(r"(?P<conversation>.+?)-(?P<number>-?\d+)")

_waits = outbox.c.delivered.is_(None) & outbox.c.given_up.is_(None)
_earlier = outbox.alias("earlier")
_has_to_wait = select(_earlier.c.number).where(
    _earlier.c.conversation == outbox.c.conversation,
    _earlier.c.destination == outbox.c.destination,
    or_(
        _earlier.c.created < outbox.c.created,
        and_(_earlier.c.created == outbox.c.created, _earlier.c.number < outbox.c.number),
    ),
    _earlier.c.delivered.is_(None),
    _earlier.c.given_up.is_(None),
)
_READY = (  # built once: it is executed all the time, and building costs more than executing
    select(outbox)
    .where(
        _waits,
        outbox.c.destination == bindparam("its_destination"),
        outbox.c.due <= bindparam("now"),
        ~_has_to_wait.exists(),
    )
    .order_by(outbox.c.due)
    .limit(_MOST_AT_ONCE)
)

Routes = Mapping[str, Collection[str]]
"""Kind -> the destinations that are configured for it."""


def routes(settings: Settings) -> Routes:
    """Where each kind of message goes with these settings."""
    configured = {
        "webhook": settings.webhook_url and settings.webhook_secret,
        "hubspot": settings.hubspot_token,
        "mail": settings.smtp_url and settings.mail_to,
        "slack": settings.slack_leads_channel,
    }
    routes = {kind: [one for one in wanted if configured[one]] for kind, wanted in _DESTINATIONS.items()}
    to_the_visitor = ["mail"] if settings.smtp_url else []  # whatever address the firm has
    return {**routes, "report": to_the_visitor, "call": to_the_visitor}


@dataclass(frozen=True)
class OutboxMessage:
    """One message to deliver to one destination."""

    channel: str
    conversation: str
    number: int  # of the event that asked for it; negative where none did
    kind: str
    content: dict[str, Any]
    created: float  # seconds since 1970
    attempts: int
    destination: str = "webhook"
    reason: str | None = None  # why the last attempt failed

    @property
    def key(self) -> str:
        """Unique to this message, and the same at every attempt and for every destination."""
        return f"{self.conversation}-{self.number}"


class Outbox:
    """The outgoing messages of all conversations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, destination: str) -> list[OutboxMessage]:
        """Messages that are due there, each the first of its conversation; the caller tries to deliver them."""
        return await self._database.run(lambda connection: _claim(connection, destination))

    async def delivered(self, message: OutboxMessage) -> None:
        """It has arrived; the next one of its conversation is free."""
        await self._note(message, delivered=time.time(), reason=None)

    async def failed(self, message: OutboxMessage, reason: str, after: float | None = None) -> bool:
        """It has not arrived; it is tried again after a while, and given up after three days.

        Args:
            message: what was to be delivered.
            reason: why it failed.
            after: the seconds to wait that the receiver asked for.

        Returns:
            Whether it is tried again.
        """
        attempts = message.attempts + 1
        if attempts >= _MOST_ATTEMPTS:
            await self.refused(message, reason)
            return False
        pause = max(min(_FIRST_PAUSE * 2**message.attempts, _LONGEST_PAUSE), min(after or 0.0, _DAY))
        await self._note(message, attempts=attempts, due=time.time() + pause, reason=reason)
        return True

    async def refused(self, message: OutboxMessage, reason: str) -> None:
        """It will not arrive however often it is tried; it is a dead letter."""
        await self._note(message, attempts=message.attempts + 1, given_up=time.time(), reason=reason)

    async def last_reason(self, destination: str) -> str | None:
        """Why the latest message that is done with at this destination is a dead letter; None if it arrived."""
        ended = func.coalesce(outbox.c.delivered, outbox.c.given_up)
        latest = select(outbox.c.reason).where(outbox.c.destination == destination, ended.is_not(None))
        latest = latest.order_by(ended.desc()).limit(1)
        reason: str | None = await self._database.run(lambda connection: connection.execute(latest).scalar())
        return reason

    async def announce_unclaimed(self, minutes: int, routes: Routes) -> None:
        """Remind of each lead that nobody has claimed within so many minutes, and by mail after as many again."""

        def remind(connection: Connection) -> None:
            for number, kind in enumerate(REMINDERS, start=1):
                _remind(connection, kind, time.time() - number * minutes * 60, routes)

        await self._database.run(remind)

    async def pending(self) -> tuple[int, float, int]:
        """How many wait, for how many seconds the oldest of them has, and how many were given up."""
        counted = select(func.count(), func.min(outbox.c.created)).where(_waits)
        lost = select(func.count()).where(outbox.c.given_up.is_not(None))
        (number, oldest), given_up = await self._database.run(
            lambda connection: (connection.execute(counted).one(), connection.execute(lost).scalar_one())
        )
        return number, time.time() - oldest if oldest else 0.0, given_up

    async def _note(self, message: OutboxMessage, **values: float | str | None) -> None:
        change = (
            update(outbox)
            .where(
                outbox.c.conversation == message.conversation,
                outbox.c.number == message.number,
                outbox.c.destination == message.destination,
                _waits,
            )
            .values(**values)
        )
        await self._database.run(lambda connection: connection.execute(change))


def put(
    connection: Connection,
    channel: str,
    conversation: str,
    asked: Iterable[tuple[int, Mapping[str, Any]]],
    routes: Routes,
) -> None:
    """Store what the events of these numbers ask to be delivered, for each destination that is configured."""
    now = time.time()
    rows = []
    seen: Counter[str] = Counter()
    for number, message in asked:
        kind = message["kind"]
        most = _MOST_A_DAY.get(kind) if number >= 0 else None
        seen[kind] += 1
        if most and seen[kind] + _count_since(connection, conversation, kind, now - _DAY) > most:
            continue
        rows += [
            {
                "channel": channel,
                "conversation": conversation,
                "number": number,
                "destination": destination,
                "kind": kind,
                "content": json.dumps(message["content"], ensure_ascii=False),
                "created": now,
                "due": now,
                "attempts": 0,
            }
            for destination in routes[kind]
        ]
    if rows:
        connection.execute(insert(outbox), rows)


def announce(
    connection: Connection, channel: str, conversation: str, kind: str, content: Mapping[str, Any], routes: Routes
) -> None:
    """Store a message that no event of the conversation asks for, such as a call that was booked elsewhere.

    Raises:
        Erased: the conversation was erased.
    """
    begin_write(connection, conversation)
    lowest = select(func.min(outbox.c.number)).where(outbox.c.conversation == conversation)
    number = min(connection.execute(lowest).scalar() or 0, 0) - 1  # no event has a negative number
    put(connection, channel, conversation, [(number, {"kind": kind, "content": content})], routes)


def tell(connection: Connection, conversation: str, kind: str, content: Mapping[str, Any]) -> None:
    """Store a message about a conversation, in its channel, for what is configured now: see ``announce``.

    Raises:
        Erased: the conversation was erased.
    """
    came_in = select(inbox.c.channel).where(inbox.c.conversation == conversation).limit(1)
    channel = connection.execute(came_in).scalar() or "web"
    told = {"conversation": conversation, **content}
    announce(connection, channel, conversation, kind, told, routes(settings()))


def is_told(connection: Connection, conversation: str, kind: str, content: Mapping[str, Any]) -> bool:
    """Whether ``tell`` has stored this message before, for any destination."""
    told = json.dumps({"conversation": conversation, **content}, ensure_ascii=False)
    same = (outbox.c.conversation == conversation) & (outbox.c.kind == kind) & (outbox.c.content == told)
    return connection.execute(select(outbox.c.number).where(same).limit(1)).first() is not None


def undelivered(connection: Connection) -> list[dict[str, Any]]:
    """All messages that have not arrived, oldest first, without their content."""
    rows = (
        select(outbox)
        .where(outbox.c.delivered.is_(None))
        .order_by(outbox.c.created, outbox.c.number, outbox.c.destination)
    )
    return [_shown(row) for row in connection.execute(rows).mappings()]


def deliveries(connection: Connection, key: str) -> list[dict[str, Any]]:
    """One message at each of its destinations, with its content; empty if there is none with this key."""
    rows = select(outbox).where(_has_key(key)).order_by(outbox.c.destination)
    return [
        {**_shown(row), "content": json.loads(row["content"]), "delivered": row["delivered"]}
        for row in connection.execute(rows).mappings()
    ]


def send_again(connection: Connection, key: str) -> int:
    """Put the dead letters with this key back into the queue; returns how many there are."""
    dead = update(outbox).where(_has_key(key), outbox.c.given_up.is_not(None))
    again: int = connection.execute(dead.values(given_up=None, attempts=0, due=time.time())).rowcount
    return again


def note_arrival(connection: Connection, key: str, destination: str) -> None:
    """Store that the message with this key has arrived there; no harm where that is known."""
    mine = update(outbox).where(_has_key(key), outbox.c.destination == destination, _waits)
    connection.execute(mine.values(delivered=time.time(), reason=None))


def conversation_of(key: str) -> str:
    """The conversation of a message; empty if this is not a key."""
    named = _KEY.fullmatch(key)
    return named["conversation"] if named else ""


def _has_key(key: str) -> Any:
    named = _KEY.fullmatch(key)
    number = int(named["number"]) if named else 0
    return (outbox.c.conversation == conversation_of(key)) & (outbox.c.number == number)


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    state = "dead" if row["given_up"] else "delivered" if row["delivered"] else "waiting"
    names = ("destination", "kind", "attempts", "created", "due", "reason")
    return {"key": f"{row['conversation']}-{row['number']}", "state": state, **{name: row[name] for name in names}}


def _count_since(connection: Connection, conversation: str, kind: str, since: float) -> int:
    mine = (outbox.c.conversation == conversation) & (outbox.c.kind == kind) & (outbox.c.number >= 0)
    mine &= outbox.c.created > since
    counted: int = connection.execute(select(func.count(outbox.c.number.distinct())).where(mine)).scalar_one()
    return counted


def _remind(connection: Connection, kind: str, before: float, routes: Routes) -> None:
    reminders = outbox.alias("reminders")
    reminded = select(reminders.c.number).where(
        reminders.c.conversation == leads.c.conversation, reminders.c.kind == kind
    )
    wanted = (
        select(leads.c.conversation, func.min(outbox.c.channel))
        .join(outbox, (outbox.c.conversation == leads.c.conversation) & (outbox.c.kind == "lead"))
        .where(leads.c.claimed.is_(None), leads.c.created < before, ~reminded.exists())
        .group_by(leads.c.conversation)
        .limit(_MOST_AT_ONCE)
    )
    for conversation, channel in connection.execute(wanted).all():
        content = {"conversation": conversation}
        announce(connection, channel, conversation, kind, content, routes)


def _claim(connection: Connection, destination: str) -> list[OutboxMessage]:
    now = time.time()
    claimed = []
    for row in connection.execute(_READY, {"its_destination": destination, "now": now}).mappings().all():
        mine = update(outbox).where(
            outbox.c.conversation == row["conversation"],
            outbox.c.number == row["number"],
            outbox.c.destination == destination,
            outbox.c.due == row["due"],
            _waits,
        )
        if connection.execute(mine.values(due=now + LEASE)).rowcount:  # unless another replica was quicker
            claimed.append(_message(row))
    return claimed


def _message(row: Mapping[str, Any]) -> OutboxMessage:
    return OutboxMessage(
        row["channel"],
        row["conversation"],
        row["number"],
        row["kind"],
        json.loads(row["content"]),
        row["created"],
        row["attempts"],
        row["destination"],
        row["reason"],
    )
