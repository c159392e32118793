"""Verdicts are chained with their events; erasure takes what they say and leaves the chain."""

from __future__ import annotations

import asyncio
import io
import json
import threading
from pathlib import Path
from uuid import uuid4

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import delete
from sqlalchemy.engine import Connection

from advisor.__main__ import main
from advisor.chain import Entry, verify
from advisor.record import read_record, record, replay
from assistant.operators import run_command
from assistant.stores import conversations, records
from assistant.stores.conversations import ConversationStore
from assistant.stores.database import Database
from assistant.stores.erasures import begin_write
from assistant.stores.privacy import erase, erase_again, export
from assistant.stores.schema import upgrade
from assistant.stores.scrub import scrub

INPUTS = {"headcount": 7_700_077, "leadership": "cto"}
CANARY = b"7700077"


@pytest.fixture(params=["sqlite", "postgresql"])
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    if request.param == "postgresql":
        made = Database(request.getfixturevalue("cluster").url)
        made.run_sync(lambda connection: connection.execute(delete(records.records)))
        return made
    made = Database(f"sqlite:///{tmp_path / 'seatwise.db'}")
    upgrade(made)
    return made


@pytest.fixture
def conversation() -> str:
    return uuid4().hex


def append(stored: Database, *talks: str) -> None:
    def work(connection: Connection) -> None:
        for event, talk in enumerate(talks):
            records.append(connection, talk, event, record(INPUTS).body())

    stored.run_sync(work)


def chain(stored: Database) -> list[Entry]:
    return stored.run_sync(records.chain)


def test_record_is_stored_with_the_event_of_its_verdict(
    stored: Database, conversation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversations, "database", lambda: stored)
    bodies = [record(INPUTS).body(), record({}).body()]

    async def turns() -> None:
        store = ConversationStore(Domain.empty())
        tracker = DialogueStateTracker(conversation, [AnySlot(records.SLOT, [])])
        for body in bodies:
            tracker.update(UserUttered("what now?"))
            tracker.update(SlotSet(records.SLOT, body))
            await store.save(tracker)

    asyncio.run(turns())
    kept = stored.run_sync(lambda connection: records.records_of(connection, conversation))
    assert [(one.number, one.event, one.body) for one in kept] == [(1, 1, bodies[0]), (2, 3, bodies[1])]
    assert all(replay(read_record(one.body)).same for one in kept)
    assert verify(chain(stored)) == chain(stored)[-1]


def test_turn_that_is_not_saved_leaves_no_record(stored: Database, conversation: str) -> None:
    def fails(connection: Connection) -> None:
        records.append(connection, conversation, 1, record(INPUTS).body())
        raise ZeroDivisionError

    append(stored, conversation)
    with pytest.raises(ZeroDivisionError):
        stored.run_sync(fails)
    append(stored, conversation)
    assert [one.number for one in chain(stored)] == [1, 2]
    assert verify(chain(stored))


def test_replicas_that_append_at_once_make_one_chain(stored: Database) -> None:
    def give_verdict(connection: Connection) -> None:
        begin_write(connection, "visitor")
        records.append(connection, "visitor", 1, record(INPUTS).body())

    def give_verdicts(replica: Database) -> None:
        for _ in range(5):
            replica.run_sync(give_verdict)

    threads = [threading.Thread(target=give_verdicts, args=(Database(stored.url),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    last = verify(chain(stored))
    assert last
    assert last.number == 20


def test_erasure_takes_contents_and_leaves_hashes(stored: Database, conversation: str) -> None:
    append(stored, conversation, "somebody else", conversation)
    before = chain(stored)
    assert stored.run_sync(lambda connection: erase(connection, conversation))["records"] == 2
    after = chain(stored)
    assert [one.body is None for one in after] == [True, False, True]
    assert [(one.number, one.digest, one.hash) for one in after] == [
        (one.number, one.digest, one.hash) for one in before
    ]
    assert verify(after) == after[-1]
    assert stored.run_sync(lambda connection: records.records_of(connection, conversation)) == []
    assert stored.run_sync(lambda connection: export(connection, conversation))["records"] == []
    append(stored, "somebody new")
    assert verify(chain(stored))
    assert stored.run_sync(lambda connection: erase(connection, conversation))["records"] == 0


def test_conversation_of_which_only_a_record_was_restored_is_erased_again(stored: Database, conversation: str) -> None:
    stored.run_sync(lambda connection: erase(connection, conversation))
    append(stored, conversation)
    found, receipt = erase_again(stored, {})
    assert (found, receipt["records"]) == ([conversation], 1)
    assert verify(chain(stored))


def test_erased_record_is_nowhere_in_the_files_of_sqlite(tmp_path: Path) -> None:
    stored = Database(f"sqlite:///{tmp_path / 'seatwise.db'}")
    upgrade(stored)
    append(stored, "visitor", "somebody else")
    on_disk = [path for path in tmp_path.iterdir() if path.name.startswith("seatwise.db")]
    assert sum(path.read_bytes().count(CANARY) for path in on_disk) >= 2
    stored.run_sync(lambda connection: [erase(connection, one) for one in ("visitor", "somebody else")])
    assert scrub(stored)
    assert [path.name for path in on_disk if path.exists() and CANARY in path.read_bytes()] == []


def test_export_has_the_records_with_their_proof(stored: Database, conversation: str) -> None:
    append(stored, "somebody else", conversation)
    [held] = stored.run_sync(lambda connection: export(connection, conversation))["records"]
    entry = chain(stored)[1]
    assert {name: held[name] for name in entry.__dataclass_fields__} == vars(entry)


def test_printed_chain_is_proven_by_the_advisor(stored: Database, conversation: str) -> None:
    append(stored, conversation, "somebody else")
    stored.run_sync(lambda connection: erase(connection, conversation))
    printed = run_command(stored, "records")
    assert list(json.loads(printed.splitlines()[0])) == ["number", "at", "body", "digest", "hash"]
    for command, wanted in (("replay", "1: erased\n2: same\n"), ("verify", "2 records, intact; ")):
        out = io.StringIO()
        assert main([command], io.StringIO(printed), out) == 0
        assert out.getvalue().startswith(wanted)
