"""What a visitor may send and what comes back: the checks, the refusals and the answers of our own channels.

A typed text is never a command. Rasa takes any message that begins with "/" as an intent with entities of the sender's
choice, and no setting turns that off; so the slash of a typed text is replaced before Rasa sees it, and the session
lets only those payloads through that the assistant itself offered.
"""

from __future__ import annotations

import json
import re
import time
import unicodedata
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from rasa.core.channels.channel import OutputChannel

from advisor.errors import SeatwiseError

ALWAYS_ALLOWED = frozenset({"/greet"})  # how a client asks for the greeting, before anything was offered
LONGEST_BODY = 16 * 1024  # bytes; 1,000 characters take 12,000 where a client escapes every one of them
LONGEST_TEXT = 1000  # characters
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_COMMAND_SIGN = "/"
_TYPED_SLASH = "\N{FRACTION SLASH} "  # looks the same; the encoder knows it, and the space keeps the first word whole


class Refusal(SeatwiseError):  # noqa: N818  # not a fault of ours, but what a request gets
    """A request that is not carried out; status, code and sentence tell the client why."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Question:
    """One checked message of a visitor: words, or the payload of a button."""

    id: str  # canonical UUID chosen by the client: the same id is the same message
    text: str  # as Rasa may see it
    is_payload: bool

    @classmethod
    def from_json(cls, body: bytes) -> Question:
        """The message in a request body.

        Raises:
            Refusal: the body is not what the contract of the web channel asks for.
        """
        fields = _fields(body)
        message_id = _message_id(fields.get("id"))
        if ("text" in fields) == ("payload" in fields):
            raise Refusal(400, "text_or_payload", "A message needs either a text or a payload.")
        if "text" in fields:
            return cls(message_id, _typed(fields["text"]), is_payload=False)
        return cls(message_id, _checked("payload", fields["payload"]), is_payload=True)


@dataclass(frozen=True)
class Message:
    """One message of the assistant."""

    text: str | None = None
    buttons: list[dict[str, str]] | None = None  # title and payload
    custom: dict[str, Any] | None = None  # {type, version, fallback_text, ...}
    id: str = field(default_factory=lambda: str(uuid4()))
    ts: float = field(default_factory=time.time)  # seconds since 1970, as Rasa counts

    def as_json(self) -> dict[str, Any]:
        """The message as the client gets it, without what it does not have."""
        content = {"text": self.text, "buttons": self.buttons, "custom": self.custom}
        return {"id": self.id, "ts": self.ts, **{name: value for name, value in content.items() if value}}


class Answer(OutputChannel):
    """Collects what the assistant says in one turn, in order; Rasa turns images and attachments into text."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    @classmethod
    def name(cls) -> str:
        """The name that a response variation may ask for with ``channel: web``."""
        return "web"

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Keeps a text whole: a blank line in it is a paragraph, not a second message."""
        if text.strip():
            self.messages.append(Message(text=text))

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        """Keeps a text with the buttons below it."""
        kept = [{"title": button["title"], "payload": button.get("payload") or button["title"]} for button in buttons]
        self.messages.append(Message(text=text, buttons=kept))

    async def send_custom_json(self, recipient_id: str, json_message: dict[str, Any], **kwargs: Any) -> None:
        """Keeps a card or another structured message."""
        self.messages.append(Message(custom=json_message))


def _fields(body: bytes) -> dict[str, Any]:
    if len(body) > LONGEST_BODY:
        raise Refusal(413, "too_large", f"A request may have at most {LONGEST_BODY} bytes.")
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(400, "not_json", "The request is not JSON.") from None
    if not isinstance(fields, dict):
        raise Refusal(400, "not_an_object", "The request must be a JSON object.")
    return fields


def _message_id(value: object) -> str:
    if not isinstance(value, str) or not _UUID.fullmatch(value.lower()):
        raise Refusal(400, "bad_id", "The id of a message must be a UUID.")
    return value.lower()


def _typed(value: object) -> str:
    """What a person typed, safe to store and never a command."""
    text = "".join(character for character in _checked("text", value) if _storable(character)).strip()
    if not any(_visible(character) for character in text):
        raise Refusal(400, "empty", "The message has no words in it.")
    return _TYPED_SLASH + text[1:].lstrip() if text.startswith(_COMMAND_SIGN) else text


def _checked(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise Refusal(400, f"bad_{name}", f"The {name} of a message must be a string.")
    if len(value) > LONGEST_TEXT:
        raise Refusal(
            400, "too_long", f"A message may have at most {LONGEST_TEXT:,} characters; this has {len(value):,}."
        )
    return value


def _storable(character: str) -> bool:
    """Whether stores and encodings take it: a NUL ends Rasa's SQL store, half a surrogate pair cannot be written."""
    return character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")


def _visible(character: str) -> bool:
    """Whether a reader sees it. Unassigned code points count: they are the emoji younger than this Python."""
    category = unicodedata.category(character)
    return category == "Cn" or category[0] not in "CZ"
