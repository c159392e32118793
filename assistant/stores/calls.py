"""Which sales call a conversation prepares: the reference that stood in the link which the firm had sent."""

from __future__ import annotations

import re
import time

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from assistant.stores.erasures import begin_write
from assistant.stores.tables import calls

_REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,64}")


def is_reference(value: str) -> bool:
    """Whether this can be the reference of a call."""
    return bool(_REFERENCE.fullmatch(value))


def prepare(connection: Connection, conversation: str, reference: str) -> None:
    """Note that a conversation belongs to a call; again is no harm.

    Raises:
        Erased: the conversation was erased.
    """
    begin_write(connection, conversation)
    try:
        with connection.begin_nested():
            row = {"conversation": conversation, "reference": reference, "at": time.time()}
            connection.execute(insert(calls), row)
    except IntegrityError:
        return


def conversations_of(connection: Connection, reference: str) -> list[str]:
    """The conversations that prepare a call, the first one first."""
    wanted = select(calls.c.conversation).where(calls.c.reference == reference).order_by(calls.c.at)
    found: list[str] = connection.execute(wanted).scalars().all()
    return found
