"""Leads by state, and what could not be delivered."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Connection

from assistant.stores.leads import STATES, Lead, latest
from assistant.stores.tables import outbox

_MOST = 200  # of each; the latest


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


_DEAD_COLUMNS = [outbox.c[name] for name in DeadLetter.__dataclass_fields__]


def by_state(connection: Connection) -> dict[str, list[Lead]]:
    """The latest leads of each state, the latest first."""
    found = latest(connection, _MOST)
    return {state: [one for one in found if one.state == state] for state in STATES}


def dead_letters(connection: Connection) -> list[DeadLetter]:
    """What was given up, the latest first."""
    given_up = select(*_DEAD_COLUMNS).where(outbox.c.given_up.is_not(None))
    rows = connection.execute(given_up.order_by(outbox.c.given_up.desc()).limit(_MOST)).mappings()
    return [DeadLetter(**row) for row in rows]
