"""Log format: one JSON object per line, with ids, and without anything that a visitor said.

Exception messages may quote visitors, so an exception is logged by its type and traceback only.
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
    """Use this format for every logger of the process, and log the outcome of each message.

    Sanic configures its loggers when it starts, with handlers that write whole tracebacks; they are removed here.
    """
    for name in ("sanic.root", "sanic.error", "sanic.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    for handler in logging.getLogger().handlers:
        handler.setFormatter(JsonLines())
        handler.setLevel(logging.NOTSET)  # each logger has its own level
    logging.getLogger("assistant").setLevel(logging.INFO)
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)  # deprecations of libraries


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
