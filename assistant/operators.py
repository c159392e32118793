"""Operator commands on stored data: ``python -m assistant COMMAND``; see docs/deploying.md.

Commands that show or erase conversations are recorded in an audit table, without content.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from advisor.errors import SeatwiseError
from assistant.stores.audit import record
from assistant.stores.calls import conversations_of
from assistant.stores.database import Database
from assistant.stores.erasures import Journal, digest, journal, line, tombstones
from assistant.stores.outbox import conversation_of, deliveries, send_again, undelivered
from assistant.stores.privacy import Receipt, erase, erase_again, export, forget
from assistant.stores.records import chain
from assistant.stores.scrub import scrub
from assistant.stores.tables import audit
from assistant.stores.unanswered import questions

_SCRUB_TIMEOUT = 60.0  # seconds to wait for readers that prevent a scrub


def run_command(database: Database, command: str, argument: str = "") -> str:
    """Run a command and return its output.

    Raises:
        SeatwiseError: the command failed.
    """
    work, recorded = _COMMANDS[command]
    subject = conversation_of(argument) if command.startswith("outbox") else argument
    try:
        if recorded:
            of = subject if command == "forget" or not subject else digest(subject)
            database.without_timeout(lambda connection: record(connection, command, of))
        return work(database, argument)
    except SQLAlchemyError as error:
        raise SeatwiseError(f"database error: {type(error).__name__}") from error


def _export(database: Database, conversation: str) -> str:
    return _json(database.without_timeout(lambda connection: export(connection, conversation)))


def _erase(database: Database, conversation: str) -> str:
    receipt = database.without_timeout(lambda connection: erase(connection, conversation, journal(database)))
    return _receipt(database, receipt)


def _forget(database: Database, days: str) -> str:
    forgotten, receipt = forget(database, int(days), int(days))
    return _receipt(database, {"conversations": len(forgotten), **receipt})


def _erase_again(database: Database, file: str) -> str:
    if not Path(file).exists():
        raise SeatwiseError(f"file not found: {file}")
    found, receipt = erase_again(database, Journal(Path(file)).read())
    return _receipt(database, {"conversations": len(found), **receipt})


def _erasures(database: Database, _: str) -> str:
    kept = journal(database)
    known = {**(kept.read() if kept else {}), **database.without_timeout(tombstones)}
    return "".join(line(one, at) for one, at in known.items())


def _find(database: Database, reference: str) -> str:
    found = database.without_timeout(lambda connection: conversations_of(connection, reference))
    return _json({"reference": reference, "conversations": found})


def _unanswered(database: Database, _: str) -> str:
    return _lines(database.without_timeout(questions))


def _records(database: Database, _: str) -> str:
    return "".join(f"{entry.line()}\n" for entry in database.without_timeout(chain))


def _outbox_list(database: Database, _: str) -> str:
    return _lines(database.without_timeout(undelivered))


def _outbox_show(database: Database, key: str) -> str:
    if not (found := database.without_timeout(lambda connection: deliveries(connection, key))):
        raise SeatwiseError(f"no outgoing message has the key {key}; `outbox list` prints the keys")
    return _lines(found)


def _outbox_retry(database: Database, key: str) -> str:
    if not (again := database.without_timeout(lambda connection: send_again(connection, key))):
        raise SeatwiseError(f"no dead letter has the key {key}; `outbox list` prints the keys")
    return _json({"key": key, "deliveries": again})


def _audit(database: Database, _: str) -> str:
    rows = select(audit.c.at, audit.c.command, audit.c.subject, audit.c.operator).order_by(audit.c.number)
    return _lines(
        database.without_timeout(lambda connection: [dict(row) for row in connection.execute(rows).mappings()])
    )


_COMMANDS: dict[str, tuple[Callable[[Database, str], str], bool]] = {
    "export": (_export, True),
    "erase": (_erase, True),
    "forget": (_forget, True),
    "find": (_find, True),
    "unanswered": (_unanswered, True),
    "records": (_records, True),
    "erasures": (_erasures, False),
    "erase-again": (_erase_again, False),
    "outbox list": (_outbox_list, True),
    "outbox show": (_outbox_show, True),
    "outbox retry": (_outbox_retry, True),
    "audit": (_audit, False),
}
"""Command -> function, and whether it is recorded, which is the case if it names or shows conversations."""


def _receipt(database: Database, receipt: Receipt) -> str:
    """The receipt, including whether traces were removed from the database files."""
    deadline = time.monotonic() + _SCRUB_TIMEOUT
    while not (scrubbed := scrub(database)) and time.monotonic() < deadline:
        time.sleep(1)
    return _json({**receipt, "scrubbed": scrubbed})


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _lines(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
