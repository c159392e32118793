"""An erased conversation accepts no writes and stays erased after a backup is restored."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.engine import Connection

from assistant.stores import calls, ratings
from assistant.stores.database import Database, StoreUnavailable
from assistant.stores.erasures import Erased, Journal, begin_write, digest, journal, tombstones
from assistant.stores.inbox import Inbox, MessageText
from assistant.stores.privacy import erase, erase_again, export
from assistant.stores.schema import upgrade


@pytest.fixture(params=["sqlite", "postgresql"])
def replicas(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Database, Database]:
    """Two connections to the same database, as in two processes."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    else:
        url = f"sqlite:///{tmp_path / 'seatwise.db'}"
        upgrade(Database(url))
    return Database(url), Database(url)


@pytest.fixture
def conversation() -> str:
    return uuid4().hex


def hear(stored: Database, conversation: str) -> None:
    asyncio.run(Inbox(stored).receive("web", conversation, str(uuid4()), lambda _: MessageText("hello", "hello")))


def stored_rows(stored: Database, conversation: str) -> int:
    held = stored.run_sync(lambda connection: export(connection, conversation))
    return sum(len(rows) for name, rows in held.items() if name != "conversation")


def test_erased_conversation_accepts_no_writes(replicas: tuple[Database, Database], conversation: str) -> None:
    here, there = replicas
    hear(here, conversation)
    receipt = here.run_sync(lambda connection: erase(connection, conversation))
    assert receipt["messages"] == 1
    for write in (
        lambda connection: ratings.rate(connection, conversation, "m1", "up"),
        lambda connection: calls.prepare(connection, conversation, "acme"),
    ):
        with pytest.raises(Erased):
            there.run_sync(write)
    with pytest.raises(Erased):
        hear(there, conversation)
    for read in (Inbox(there).answers(conversation), Inbox(there).history(conversation, 5)):
        with pytest.raises(Erased):
            asyncio.run(read)
    assert stored_rows(there, conversation) == 0


def test_erasure_waits_for_a_running_write_and_includes_it(
    replicas: tuple[Database, Database], conversation: str
) -> None:
    here, there = replicas
    begun, go_on = threading.Event(), threading.Event()

    def slowly(connection: Connection) -> None:
        begin_write(connection, conversation)
        begun.set()
        go_on.wait(5)
        ratings.rate(connection, conversation, "m1", "up")

    writer = threading.Thread(target=lambda: here.run_sync(slowly))
    receipts: list[dict[str, int]] = []
    eraser = threading.Thread(
        target=lambda: receipts.append(there.run_sync(lambda connection: erase(connection, conversation)))
    )
    writer.start()
    assert begun.wait(5)
    eraser.start()
    time.sleep(0.2)
    assert receipts == []
    go_on.set()
    writer.join()
    eraser.join()
    assert receipts[0]["ratings"] == 1
    assert stored_rows(here, conversation) == 0


def test_erasure_is_idempotent(replicas: tuple[Database, Database], conversation: str) -> None:
    hear(replicas[0], conversation)
    receipts = [store.run_sync(lambda connection: erase(connection, conversation)) for store in replicas]
    assert [receipt["messages"] for receipt in receipts] == [1, 0]


def test_tombstone_does_not_contain_the_conversation_id(replicas: tuple[Database, Database], conversation: str) -> None:
    replicas[0].run_sync(lambda connection: erase(connection, conversation))
    assert digest(conversation) in replicas[0].run_sync(tombstones)
    assert conversation not in str(replicas[0].run_sync(tombstones))


def test_erasures_are_replayed_on_a_restored_backup(
    replicas: tuple[Database, Database], tmp_path: Path, conversation: str
) -> None:
    """The journal is a separate file; the backup contains the conversation but no tombstone."""
    kept, other = Journal(tmp_path / "erasures.txt"), uuid4().hex
    hear(replicas[0], conversation)
    hear(replicas[0], other)
    held = replicas[0].run_sync(lambda connection: erase(connection, conversation, kept))
    assert held["messages"] == 1
    restore(replicas[0], conversation)
    found, receipt = erase_again(replicas[1], kept.read())
    assert (found, receipt["messages"]) == ([conversation], 1)
    assert stored_rows(replicas[0], conversation) == 0
    assert stored_rows(replicas[0], other) == 1
    with pytest.raises(Erased):
        hear(replicas[0], conversation)


def restore(stored: Database, conversation: str) -> None:
    """Simulate restoring a backup from before the erasure."""
    stored.run_sync(lambda connection: connection.exec_driver_sql("DELETE FROM erasures"))
    hear(stored, conversation)


def test_journal_is_replayed_on_a_restored_sqlite_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'seatwise.db'}"
    stored = Database(url)
    upgrade(stored)
    hear(stored, "visitor")
    with sqlite3.connect(tmp_path / "seatwise.db") as connection:
        connection.execute("VACUUM INTO ?", [str(tmp_path / "backup.db")])
    connection.close()
    stored.run_sync(lambda connection: erase(connection, "visitor", journal(stored)))
    for file in tmp_path.glob("seatwise.db*"):
        file.unlink()
    (tmp_path / "backup.db").rename(tmp_path / "seatwise.db")
    restored = Database(url)
    assert stored_rows(restored, "visitor") == 1
    kept = journal(restored)
    assert kept is not None
    assert erase_again(restored, kept.read())[0] == ["visitor"]


def test_erasure_fails_if_the_journal_cannot_be_written(
    replicas: tuple[Database, Database], tmp_path: Path, conversation: str
) -> None:
    hear(replicas[0], conversation)
    with pytest.raises(StoreUnavailable):
        asyncio.run(replicas[0].run(lambda connection: erase(connection, conversation, Journal(tmp_path / "no" / "x"))))
    assert stored_rows(replicas[0], conversation) == 1
    hear(replicas[0], conversation)


def test_incomplete_journal_line_is_ignored(tmp_path: Path) -> None:
    kept = Journal(tmp_path / "erasures.txt")
    kept.append("a")
    with (tmp_path / "erasures.txt").open("a") as file:
        file.write(digest("b")[:20])
    kept.append("c")
    assert list(kept.read()) == [digest("a"), digest("c")]


def test_journal_is_next_to_the_sqlite_file_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEATWISE_ERASURES", raising=False)
    stored = Database(f"sqlite:///{tmp_path / 'seatwise.db'}")
    for place, expected in (("", tmp_path / "erasures.txt"), (str(tmp_path / "mine"), tmp_path / "mine")):
        monkeypatch.setenv("SEATWISE_ERASURES", place)
        kept = journal(stored)
        assert kept is not None
        kept.append("a")
        assert expected.exists()
    monkeypatch.setenv("SEATWISE_ERASURES", "")
    assert journal(Database("postgresql://nobody@127.0.0.1:1/nothing")) is None
