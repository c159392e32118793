"""Leads by state, and what could not be delivered."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Connection

from assistant.stores.tables import leads, outbox

STATES = ("new", "claimed", "booked")
_BOOKED = ("booked", "moved")  # states of a call that will take place
_MOST = 200  # of each; the latest


@dataclass(frozen=True)
class LeadState:
    """A visitor who agreed to be contacted, without their contact details."""

    conversation: str
    created: float  # Unix time
    consent: str  # the version of the text that they agreed to
    answers_included: bool
    claimed_by: str | None
    call: float | None  # Unix time
    call_state: str | None

    @property
    def state(self) -> str:
        """One of ``STATES``."""
        if self.call_state in _BOOKED:
            return "booked"
        return "claimed" if self.claimed_by else "new"


@dataclass(frozen=True)
class DeadLetter:
    """A message of the outbox that is not tried any more."""

    conversation: str
    number: int
    destination: str
    kind: str
    created: float  # Unix time
    attempts: int
    reason: str | None  # in the words of the receiver

    @property
    def key(self) -> str:
        """That of the message at all its destinations."""
        return f"{self.conversation}-{self.number}"


_COLUMNS = [leads.c[name] for name in LeadState.__dataclass_fields__]
_DEAD_COLUMNS = [outbox.c[name] for name in DeadLetter.__dataclass_fields__]


def by_state(connection: Connection) -> dict[str, list[LeadState]]:
    """The latest leads of each state, the latest first."""
    rows = connection.execute(select(*_COLUMNS).order_by(leads.c.created.desc()).limit(_MOST)).mappings()
    found = [LeadState(**row) for row in rows]
    return {state: [one for one in found if one.state == state] for state in STATES}


def lead_state(connection: Connection, conversation: str) -> LeadState | None:
    """The lead of a conversation; None if the visitor has not agreed to be contacted."""
    row = connection.execute(select(*_COLUMNS).where(leads.c.conversation == conversation)).mappings().first()
    return LeadState(**row) if row else None


def dead_letters(connection: Connection) -> list[DeadLetter]:
    """What was given up, the latest first."""
    given_up = select(*_DEAD_COLUMNS).where(outbox.c.given_up.is_not(None))
    rows = connection.execute(given_up.order_by(outbox.c.given_up.desc()).limit(_MOST)).mappings()
    return [DeadLetter(**row) for row in rows]
