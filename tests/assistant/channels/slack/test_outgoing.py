"""Who posts an answer: one process, and within it one task; and what waits holds nothing up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import delete, update

from assistant.channels.slack.identity import Target, Workspace, direct
from assistant.channels.slack.outgoing import OutgoingAnswers
from assistant.stores.database import Database
from assistant.stores.schema import upgrade
from assistant.stores.tables import slack_turns

TARGET = Target(direct(Workspace(None, "T0FIRM"), "U0ANN", "D0ANN", "1.1"), "U0ANN")


@pytest.fixture(params=["sqlite", "postgresql"])
def replicas(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[OutgoingAnswers, OutgoingAnswers]]:
    """Two processes with one database."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    else:
        url = f"sqlite:///{tmp_path / 'seatwise.db'}"
        upgrade(Database(url))
    stores = Database(url), Database(url)
    yield OutgoingAnswers(stores[0]), OutgoingAnswers(stores[1])
    stores[0].run_sync(lambda connection: connection.execute(delete(slack_turns)))


def expect(here: OutgoingAnswers, conversation: str, turn: str) -> None:
    here._store.run_sync(lambda connection: here.expect(connection, conversation, turn, TARGET))


def test_reserved_answer_is_posted_by_its_process_and_once(replicas: tuple[OutgoingAnswers, OutgoingAnswers]) -> None:
    here, there = replicas
    conversation, turn = uuid4().hex, str(uuid4())
    expect(here, conversation, turn)

    async def work() -> None:
        assert await there.claim(conversation, turn) is None
        claimed = await here.claim(conversation, turn)
        assert claimed and claimed.target == TARGET
        assert await here.claim(conversation, turn) is None, "another task of the same process"
        assert await here.note(claimed)
        assert not await here.note(here.reserved(conversation, turn, TARGET)), "the reservation has ended"
        assert await here.note(claimed, done=True)
        assert await here.claim(conversation, turn) is None

    asyncio.run(work())


def test_released_answer_is_posted_by_whoever_comes_first(replicas: tuple[OutgoingAnswers, OutgoingAnswers]) -> None:
    here, there = replicas
    conversation, turn = uuid4().hex, str(uuid4())
    expect(here, conversation, turn)

    async def work() -> None:
        await there.release(conversation, turn)
        assert await there.due() == [], "it was not reserved there"
        await here.release(conversation, turn)
        assert await there.due() == [(conversation, turn)]
        claims = await asyncio.gather(*(one.claim(conversation, turn) for one in (here, there, here, there)))
        assert sum(claim is not None for claim in claims) == 1

    asyncio.run(work())


def test_answers_that_wait_do_not_keep_others_from_being_due(
    replicas: tuple[OutgoingAnswers, OutgoingAnswers],
) -> None:
    """Slack was away: thirty conversations have an answer that is tried later, and another one behind it."""
    here, _ = replicas
    heads = [(f"{number:032}", str(uuid4())) for number in range(30)]

    async def work() -> None:
        for conversation, turn in heads:
            expect(here, conversation, turn)
            expect(here, conversation, str(uuid4()))
            out = await here.claim(conversation, turn)
            assert out
            out.attempts += 1
            await here.note(out, 300.0)
        waited = update(slack_turns).where(slack_turns.c.attempts == 0).values(due=time.time() - 100)
        here._store.run_sync(lambda connection: connection.execute(waited))
        assert await here.due() == []
        now = update(slack_turns).where(slack_turns.c.attempts > 0).values(due=time.time() - 1)
        here._store.run_sync(lambda connection: connection.execute(now))
        due = await here.due()
        assert due and set(due) <= set(heads)

    asyncio.run(work())
