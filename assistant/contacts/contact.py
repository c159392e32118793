"""How to reach a visitor, and what for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

HIDDEN = "•••"
EXTENSION = " ext "  # before the extension of a phone number
_LAST = 4  # digits of a phone number that its owner recognizes


@dataclass(frozen=True)
class Contact:
    """What a visitor told of themselves; None where nothing was said."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None  # as the visitor wrote it
    company: str | None = None
    topic: str | None = None
    when: str | None = None  # to call, in the visitor's words

    @property
    def known(self) -> dict[str, str]:
        """The fields that were told."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name)) is not None}

    def updated(self, other: Contact) -> Contact:
        """This contact with what another one knows, whose values win."""
        return replace(self, **other.known)

    def masked(self) -> Contact:
        """As it may be shown: enough to recognize an address or a number, too little to use it."""
        return replace(self, email=_masked_email(self.email), phone=_masked_phone(self.phone))

    def as_json(self) -> dict[str, str]:
        return self.known

    @classmethod
    def from_json(cls, stored: Mapping[str, str]) -> Contact:
        """What ``as_json`` wrote.

        Raises:
            TypeError: it holds another field.
        """
        return cls(**stored)


def _masked_email(email: str | None) -> str | None:
    if email is None:
        return None
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}{HIDDEN}@{domain}"


def _masked_phone(phone: str | None) -> str | None:
    if phone is None:
        return None
    number = phone.partition(EXTENSION)[0]
    digits = "".join(character for character in number if character.isdigit())
    return f"•••• {digits[-_LAST:]}"
