"""A backup taken under load is consistent, and an assistant can continue from it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection

from tests.faults.conftest import Report
from tests.faults.load import Browser, load
from tests.faults.records import Records
from tests.faults.system import Replica, System, eventually


def consistent(backup: Records, live: Records) -> bool:
    """Whether each conversation in the backup is a prefix of the live one."""
    return all(
        backup.events(conversation) == live.events(conversation)[: len(backup.events(conversation))]
        and set(backup.answers(conversation)) == set(backup.order(conversation))
        for conversation in backup.conversations()
    )


def continue_on_backup(replica: Replica, visitor: Browser) -> Any:
    """The answer of an assistant on the backup to a visitor with an open question."""
    replica.start()
    try:
        there = Browser(replica.address, other=visitor)
        return there.send("about 4 million").answer
    finally:
        replica.stop()


@pytest.mark.slow
def test_postgresql_is_backed_up_under_load_and_restored(system: System, report: Report, tmp_path: Path) -> None:
    visitors = [Browser(*system.addresses) for _ in range(6)]
    asked = Browser(*system.addresses)
    assert asked.send("which one do we need?").answer
    file = tmp_path / "backup"

    def back_up(connection: Connection) -> int:
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        system.postgresql.dump(file, snapshot)
        return int(connection.execute(text("SELECT count(*) FROM events")).scalar_one())

    with load(visitors) as talk:
        eventually(lambda: talk.answered >= 20)
        count = system.records.at(back_up)
        eventually(lambda: talk.answered >= 40)
    url = system.postgresql.restore(file, "restored")
    restored = Records(url)
    tally = system.records.tally(talk.sent)
    found = restored.count()
    report("F13", "PostgreSQL was dumped under six visitors and restored", tally, f"{found} events of {count} restored")
    assert tally.exactly_once
    assert found == count < system.records.count()
    assert consistent(restored, system.records)
    assert "Got it" in str(
        continue_on_backup(Replica(tmp_path, {**system.settings, "SEATWISE_DATABASE_URL": url}), asked)
    )


@pytest.mark.slow
def test_sqlite_is_backed_up_under_load_and_restored(system: System, report: Report, tmp_path: Path) -> None:
    file, backup = tmp_path / "seatwise.db", tmp_path / "backup.db"
    alone = Replica(tmp_path, {**system.settings, "SEATWISE_DATABASE_URL": f"sqlite:///{file}"})
    alone.start()
    visitors = [Browser(alone.address) for _ in range(6)]
    asked = Browser(alone.address)
    assert asked.send("which one do we need?").answer
    with load(visitors) as talk:
        eventually(lambda: talk.answered >= 20)
        with sqlite3.connect(file, 60) as connection:
            connection.execute("VACUUM INTO ?", [str(backup)])
        connection.close()
        eventually(lambda: talk.answered >= 40)
    alone.stop()
    restored, live = Records(f"sqlite:///{backup}"), Records(f"sqlite:///{file}")
    tally = live.tally(talk.sent)
    found = restored.count()
    report("F13", "SQLite was copied by VACUUM INTO under six visitors", tally, f"{found} events were in the copy")
    assert tally.exactly_once
    assert 0 < found < live.count()
    assert consistent(restored, live)
    again = Replica(tmp_path, {**system.settings, "SEATWISE_DATABASE_URL": f"sqlite:///{backup}"})
    assert "Got it" in str(continue_on_backup(again, asked))
