"""Several people claim a lead at once, through two replicas on PostgreSQL: one has it, and the others hear who."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from actions.wording import Wording
from assistant.channels.slack.blocks.presses import ANSWER, CLAIM
from assistant.stores.database import Database
from assistant.stores.erasures import digest
from assistant.stores.tables import audit, holds, leads, outbox, slack_cards
from tests.assistant.channels.slack.sales import ENVIRONMENT, System, Talk
from tests.slack_api import TEAM

PEOPLE = ("U0DANA", "U0ERIC", "U0FAYE", "U0GLEN")
LEADS = 25


@pytest.fixture
def replicas(postgresql_url: str, wording: Wording, monkeypatch: pytest.MonkeyPatch) -> tuple[System, System]:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return System(Database(postgresql_url), wording), System(Database(postgresql_url), wording)


async def new_lead(system: System, number: int, name: str) -> Talk:
    talk = Talk(number, "web", f"{name}-{number}")
    await system.say(talk, "hello")
    await system.agree(talk)
    await system.settle()
    return talk


def whispers(*replicas: System) -> list[tuple[str, str]]:
    """Who was told what privately."""
    calls = [call for replica in replicas for call in replica.line.calls]
    return [(fields["user"], fields["text"]) for method, fields in calls if method == "chat_postEphemeral"]


def values(system: System, column: Any, talk: Talk) -> list[Any]:
    """What a column has for a conversation."""
    wanted = select(column).where(column.table.c.conversation == talk.conversation)
    return list(system.store.run_sync(lambda connection: connection.execute(wanted).scalars()))


def test_one_has_the_lead_and_the_others_hear_who(replicas: tuple[System, System]) -> None:
    here, there = replicas

    async def work() -> None:
        for number in range(LEADS):
            talk = await new_lead(here, number, "claimed")
            for one in replicas:
                one.line.calls.clear()
            presses = [replicas[at % 2].press(user, TEAM, CLAIM, talk) for at, user in enumerate(PEOPLE)]
            await asyncio.gather(*presses)
            told = whispers(*replicas)
            [winner] = set(PEOPLE) - {user for user, _ in told}
            assert [text for _, text in told] == [f"<@{winner}> has claimed this lead already."] * (len(PEOPLE) - 1)
            await there.settle()
            assert values(here, leads.c.claimed_by, talk) == [winner.lower()]
            assert values(here, slack_cards.c.claimed_by, talk) == [winner]

    asyncio.run(work())
    announced = select(outbox.c.conversation).where(outbox.c.kind == "lead.updated", outbox.c.destination == "slack")
    told = here.store.run_sync(lambda connection: connection.execute(announced).scalars().all())
    names = [f"claimed-{number}" for number in range(LEADS)]
    assert sorted(one for one in told if one.startswith("claimed")) == sorted(names)
    recorded = select(audit.c.operator).where(audit.c.subject.in_(map(digest, names)), audit.c.command == "slack.claim")
    tries = here.store.run_sync(lambda connection: connection.execute(recorded).scalars().all())
    assert sorted(tries) == sorted(user.lower() for user in PEOPLE * LEADS), "each of them is on record"


def test_one_answers_though_several_send_the_form_at_once(replicas: tuple[System, System]) -> None:
    here, there = replicas
    both = list(zip(replicas, PEOPLE, strict=False))

    async def work() -> None:
        for number in range(LEADS):
            talk = await new_lead(here, number, "answered")
            await asyncio.gather(*(one.press(user, TEAM, ANSWER, talk) for one, user in both))
            taken = await asyncio.gather(*(one.submit(user, TEAM, talk, f"I am {user}") for one, user in both))
            [winner] = [user for (_, user), was_taken in zip(both, taken, strict=True) if was_taken]
            await asyncio.gather(here.settle(), there.settle())
            assert values(here, holds.c.held_by, talk) == [winner[2:].title()]
            assert values(here, leads.c.claimed_by, talk) == [winner.lower()]
            said = [one.get("text") for replica in replicas for one in replica.website.told.get(talk.conversation, ())]
            assert [text for text in said if text and text.startswith("I am")] == [f"I am {winner}"]

    asyncio.run(work())


def test_nobody_answers_a_lead_that_somebody_else_claims_at_the_same_time(replicas: tuple[System, System]) -> None:
    here, there = replicas
    claimer, answerer, *_ = PEOPLE

    async def work() -> None:
        for number in range(LEADS):
            talk = await new_lead(here, number, "both")
            claim = here.press(claimer, TEAM, CLAIM, talk)
            _, was_taken = await asyncio.gather(claim, there.submit(answerer, TEAM, talk, "Hello"))
            winner = answerer if was_taken else claimer
            assert values(here, leads.c.claimed_by, talk) == [winner.lower()]
            assert values(here, slack_cards.c.claimed_by, talk) == [winner]
            await asyncio.gather(here.settle(), there.settle())

    asyncio.run(work())
