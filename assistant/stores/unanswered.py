"""Unanswered questions, for whoever edits the content: masked, and erased together with their conversation."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.engine import Connection

from assistant.stores.masking import mask
from assistant.stores.tables import unanswered

SLOT = "unanswered"
"""An action sets this slot to {"asked": …, "nearest": [topic, …]} when it has no answer."""

_MOST = 10_000  # rows; beyond that, new questions are dropped


def put(connection: Connection, conversation: str, questions: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Store questions, each with the number of the event that it came with."""
    rows = [
        {
            "conversation": conversation,
            "number": number,
            "at": time.time(),
            "asked": mask(question["asked"]),
            "nearest": json.dumps(question["nearest"]),
        }
        for number, question in questions
    ]
    if rows and connection.execute(select(func.count()).select_from(unanswered)).scalar_one() < _MOST:
        connection.execute(insert(unanswered), rows)


def questions(connection: Connection) -> list[dict[str, Any]]:
    """All questions, oldest first: the day, the masked question, and the nearest topics."""
    rows = connection.execute(select(unanswered).order_by(unanswered.c.at)).mappings()
    return [
        {
            "day": datetime.fromtimestamp(row["at"], timezone.utc).date().isoformat(),
            "asked": row["asked"],
            "nearest": json.loads(row["nearest"]),
        }
        for row in rows
    ]
