"""What a visitor may send and what comes back: the checks and the answers of our own channels.

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

from assistant.turns.api_errors import Refusal

ALWAYS_ALLOWED = frozenset({"/greet"})  # how a client asks for the greeting, before anything was offered
LONGEST_BODY = 16 * 1024  # bytes; 1,000 characters take 12,000 where a client escapes every one of them
LONGEST_TEXT = 1000  # characters
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_COMMAND_SIGN = "/"
_TYPED_SLASH = "\N{FRACTION SLASH} "  # looks the same; the encoder knows it, and the space keeps the first word whole


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
        return cls.from_fields(_fields(body))

    @classmethod
    def from_fields(cls, fields: object) -> Question:
        """The message in fields that have been read; those that we do not know are ignored.

        Raises:
            Refusal: they are not what the contract of the web channel asks for.
        """
        if not isinstance(fields, dict):
            raise Refusal(400, "not_an_object", "The request must be a JSON object.")
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
    image: dict[str, str] | None = None  # src and alt
    custom: dict[str, Any] | None = None  # {type, version, fallback_text, ...}
    id: str = field(default_factory=lambda: str(uuid4()))
    ts: float = field(default_factory=time.time)  # seconds since 1970, as Rasa counts

    def as_json(self) -> dict[str, Any]:
        """The message as the client gets it, without what it does not have."""
        content = {"text": self.text, "buttons": self.buttons, "image": self.image, "custom": self.custom}
        return {"id": self.id, "ts": self.ts, **{name: value for name, value in content.items() if value}}


class Answer(OutputChannel):
    """Collects what the assistant says in one turn, in order, one message for each response."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    @classmethod
    def name(cls) -> str:
        """The name that a response variation may ask for with ``channel: web``."""
        return "web"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keeps a response whole, where Rasa would cut it at blank lines and send an image apart from its text.

        Args:
            recipient_id: whose conversation it is; an answer knows.
            message: the response, with what it has of text, buttons, quick_replies, image and custom.
        """
        text = (message.get("text") or "").strip() or None
        offered = [*(message.get("buttons") or ()), *(message.get("quick_replies") or ())]
        buttons = [{"title": one["title"], "payload": one.get("payload") or one["title"]} for one in offered]
        image = {"src": message["image"], "alt": text or ""} if message.get("image") else None
        custom = message.get("custom") or None
        if custom and text:
            custom = {"fallback_text": text, **custom}
        if text or buttons or image or custom:
            self.messages.append(Message(text, buttons or None, image, custom))

    async def send_text_message(self, recipient_id: str, text: str, **_: Any) -> None:
        """The same for a plain text, as Rasa's own actions send it."""
        await self.send_response(recipient_id, {"text": text})


def _fields(body: bytes) -> object:
    if len(body) > LONGEST_BODY:
        raise Refusal(413, "too_large", f"A request may have at most {LONGEST_BODY} bytes.")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(400, "not_json", "The request is not JSON.") from None


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
