"""The records of verdicts, in one chain for the whole database: see advisor/record.py and advisor/chain.py.

A record is stored with the event of its verdict, in the same transaction (see conversations.py). Erasing a conversation
takes the contents of its records and leaves their hashes, so that the chain of the others survives.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import insert, select, text, update
from sqlalchemy.engine import Connection

from advisor.chain import Entry
from advisor.record import chained, digest_of
from assistant.stores.tables import records

SLOT = "record"
"""An action that gives a verdict sets this slot to the body of its record; visitors cannot set it."""

_CHAIN = 7_305_519_022_264_201  # the advisory lock of the chain in PostgreSQL


@dataclass(frozen=True)
class StoredRecord:
    """The record of a verdict."""

    number: int  # in the chain
    event: int  # of the conversation
    at: float  # seconds since 1970
    body: str


def put(connection: Connection, conversation: str, bodies: Iterable[tuple[int, str]]) -> None:
    """Append the records that the events of these numbers ask to keep."""
    for event, body in bodies:
        append(connection, conversation, event, body)


def append(connection: Connection, conversation: str, event: int, body: str) -> None:
    """Add a record to the end of the chain, one transaction at a time; it has begun with ``begin_write``."""
    if connection.dialect.name == "postgresql":  # with SQLite, begin_write made it the only writer
        connection.execute(text("SELECT pg_advisory_xact_lock(:chain)"), {"chain": _CHAIN})
    last = connection.execute(
        select(records.c.number, records.c.hash).order_by(records.c.number.desc()).limit(1)
    ).first()
    at, digest = round(time.time(), 3), digest_of(body)
    row = {
        "number": last.number + 1 if last else 1,
        "conversation": conversation,
        "event": event,
        "at": at,
        "body": body,
        "digest": digest,
        "hash": chained(last.hash if last else "", digest, at),
    }
    connection.execute(insert(records), row)


def records_of(connection: Connection, conversation: str) -> list[StoredRecord]:
    """The records of a conversation, in order."""
    wanted = select(records.c.number, records.c.event, records.c.at, records.c.body)
    mine = wanted.where(records.c.conversation == conversation).order_by(records.c.number)
    return [StoredRecord(*row) for row in connection.execute(mine)]


def chain(connection: Connection) -> list[Entry]:
    """All records in order, for ``python -m advisor verify`` and ``replay``."""
    wanted = select(records.c.number, records.c.at, records.c.body, records.c.digest, records.c.hash)
    return [Entry(*row) for row in connection.execute(wanted.order_by(records.c.number))]


def forget(connection: Connection, conversation: str) -> int:
    """Erase what the records of a conversation say and whose they are. Returns how many there were."""
    mine = update(records).where(records.c.conversation == conversation)
    forgotten: int = connection.execute(mine.values(conversation=None, event=None, body=None)).rowcount
    return forgotten
