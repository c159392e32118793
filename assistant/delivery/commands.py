"""Operator commands that send something: ``python -m assistant invite`` and ``outbox test``."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime

from advisor.errors import SeatwiseError
from assistant.booking.calendar import call_file
from assistant.booking.invitations import invitation_mail
from assistant.delivery.attempt import Undelivered
from assistant.delivery.destinations import deliver_sample, mail_sender
from assistant.settings import settings
from assistant.stores.erasures import digest

_UID = 32  # characters


def invite(reference: str, email: str, name: str = "", at: str = "") -> str:
    """Mail somebody the link to the chat that belongs to a call. Returns the line to print.

    Args:
        reference: of the call, signed.
        email: who is invited.
        name: their name; empty where it is not known.
        at: when the call is, in ISO 8601 with its time zone; then a calendar file comes with the mail, which moves the
            entry of an earlier one.

    Raises:
        SeatwiseError: a setting is missing, the address is none, or the mail server does not take the mail.
    """
    chosen = settings()
    mail = invitation_mail(reference, email, name, chosen)
    sender = mail_sender(chosen)
    assert sender is not None  # the invitation needs the settings that make one
    letter = sender.letters.invitation(mail)
    if at:
        call, sequence = digest(reference.rpartition(".")[0])[:_UID], int(time.time())
        file = call_file(call, _time(at), sequence, chosen, canceled=False, attendee=mail.to)
        letter.add_attachment(
            file, maintype="text", subtype="calendar", filename="call.ics", params={"method": "REQUEST"}
        )
    try:
        asyncio.run(sender.send(letter))
    except Undelivered as error:
        raise SeatwiseError(f"the invitation was not sent: {error}") from None
    return f"The invitation is on its way to {mail.to}."


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = datetime.min
    if at.tzinfo is None:
        raise SeatwiseError(f"{text!r} must be a time with its time zone, such as 2026-12-01T15:00-05:00")
    return at


def test(destination: str) -> str:
    """Deliver a made-up lead. Returns the line to print.

    Raises:
        SeatwiseError: the destination is not configured, or did not accept it.
    """
    asyncio.run(deliver_sample(settings(), destination))
    return f"{destination}: the sample was accepted"
