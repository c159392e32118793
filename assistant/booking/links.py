"""The firm's booking link, with the reference of the conversation that it is given in.

Booking services return the reference with what they report (see webhooks.py), so that a booking finds its lead. Nothing
else of the conversation is in the link, and the visitor's name and address only where the firm wants that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from yarl import URL

from assistant.settings import Settings
from assistant.stores.references import CONVERSATION, References

PLACE = "{reference}"
"""Stands in a link of any other service, such as a Cal.com of the firm's own, where the reference belongs."""


class Contact(Protocol):
    """Who books, as far as it is known."""

    @property
    def name(self) -> str | None:
        """The name."""

    @property
    def email(self) -> str | None:
        """The e-mail address."""


@dataclass(frozen=True)
class _Service:
    """A booking service, and the parameters of its links."""

    domains: tuple[str, ...]
    reference: str

    def has(self, host: str) -> bool:
        return any(host == domain or host.endswith(f".{domain}") for domain in self.domains)


_SERVICES = (
    _Service(("cal.com", "cal.eu"), "metadata[ref]"),
    _Service(("calendly.com",), "utm_content"),
)
_NAME, _EMAIL = "name", "email"  # the same in both


def booking_link(url: str, reference: str, contact: Contact | None = None) -> str:
    """A booking link for one conversation; of a service that we do not know it stays as it is.

    Args:
        url: the firm's link.
        reference: the signed reference of the conversation.
        contact: whose name and address are filled in; None leaves them to the visitor.
    """
    address = URL(url.replace(PLACE, reference))
    service = next((one for one in _SERVICES if one.has(address.host or "")), None)
    if service is None:
        return str(address) if PLACE in url else url
    known = {_NAME: contact.name, _EMAIL: contact.email} if contact else {}
    parameters = {service.reference: reference, **{name: value for name, value in known.items() if value}}
    return str(address.update_query(parameters))


def link_of(conversation: str, settings: Settings, contact: Contact | None = None) -> str | None:
    """The booking link to give in a conversation; None where the firm has none."""
    if not settings.booking_url or not settings.secret:
        return settings.booking_url
    reference = References(settings.secret.split(), CONVERSATION).signed(conversation)
    return booking_link(settings.booking_url, reference, contact if settings.booking_prefill else None)
