"""Exports and erases everything that is stored of a conversation.

Visitors erase through the web channel, operators with ``python -m assistant`` (see operators.py), and the server erases
what is older than the retention period (see retention.py).
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Table, delete, func, select, true, union, union_all
from sqlalchemy.engine import Connection

from assistant.stores.database import Database
from assistant.stores.erasures import Journal, add, bury, digest, tombstones
from assistant.stores.records import forget as forget_records
from assistant.stores.retractions import EXPIRED, posted, take_back
from assistant.stores.tables import (
    bookings,
    calls,
    events,
    holds,
    inbox,
    leads,
    links,
    outbox,
    ratings,
    records,
    slack_cards,
    slack_places,
    slack_replies,
    slack_turns,
    unanswered,
)

DAY = 24 * 60 * 60
TABLES = {
    "events": events,
    "messages": inbox,
    "parcels": outbox,
    "ratings": ratings,
    "calls": calls,
    "bookings": bookings,
    "unanswered": unanswered,
    "leads": leads,
    "links": links,
    "holds": holds,
    "records": records,
    "places": slack_places,
    "posts": slack_turns,
    "cards": slack_cards,
    "replies": slack_replies,
}
_IN_ORDER = {
    "events": [events.c.number],
    "messages": [inbox.c.received],
    "parcels": [outbox.c.number],
    "ratings": [ratings.c.at],
    "calls": [calls.c.at],
    "bookings": [bookings.c.sequence],
    "unanswered": [unanswered.c.number],
    "leads": [leads.c.created],
    "links": [links.c.created],
    "holds": [holds.c.at],
    "records": [records.c.number],
    "places": [slack_places.c.at],
    "posts": [slack_turns.c.at],
    "cards": [slack_cards.c.at],
    "replies": [slack_replies.c.at],
}
_HAPPENED = (
    events.c.at,
    inbox.c.received,
    outbox.c.created,
    ratings.c.at,
    calls.c.at,
    unanswered.c.at,
    leads.c.updated,
)

Receipt = dict[str, int]
"""Number of deleted rows by kind; of records, whose hashes stay, of emptied ones."""


def export(connection: Connection, conversation: str) -> dict[str, Any]:
    """Everything that is stored of a conversation, in order."""
    held: dict[str, Any] = {"conversation": conversation}
    for name, table in TABLES.items():
        rows = select(table).where(table.c.conversation == conversation).order_by(*_IN_ORDER[name])
        held[name] = [dict(row) for row in connection.execute(rows).mappings()]
    held["events"] = [json.loads(row["event"]) for row in held["events"]]
    return held


def erase(connection: Connection, conversation: str, journal: Journal | None = None) -> Receipt:
    """Erase a conversation permanently, and have what Slack shows the firm of it taken back.

    The journal is written last. If the transaction fails after that, ``erase_again`` makes up for it.
    """
    is_new = bury(connection, conversation)
    take_back(connection, posted(connection, conversation))
    receipt = _delete(connection, conversation)
    if journal and is_new:
        journal.append(conversation)
    return receipt


def erase_again(database: Database, known: dict[str, float]) -> tuple[list[str], Receipt]:
    """Erase the conversations that a restored backup brought back.

    Args:
        database: where everything is stored.
        known: tombstones of the journal (digest -> Unix time), which are added to those of the database.

    Returns:
        The erased conversations, and the receipt.
    """

    def find(connection: Connection) -> list[str]:
        buried = tombstones(connection)
        new = {one: at for one, at in known.items() if one not in buried}
        add(connection, new)
        stored = _stored(connection) if buried or new else []
        return [conversation for conversation in stored if digest(conversation) in buried.keys() | new.keys()]

    found = database.without_timeout(find)
    return found, _total(database.without_timeout(partial(erase, conversation=one)) for one in found)


def forget(database: Database, days: float | None, lead_days: float | None = None) -> tuple[list[str], Receipt]:
    """Erase conversations without activity for this many days, as ``erase`` does, each in a transaction of its own.

    Those of visitors who asked to be contacted are kept for so many days of their own, so that the firm has what they
    agreed to send. None of days means forever.

    They are not written to the journal: if a restored backup brings them back, they are erased again by their age.

    Returns:
        The erased conversations, and the receipt.
    """
    now = time.time()
    before = {is_lead: now - kept * DAY for is_lead, kept in ((False, days), (True, lead_days)) if kept is not None}
    forgotten: list[str] = []

    def forget_one(connection: Connection, conversation: str) -> Receipt:
        bury(connection, conversation)
        if not _quiet(connection, before, conversation):
            raise _Lively
        take_back(connection, posted(connection, conversation), EXPIRED)
        return _delete(connection, conversation)

    receipts = []
    for conversation in database.without_timeout(lambda connection: _quiet(connection, before)):
        try:
            receipts.append(database.without_timeout(partial(forget_one, conversation=conversation)))
        except _Lively:
            continue
        forgotten.append(conversation)
    return forgotten, _total(receipts)


class _Lively(Exception):  # noqa: N818  # rolls back the tombstone with the transaction
    """There was activity in the conversation just now."""


def _quiet(connection: Connection, before: Mapping[bool, float], conversation: str | None = None) -> list[str]:
    """All conversations without activity since then, which differs for leads; only this one if it is given."""
    happened = union_all(
        *(
            select(at.table.c.conversation, at.label("at")).where(
                at.table.c.conversation == conversation if conversation else true()
            )
            for at in _HAPPENED
        )
    ).subquery()
    asked = select(leads.c.conversation)
    found: list[str] = []
    for is_lead, since in before.items():
        mine = happened.c.conversation.in_(asked) if is_lead else happened.c.conversation.not_in(asked)
        quiet = select(happened.c.conversation).where(mine).group_by(happened.c.conversation)
        found += connection.execute(quiet.having(func.max(happened.c.at) < since)).scalars()
    return found


def _stored(connection: Connection) -> list[str]:
    owned = (select(table.c.conversation).where(table.c.conversation.is_not(None)) for table in TABLES.values())
    names = union(*owned)
    found: list[str] = connection.execute(names).scalars().all()
    return found


def _delete(connection: Connection, conversation: str) -> Receipt:
    def gone(table: Table) -> int:
        if table is records:
            return forget_records(connection, conversation)
        deleted: int = connection.execute(delete(table).where(table.c.conversation == conversation)).rowcount
        return deleted

    return {name: gone(table) for name, table in TABLES.items()}


def _total(receipts: Iterable[Receipt]) -> Receipt:
    total = dict.fromkeys(TABLES, 0)
    for receipt in receipts:
        for name, number in receipt.items():
            total[name] += number
    return total
