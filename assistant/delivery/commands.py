"""Operator commands that send something: ``python -m assistant invite`` and ``outbox test``."""

from __future__ import annotations

import asyncio

from advisor.errors import SeatwiseError
from assistant.booking.invitations import invitation_mail
from assistant.delivery.attempt import Undelivered
from assistant.delivery.destinations import deliver_sample, mail_sender
from assistant.settings import settings


def invite(reference: str, email: str, name: str = "") -> str:
    """Mail somebody the link to the chat that belongs to a call. Returns the line to print.

    Raises:
        SeatwiseError: a setting is missing, the address is none, or the mail server does not take the mail.
    """
    chosen = settings()
    mail = invitation_mail(reference, email, name, chosen)
    sender = mail_sender(chosen)
    assert sender is not None  # the invitation needs the settings that make one
    try:
        asyncio.run(sender.send(sender.letters.invitation(mail)))
    except Undelivered as error:
        raise SeatwiseError(f"the invitation was not sent: {error}") from None
    return f"The invitation is on its way to {mail.to}."


def test(destination: str) -> str:
    """Deliver a made-up lead. Returns the line to print.

    Raises:
        SeatwiseError: the destination is not configured, or did not accept it.
    """
    asyncio.run(deliver_sample(settings(), destination))
    return f"{destination}: the sample was accepted"
