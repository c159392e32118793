"""What a visitor sends and what the assistant says, the same for every channel.

A typed text is never a command. Rasa takes any message that begins with "/" as an intent with entities of the sender's
choice, and no setting turns that off; so the slash of a typed text is replaced before Rasa sees it, and only those
payloads get through that the assistant itself has offered (see buttons.py).
"""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from rasa.core.channels.channel import OutputChannel

from assistant.contacts.contact import Contact
from assistant.turns.api_errors import ApiError

ALWAYS_ALLOWED = frozenset({"/greet"})  # how a client asks for the greeting, before anything was offered
ERASED = "erased"
"""The type of the card that says that the conversation was erased."""
LONGEST_TEXT = 1000  # characters
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BESIDE_TEXT = ("progress", "contact")  # cards that are shown beside a text; any other is shown in its place
_COMMAND_SIGN = "/"
_TYPED_SLASH = "\N{FRACTION SLASH} "  # looks the same; the encoder knows it, and the space keeps the first word whole


@dataclass(frozen=True)
class IncomingMessage:
    """One checked message of a visitor: what they typed, or the payload of a button.

    Attributes:
        channel: the name of the channel that received it.
        conversation: unique among the conversations of all channels, at most 255 characters.
        id: a canonical UUID; the same id is the same message.
        text: as Rasa may see it.
        is_payload: whether the text is the payload of a button.
        is_ours: whether the payload was made by us, of a form that was filled in, so that no button offers it.
        contact: the contact details that were put into a form.
    """

    channel: str
    conversation: str
    id: str
    text: str
    is_payload: bool
    is_ours: bool = False
    contact: Contact | None = None

    @classmethod
    def from_text(cls, channel: str, conversation: str, message_id: object, text: object) -> IncomingMessage:
        """A message that somebody typed, made safe to store.

        Raises:
            ApiError: the id is not a UUID, or the text is empty, too long or not a string.
        """
        return cls(channel, conversation, _message_id(message_id), _typed(text), is_payload=False)

    @classmethod
    def from_payload(cls, channel: str, conversation: str, message_id: object, payload: object) -> IncomingMessage:
        """A press of a button.

        Raises:
            ApiError: the id is not a UUID, or the payload is too long or not a string.
        """
        return cls(channel, conversation, _message_id(message_id), _checked("payload", payload), is_payload=True)

    @classmethod
    def from_answers(
        cls, channel: str, conversation: str, message_id: object, answers: Mapping[str, Any]
    ) -> IncomingMessage:
        """Answers of the interview that were chosen in a form of ours, by field.

        Raises:
            ApiError: the id is not a UUID.
        """
        text = f"/answer{json.dumps(answers)}"
        return cls(channel, conversation, _message_id(message_id), text, is_payload=True, is_ours=True)

    @classmethod
    def from_contact(cls, channel: str, conversation: str, message_id: object, contact: Contact) -> IncomingMessage:
        """Contact details that were put into a form of ours.

        Raises:
            ApiError: the id is not a UUID.
        """
        text = ", ".join(f"[{name}]" for name in contact.known)
        return cls(channel, conversation, _message_id(message_id), text, is_payload=False, contact=contact)


@dataclass(frozen=True)
class Message:
    """One message of the assistant. Its sources are the last lines of its text."""

    text: str | None = None
    buttons: list[dict[str, str]] | None = None  # title and payload
    image: dict[str, str] | None = None  # src and alt
    custom: dict[str, Any] | None = None  # {type, version, ...}
    sources: tuple[str, ...] = ()
    id: str = field(default_factory=lambda: str(uuid4()))
    ts: float = field(default_factory=time.time)  # seconds since 1970, as Rasa counts

    def as_json(self) -> dict[str, Any]:
        """The message as clients get it, without the fields that are empty."""
        text = "\n".join(filter(None, [self.text, *self.sources]))
        custom = {"fallback_text": text, **self.custom} if self.custom and text else self.custom
        content = {"text": text, "buttons": self.buttons, "image": self.image, "custom": custom}
        return {"id": self.id, "ts": self.ts, **{name: value for name, value in content.items() if value}}


class CollectingOutput(OutputChannel):
    """Collects what the assistant says in one turn: one message, or one more for each card that stands for its text.

    Args:
        channel: the name of the channel, which a response variation may ask for with ``channel: NAME``.
    """

    def __init__(self, channel: str) -> None:
        self.messages: list[Message] = []
        self._channel = channel

    def name(self) -> str:
        """The name of the channel."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep a response whole, where Rasa would split it at blank lines and send an image apart from its text.

        Args:
            recipient_id: the conversation.
            message: the response, with what it has of text, buttons, quick_replies, image, custom and source.
        """
        text = (message.get("text") or "").strip() or None
        offered = [*(message.get("buttons") or ()), *(message.get("quick_replies") or ())]
        buttons = [{"title": one["title"], "payload": one.get("payload") or one["title"]} for one in offered]
        image = {"src": message["image"], "alt": text or ""} if message.get("image") else None
        custom = message.get("custom") or None
        if not (text or buttons or image or custom):
            return
        sources = (str(message["source"]),) if message.get("source") else ()
        said = Message(text, buttons or None, image, custom, sources)
        if self.messages and (joined := _joined(self.messages[-1], said)):
            self.messages[-1] = joined
        else:
            self.messages.append(said)

    async def send_text_message(self, recipient_id: str, text: str, **_: Any) -> None:
        """The same for a plain text, as Rasa's own actions send it."""
        await self.send_response(recipient_id, {"text": text})


def _joined(first: Message, second: Message) -> Message | None:
    """Two messages of one turn as one, if both are text that no card stands for; the choices are those of the second.

    None where they stay two messages.
    """
    a_card = first.custom or (second.custom and second.custom.get("type") not in _BESIDE_TEXT)
    if (
        a_card
        or first.image
        or second.image
        or not (first.text and second.text)
        or (first.buttons and not second.buttons)
    ):
        return None
    sources = tuple(dict.fromkeys([*first.sources, *second.sources]))
    return replace(second, text=f"{first.text}\n\n{second.text}", sources=sources)


def _message_id(value: object) -> str:
    if not isinstance(value, str) or not _UUID.fullmatch(value.lower()):
        raise ApiError(400, "bad_id", "The id of a message must be a UUID.")
    return value.lower()


def _typed(value: object) -> str:
    """What a person typed, safe to store and never a command."""
    text = "".join(character for character in _checked("text", value) if _storable(character)).strip()
    if not any(_visible(character) for character in text):
        raise ApiError(400, "empty", "The message has no words in it.")
    return _TYPED_SLASH + text[1:].lstrip() if text.startswith(_COMMAND_SIGN) else text


def _checked(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ApiError(400, f"bad_{name}", f"The {name} of a message must be a string.")
    if len(value) > LONGEST_TEXT:
        raise ApiError(
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
