"""What leaves for the firm's other systems, such as a visitor's wish to be called: stored first, then delivered.

A message is stored with the event that asks for it, in the same transaction (see conversations.py), so a turn that is
not saved sends nothing and a turn that is saved sends once. Its key stays the same at every attempt, so that a receiver
recognizes duplicates. Messages of one conversation are delivered in order.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Connection

from assistant.stores.database import Database
from assistant.stores.tables import outbox

SLOT = "outbox"
"""An action that wants something delivered sets this slot to {"kind": …, "content": {…}}; visitors cannot set it."""

LEASE = 60.0  # seconds: who has not said by then what became of a message has crashed
_FIRST_PAUSE = 5.0  # seconds; each further one is twice as long
_LONGEST_PAUSE = 60 * 60.0
_GIVE_UP_AFTER = 3 * 24 * 60 * 60.0
_MOST_AT_ONCE = 20
_DAY = 24 * 60 * 60.0
_ONCE_A_DAY = ("handoff",)  # kinds of which a conversation needs no second one, however often somebody asks

_waits = outbox.c.delivered.is_(None) & outbox.c.given_up.is_(None)


@dataclass(frozen=True)
class OutboxMessage:
    """One message to deliver."""

    channel: str
    conversation: str
    number: int
    kind: str
    content: dict[str, Any]
    created: float  # seconds since 1970
    attempts: int

    @property
    def key(self) -> str:
        """Unique to this message, and the same at every attempt."""
        return f"{self.conversation}-{self.number}"


class Outbox:
    """The outgoing messages of all conversations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self) -> list[OutboxMessage]:
        """Messages that are due, each the first of its conversation; the caller tries to deliver them."""
        return await self._database.run(_claim)

    async def delivered(self, message: OutboxMessage) -> None:
        """It has arrived; the next one of its conversation is free."""
        await self._database.run(lambda connection: _note(connection, message, delivered=time.time()))

    async def failed(self, message: OutboxMessage) -> None:
        """It has not arrived; it is tried again after a while, and given up after three days."""
        now = time.time()
        attempts = message.attempts + 1
        if now - message.created > _GIVE_UP_AFTER:
            await self._database.run(lambda connection: _note(connection, message, attempts=attempts, given_up=now))
            return
        due = now + min(_FIRST_PAUSE * 2**message.attempts, _LONGEST_PAUSE)
        await self._database.run(lambda connection: _note(connection, message, attempts=attempts, due=due))

    async def pending(self) -> tuple[int, float, int]:
        """How many wait, for how many seconds the oldest of them has, and how many were given up."""
        counted = select(func.count(), func.min(outbox.c.created)).where(_waits)
        lost = select(func.count()).where(outbox.c.given_up.is_not(None))
        (number, oldest), given_up = await self._database.run(
            lambda connection: (connection.execute(counted).one(), connection.execute(lost).scalar_one())
        )
        return number, time.time() - oldest if oldest else 0.0, given_up


def put(
    connection: Connection, channel: str, conversation: str, asked: Iterable[tuple[int, Mapping[str, Any]]]
) -> None:
    """Store what the events of these numbers ask to be delivered; of some kinds one a day is enough."""
    now = time.time()
    wanted: list[tuple[int, Mapping[str, Any]]] = []
    for number, message in asked:
        if message["kind"] not in _ONCE_A_DAY or not (
            any(one["kind"] == message["kind"] for _, one in wanted)
            or _exists_since(connection, conversation, message["kind"], now - _DAY)
        ):
            wanted.append((number, message))
    rows = [
        {
            "channel": channel,
            "conversation": conversation,
            "number": number,
            "destination": "webhook",
            "kind": message["kind"],
            "content": json.dumps(message["content"], ensure_ascii=False),
            "created": now,
            "due": now,
            "attempts": 0,
        }
        for number, message in wanted
    ]
    if rows:
        connection.execute(insert(outbox), rows)


def _exists_since(connection: Connection, conversation: str, kind: str, since: float) -> bool:
    mine = (outbox.c.conversation == conversation) & (outbox.c.kind == kind) & (outbox.c.created > since)
    return connection.execute(select(outbox.c.number).where(mine).limit(1)).first() is not None


def _claim(connection: Connection) -> list[OutboxMessage]:
    now = time.time()
    earlier = outbox.alias("earlier")
    first = ~(
        select(earlier.c.number)
        .where(
            earlier.c.conversation == outbox.c.conversation,
            earlier.c.number < outbox.c.number,
            earlier.c.delivered.is_(None),
            earlier.c.given_up.is_(None),
        )
        .exists()
    )
    ready = select(outbox).where(_waits, outbox.c.due <= now, first).order_by(outbox.c.due).limit(_MOST_AT_ONCE)
    claimed = []
    for row in connection.execute(ready).mappings().all():
        mine = _of(row["conversation"], row["number"]).where(outbox.c.due == row["due"])
        if connection.execute(mine.values(due=now + LEASE)).rowcount:  # unless another replica was quicker
            claimed.append(
                OutboxMessage(
                    row["channel"],
                    row["conversation"],
                    row["number"],
                    row["kind"],
                    json.loads(row["content"]),
                    row["created"],
                    row["attempts"],
                )
            )
    return claimed


def _note(connection: Connection, message: OutboxMessage, **values: float) -> None:
    connection.execute(_of(message.conversation, message.number).values(**values))


def _of(conversation: str, number: int) -> Any:
    return update(outbox).where(outbox.c.conversation == conversation, outbox.c.number == number, _waits)
