"""The destinations that the settings describe."""

from __future__ import annotations

import time

from advisor.errors import SeatwiseError
from assistant.delivery.attempt import Send, Undelivered
from assistant.delivery.hubspot import HubSpotSender
from assistant.delivery.letter import Letters
from assistant.delivery.mail import MailSender
from assistant.delivery.parcel import Load, Parcel
from assistant.delivery.webhook import WebhookSender
from assistant.settings import Settings
from assistant.stores.outbox import Outbox, OutboxMessage, routes

_NEEDED = {
    "webhook": "SEATWISE_WEBHOOK_URL and SEATWISE_WEBHOOK_SECRET",
    "hubspot": "SEATWISE_HUBSPOT_TOKEN",
    "mail": "SEATWISE_SMTP_URL, SEATWISE_MAIL_FROM and SEATWISE_MAIL_TO",
}
SAMPLE = Parcel(
    "sample",
    {"name": "Seatwise Sample", "email": "seatwise-sample@example.com", "topic": "Nothing: this tests the delivery"},
)
"""A made-up lead, to test a delivery."""


def senders(settings: Settings, load: Load, outbox: Outbox | None = None) -> dict[str, Send]:
    """What delivers to each destination that is configured.

    Args:
        settings: those of this process.
        load: puts together what is delivered.
        outbox: tells the webhook whether its receiver wants nothing more.
    """
    private = settings.private_addresses
    found: dict[str, Send] = {}
    if settings.webhook_url and settings.webhook_secret:
        last_reason = outbox.last_reason if outbox else None
        found["webhook"] = WebhookSender(
            settings.webhook_url, settings.webhook_secret, load, last_reason, private=private
        )
    if settings.hubspot_token:
        found["hubspot"] = HubSpotSender(settings.hubspot_url, settings.hubspot_token, load, private=private)
    if mail := mail_sender(settings, load):
        found["mail"] = mail
    return found


async def _nothing(message: OutboxMessage) -> Parcel:
    return Parcel(message.conversation)


def mail_sender(settings: Settings, load: Load = _nothing) -> MailSender | None:
    """What sends mail, if a mail server is configured."""
    if not (settings.smtp_url and settings.mail_from):
        return None
    letters = Letters(settings.mail_from, settings.mail_to)
    return MailSender(settings.smtp_url, letters, load, private=settings.private_addresses)


async def deliver_sample(settings: Settings, destination: str) -> None:
    """Deliver a made-up lead to one destination.

    Raises:
        SeatwiseError: the destination is not configured, or it did not accept the lead; the line says why.
    """
    if destination not in routes(settings)["lead"]:
        raise SeatwiseError(f"{destination} is not configured; set {_NEEDED[destination]}")

    async def sample(_: OutboxMessage) -> Parcel:
        return SAMPLE

    now = time.time()
    content = {"conversation": SAMPLE.conversation, "test": True}
    message = OutboxMessage("none", SAMPLE.conversation, int(now), "lead", content, now, 0, destination)
    try:
        await senders(settings, sample)[destination](message)
    except Undelivered as error:
        raise SeatwiseError(f"{destination}: {error}") from None
