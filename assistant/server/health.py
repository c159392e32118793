"""Health, readiness and metrics, for operators and their machines."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import aiohttp
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sanic import Sanic
from sanic.response import HTTPResponse, json, raw
from sqlalchemy import text
from yarl import URL

from assistant.action_runner import local_actions
from assistant.metrics import INBOX_OLDEST, INBOX_PENDING, OUTBOX_GIVEN_UP, OUTBOX_OLDEST, OUTBOX_PENDING
from assistant.stores.database import Database, StoreUnavailable
from assistant.stores.inbox import Inbox
from assistant.stores.outbox import Outbox

_TIMEOUT = 2.0  # seconds
_UNKNOWN = float("nan")


class HealthChecks:
    """The answers to /health, /ready and /metrics. None of them contains personal data.

    Args:
        store: the database.
        action_server: the address of a server of its own for the actions; None where they run in this process.
    """

    def __init__(self, store: Database, action_server: str | None) -> None:
        self._store = store
        self._action_server = action_server
        self._inbox = Inbox(store)
        self._outbox = Outbox(store)
        self.stopping = False

    async def answer(self, path: str, app: Sanic) -> HTTPResponse | None:
        """The answer to a request for this path; None if it is another path."""
        if path == "/health":
            return json({"status": "ok"})
        if path == "/ready":
            return await self._ready(app)
        return await self._metrics() if path == "/metrics" else None

    async def _ready(self, app: Sanic) -> HTTPResponse:
        agent = getattr(app.ctx, "agent", None)
        database, actions = await asyncio.gather(self._has_database(), self._has_actions())
        parts = {"database": database, "actions": actions, "model": agent is not None and agent.is_ready()}
        states = {name: "ok" if fine else "away" for name, fine in parts.items()}
        if self.stopping:
            return json({**states, "server": "stopping"}, 503)
        return json(states, 200 if all(parts.values()) else 503)

    async def _has_database(self) -> bool:
        try:
            await asyncio.wait_for(self._store.run(lambda connection: connection.execute(text("SELECT 1"))), _TIMEOUT)
        except (StoreUnavailable, asyncio.TimeoutError):
            return False
        return True

    async def _has_actions(self) -> bool:
        here = local_actions()
        if here:
            return here.available
        address = URL(self._action_server or "")
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_TIMEOUT)) as session,
                session.get(address.with_path("/health")) as answer,
            ):
                return answer.status == 200
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return False

    async def _metrics(self) -> HTTPResponse:
        inbox: tuple[float, ...] = (_UNKNOWN, _UNKNOWN)
        outbox: tuple[float, ...] = (_UNKNOWN, _UNKNOWN, _UNKNOWN)
        with suppress(StoreUnavailable):
            inbox, outbox = await self._inbox.pending(), await self._outbox.pending()
        gauges = (INBOX_PENDING, INBOX_OLDEST, OUTBOX_PENDING, OUTBOX_OLDEST, OUTBOX_GIVEN_UP)
        for gauge, value in zip(gauges, (*inbox, *outbox), strict=True):
            gauge.set(value)
        return raw(generate_latest(), content_type=CONTENT_TYPE_LATEST)
