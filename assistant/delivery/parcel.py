"""What is delivered with a message.

It is put together at each attempt, so that no personal data waits in the outbox.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from typing import Any

from sqlalchemy.engine import Connection

from assistant.stores.database import Database
from assistant.stores.outbox import OutboxMessage


@dataclass(frozen=True)
class Verdict:
    """The recommendation that the visitor got."""

    role: str  # such as CTO_FIRST
    headline: str
    strength: str  # such as firm


@dataclass(frozen=True)
class Parcel:
    """Everything that a destination may tell of a conversation.

    Without the visitor's consent to it, ``verdict``, ``answers``, ``brief`` and ``brief_link`` are empty.
    """

    conversation: str
    contact: Mapping[str, str] = field(default_factory=dict)  # name, email, phone, company, topic, when: what is known
    consent: str | None = None  # the version of the text that the visitor agreed to
    consented: float | None = None  # seconds since 1970
    claimed_by: str | None = None
    call: float | None = None  # when it is, seconds since 1970
    call_state: str | None = None  # booked, moved or canceled
    verdict: Verdict | None = None
    answers: Mapping[str, str] = field(default_factory=dict)  # what is said of the company: label -> value
    brief: str | None = None  # Markdown
    brief_link: str | None = None
    report_link: str | None = None

    def as_json(self) -> dict[str, Any]:
        """What is known, with times in ISO 8601."""
        known = {name: value for name, value in asdict(self).items() if value}
        return {**known, **{name: iso(known[name]) for name in ("consented", "call") if name in known}}


Load = Callable[[OutboxMessage], Awaitable[Parcel]]
"""Puts together what is delivered with a message."""


def parcel(connection: Connection, message: OutboxMessage) -> Parcel:
    """What is delivered with a message, as the database has it now."""
    return Parcel(message.conversation)


def loading(database: Database) -> Load:
    """Puts parcels together from this database."""

    async def load(message: OutboxMessage) -> Parcel:
        return await database.run(lambda connection: parcel(connection, message))

    return load


def iso(at: float) -> str:
    """A time in ISO 8601, in UTC."""
    return datetime.fromtimestamp(at, timezone.utc).isoformat()
