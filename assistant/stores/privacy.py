"""What is kept of a conversation, handed out or erased; and everything that is older than it need be.

``python -m assistant export|erase CONVERSATION`` and ``python -m assistant forget DAYS`` are for operators; a visitor
erases by the web channel.
"""

from __future__ import annotations

import json
import time
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.engine import Connection

from assistant.stores.tables import events, inbox

_DAY = 24 * 60 * 60
_TABLES = {"events": events, "messages": inbox}


def export(connection: Connection, conversation: str) -> dict[str, Any]:
    """All that is stored of a conversation, in the order of its happening."""
    told = select(events.c.event).where(events.c.conversation == conversation).order_by(events.c.number)
    received = select(inbox).where(inbox.c.conversation == conversation).order_by(inbox.c.received)
    return {
        "conversation": conversation,
        "events": [json.loads(row) for row in connection.execute(told).scalars()],
        "messages": [dict(row) for row in connection.execute(received).mappings()],
    }


def erase(connection: Connection, conversation: str) -> dict[str, int]:
    """Erase a conversation wherever it is stored; the receipt counts what is gone."""
    return {
        name: connection.execute(delete(table).where(table.c.conversation == conversation)).rowcount
        for name, table in _TABLES.items()
    }


def forget(connection: Connection, days: float) -> dict[str, int]:
    """Erase the conversations in which nothing has happened for so many days; the receipt counts what is gone."""
    quiet = (
        select(events.c.conversation)
        .group_by(events.c.conversation)
        .having(func.max(events.c.at) < time.time() - days * _DAY)
    )
    old = connection.execute(quiet).scalars().all()
    receipts = [erase(connection, conversation) for conversation in old]
    return {
        "conversations": len(old),
        **{name: sum(receipt[name] for receipt in receipts) for name in _TABLES},
    }
