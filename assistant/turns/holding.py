"""What a visitor is told when a person takes over a conversation, answers in it and leaves it.

Each of the first four functions runs in the transaction that stores its messages: see ``TurnDispatcher.tell``.
"""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy.engine import Connection

from advisor.errors import SeatwiseError
from assistant.stores import outbox
from assistant.stores.erasures import begin_write
from assistant.stores.holds import AlreadyHeld, held_since, hold, holder, release, release_silent
from assistant.stores.inbox import recent
from assistant.turns.messages import Message

HELD = "held"
PERSON = "person"
"""The types of their cards."""
LONGEST_ANSWER = 2000  # characters
_ASKING = ("progress", "summary")  # cards of a message that asks something

JOINED = "{name} from the firm is in this chat now and will answer here."
WAITING = "{name} from the firm will answer here."
BACK = "{name} has left this chat, so I'm back. We can go on where we were."
GONE = (
    "{name} has not written here for a while, so I'm back. I have not read what you wrote to {name}: "
    "please ask me again, or we can go on where we were."
)


class NotHeld(SeatwiseError):  # noqa: N818  # a state, not an error
    """The person does not hold the conversation."""


def take_over(connection: Connection, conversation: str, name: str) -> list[Message]:
    """Hold a conversation, and say who is there.

    Raises:
        AlreadyHeld: they or somebody else hold it already.
    """
    if holder(connection, conversation) == name:
        raise AlreadyHeld("you hold this conversation already")
    hold(connection, conversation, name)
    _tell_firm(connection, conversation, "held", name)
    return [Message(text=JOINED.format(name=name), custom={"type": HELD, "version": 1})]


def answer(connection: Connection, conversation: str, name: str, text: str) -> list[Message]:
    """What a person says in a conversation that they hold.

    Raises:
        NotHeld: they do not hold it.
    """
    if holder(connection, conversation, keep=True) != name:
        raise NotHeld("hold this conversation first")
    said = Message(text=text, custom={"type": PERSON, "version": 1, "name": name, "text": text})
    _tell_firm(connection, conversation, "answered", name, said.id)
    return [said]


def hand_back(connection: Connection, conversation: str) -> list[Message]:
    """Let the assistant go on; it repeats the question that was open.

    Raises:
        NotHeld: nobody holds the conversation.
    """
    name, since = holder(connection, conversation), held_since(connection, conversation)
    if name is None or since is None:
        raise NotHeld("nobody holds this conversation")
    release(connection, conversation)
    _tell_firm(connection, conversation, "released", name)
    return [Message(text=BACK.format(name=name)), *_open_question(connection, conversation, since)]


def take_back(connection: Connection, conversation: str, before: float) -> list[Message]:
    """Let the assistant go on, because the person has said nothing since this time (Unix time).

    Raises:
        NotHeld: nobody holds the conversation any more, or they have just said something.
    """
    since = held_since(connection, conversation)
    name = release_silent(connection, conversation, before)
    if name is None or since is None:
        raise NotHeld("nobody has forgotten this conversation")
    _tell_firm(connection, conversation, "forgotten", name)
    return [Message(text=GONE.format(name=name)), *_open_question(connection, conversation, since)]


def heard(connection: Connection, conversation: str, message: str) -> str | None:
    """The person who holds a conversation, after telling the firm of a message in it; None if nobody does.

    Raises:
        Erased: the conversation was erased.
    """
    if holder(connection, conversation) is None:
        return None
    begin_write(connection, conversation)
    name = holder(connection, conversation, keep=True)
    if name is not None:
        _tell_firm(connection, conversation, "said", name, message)
    return name


def silence(name: str) -> Message:
    """The answer to a message while a person holds the conversation: nothing but that it has arrived."""
    return Message(custom={"type": HELD, "version": 1, "fallback_text": WAITING.format(name=name)})


def _tell_firm(
    connection: Connection,
    conversation: str,
    what: Literal["held", "said", "answered", "released", "forgotten"],
    name: str,
    message: str = "",
) -> None:
    """Tell the firm's other systems what happens in a conversation; of a message only its id, once."""
    content = {"what": what, "name": name, **({"message": message} if message else {})}
    if not (message and outbox.is_told(connection, conversation, "chat", content)):
        outbox.tell(connection, conversation, "chat", content)


def _open_question(connection: Connection, conversation: str, before: float) -> list[Message]:
    """What the assistant asked last before a time, to be answered now; nothing if it asked nothing."""
    said = [one for one in recent(connection, conversation, before) if _type(one) not in (HELD, PERSON)]
    if not said or "buttons" not in said[-1] or not _asks(said[-1]):
        return []
    last = said[-1]
    return [Message(text=last.get("text"), buttons=last["buttons"], custom=last.get("custom"))]


def _asks(message: dict[str, Any]) -> bool:
    """Whether a message asks something; one without a card may offer a way on below something said."""
    kind = _type(message)
    return kind in _ASKING or (kind is None and "?" in message.get("text", ""))


def _type(message: dict[str, Any]) -> str | None:
    kind: str | None = message.get("custom", {}).get("type")
    return kind
