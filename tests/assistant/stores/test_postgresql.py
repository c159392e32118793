"""Replicas that share PostgreSQL: one turn at a time, in order, without lost updates."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text, update
from sqlalchemy.engine import Connection

from assistant.stores import database as module
from assistant.stores.database import Database, StoreUnavailable
from assistant.stores.holds import hold, holder
from assistant.stores.inbox import LEASE, MOST_ATTEMPTS, Inbox, MessageText, count_attempt
from assistant.stores.privacy import erase
from assistant.stores.schema import upgrade
from assistant.stores.tables import holds, metadata
from assistant.stores.turns import Turn
from assistant.turns.holding import NotHeld, answer, take_back
from assistant.turns.messages import Message
from bench.cluster import postgresql


@pytest.fixture
def replicas(postgresql_url: str) -> tuple[Database, Database]:
    return Database(postgresql_url), Database(postgresql_url)


def test_migrations_match_the_table_definitions(postgresql_url: str) -> None:
    def differences(connection: object) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))  # type: ignore[arg-type]

    assert Database(postgresql_url).run_sync(differences) == []


def test_replicas_that_start_together_migrate_once() -> None:
    with postgresql() as cluster:

        async def together() -> None:
            await asyncio.gather(*(asyncio.to_thread(upgrade, Database(cluster.url)) for _ in range(4)))

        asyncio.run(together())


def test_turns_of_a_conversation_follow_each_other_across_replicas(replicas: tuple[Database, Database]) -> None:
    begun: list[str] = []
    ended: list[str] = []

    async def turn(replica: Database, name: str) -> None:
        async with replica.lock("conversation"):
            assert len(begun) == len(ended), "two turns at once"
            begun.append(name)
            await asyncio.sleep(0.05)
            ended.append(name)

    async def talk() -> None:
        await asyncio.gather(*(turn(replicas[number % 2], str(number)) for number in range(10)))

    asyncio.run(talk())
    assert len(ended) == 10


def test_another_conversation_does_not_wait(replicas: tuple[Database, Database]) -> None:
    async def talk() -> None:
        async with replicas[0].lock("one"), replicas[1].lock("two"):
            pass

    asyncio.run(asyncio.wait_for(talk(), 5))


def test_more_conversations_than_connections_are_queued(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_LOCKS", 2)

    async def talk() -> None:
        replica = Database(postgresql_url)

        async def turn(name: int) -> None:
            async with replica.lock(str(name)):
                await asyncio.sleep(0.02)

        await asyncio.gather(*(turn(number) for number in range(12)))

    asyncio.run(asyncio.wait_for(talk(), 10))


def test_message_with_a_renewed_lease_is_not_claimed(
    replicas: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [time.time()]
    monkeypatch.setattr("assistant.stores.inbox.time.time", lambda: now[0])
    here, there = (Inbox(replica) for replica in replicas)

    async def work() -> list[list[str]]:
        for message in ("kept", "left"):
            await here.receive("web", "busy", message, lambda _: MessageText("hello", "hello"))
        now[0] += LEASE - 1
        await here.renew_leases([("busy", "kept")])
        now[0] += 2
        return [
            [one.message for one in await there.claim_abandoned(["web"]) if one.conversation == "busy"]
            for _ in range(2)
        ]

    assert asyncio.run(work()) == [["left"], []]
    replicas[0].run_sync(lambda connection: erase(connection, "busy"))


def test_repeated_failures_back_off(replicas: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch) -> None:
    now = [time.time()]
    monkeypatch.setattr("assistant.stores.inbox.time.time", lambda: now[0])
    inbox = Inbox(replicas[0])

    async def work() -> int:
        await inbox.receive("web", "failing", "m", lambda _: MessageText("hello", "hello"))
        attempts = 0
        for _ in range(24 * 60 * 6):  # a day, every ten seconds
            now[0] += 10
            attempts += len(await inbox.claim_abandoned(["web"]))
        return attempts

    assert 30 < asyncio.run(work()) < 100
    replicas[0].run_sync(lambda connection: erase(connection, "failing"))


def test_attempts_count_across_replicas_and_end_with_the_third(replicas: tuple[Database, Database]) -> None:
    turn = Turn("web", "poison", "m", [], Message(text="an apology"))

    async def begin(replica: Database) -> None:
        await replica.run(lambda connection: count_attempt(connection, turn))

    async def work() -> list[BaseException | None]:
        await Inbox(replicas[0]).receive("web", "poison", "m", lambda _: MessageText("hello", "hello"))
        return await asyncio.gather(*(begin(replica) for replica in replicas * 2), return_exceptions=True)

    assert sorted(type(one).__name__ for one in asyncio.run(work())) == ["NoneType"] * 3 + ["TooManyAttempts"]
    replicas[0].run_sync(lambda connection: erase(connection, "poison"))


def test_returned_attempt_does_not_count(replicas: tuple[Database, Database]) -> None:
    turn = Turn("web", "excused", "m", [], Message(text="an apology"))
    here, there = (Inbox(replica) for replica in replicas)

    async def work() -> list[int]:
        await here.receive("web", "excused", "m", lambda _: MessageText("hello", "hello"))
        counts = []
        for _ in range(MOST_ATTEMPTS + 1):
            await replicas[0].run(lambda connection: count_attempt(connection, turn))
            received = await there.receive("web", "excused", "m", lambda _: MessageText("hello", "hello"))
            counts.append(received.pending.attempts)
            await there.give_back([("excused", "m")])
        return counts

    assert asyncio.run(work()) == [1] * (MOST_ATTEMPTS + 1)
    replicas[0].run_sync(lambda connection: erase(connection, "excused"))


def test_lock_of_a_killed_replica_is_released_immediately(replicas: tuple[Database, Database]) -> None:
    kill = text(
        "SELECT pg_terminate_backend(pid) FROM pg_locks "
        "WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()"
    )

    async def talk() -> None:
        async with replicas[0].lock("conversation"):
            waiting = asyncio.create_task(replicas[1].lock("conversation").__aenter__())
            await asyncio.sleep(0.2)
            assert not waiting.done()
            await replicas[1].run(lambda connection: connection.execute(kill))
            await asyncio.wait_for(waiting, 5)

    asyncio.run(talk())


def test_message_sent_to_two_replicas_is_stored_once(replicas: tuple[Database, Database]) -> None:
    async def send() -> int:
        inboxes = [Inbox(replica) for replica in replicas]
        await asyncio.gather(
            *(inbox.receive("web", "visitor", "m", lambda _: MessageText("hello", "hello")) for inbox in inboxes * 5)
        )
        return (await inboxes[0].pending())[0]

    assert asyncio.run(send()) == 1


def forgotten(replica: Database, name: str) -> None:
    """A conversation that Dana has held for an hour without a word."""
    begun = Inbox(replica).receive("web", name, str(uuid4()), lambda _: MessageText("hello", "hello"))
    asyncio.run(begun)
    replica.run_sync(lambda connection: hold(connection, name, "Dana"))
    older = update(holds).where(holds.c.conversation == name).values(at=holds.c.at - 3600)
    replica.run_sync(lambda connection: connection.execute(older))


async def come_back(replica: Database, name: str, back: Callable[[Connection], list[Message]]) -> bool:
    """Whether the assistant comes back, because nobody has written for half an hour."""
    try:
        await Inbox(replica).tell(name, lambda connection: [one.as_json() for one in back(connection)])
    except NotHeld:
        return False
    return True


@pytest.mark.parametrize("number", range(5))
def test_assistant_comes_back_once_from_several_replicas(replicas: tuple[Database, Database], number: int) -> None:
    name = f"forgotten-{number}"
    forgotten(replicas[0], name)
    back = partial(take_back, conversation=name, before=time.time() - 1800)

    async def together() -> list[bool]:
        return await asyncio.gather(*(come_back(replica, name, back) for replica in replicas * 2))

    assert sum(asyncio.run(together())) == 1


def test_person_who_writes_at_the_last_moment_keeps_the_conversation(replicas: tuple[Database, Database]) -> None:
    one, other = replicas
    forgotten(one, "late")
    back = partial(take_back, conversation="late", before=time.time() - 1800)

    def slowly(connection: Connection) -> list[dict[str, Any]]:
        said = [message.as_json() for message in answer(connection, "late", "Dana", "Sorry, I'm here.")]
        time.sleep(0.5)
        return said

    async def together() -> bool:
        answering = asyncio.create_task(Inbox(one).tell("late", slowly))
        await asyncio.sleep(0.2)
        came_back = await come_back(other, "late", back)
        await answering
        return came_back

    assert not asyncio.run(together())
    assert one.run_sync(lambda connection: holder(connection, "late")) == "Dana"


def test_unstorable_data_raises_store_unavailable(replicas: tuple[Database, Database]) -> None:
    with pytest.raises(StoreUnavailable):
        asyncio.run(Inbox(replicas[0]).receive("web", "visitor", "n", lambda _: MessageText("a\x00b", None)))
    with pytest.raises(StoreUnavailable):
        asyncio.run(Inbox(replicas[0]).receive("web", "x" * 256, "n", lambda _: MessageText("hello", None)))
