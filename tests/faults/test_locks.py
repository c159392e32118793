"""More concurrent conversations than lock connections, and a lock acquired after its waiter timed out."""

from __future__ import annotations

import asyncio

import pytest

from assistant.stores import database
from assistant.stores.database import Database, StoreUnavailable
from tests.faults.conftest import Report
from tests.faults.load import Browser, send_all
from tests.faults.system import System

MANY = 100  # visitors at once; a replica has forty connections for the locks of their conversations


@pytest.mark.slow
def test_more_visitors_than_lock_connections_are_all_answered(system: System, report: Report) -> None:
    visitors = [Browser(system.addresses[0]) for _ in range(MANY)]
    with system.actions.slow(3):
        talk = send_all(visitors, most=1, words=lambda _: "can I talk to a person?")
    tally = system.records.tally(talk.sent)
    what = f"{MANY} visitors at once asked one replica for an action of 3 seconds"
    report("F10", what, tally, talk.failed_attempts)
    assert tally.exactly_once
    assert tally.longest < 30  # three rounds of the action, on a busy machine


@pytest.mark.slow
def test_lock_acquired_after_its_waiter_timed_out_is_released(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_WAIT_FOR_LOCK", 2.0)
    store, other = Database(system.postgresql.url), Database(system.postgresql.url)

    async def use(of: Database) -> None:
        async with of.lock("a conversation"):
            pass

    async def freeze_and_thaw() -> None:
        await use(store)  # so that there is a connection
        system.postgresql.freeze()
        with pytest.raises(StoreUnavailable):
            await use(store)
        system.postgresql.thaw()
        await asyncio.sleep(0.5)
        await use(other)

    asyncio.run(freeze_and_thaw())
