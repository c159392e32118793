"""Tombstones of erased conversations: nothing can be added to these any more, and they stay erased.

A tombstone is the hash of a random name and says nothing about a visitor. Tombstones are also kept in a journal outside
of the database, because a backup does not contain erasures that happened after it was made.
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

from assistant.settings import settings
from assistant.stores.database import Database, StoreUnavailable
from assistant.stores.tables import erasures

_DEFAULT = "erasures.txt"
_LINE = re.compile(r"([0-9a-f]{64}) (\d+)\n")
_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
_ERASING = 1  # hash seed that keeps these advisory locks apart from those of turns
_RECEIPT = 12  # characters


class Erased(StoreUnavailable):
    """The conversation was erased; nothing can be added to it or read from it."""

    def __init__(self) -> None:
        super().__init__("the conversation was erased")


def digest(name: str) -> str:
    """The SHA-256 of a name, in hexadecimal."""
    return hashlib.sha256(name.encode()).hexdigest()


def receipt(conversation: str) -> str:
    """What a visitor keeps of an erased conversation: the beginning of its tombstone, which operators can look up."""
    return digest(conversation)[:_RECEIPT]


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
    """Call this first in any transaction that adds to a conversation: it locks out erasure until the transaction ends.

    Raises:
        Erased: it was erased.
    """
    _lock(connection, conversation, shared=True)
    check(connection, conversation)


def bury(connection: Connection, conversation: str) -> bool:
    """Store a tombstone, after waiting for running writes to the conversation. False if there was one already."""
    _lock(connection, conversation, shared=False)
    return add(connection, {digest(conversation): time.time()}) > 0


def add(connection: Connection, tombstones: Mapping[str, float]) -> int:
    """Store tombstones (digest -> Unix time). Returns how many of them are new."""
    unless_there = _INSERT[connection.dialect.name](erasures).on_conflict_do_nothing()
    return sum(connection.execute(unless_there, {"digest": one, "at": at}).rowcount for one, at in tombstones.items())


def tombstones(connection: Connection) -> dict[str, float]:
    """All stored tombstones: digest -> Unix time."""
    rows = connection.execute(select(erasures.c.digest, erasures.c.at).order_by(erasures.c.at))
    return {row.digest: row.at for row in rows}


class Journal:
    """An append-only file of tombstones, one per line."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, conversation: str) -> None:
        """Add a tombstone and sync it to disk.

        Raises:
            OSError: the file cannot be written.
        """
        with self._path.open("a", encoding="ascii") as file:
            file.write(line(digest(conversation), time.time()))
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> dict[str, float]:
        """All tombstones: digest -> Unix time. An incomplete line (full disk) is ignored."""
        written = self._path.read_text(encoding="ascii", errors="replace") if self._path.exists() else ""
        return {one: float(at) for one, at in _LINE.findall(written)}


def line(tombstone: str, at: float) -> str:
    """A tombstone as a line of the journal."""
    return f"{tombstone} {int(at)}\n"


def journal(database: Database) -> Journal | None:
    """The journal that the settings name; by default a file next to the SQLite file, none with PostgreSQL."""
    if path := settings().erasures:
        return Journal(path)
    file = make_url(database.url).database
    if database.kind == "sqlite" and file and file != ":memory:":
        return Journal(Path(file).with_name(_DEFAULT))
    return None


def _lock(connection: Connection, conversation: str, *, shared: bool) -> None:
    """Lock the conversation until the transaction ends. With SQLite, the only writer locks the whole database."""
    if connection.dialect.name == "postgresql":
        function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        locking = text(f"SELECT {function}(hashtextextended(:name, :seed))")
        connection.execute(locking, {"name": conversation, "seed": _ERASING})
    elif not connection.connection.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
