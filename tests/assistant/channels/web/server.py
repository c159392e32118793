"""A server with the web channel and a stub agent whose answers are set by each test."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import requests
from rasa.core.channels.channel import UserMessage, register
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import text as plain

from assistant.channels.channel import Channel
from assistant.channels.web.channel import WebChannel
from assistant.server.app import Application
from assistant.settings import Settings
from assistant.stores.database import Database, StoreUnavailable
from assistant.stores.turns import current

OFFER = {"text": "Who leads?", "buttons": [{"title": "Nobody", "payload": '/answer{"leadership": "none"}'}]}
ECHO = {"type": "echo", "version": 1}
"""A card, which keeps the two messages of a turn apart."""
EMBEDDING = "https://www.firm.example"
KEY = "a-key-of-the-tests-with-more-than-thirty-two-bytes"
SECRET_WORDS = "the merger with Acme"


class Agent:
    """A stub of Rasa's agent that records its messages."""

    def __init__(self) -> None:
        self.heard: list[UserMessage] = []
        self.is_ready = lambda: True
        self.turn: Callable[[UserMessage], Awaitable[None]] = self.offer

    async def handle_message(self, message: UserMessage) -> None:
        self.heard.append(message)
        await self.turn(message)

    async def offer(self, message: UserMessage) -> None:
        said = {"text": f"You said: {message.text}", "custom": ECHO}
        await message.output_channel.send_response(message.sender_id, said)
        await message.output_channel.send_response(message.sender_id, {**OFFER})

    async def slowly(self, message: UserMessage) -> None:
        await asyncio.sleep(0.4)
        await self.offer(message)

    async def say_nothing(self, message: UserMessage) -> None:
        pass

    async def lose_the_store(self, message: UserMessage) -> None:
        await self.offer(message)
        raise StoreUnavailable("the database is away")

    async def fail_in_the_middle(self, message: UserMessage) -> None:
        await self.offer(message)
        turn = current.get()
        assert turn is not None
        turn.failed = True

    async def fail(self, message: UserMessage) -> None:
        raise RuntimeError(f"cannot store {message.text}")


class Client:
    """A visitor with a new session."""

    def __init__(self, url: str) -> None:
        self.url = url
        opened = requests.post(f"{url}/webhooks/web/session", timeout=5).json()
        self.session_id: str = opened["session_id"]
        self.token: str = opened["token"]

    def post(self, **fields: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        fields = {"id": str(uuid4()), **fields}
        return requests.post(f"{self.url}/webhooks/web/messages", json=fields, headers=headers, timeout=5)

    def get(self, place: str, **parameters: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return requests.get(f"{self.url}/webhooks/web/{place}", parameters, headers=headers, timeout=5)


@contextmanager
def running(settings: Settings, store: Database, channel: Channel | None = None) -> Iterator[tuple[str, Sanic]]:
    """A channel, registered like in Rasa, next to Rasa's own "/"; returns its address and its server.

    It is the web channel by default.
    """
    Sanic.test_mode = True  # otherwise only the first server of a process can start
    app = Sanic(f"channel_test_{uuid4().hex}", configure_logging=False)

    @app.get("/")
    async def hello(request: Request) -> HTTPResponse:
        return plain("Hello from Rasa: 3.6.21")

    async def run_turn(message: UserMessage) -> None:
        await app.ctx.agent.handle_message(message)

    app.ctx.seatwise = Application(app, settings, store, run_turn)
    channel = channel or WebChannel(settings)
    register([channel], app, "/webhooks/")
    app.ctx.channel = channel
    listener = socket.create_server(("127.0.0.1", 0))
    loop = app.ctx.loop = asyncio.new_event_loop()
    started = threading.Event()

    async def start() -> None:
        running = await app.create_server(sock=listener, return_asyncio_server=True, access_log=False)
        assert running is not None
        await running.startup()
        await running.before_start()
        await running.after_start()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(start())
        started.set()
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    started.wait(10)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", app
    finally:
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0.05), loop).result(5)  # what has just ended is let go of
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
