"""Slack tells of our own posts: those of a process that died do not come again, and can be taken back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from actions.wording import Wording
from assistant.channels.slack import answers
from assistant.channels.slack.blocks.presses import CLAIM
from assistant.stores.database import Database
from assistant.stores.tables import outbox, slack_cards, slack_replies, slack_turns
from tests.assistant.channels.slack.conftest import Serve, Served
from tests.assistant.channels.slack.sales import ENVIRONMENT, LEADS, System, Talk
from tests.slack_api import TEAM, Fields
from tests.slack_user import SlackUser


def kill(served: Served) -> None:
    """Let nobody know what became of the answers: whoever posted them is dead, and had noted nothing."""
    nothing: dict[str, Any] = {"messages": 0, "posts": 0, "done": None, "owner": "somebody who died"}
    dead = update(slack_turns).values(due=time.time() + 1, **nothing)
    served.store.run_sync(lambda connection: connection.execute(dead))


@pytest.mark.parametrize(("heard", "again"), [(0, 2), (1, 1), (2, 0)])
def test_answer_comes_again_only_as_far_as_slack_has_not_told_of_it(serve: Serve, heard: int, again: int) -> None:
    served, other = serve(), serve()
    ann = served.user()
    thread = ann.say("hello")
    posted = served.api.wait_for(lambda: len(found := served.api.posts(ann.dm, thread)) == 2 and found)
    time.sleep(0.3)
    kill(served)
    for post in posted[:heard]:
        assert other.user().echo(post).status_code == 200
    served.api.wait_for(lambda: all(row["done"] for row in turns(served)))
    assert [one["text"] for one in served.api.posts(ann.dm, thread)[2:]] == [one["text"] for one in posted[2 - again :]]


def turns(served: Served) -> list[Any]:
    return served.store.run_sync(lambda connection: connection.execute(select(slack_turns)).mappings().all())


def test_post_that_slack_took_too_slowly_does_not_come_again(
    served: Served, ann: SlackUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "_LONGEST_POST", 0.5)
    monkeypatch.setattr(answers, "_FIRST_PAUSE", 3.0)
    ann.say("hello")
    served.api.wait_for(lambda: len(served.api.posts()) == 2)
    served.api.echo, served.api.delay = ann.echo, 1.0
    thread = ann.say("hello again")
    served.api.wait_for(lambda: len(served.api.posts(ann.dm, thread)) == 1)
    served.api.delay = 0.0
    served.api.wait_for(lambda: all(row["done"] for row in turns(served)))
    assert len(served.api.posts(ann.dm, thread)) == 2


def test_posts_of_which_slack_tells_are_no_messages(served: Served, ann: SlackUser) -> None:
    served.api.echo = ann.echo
    thread = ann.say("hello")
    served.api.wait_for(lambda: len(served.api.posts(ann.dm, thread)) == 2)
    time.sleep(0.5)
    assert len(served.agent.heard) == 1 and len(served.api.posts(ann.dm, thread)) == 2


@pytest.fixture
def system(store: Database, wording: Wording, monkeypatch: pytest.MonkeyPatch) -> System:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return System(store, wording)


class Killed(Exception):  # noqa: N818  # what happens to the process
    """The process is no more."""


Act = Callable[[System, Talk], Awaitable[None]]


def interrupted(system: System, *acts: Act, meanwhile: Act | None = None) -> list[Fields]:
    """What was posted to the firm, by a process that was killed before it could note that.

    Args:
        system: is what is left.
        acts: what happens before.
        meanwhile: what happens until Slack tells of the posts, which it does twice.
    """
    posted: list[Fields] = []

    async def post(**fields: Any) -> dict[str, str]:
        posted.append({**fields, "ts": f"1800000000.9{len(posted):05}"})
        raise Killed

    async def work() -> None:
        talk = Talk(1, "web")
        await system.say(talk, "hello")
        for act in acts:
            await system.settle()
            await act(system, talk)
        system.line.chat_postMessage = post  # type: ignore[attr-defined]
        with pytest.raises(Killed):
            await system.settle()
        del system.line.chat_postMessage
        if meanwhile:
            await meanwhile(system, talk)
        for one in [*posted, *posted]:
            assert await system.echoes.hear({"api_app_id": "A0", "event": {"type": "message", "app_id": "A0", **one}})
        lapsed = update(outbox).where(outbox.c.delivered.is_(None)).values(due=0)
        await system.store.run(lambda connection: connection.execute(lapsed))
        await system.settle()

    asyncio.run(work())
    return posted


async def agree(system: System, talk: Talk) -> None:
    await system.agree(talk)


async def claim(system: System, talk: Talk) -> None:
    await system.press("U0DANA", TEAM, CLAIM, talk)


async def erase(system: System, talk: Talk) -> None:
    await system.erase(talk.conversation)
    await system.settle()


def test_card_of_a_process_that_died_hangs_once_and_is_taken_back(system: System) -> None:
    [card] = interrupted(system, agree)
    assert [one["ts"] for one in rows(system, slack_cards)] == [card["ts"]]
    assert system.line.posts() == []
    asyncio.run(erase(system, Talk(1, "web", "visitor-1")))
    [erased] = system.line.posts()
    assert erased["ts"] == card["ts"] and "erased" in erased["text"]


def test_reply_of_a_process_that_died_is_noted_below_its_card(system: System) -> None:
    [reply] = interrupted(system, agree, claim)
    assert [one["ts"] for one in rows(system, slack_replies)] == [reply["ts"]]
    [card, changed] = system.line.posts()
    assert reply["thread_ts"] == changed["ts"] == rows(system, slack_cards)[0]["ts"]
    assert card["thread_ts"] is None


def test_card_of_a_lead_that_was_erased_before_slack_told_of_it_is_taken_back(system: System) -> None:
    [card] = interrupted(system, agree, meanwhile=erase)
    assert {one["ts"] for one in system.line.posts()} == {card["ts"]}
    assert rows(system, slack_cards) == []


def test_post_of_another_app_is_no_echo(system: System) -> None:
    blocks = [{"type": "divider", "block_id": "lead visitor-1--1"}]
    for app in ({}, {"app_id": "A0OTHER"}):
        event = {"type": "message", "channel": LEADS, "ts": "1.1", "blocks": blocks, **app}
        assert not asyncio.run(system.echoes.hear({"api_app_id": "A0", "event": event}))
    assert rows(system, slack_cards) == []


def rows(system: System, table: Any) -> list[Any]:
    return system.store.run_sync(lambda connection: connection.execute(select(table)).mappings().all())
