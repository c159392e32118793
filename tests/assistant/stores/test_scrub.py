"""Erased content is removed from the database files, and an incomplete scrub is reported."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from assistant.stores import scrub as module
from assistant.stores.database import Database
from assistant.stores.privacy import erase
from assistant.stores.schema import upgrade
from assistant.stores.scrub import scrub
from assistant.stores.tables import events, inbox
from bench.cluster import Cluster
from tests.canary import CANARY, files_containing


@pytest.fixture
def sqlite(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path / 'seatwise.db'}")
    upgrade(made)
    return made


def fill(stored: Database, seed: int) -> None:
    """Store conversations of various lengths, one in ten with the canary, in random row order."""
    draw = random.Random(seed)
    rows = [
        {
            "conversation": f"{'canary' if number % 10 == 0 else 'other'} {number}",
            "number": place,
            "at": 0.0,
            "event": (CANARY if number % 10 == 0 else "nothing") * draw.choice([1, 20, 400]),
        }
        for number in range(200)
        for place in range(draw.randrange(1, 8))
    ]
    draw.shuffle(rows)
    for row in rows:
        stored.run_sync(lambda connection, row=row: connection.execute(insert(events), row))
    said = {"text": CANARY, "received": 0.0, "taken": 0.0}
    for number in range(0, 200, 10):
        row = {**said, "conversation": f"canary {number}", "message": str(number)}
        stored.run_sync(lambda connection, row=row: connection.execute(insert(inbox), row))


def erase_canaries(stored: Database) -> None:
    numbers = list(range(0, 200, 10))
    random.Random(7).shuffle(numbers)
    for number in numbers:
        stored.run_sync(lambda connection, name=f"canary {number}": erase(connection, name))


@pytest.mark.parametrize("seed", range(3))
def test_scrub_removes_erased_content_from_sqlite_files(sqlite: Database, tmp_path: Path, seed: int) -> None:
    fill(sqlite, seed)
    erase_canaries(sqlite)
    assert files_containing(tmp_path) != set()
    assert scrub(sqlite)
    assert files_containing(tmp_path) == set()
    assert sqlite.run_sync(lambda connection: connection.execute(text("SELECT count(*) FROM events")).scalar()) > 100


def test_sqlite_reader_prevents_a_scrub_until_it_ends(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_WAIT", 1)
    fill(sqlite, 0)
    reader = sqlite3.connect(tmp_path / "seatwise.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM events").fetchall()
    erase_canaries(sqlite)
    assert not scrub(sqlite)
    assert files_containing(tmp_path) != set()
    reader.close()
    assert scrub(sqlite)
    assert files_containing(tmp_path) == set()


def test_scrub_removes_erased_content_from_postgresql_tables(cluster: Cluster) -> None:
    stored = Database(cluster.url)
    fill(stored, 0)
    with stored.outside_transactions() as connection:
        connection.execute(text("ANALYZE"))
        connection.execute(text("CHECKPOINT"))
        assert files_containing(cluster.data / "base") != set()
        erase_canaries(stored)
        assert scrub(stored)
        connection.execute(text("CHECKPOINT"))
    assert files_containing(cluster.data / "base") == set()
    assert {name.partition("/")[0] for name in files_containing(cluster.data)} <= {"pg_wal"}


def test_postgresql_table_lock_prevents_a_scrub_until_released(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_WAIT", 10)
    stored = Database(cluster.url)
    with stored.outside_transactions() as reader:
        reader.execute(text("BEGIN"))
        reader.execute(text("SELECT count(*) FROM events"))
        assert not scrub(stored)
        reader.execute(text("ROLLBACK"))
    assert scrub(stored)


def test_large_postgresql_table_is_not_rewritten_and_this_is_logged(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "_LARGEST", 0)
    assert scrub(Database(cluster.url))
    assert "VACUUM FULL" in caplog.text
