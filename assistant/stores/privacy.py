"""What is kept of a conversation, handed out or erased; and everything that is older than it need be.

``python -m assistant export|erase CONVERSATION``, ``forget DAYS`` and ``find REFERENCE`` (of a call) are for operators;
a visitor erases by the web channel.
"""

from __future__ import annotations

import json
import time
from typing import Any

from sqlalchemy import delete, select, union
from sqlalchemy.engine import Connection

from assistant.stores.calls import conversations_of
from assistant.stores.database import Database
from assistant.stores.tables import calls, events, inbox, outbox, ratings

_DAY = 24 * 60 * 60
_TABLES = {"events": events, "messages": inbox, "parcels": outbox, "ratings": ratings, "calls": calls}

_IN_ORDER = {
    "events": [events.c.number],
    "messages": [inbox.c.received],
    "parcels": [outbox.c.number],
    "ratings": [ratings.c.at],
    "calls": [calls.c.at],
}


def carry_out(database: Database, command: str, argument: str) -> dict[str, Any]:
    """One of the commands below.

    Args:
        database: where everything is stored.
        command: export, erase, forget or find.
        argument: the conversation, the number of days, or the reference of a call.
    """
    if command == "find":
        found = database.at_leisure(lambda connection: conversations_of(connection, argument))
        return {"reference": argument, "conversations": found}
    if command == "forget":
        return database.at_leisure(lambda connection: forget(connection, int(argument)))
    work = export if command == "export" else erase
    return database.at_leisure(lambda connection: work(connection, argument))


def export(connection: Connection, conversation: str) -> dict[str, Any]:
    """All that is stored of a conversation, in the order of its happening."""
    held: dict[str, Any] = {"conversation": conversation}
    for name, table in _TABLES.items():
        rows = select(table).where(table.c.conversation == conversation).order_by(*_IN_ORDER[name])
        held[name] = [dict(row) for row in connection.execute(rows).mappings()]
    held["events"] = [json.loads(row["event"]) for row in held["events"]]
    return held


def erase(connection: Connection, conversation: str) -> dict[str, int]:
    """Erase a conversation wherever it is stored; the receipt counts what is gone."""
    return {
        name: connection.execute(delete(table).where(table.c.conversation == conversation)).rowcount
        for name, table in _TABLES.items()
    }


def forget(connection: Connection, days: float) -> dict[str, int]:
    """Erase the conversations in which nothing has happened for so many days; the receipt counts what is gone."""
    since = time.time() - days * _DAY
    lively = union(
        select(events.c.conversation).where(events.c.at >= since),
        select(inbox.c.conversation).where(inbox.c.received >= since),
        select(calls.c.conversation).where(calls.c.at >= since),
    ).subquery()
    stored = union(*(select(table.c.conversation) for table in _TABLES.values())).subquery()
    quiet = select(stored.c.conversation).where(stored.c.conversation.not_in(select(lively.c.conversation)))
    old = connection.execute(quiet).scalars().all()
    receipts = [erase(connection, conversation) for conversation in old]
    return {
        "conversations": len(old),
        **{name: sum(receipt[name] for receipt in receipts) for name in _TABLES},
    }
