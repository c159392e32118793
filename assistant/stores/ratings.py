"""What visitors thought of answers: a thumb up or down, which they may change or take back."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from assistant.stores.erasures import begin_write
from assistant.stores.tables import ratings

VALUES = ("up", "down")


def rate(connection: Connection, conversation: str, message: str, value: str | None) -> None:
    """Keep what a visitor thinks of a message; None takes it back.

    Raises:
        Erased: the conversation was erased.
    """
    begin_write(connection, conversation)
    connection.execute(delete(ratings).where(ratings.c.conversation == conversation, ratings.c.message == message))
    if value is not None:
        row: dict[str, Any] = {"conversation": conversation, "message": message, "value": value, "at": time.time()}
        connection.execute(insert(ratings), row)


def ratings_of(connection: Connection, conversation: str) -> dict[str, str]:
    """Message -> up or down."""
    wanted = select(ratings.c.message, ratings.c.value).where(ratings.c.conversation == conversation)
    return {row.message: row.value for row in connection.execute(wanted)}
