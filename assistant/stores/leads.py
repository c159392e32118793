"""Leads: visitors who agreed that the firm gets their contact details. One a conversation; a later yes replaces it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from assistant.contacts.contact import Contact
from assistant.contacts.sealing import unseal
from assistant.stores import outbox
from assistant.stores.tables import leads

SLOT = "lead"
"""An action sets this slot to {contact: sealed, consent, include_answers} once the visitor has agreed."""

STATES = ("new", "claimed", "booked")
_BOOKED = ("booked", "moved")  # states of a call that will take place
_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


@dataclass(frozen=True)
class Lead:
    """A visitor who wants to hear from the firm. Times are seconds since 1970.

    Attributes:
        consent: the version of the text that was agreed to.
        answers_included: whether the firm may see the answers and the recommendation.
        call: when the call is; call_state tells whether it is booked, moved or canceled.
    """

    conversation: str
    contact: Contact
    consent: str
    consented: float
    answers_included: bool
    created: float
    updated: float
    claimed_by: str | None = None
    claimed: float | None = None
    call: float | None = None
    call_state: str | None = None
    call_sequence: int = 0

    @property
    def state(self) -> str:
        """One of ``STATES``."""
        if self.call_state in _BOOKED:
            return "booked"
        return "claimed" if self.claimed_by else "new"


def put(connection: Connection, conversation: str, agreed: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """Store what a visitor agreed to send, as the slot says it; a claim and a booked call stay as they are."""
    now = time.time()
    for _, yes in agreed:
        told = {
            "details": yes["contact"],
            "consent": yes["consent"],
            "consented": now,
            "answers_included": yes["include_answers"],
            "updated": now,
        }
        insert = _INSERT[connection.dialect.name](leads).values(conversation=conversation, created=now, **told)
        connection.execute(insert.on_conflict_do_update(index_elements=["conversation"], set_=told))


def lead_of(connection: Connection, conversation: str) -> Lead | None:
    """The lead of a conversation; None if its visitor has not agreed to be contacted.

    Raises:
        SeatwiseError: it was sealed with a key that is gone.
    """
    row = connection.execute(select(leads).where(leads.c.conversation == conversation)).mappings().first()
    return _lead(row) if row else None


def latest(connection: Connection, most: int) -> list[Lead]:
    """The latest leads, the latest first.

    Raises:
        SeatwiseError: one was sealed with a key that is gone.
    """
    rows = connection.execute(select(leads).order_by(leads.c.created.desc()).limit(most)).mappings()
    return [_lead(row) for row in rows]


def claim(connection: Connection, conversation: str, by: str) -> bool:
    """Note who takes care of a lead, and tell the firm; False if somebody does already, or there is no such lead."""
    unclaimed = update(leads).where(leads.c.conversation == conversation, leads.c.claimed_by.is_(None))
    now = time.time()
    if not connection.execute(unclaimed.values(claimed_by=by, claimed=now, updated=now)).rowcount:
        return False
    announce_change(connection, conversation, "claimed")
    return True


def announce_change(connection: Connection, conversation: str, change: str) -> None:
    """Tell the firm's other systems that a lead has changed.

    Raises:
        Erased: the conversation was erased.
    """
    outbox.tell(connection, conversation, "lead.updated", {"change": change})


def _lead(row: Any) -> Lead:
    values = {name: value for name, value in row.items() if name != "details"}
    return Lead(contact=Contact.from_json(unseal(row["details"])), **values)
