"""Private links: whoever has the token may read one page about one conversation, until it expires or is revoked.

A token is random and only its hash is stored, so a copy of the database opens nothing.
"""

from __future__ import annotations

import time
from secrets import token_urlsafe
from typing import Literal

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from advisor.errors import SeatwiseError
from assistant.stores.erasures import begin_write, digest
from assistant.stores.tables import links

Kind = Literal["report", "brief", "export"]
MOST_DAYS = 14
_DAY = 24 * 60 * 60
_BYTES = 32


def issue(connection: Connection, conversation: str, kind: Kind, days: float = MOST_DAYS) -> str:
    """Make a link; the token that it returns cannot be had a second time.

    Raises:
        SeatwiseError: it would live longer than any link may.
        Erased: the conversation was erased.
    """
    if not 0 < days <= MOST_DAYS:
        raise SeatwiseError(f"a private link lives for at most {MOST_DAYS} days, not {days:g}")
    begin_write(connection, conversation)
    token, now = token_urlsafe(_BYTES), time.time()
    row = {"digest": digest(token), "conversation": conversation, "kind": kind, "created": now}
    connection.execute(insert(links), {**row, "expires": now + days * _DAY})
    return token


def conversation_of(connection: Connection, kind: Kind, token: str) -> str | None:
    """The conversation that a token gives access to; None if it is unknown, expired, revoked or of another kind."""
    found = select(links.c.conversation).where(
        links.c.digest == digest(token),
        links.c.kind == kind,
        links.c.expires > time.time(),
        links.c.revoked.is_(None),
    )
    conversation: str | None = connection.execute(found).scalar()
    return conversation


def revoke(connection: Connection, conversation: str) -> int:
    """Revoke all links of a conversation. Returns how many were still open."""
    open_ones = update(links).where(links.c.conversation == conversation, links.c.revoked.is_(None))
    number: int = connection.execute(open_ones.values(revoked=time.time())).rowcount
    return number
