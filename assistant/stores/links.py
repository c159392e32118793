"""Private links: whoever has the token may read one page about one conversation, until it expires or is revoked.

A token is random and only its hash is stored, so a copy of the database opens nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from advisor.errors import SeatwiseError
from assistant.settings import SECRET, settings
from assistant.stores.erasures import begin_write, digest
from assistant.stores.tables import links

Kind = Literal["report", "brief", "export"]
MOST_DAYS = 14
_DAY = 24 * 60 * 60
_BYTES = 32
_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


SLOT = "link"
"""An action sets this slot to ``Link.as_stored()`` to open a link to its conversation."""
PATHS: dict[Kind, str] = {"report": "/report/", "brief": "/brief/", "export": "/data/"}


@dataclass(frozen=True)
class Link:
    """A new link, before it is stored."""

    kind: Kind
    token: str

    @property
    def address(self) -> str:
        """Where it leads, on the server that visitors know."""
        return f"{settings().address}{PATHS[self.kind]}{self.token}"

    def as_stored(self) -> dict[str, str]:
        """What is stored of it: it opens nothing."""
        return {"kind": self.kind, "digest": digest(self.token)}


def new(kind: Kind) -> Link:
    """A link that nobody can guess; ``put`` opens it."""
    return Link(kind, token_urlsafe(_BYTES))


def derived(kind: Kind, key: str) -> Link:
    """The link of an outgoing message, which is the same at each attempt to deliver it.

    Args:
        kind: what it opens.
        key: of the message.

    Raises:
        SeatwiseError: SEATWISE_SECRET is not set.
    """
    secret, *_ = (settings().secret or "").split() or [""]
    if not secret:
        raise SeatwiseError(f"{SECRET} must be set: private links are derived from it")
    token = hmac.new(secret.encode(), f"{kind} {key}".encode(), hashlib.sha256).digest()
    return Link(kind, base64.urlsafe_b64encode(token).decode().rstrip("="))


def put(
    connection: Connection,
    conversation: str,
    opened: Sequence[tuple[int, Mapping[str, str]]],
    days: float = MOST_DAYS,
) -> None:
    """Open links for so many days, each as ``Link.as_stored`` describes it; one that is open stays as it is."""
    now = time.time()
    for _, link in opened:
        row = {"conversation": conversation, "created": now, "expires": now + days * _DAY, **link}
        insert = _INSERT[connection.dialect.name](links)
        connection.execute(insert.on_conflict_do_nothing(), row)


def issue(connection: Connection, conversation: str, kind: Kind, days: float = MOST_DAYS) -> str:
    """Make a link; the token that it returns cannot be had a second time.

    Raises:
        SeatwiseError: it would live longer than any link may.
        Erased: the conversation was erased.
    """
    if not 0 < days <= MOST_DAYS:
        raise SeatwiseError(f"a private link lives for at most {MOST_DAYS} days, not {days:g}")
    begin_write(connection, conversation)
    link = new(kind)
    put(connection, conversation, [(0, link.as_stored())], days)
    return link.token


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
