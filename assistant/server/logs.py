"""What is written to the log: one JSON object a line, with ids, and never a word of a visitor.

Words come into logs by the texts of exceptions, so an exception is told by its type and by where it was raised.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import datetime, timezone
from typing import Any


class JsonLines(logging.Formatter):
    """Writes a record as one line; Rasa's own structured records keep their fields."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds")
        line = {"time": at, "level": record.levelname.lower(), "logger": record.name, **_event(record.getMessage())}
        line |= getattr(record, "ids", {})
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["where"] = traceback.format_tb(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def apply() -> None:
    """Let every logger of this process write so, and our own tell how each message went.

    Sanic sets its loggers up when it starts, with handlers that write tracebacks as they are; they lose them here.
    """
    for name in ("sanic.root", "sanic.error", "sanic.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    for handler in logging.getLogger().handlers:
        handler.setFormatter(JsonLines())
        handler.setLevel(logging.NOTSET)  # each logger has a level of its own
    logging.getLogger("assistant").setLevel(logging.INFO)
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)  # what others' modules say about themselves


def _event(message: str) -> dict[str, Any]:
    if message.startswith("{"):
        try:
            fields = json.loads(message)
        except ValueError:
            pass
        else:
            fields.pop("exception", None)
            return dict(fields)
    return {"event": message}
