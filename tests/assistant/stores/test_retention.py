"""The server erases old conversations, notifies listeners, and scrubs the traces."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from assistant.metrics import SCRUB_PENDING
from assistant.stores import retention as module
from assistant.stores.database import Database, StoreUnavailable
from assistant.stores.erasures import Erased, Journal, check
from assistant.stores.privacy import DAY, TABLES, forget
from assistant.stores.records import append
from assistant.stores.retention import Retention
from assistant.stores.schema import upgrade


@pytest.fixture(params=["sqlite", "postgresql"])
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    if request.param == "postgresql":
        return Database(request.getfixturevalue("postgresql_url"))
    made = Database(f"sqlite:///{tmp_path / 'seatwise.db'}")
    upgrade(made)
    return made


def keep(stored: Database, conversation: str, days_old: float) -> None:
    """Store a row of each kind."""
    at = time.time() - days_old * DAY
    values: dict[str, Any] = {
        "conversation": conversation,
        **dict.fromkeys(("at", "received", "taken", "done", "created", "due"), at),
        **dict.fromkeys(("number", "attempts"), 0),
        **dict.fromkeys(("message", "reference", "kind", "channel", "ts"), "one"),
        **dict.fromkeys(("event", "text", "content", "asked", "nearest", "answer"), "[]"),
        "value": "up",
        **dict.fromkeys(("details", "consent", "held_by"), "one"),
        **dict.fromkeys(("consented", "updated", "expires"), at),
        "answers_included": False,
        "digest": f"{conversation} {at}",
        "uid": conversation,
        **dict.fromkeys(("place", "turn", "target"), conversation),
        "processing": False,
        **dict.fromkeys(("start", "end"), at),
        **dict.fromkeys(("state", "sequence"), 0),
    }
    stored.run_sync(lambda connection: append(connection, conversation, 0, "{}"))
    for table in [table for name, table in TABLES.items() if name != "records"]:
        row = {name: value for name, value in values.items() if name in table.c}
        stored.run_sync(lambda connection, table=table, row=row: connection.execute(insert(table), row))


def test_leads_are_kept_for_a_time_of_their_own(stored: Database) -> None:
    keep(stored, "asked for a call", days_old=100)
    keep(stored, "did not", days_old=100)
    withdrawn = delete(TABLES["leads"]).where(TABLES["leads"].c.conversation == "did not")
    stored.run_sync(lambda connection: connection.execute(withdrawn))
    assert forget(stored, 90, 180)[0] == ["did not"]
    assert forget(stored, None, 99)[0] == ["asked for a call"]


def kept(stored: Database) -> dict[str, set[str]]:
    """The stored conversations by kind."""

    def look(connection: Connection) -> dict[str, set[str]]:
        names = {name: select(table.c.conversation) for name, table in TABLES.items()}
        return {name: set(connection.execute(wanted).scalars()) - {None} for name, wanted in names.items()}

    return stored.run_sync(look)


def test_old_conversations_are_erased_and_new_ones_stay(stored: Database, tmp_path: Path) -> None:
    told: list[str] = []

    async def listen(conversation: str) -> None:
        told.append(conversation)

    stored.on_erasure.append(listen)
    keep(stored, "old", 91)
    keep(stored, "new", 89)
    asyncio.run(Retention(stored, Journal(tmp_path / "erasures.txt"), 90, 90).look())
    assert kept(stored) == dict.fromkeys(TABLES, {"new"})
    assert told == ["old"]
    with pytest.raises(Erased):
        stored.run_sync(lambda connection: check(connection, "old"))
    assert not (tmp_path / "erasures.txt").exists(), "what is old in a backup is forgotten by its age"
    asyncio.run(Retention(stored, None, None).look())
    assert kept(stored) == dict.fromkeys(TABLES, {"new"})
    assert forget(stored, 1, 1)[0] == ["new"]


def test_restored_erasures_are_replayed_before_serving(stored: Database, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "erasures.txt")
    journal.append("restored")
    keep(stored, "restored", 1)
    asyncio.run(Retention(stored, journal, None).replay())
    assert "restored" not in kept(stored)["events"]


def test_one_recent_activity_keeps_the_whole_conversation(stored: Database) -> None:
    keep(stored, "late", 200)
    rating = {"conversation": "late", "message": "two", "value": "up", "at": time.time()}
    stored.run_sync(lambda connection: connection.execute(insert(TABLES["ratings"]), rating))
    assert forget(stored, 90, 90)[0] == []
    assert forget(stored, 0, 0)[0] == ["late"]


def test_replicas_may_run_retention_at_the_same_time(stored: Database) -> None:
    for number in range(20):
        keep(stored, f"old {number}", 91)
    keep(stored, "lively", 1)
    other = Database(stored.url)

    async def together() -> None:
        await asyncio.gather(*(Retention(one, None, 90, 90).look() for one in (stored, other, stored)))

    asyncio.run(together())
    assert kept(stored) == dict.fromkeys(TABLES, {"lively"})
    forget(stored, 0, 0)


def test_retention_runs_at_startup(stored: Database) -> None:
    keep(stored, "forgotten", 91)

    async def start() -> None:
        running = asyncio.create_task(Retention(stored, None, 90, 90).run())
        while kept(stored)["events"]:
            await asyncio.sleep(0.01)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    asyncio.run(asyncio.wait_for(start(), 20))


def test_failed_scrub_is_pending_and_retried(stored: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    results = iter([False, True])
    monkeypatch.setattr(module, "scrub", lambda _: next(results))
    monkeypatch.setitem(module._PAUSE, stored.kind, 0.01)
    retention = Retention(stored, None, None)
    pending: list[float] = []

    async def erase() -> None:
        if stored.kind == "postgresql":
            next(results)
        await retention.erase("visitor")
        pending.append(SCRUB_PENDING._value.get())
        running = asyncio.create_task(retention.run())
        while SCRUB_PENDING._value.get():
            await asyncio.sleep(0.01)
        running.cancel()

    asyncio.run(asyncio.wait_for(erase(), 20))
    assert pending == [1]


def test_failed_retention_run_is_logged_and_does_not_stop_retention(caplog: pytest.LogCaptureFixture) -> None:
    retention = Retention(Database("postgresql://nobody@127.0.0.1:1/nothing"), None, 90)
    with pytest.raises(StoreUnavailable):
        asyncio.run(retention.erase("visitor"))
    asyncio.run(retention.look())
    assert "retention failed: OperationalError" in caplog.text
