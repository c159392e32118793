"""Which conversations a person holds: the assistant is silent in them."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from advisor.errors import SeatwiseError
from assistant.stores.erasures import begin_write
from assistant.stores.inbox import UNASKED
from assistant.stores.tables import holds, inbox

LONGEST_HOLDER = 80  # characters


class AlreadyHeld(SeatwiseError):  # noqa: N818  # a state, not an error
    """Somebody else holds the conversation."""


def hold(connection: Connection, conversation: str, by: str) -> None:
    """Hold a conversation; again is no harm.

    Args:
        connection: to the database.
        conversation: which one.
        by: who holds it, as the visitor is told.

    Raises:
        AlreadyHeld: somebody else holds it.
        Erased: it was erased.
    """
    begin_write(connection, conversation)
    held_by = holder(connection, conversation)
    if held_by is None:
        connection.execute(insert(holds), {"conversation": conversation, "at": time.time(), "held_by": by})
    elif held_by != by:
        raise AlreadyHeld(f"{held_by} already holds this conversation")


def release(connection: Connection, conversation: str) -> None:
    """Let the assistant answer again; no harm where nobody holds the conversation."""
    connection.execute(delete(holds).where(_is(conversation)))


def holder(connection: Connection, conversation: str, *, keep: bool = False) -> str | None:
    """Who holds a conversation; None if the assistant answers in it.

    Args:
        connection: to the database.
        conversation: which one.
        keep: whether it must stay theirs until the transaction ends.
    """
    wanted = select(holds.c.held_by).where(_is(conversation))
    held_by: str | None = connection.execute(wanted.with_for_update() if keep else wanted).scalar()
    return held_by


def held_since(connection: Connection, conversation: str) -> float | None:
    """Since when a person holds a conversation, in seconds since 1970; None if nobody does."""
    at: float | None = connection.execute(select(holds.c.at).where(_is(conversation))).scalar()
    return at


def silent_since(connection: Connection, before: float) -> list[str]:
    """The held conversations in which the person has said nothing since this time (Unix time)."""
    found: list[str] = connection.execute(select(holds.c.conversation).where(_is_silent(before))).scalars().all()
    return found


def release_silent(connection: Connection, conversation: str, before: float) -> str | None:
    """Let the assistant answer again, if the person has said nothing since this time; who that was.

    None if nobody holds the conversation, or they have just said something.
    """
    mine = select(holds.c.held_by).where(_is(conversation))
    # Locked first: other replicas wait here, and whoever answers just now is seen by the second look.
    if connection.execute(mine.with_for_update()).first() is None:
        return None
    held_by: str | None = connection.execute(mine.where(_is_silent(before))).scalar()
    if held_by is not None:
        release(connection, conversation)
    return held_by


def _is_silent(before: float) -> Any:
    # While a conversation is held, only the person says what no message asked for, "is in this chat now" to begin with.
    said = select(inbox.c.message).where(
        inbox.c.conversation == holds.c.conversation, inbox.c.text == UNASKED, inbox.c.done >= before
    )
    return (holds.c.at < before) & ~said.exists()


def _is(conversation: str) -> Any:
    return holds.c.conversation == conversation
