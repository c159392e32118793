"""Each log line is one JSON object with ids and without visitor messages."""

from __future__ import annotations

import json
import logging
import sys

from assistant.server.logs import JsonLines


def line(message: str, *arguments: object, **extra: object) -> dict[str, object]:
    """The formatted log record."""
    record = logging.getLogger("assistant.test").makeRecord(
        *("assistant.test", logging.ERROR, __file__, 1, message, arguments, sys.exc_info()), extra=extra
    )
    written = JsonLines().format(record)
    assert "\n" not in written
    return json.loads(written)  # type: ignore[no-any-return]


def test_log_record_is_one_json_object_with_its_ids() -> None:
    written = line("not answered: %s", "Timeout", ids={"message": "m1"})
    assert (written["event"], written["level"], written["message"]) == ("not answered: Timeout", "error", "m1")
    assert str(written["time"]).endswith("+00:00")


def test_structured_records_of_rasa_keep_their_fields() -> None:
    assert line('{"event": "model.loaded", "seconds": 2}')["seconds"] == 2
    assert line("{not json")["event"] == "{not json"


def test_exception_is_logged_without_its_message() -> None:
    try:
        raise ValueError("the merger with Acme")
    except ValueError:
        written = line("failed")
    assert written["exception"] == "ValueError"
    assert "test_logs.py" in str(written["where"])
    assert "Acme" not in json.dumps({**written, "where": [one.split("\n")[0] for one in written["where"]]})  # type: ignore[attr-defined]
