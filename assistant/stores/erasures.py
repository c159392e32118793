"""Tombstones: an erased conversation takes nothing any more, whoever still has it open, and stays erased.

A tombstone is the hash of a random name and says nothing about a visitor. Besides the table there is a journal in a
file of its own, because a restored backup knows nothing of what was erased after it was made.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, make_url

from assistant.stores.database import Database, StoreUnavailable
from assistant.stores.tables import erasures

PLACE = "SEATWISE_ERASURES"
_DEFAULT = "erasures.txt"
_LINE = re.compile(r"([0-9a-f]{64}) (\d+)\n")
_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
_ERASING = 1  # the seed that keeps these advisory locks apart from those of turns


class Erased(StoreUnavailable):
    """The conversation was erased and takes nothing any more."""

    def __init__(self) -> None:
        super().__init__("the conversation was erased")


def digest(name: str) -> str:
    """The SHA-256 of a name, in hexadecimal."""
    return hashlib.sha256(name.encode()).hexdigest()


def is_erased(connection: Connection, conversation: str) -> bool:
    """Whether the conversation has a tombstone."""
    tombstone = select(erasures.c.at).where(erasures.c.digest == digest(conversation))
    return connection.execute(tombstone).scalar() is not None


def check(connection: Connection, conversation: str) -> None:
    """Raises:
    Erased: it was erased.
    """
    if is_erased(connection, conversation):
        raise Erased


def begin_write(connection: Connection, conversation: str) -> None:
    """To be called first in a transaction that adds to a conversation: it cannot be erased before that ends.

    Raises:
        Erased: it was erased.
    """
    _lock(connection, conversation, shared=True)
    check(connection, conversation)


def bury(connection: Connection, conversation: str) -> bool:
    """Wait for those who are adding to a conversation, and let nobody add again; False if it was so before."""
    _lock(connection, conversation, shared=False)
    return add(connection, {digest(conversation): time.time()}) > 0


def add(connection: Connection, tombstones: Mapping[str, float]) -> int:
    """Store tombstones, digest -> Unix time; how many of them are new."""
    unless_there = _INSERT[connection.dialect.name](erasures).on_conflict_do_nothing()
    return sum(connection.execute(unless_there, {"digest": one, "at": at}).rowcount for one, at in tombstones.items())


def tombstones(connection: Connection) -> dict[str, float]:
    """All that are stored: digest -> Unix time."""
    rows = connection.execute(select(erasures.c.digest, erasures.c.at).order_by(erasures.c.at))
    return {row.digest: row.at for row in rows}


class Journal:
    """The tombstones in a file, a line each, which is only ever added to."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, conversation: str) -> None:
        """Add a tombstone; it is on the disk on return.

        Raises:
            OSError: it cannot be written.
        """
        with self._path.open("a", encoding="ascii") as file:
            file.write(line(digest(conversation), time.time()))
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> dict[str, float]:
        """All of them, digest -> Unix time. A line that a full disk cut off counts for nothing."""
        written = self._path.read_text(encoding="ascii", errors="replace") if self._path.exists() else ""
        return {one: float(at) for one, at in _LINE.findall(written)}


def line(tombstone: str, at: float) -> str:
    """A tombstone as the journal has it."""
    return f"{tombstone} {int(at)}\n"


def journal(database: Database) -> Journal | None:
    """The one that the environment names, or else the one beside an SQLite file."""
    if place := os.environ.get(PLACE):
        return Journal(Path(place))
    file = make_url(database.url).database
    if database.kind == "sqlite" and file and file != ":memory:":
        return Journal(Path(file).with_name(_DEFAULT))
    return None


def _lock(connection: Connection, conversation: str, *, shared: bool) -> None:
    """Held until the transaction ends. SQLite has one writer at a time; all that it needs is to be one from now on."""
    if connection.dialect.name == "postgresql":
        function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        locking = text(f"SELECT {function}(hashtextextended(:name, :seed))")
        connection.execute(locking, {"name": conversation, "seed": _ERASING})
    elif not connection.connection.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
