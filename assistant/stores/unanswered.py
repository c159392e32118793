"""Questions that got no answer, for whoever edits the content: masked, and erased with their conversation."""

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
"""An action sets this slot to {"asked": …, "nearest": [topic, …]} for what it has no answer to."""

_MOST = 10_000  # an editor who has not looked for so long gets no more


def put(connection: Connection, conversation: str, questions: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Store what the events of these numbers ask to be kept."""
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
    """All of them in their order: the day, the masked question, and the topics that came nearest."""
    rows = connection.execute(select(unanswered).order_by(unanswered.c.at)).mappings()
    return [
        {
            "day": datetime.fromtimestamp(row["at"], timezone.utc).date().isoformat(),
            "asked": row["asked"],
            "nearest": json.loads(row["nearest"]),
        }
        for row in rows
    ]
