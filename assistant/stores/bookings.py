"""Calls that were booked from a conversation, as booking services report them; the lead has the one that counts.

Services report late, twice and in any order. Of one booking the latest news counts, by the service's own clock, and of
all bookings of a conversation the latest that stands; so whatever the order, the same is stored in the end.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from assistant.stores.erasures import begin_write
from assistant.stores.leads import announce_change
from assistant.stores.tables import bookings, leads

State = Literal["booked", "moved", "canceled"]
Outcome = Literal["changed", "unchanged", "unknown"]
"""Whether the lead changed, or which conversation a booking belongs to is not known."""

_REPLACED = "replaced"  # the state of a booking in whose place another one was made
_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


@dataclass(frozen=True)
class Booking:
    """What a booking service reports of one booking."""

    uid: str  # as the service calls it
    reference: str | None  # signed, as it was in the link; some reports come without it
    state: State
    start: float  # Unix time
    end: float  # Unix time
    sequence: int  # milliseconds since 1970 on the service's clock; later news of a booking replaces earlier
    replaces: str | None = None  # the uid of the booking that was moved


def put(connection: Connection, booking: Booking, conversation: str | None) -> Outcome:
    """Store what is reported of a booking, and tell the firm if the call of the lead changed.

    Args:
        connection: in a transaction.
        booking: the news.
        conversation: whose reference came with it; None looks for an earlier report of the same booking.

    Raises:
        Erased: the conversation was erased.
    """
    owner = conversation or _owner(connection, booking)
    if owner is None:
        return "unknown"
    begin_write(connection, owner)
    lead = connection.execute(select(leads).where(leads.c.conversation == owner).with_for_update()).mappings().first()
    _merge(connection, owner, booking.uid, booking.state, booking)
    if booking.replaces and booking.replaces != booking.uid:
        _merge(connection, owner, booking.replaces, _REPLACED, booking)
    return "changed" if lead and _update(connection, lead, **call(connection, owner)) else "unchanged"


def call(connection: Connection, conversation: str) -> dict[str, Any]:
    """The columns of a lead that say when its call is: of the latest booking that stands, or else that was canceled."""
    rows = connection.execute(select(bookings).where(bookings.c.conversation == conversation)).mappings().all()
    standing = [row for row in rows if row["state"] in ("booked", "moved")]
    canceled = [row for row in rows if row["state"] == "canceled"]
    latest = max(standing or canceled, key=lambda row: (row["sequence"], row["uid"]), default=None)
    return {
        "call": latest and latest["start"],
        "call_state": latest and latest["state"],
        "call_sequence": sum(row["state"] in ("canceled", _REPLACED) for row in rows),
    }


def _owner(connection: Connection, booking: Booking) -> str | None:
    known = bookings.c.uid.in_([booking.uid, booking.replaces or booking.uid])
    owner: str | None = connection.execute(select(bookings.c.conversation).where(known).limit(1)).scalar()
    return owner


def _merge(connection: Connection, conversation: str, uid: str, state: str, booking: Booking) -> None:
    """Store the state of a booking unless later news of it is stored; of the same millisecond any order will do."""
    row = {"start": booking.start, "end": booking.end, "sequence": booking.sequence, "state": state}
    insert = _INSERT[connection.dialect.name](bookings).values(uid=uid, conversation=conversation, **row)
    order = ("sequence", "state", "start", "end")
    is_later = tuple_(*(bookings.c[name] for name in order)) < tuple_(*(insert.excluded[name] for name in order))
    connection.execute(insert.on_conflict_do_update(index_elements=[bookings.c.uid], set_=row, where=is_later))


def _update(connection: Connection, lead: Any, **now: Any) -> bool:
    """Whether this changes the call of the lead, which the firm then hears of."""
    if all(lead[name] == value for name, value in now.items()):
        return False
    mine = leads.c.conversation == lead["conversation"]
    connection.execute(update(leads).where(mine).values(**now, updated=time.time()))
    if (lead["call"], lead["call_state"]) == (now["call"], now["call_state"]):
        return False
    announce_change(connection, lead["conversation"], now["call_state"])
    return True
