"""What Rasa and the stores get to see of a message: buttons by their payload, and contact details masked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from assistant.contacts.contact import Contact
from assistant.contacts.reader import read as read_contact
from assistant.contacts.reading import Reading
from assistant.contacts.sealing import seal
from assistant.stores.inbox import MessageText
from assistant.turns import buttons
from assistant.turns.messages import IncomingMessage

CONTACT = "contact"
"""The card of a message that asks for contact details, and the metadata of a message that gave some."""
_GIVES_CONTACT = "/give_contact"
_COMMAND_SIGN = "/"
_FREE = ("topic", "when")
"""Details that any short reply gives."""
_SHORT = 20  # words
_ASKS = re.compile(r"\?|^(?:what|why|how|who|which|when|where|do|does|is|are|can|could|should|would|will)\b", re.I)


def read(message: IncomingMessage, recent: Sequence[dict[str, Any]]) -> MessageText:
    """The text of a message, as typed or by the button that it names, without contact details.

    Args:
        message: what the visitor sent.
        recent: the last messages of the assistant in this conversation.

    Raises:
        ApiError: the payload was not offered here.
    """
    if message.contact:
        return MessageText(_GIVES_CONTACT, message.text, seal(Reading(message.contact, message.text).as_json()))
    read_as = buttons.read(message, recent)
    if read_as.text.startswith(_COMMAND_SIGN):
        return read_as
    asked = _asked(recent) if not _ASKS.search(read_as.text) else None
    reading = read_contact(read_as.text, asked)
    if asked in _FREE and set(reading.contact.known) <= {asked} and len(read_as.text.split()) <= _SHORT:
        reading = replace(reading, contact=Contact(**{asked: read_as.text}))
    if not reading.contact.known:
        return replace(read_as, text=reading.masked, shown=reading.masked)  # it may hold those of somebody else
    text = _GIVES_CONTACT if asked in reading.contact.known else reading.masked
    return replace(read_as, text=text, shown=reading.masked, contact=seal(reading.as_json()))


def _asked(recent: Sequence[dict[str, Any]]) -> str | None:
    """The contact detail that the last message of the assistant asks for."""
    card = recent[-1].get("custom", {}) if recent else {}
    asked: str | None = card.get("asked") if card.get("type") == CONTACT else None
    return asked
