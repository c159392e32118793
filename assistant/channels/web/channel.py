"""Seatwise in a browser: the widget and its pages, the sessions and the messages, over HTTP and Socket.IO.

docs/openapi.yml describes the requests, docs/protocol.md the events. An answer is a status 200 with messages; every
other outcome is a status with {error, message}.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
from collections.abc import Callable
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse, empty, raw, redirect

from advisor.errors import SeatwiseError
from assistant import action_calls
from assistant.channels.web.rate_limits import Allowance, address_of, trust_proxies
from assistant.channels.web.sessions import SECRET, Sessions
from assistant.channels.web.sockets import PATH, Sockets
from assistant.metrics import REFUSALS
from assistant.nlu import parsing
from assistant.server import logs, watchdog
from assistant.server.cors import ORIGINS, Origins
from assistant.server.health import Operations
from assistant.server.responses import answer_for_sanic, not_answered, refused, reply
from assistant.server.static import QUESTIONS, File, files, look, questions
from assistant.settings import secret
from assistant.stores.database import Database, StoreUnavailable, database
from assistant.stores.erasures import Erased, journal
from assistant.stores.outbox import Outbox
from assistant.stores.privacy import DAY, keep_days
from assistant.stores.retention import Retention
from assistant.turns.api_errors import Refusal, erased, not_erased, not_stored
from assistant.turns.dispatcher import Handler, Reception
from assistant.turns.messages import Question
from assistant.turns.webhooks import Courier, webhook

_PLACE = "/webhooks/web"
_FINISH = 15.0  # seconds for the turns that are under way when we are told to stop
_log = logging.getLogger(__name__)
_FOREIGN = Refusal(403, "foreign_origin", "This website may not use this assistant.")


class WebInput(InputChannel):
    """Our own channel for a browser.

    Args:
        secret: the keys that sign session tokens (see Sessions); without one a random key serves this process.
        origins: the websites that may embed the assistant (see Origins).
        store: the database; that of this process by default.

    Raises:
        SeatwiseError: a setting cannot be used.
    """

    def __init__(self, secret: str | None = None, origins: str | None = None, store: Database | None = None) -> None:
        self._store = store or database()
        if not secret and self._store.kind == "postgresql":
            raise SeatwiseError(f"{SECRET} must be set where several replicas may share a database")
        self._sessions = Sessions(secret)
        self._origins = Origins(origins)
        self._allowance = Allowance()
        self._operations = Operations(self._store)
        self._courier = webhook()
        self._keep_days = keep_days()

    @classmethod
    def name(cls) -> str:
        """The channel's place under /webhooks and its name in the tracker."""
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebInput:
        """The channel as the environment describes it; credentials.yml only opens it.

        Raises:
            SystemExit: a setting cannot be used; one line says why, where Rasa would print a traceback.
        """
        try:
            return cls(secret(SECRET), os.environ.get(ORIGINS))
        except SeatwiseError as error:
            raise SystemExit(f"seatwise: {error}") from None

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes of the channel; the server that asks for them is about to start."""
        action_calls.apply()
        parsing.apply()
        logs.apply()
        reception = Reception(self._store, self.name(), on_new_message, self._allowance.charge)
        sockets = Sockets(reception, self._sessions, self._origins, self._allowance)
        self._store.on_erasure.append(sockets.end)
        retention = Retention(self._store, journal(self._store), self._keep_days)
        served = files(shown=look())
        web = _Routes("web", lambda app: self._attach(app, sockets, served))

        @web.get("/")
        async def show_page(request: Request) -> HTTPResponse:
            return redirect("../../chat")

        @web.post("/session")
        async def open_session(request: Request) -> HTTPResponse:
            self._allowance.visit(address_of(request))
            _, _, token = request.headers.get("authorization", "").partition(" ")
            session = self._sessions.for_token(token)
            if session.resumed and await reception.is_erased(session.id):
                session = self._sessions.open()
            return reply(session.as_json())

        @web.delete("/session")
        async def erase_session(request: Request) -> HTTPResponse:
            session = self._visitor(request, expired_for=self._keep_days * DAY if self._keep_days else math.inf)
            try:
                return reply({"erased": await retention.erase(session)})
            except StoreUnavailable as error:
                _log.error("not erased: %s", error, extra={"ids": {"conversation": session}})
                raise not_erased() from None

        @web.get("/messages")
        async def replay(request: Request) -> HTTPResponse:
            session = self._visitor(request)
            try:
                answers = await reception.inbox.answers(session, request.args.get("after"))
            except Erased:
                raise erased() from None
            except StoreUnavailable:
                raise not_stored() from None
            return reply({"messages": answers})

        @web.post("/messages")
        async def receive(request: Request) -> HTTPResponse:
            session = self._visitor(request)
            return reply({"messages": await reception.answer(session, Question.from_json(request.body))})

        async def refuse(request: Request, refusal: Refusal) -> HTTPResponse:
            REFUSALS.labels(refusal.code).inc()
            return refused(refusal)

        async def begin(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            logs.apply()  # again, for Sanic has set up its own since
            await retention.replay()
            self._background = [loop.create_task(reception.sweep()), loop.create_task(retention.run())]
            if self._courier:
                self._background.append(loop.create_task(Courier(Outbox(self._store), self._courier).run()))

        async def watch(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            self._background.append(loop.create_task(watchdog.watch(reception.at_work)))

        async def end(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            self._operations.stopping = True
            for task in self._background:
                task.cancel()
            await reception.finish(_FINISH)
            await sockets.close()

        web.exception(Refusal)(refuse)
        web.listener("before_server_start")(begin)
        web.listener("after_server_start")(watch)  # only now, for loading the model keeps the loop from turning
        web.listener("before_server_stop")(end)
        return web

    def _visitor(self, request: Request, expired_for: float = 0) -> str:
        """The session of a request, which counts against its allowance; see ``Sessions.of``."""
        session = self._sessions.of(request.headers.get("authorization"), expired_for)
        self._allowance.ask(session, address_of(request))
        return session

    def _attach(self, app: Sanic, sockets: Sockets, served: dict[str, File]) -> None:
        """What concerns the whole server, and not only the routes below our own place."""
        trust_proxies(app)
        sockets.server.attach(app, PATH)

        async def lead(request: Request) -> HTTPResponse | None:
            """Lets "/" show a page, where Rasa would tell everybody its version, and keeps foreign websites out."""
            path = f"/{request.path.strip('/')}"  # "//" too would else tell Rasa's version
            if path == QUESTIONS and path not in served:
                served[path] = questions(app.ctx.agent.domain.responses)
            reads = request.method in ("GET", "HEAD")
            if file := served.get(path):
                shown = raw(file.content, content_type=file.type, headers=dict(file.headers))
                return shown if reads else not_answered(405)
            if not path.startswith(_PLACE):
                told = await self._operations.answer(path, app)
                return not_answered(405) if told and not reads else told
            origin = request.headers.get("origin")
            if not self._origins.allow(origin, request.headers.get("host")):
                REFUSALS.labels(_FOREIGN.code).inc()
                return refused(_FOREIGN)
            return empty() if request.method == "OPTIONS" else None

        async def let_read(request: Request, response: BaseHTTPResponse) -> None:
            response.headers.pop("Access-Control-Allow-Credentials", None)  # Rasa's; there are none of a browser's here
            origin = request.headers.get("origin")
            if request.path.startswith(_PLACE) and self._origins.allow(origin, request.headers.get("host")):
                response.headers.update(self._origins.headers(origin, preflight=request.method == "OPTIONS"))

        answer_for_sanic(app)
        app.register_middleware(lead)
        app.register_middleware(let_read, "response")


class _Routes(Blueprint):
    """Routes that can reach the server which they are added to."""

    def __init__(self, name: str, attach: Callable[[Sanic], None]) -> None:
        super().__init__(name)
        self.ctx.attach = attach

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Add the routes to the server."""
        self.ctx.attach(app)
        super().register(app, options)  # type: ignore[no-untyped-call]
