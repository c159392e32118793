"""A server that stops posts what it has taken, and leaves nothing to another one."""

from __future__ import annotations

import asyncio

import pytest

from assistant.channels.slack.reception import Reception
from assistant.stores.inbox import PendingMessage
from tests.assistant.channels.slack.conftest import Serve, Served
from tests.assistant.channels.slack.test_socket import SOCKET
from tests.slack_user import SlackUser


def stop(served: Served) -> None:
    """What Sanic does first when it stops: connections are still open."""
    loop = served.app.ctx.loop
    asyncio.run_coroutine_threadsafe(served.app._server_event("shutdown", "before", loop), loop).result(30)


def test_turn_under_way_is_posted(served: Served, ann: SlackUser) -> None:
    served.agent.turn = served.agent.slowly
    thread = ann.say("hello")
    stop(served)
    assert len(served.api.posts(ann.dm, thread)) == 2


def test_turn_that_has_not_started_yet_is_posted(
    served: Served, ann: SlackUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turn waits until other messages are acknowledged."""
    start = Reception._start

    async def wait_and_start(self: Reception, pending: PendingMessage) -> None:
        await asyncio.sleep(0.5)
        await start(self, pending)

    monkeypatch.setattr(Reception, "_start", wait_and_start)
    thread = ann.say("hello")
    stop(served)
    assert len(served.api.posts(ann.dm, thread)) == 2


def test_message_that_comes_in_the_meantime_is_answered_too(served: Served, ann: SlackUser, ben: SlackUser) -> None:
    served.agent.turn = served.agent.slowly
    ann.say("hello")
    loop = served.app.ctx.loop
    stopping = asyncio.run_coroutine_threadsafe(served.app._server_event("shutdown", "before", loop), loop)
    thread = ben.say("hello")
    stopping.result(30)
    assert len(served.api.posts(ben.dm, thread)) == 2


def test_socket_is_closed_first_so_that_slack_sends_elsewhere(serve: Serve) -> None:
    served = serve(**SOCKET)
    served.api.wait_for(served.api.connected)
    served.agent.turn = served.agent.slowly
    ann = served.user()
    event = ann.event(ann.written("hello", ann.dm))
    served.api.send("events_api", event)
    served.api.wait_for(lambda: served.api.acknowledged)
    connected = []

    async def look(message: object) -> None:
        connected.append(served.api.connected())

    served.app.ctx.seatwise.turns.finish, finish = look, served.app.ctx.seatwise.turns.finish
    stop(served)
    assert connected == [False]
    asyncio.run_coroutine_threadsafe(finish(10.0), served.app.ctx.loop).result(20)
    assert len(served.api.posts(ann.dm, event["event"]["ts"])) == 2
