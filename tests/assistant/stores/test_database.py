"""Migrations, timeouts and one-line errors of the database."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from concurrent.futures import Future
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from advisor.errors import SeatwiseError
from assistant.stores import database as module
from assistant.stores.database import Database, StoreUnavailable
from assistant.stores.privacy import erase, export, forget
from assistant.stores.schema import upgrade
from assistant.stores.tables import events, metadata


@pytest.fixture
def stored(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path / 'seatwise.db'}")
    upgrade(made)
    return made


def test_migrations_match_the_table_definitions(stored: Database) -> None:
    def differences(connection: object) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))  # type: ignore[arg-type]

    assert stored.run_sync(differences) == []


def test_migration_is_idempotent(stored: Database) -> None:
    stored.run_sync(lambda connection: connection.execute(events.insert(), [row("a", 0)]))
    upgrade(stored)
    assert stored.run_sync(lambda connection: connection.execute(text("SELECT count(*) FROM events")).scalar()) == 1


def test_migration_keeps_messages_of_an_earlier_version(tmp_path: Path) -> None:
    old = Database(f"sqlite:///{tmp_path / 'old.db'}")
    upgrade(old, "0002")
    old.run_sync(
        lambda connection: connection.execute(
            text("INSERT INTO inbox (conversation, message, text, received, taken) VALUES ('a', 'm', 'hello', 1, 1)")
        )
    )
    upgrade(old)
    kept = old.run_sync(lambda connection: connection.execute(text("SELECT text, attempts FROM inbox")).all())
    assert kept == [("hello", 0)]


def test_readers_do_not_wait_for_a_writer(stored: Database) -> None:
    assert stored.run_sync(lambda connection: connection.execute(text("PRAGMA journal_mode")).scalar()) == "wal"


def test_unreachable_database_gives_one_line_error() -> None:
    with pytest.raises(SeatwiseError, match="cannot be used") as rejected:
        upgrade(Database("postgresql://nobody@127.0.0.1:1/nothing"))
    assert "\n" not in str(rejected.value)


def test_long_external_lock_times_out_without_blocking_the_loop(
    stored: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_TIMEOUT", 0.5)
    other = sqlite3.connect(tmp_path / "seatwise.db", check_same_thread=False, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(1.5, lambda: other.execute("ROLLBACK"))
    release.start()

    async def work() -> float:
        begun = time.monotonic()
        with pytest.raises(StoreUnavailable):
            await stored.run(lambda connection: connection.execute(events.insert(), [row("a", 0)]))
        return time.monotonic() - begun

    assert asyncio.run(work()) < 1.4
    release.join()
    other.close()


def row(conversation: str, number: int, age: float = 0.0) -> dict[str, object]:
    return {"conversation": conversation, "number": number, "at": time.time() - age, "event": "{}"}


def test_export_and_erasure_affect_one_conversation_only(stored: Database) -> None:
    stored.run_sync(lambda connection: connection.execute(events.insert(), [row("a", 0), row("a", 1), row("b", 0)]))
    assert len(stored.run_sync(lambda connection: export(connection, "a"))["events"]) == 2
    assert stored.run_sync(lambda connection: erase(connection, "a")) == {
        "events": 2,
        "messages": 0,
        "parcels": 0,
        "ratings": 0,
        "calls": 0,
        "unanswered": 0,
        "leads": 0,
        "links": 0,
        "holds": 0,
    }
    assert stored.run_sync(lambda connection: export(connection, "a"))["events"] == []
    assert len(stored.run_sync(lambda connection: export(connection, "b"))["events"]) == 1


def test_old_conversations_are_erased_and_active_ones_kept(stored: Database) -> None:
    day = 24 * 60 * 60
    rows = [row("old", 0, 100 * day), row("going on", 0, 100 * day), row("going on", 1, day)]
    stored.run_sync(lambda connection: connection.execute(events.insert(), rows))
    forgotten, receipt = forget(stored, 90)
    assert forgotten == ["old"]
    assert {name: number for name, number in receipt.items() if number} == {"events": 1}
    assert len(stored.run_sync(lambda connection: export(connection, "going on"))["events"]) == 2


@pytest.mark.parametrize("steps", range(6))
def test_cancellation_that_races_with_the_result_is_not_lost(steps: int) -> None:
    """Otherwise, awaiting a canceled task would hang."""

    async def cancel_as_it_ends() -> None:
        done: Future[None] = Future()
        goes_on = asyncio.Event()

        async def work() -> None:
            await module._within(10, done)
            await goes_on.wait()

        task = asyncio.ensure_future(work())
        await asyncio.sleep(0)
        done.set_result(None)
        for _ in range(steps):  # between the result and the task
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task}, timeout=1)
        assert task.cancelled()

    asyncio.run(cancel_as_it_ends())
