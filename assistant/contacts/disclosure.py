"""Fills masked contact details in again, for the eyes of the visitor who gave them, or of the firm as they agreed."""

from __future__ import annotations

import re
from typing import Any

from advisor.errors import SeatwiseError
from assistant.contacts.contact import Contact
from assistant.contacts.reading import Reading
from assistant.contacts.sealing import unseal

SEALED = "sealed"
"""The field of a card that holds the contact details which its text shows."""
MASKED = re.compile(r"\[(name|email|phone|company|topic|when)\]")
"""The place of a detail in a text that does not hold it."""
_LEFT_OUT = "…"


def unmasked(text: str, sealed: str | None) -> str:
    """A text with the details of a sealed reading in their places; as it is if there are none, or their key is gone."""
    if not sealed:
        return text
    return _filled(text, _contact(sealed))


def shared(text: str, sealed: str | None, agreed: Contact | None) -> str:
    """A text as the firm may read it: with those details of a sealed reading that the visitor agreed to pass on.

    An ellipsis stands for every other detail, and for two of a kind, because one of them may be somebody else's.
    """
    given = _contact(sealed).known if sealed else {}
    known = agreed.known if agreed else {}
    kinds = [place[1] for place in MASKED.finditer(text)]

    def fill(place: re.Match[str]) -> str:
        kind = place[1]
        is_agreed = kinds.count(kind) == 1 and given.get(kind) == known.get(kind)
        return given.get(kind, _LEFT_OUT) if is_agreed else _LEFT_OUT

    return MASKED.sub(fill, text)


def disclosed(message: dict[str, Any]) -> dict[str, Any]:
    """A message of the assistant as its visitor gets it."""
    card = message.get("custom", {})
    if SEALED not in card:
        return message
    shown = {name: value for name, value in card.items() if name != SEALED}
    try:
        contact = Contact.from_json(unseal(card[SEALED]))
    except SeatwiseError:
        return {**message, "custom": shown}
    text = _filled(message["text"], contact)
    return {**message, "text": text, "custom": {**shown, "fallback_text": text}}


def _contact(sealed: str) -> Contact:
    """The details of a sealed reading; none if their key is gone."""
    try:
        return Reading.from_json(unseal(sealed)).contact
    except SeatwiseError:
        return Contact()


def _filled(text: str, contact: Contact) -> str:
    known = contact.known
    return MASKED.sub(lambda place: known.get(place[1], place[0]), text)
