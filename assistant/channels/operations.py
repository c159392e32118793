"""What operators and their machines ask: does the loop turn, can it serve, and how is it doing."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import aiohttp
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sanic.response import HTTPResponse, json, raw
from sqlalchemy import text

from assistant.stores.database import Database, StoreUnavailable
from assistant.stores.inbox import Inbox

ACTIONS = "ACTION_ENDPOINT_URL"
_PATIENCE = 2.0  # seconds


class Operations:
    """The answers to /health, /ready and /metrics. None of them says anything about a visitor."""

    def __init__(self, store: Database, inbox: Inbox) -> None:
        self._store = store
        self._inbox = inbox
        self._registry = CollectorRegistry()
        self._turns = Histogram("seatwise_turn_seconds", "Time to an answer", registry=self._registry)
        self._pending = Gauge("seatwise_inbox_pending", "Messages that are not done", registry=self._registry)
        self._oldest = Gauge("seatwise_inbox_oldest_seconds", "Age of the oldest of them", registry=self._registry)
        self.failed_saves = Counter("seatwise_failed_saves", "Turns that could not be saved", registry=self._registry)
        self.empty_answers = Counter("seatwise_empty_answers", "Turns without a word", registry=self._registry)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Measures a turn."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._turns.observe(time.perf_counter() - begun)

    async def answer(self, path: str) -> HTTPResponse | None:
        """The answer to a request for this path, if it is one of ours."""
        if path == "/health":
            return json({"status": "ok"})
        if path == "/ready":
            return await self._ready()
        return await self._metrics() if path == "/metrics" else None

    async def _ready(self) -> HTTPResponse:
        parts = dict(
            zip(("database", "actions"), await asyncio.gather(self._has_database(), _has_actions()), strict=True)
        )
        return json(
            {name: "ok" if fine else "away" for name, fine in parts.items()}, 200 if all(parts.values()) else 503
        )

    async def _has_database(self) -> bool:
        try:
            await asyncio.wait_for(self._store.run(lambda connection: connection.execute(text("SELECT 1"))), _PATIENCE)
        except (StoreUnavailable, asyncio.TimeoutError):
            return False
        return True

    async def _metrics(self) -> HTTPResponse:
        try:
            pending, oldest = await self._inbox.pending()
            self._pending.set(pending)
            self._oldest.set(oldest)
        except StoreUnavailable:
            self._pending.set(float("nan"))
            self._oldest.set(float("nan"))
        return raw(generate_latest(self._registry), content_type=CONTENT_TYPE_LATEST)


async def _has_actions() -> bool:
    address = urlsplit(os.environ.get(ACTIONS, ""))
    if not address.netloc:
        return False
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_PATIENCE)) as session,
            session.get(f"{address.scheme}://{address.netloc}/health") as answer,
        ):
            return answer.status == 200
    except (aiohttp.ClientError, asyncio.TimeoutError):
        return False
