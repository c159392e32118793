"""Calls that the firm arranges itself, where no booking service does: the lead has them, and calendars a file."""

from __future__ import annotations

from datetime import datetime, timezone

from sqlalchemy.engine import Connection

from advisor.errors import SeatwiseError
from assistant.booking.calendar import MINUTES, call_file
from assistant.settings import settings
from assistant.stores import bookings, outbox
from assistant.stores.bookings import Booking, State
from assistant.stores.erasures import digest
from assistant.stores.leads import Lead, lead_of

_UID = 32  # characters


def arrange(connection: Connection, conversation: str, start: datetime | None, now: float) -> None:
    """Book the call of a lead, or move or cancel it; the firm's systems hear of it, and the prospect by mail.

    Args:
        connection: in a transaction.
        conversation: whose lead it is.
        start: when the call is; None cancels it.
        now: Unix time.

    Raises:
        SeatwiseError: there is no lead, or no call to cancel.
        Erased: the conversation was erased.
    """
    lead = lead_of(connection, conversation)
    stands = lead is not None and lead.state == "booked"
    if lead is None or (start is None and not stands):
        raise SeatwiseError("there is no such lead" if lead is None else "there is no call to cancel")
    at = start.timestamp() if start else lead.call or now
    state: State = "canceled" if start is None else "moved" if stands else "booked"
    if (state, at) == ("moved", lead.call):
        return
    booking = Booking(_uid(conversation), None, state, at, at + MINUTES * 60, round(now * 1000))
    if bookings.put(connection, booking, conversation) == "changed" and lead.contact.email:
        outbox.tell(connection, conversation, "call", {"state": state, "start": at, "sequence": int(now)})


def file_of(lead: Lead) -> bytes:
    """The calendar file of the call of a lead.

    Raises:
        SeatwiseError: it has no call.
    """
    if lead.call is None:
        raise SeatwiseError("there is no call")
    canceled, sequence = lead.call_state == "canceled", int(lead.updated)
    return invitation_to(lead.conversation, lead.call, sequence, canceled=canceled, attendee=lead.contact.email)


def invitation_to(conversation: str, start: float, sequence: int, *, canceled: bool, attendee: str | None) -> bytes:
    """The calendar file of a call that was arranged in a conversation.

    Args:
        conversation: its id; the same call has the same UID.
        start: Unix time.
        sequence: higher than that of every earlier file of it.
        canceled: whether it does not take place.
        attendee: the e-mail address of the prospect, if it is known.
    """
    at = datetime.fromtimestamp(start, timezone.utc)
    return call_file(_uid(conversation), at, sequence, settings(), canceled=canceled, attendee=attendee)


def _uid(conversation: str) -> str:
    return digest(conversation)[:_UID]
