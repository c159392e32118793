"""An append-only record of what operators looked at and changed: the command and a digest, without content."""

from __future__ import annotations

import time

from sqlalchemy import insert
from sqlalchemy.engine import Connection

from assistant.stores.tables import audit


def record(connection: Connection, command: str, subject: str = "", operator: str | None = None) -> None:
    """Add a line.

    Args:
        connection: to the database.
        command: what was done, at most 20 characters.
        subject: the digest of a conversation or a reference, or a number of days; at most 64 characters.
        operator: who did it; None on the command line.
    """
    row = {"at": time.time(), "command": command, "subject": subject, "operator": operator}
    connection.execute(insert(audit), row)
