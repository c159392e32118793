"""Which conversations a person holds: the assistant is silent in them."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from advisor.errors import SeatwiseError
from assistant.stores.erasures import begin_write
from assistant.stores.tables import holds

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


def holder(connection: Connection, conversation: str) -> str | None:
    """Who holds a conversation; None if the assistant answers in it."""
    held_by: str | None = connection.execute(select(holds.c.held_by).where(_is(conversation))).scalar()
    return held_by


def held_since(connection: Connection, conversation: str) -> float | None:
    """Since when a person holds a conversation, in seconds since 1970; None if nobody does."""
    at: float | None = connection.execute(select(holds.c.at).where(_is(conversation))).scalar()
    return at


def _is(conversation: str) -> Any:
    return holds.c.conversation == conversation
