"""The web channel: sessions and messages of the website widget, over HTTP and Socket.IO.

docs/openapi.yml describes the requests, docs/protocol.md the events. An answer is a status 200 with messages; every
other outcome is a status with {error, message}.
"""

from __future__ import annotations

import logging
import math
import os
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from advisor.errors import SeatwiseError
from assistant.channels.channel import Channel
from assistant.channels.web.messages import CHANNEL, from_body
from assistant.channels.web.rate_limits import RateLimits, address_of
from assistant.channels.web.sessions import SECRET, Sessions
from assistant.channels.web.sockets import PATH, Sockets
from assistant.channels.web.visitors import Visitors
from assistant.server.app import Application
from assistant.server.cors import ORIGINS, AllowedOrigins, restrict_origins
from assistant.server.responses import reply
from assistant.settings import secret
from assistant.stores.database import StoreUnavailable, database
from assistant.stores.erasures import Erased
from assistant.stores.privacy import DAY, keep_days
from assistant.turns.api_errors import erased, not_erased, not_stored

_log = logging.getLogger(__name__)


class WebChannel(Channel):
    """The channel of the website widget.

    Args:
        secret: the keys that sign session tokens (see Sessions); without one a random key serves this process.
        origins: the websites that may embed the assistant (see AllowedOrigins).

    Raises:
        SeatwiseError: a setting cannot be used.
    """

    def __init__(self, secret: str | None = None, origins: str | None = None) -> None:
        self._sessions = Sessions(secret)
        self._origins = AllowedOrigins(origins)
        self._limits = RateLimits()
        days = keep_days()
        self._erasable_for = days * DAY if days else math.inf  # seconds after a token has expired

    @classmethod
    def name(cls) -> str:
        """The channel's path under /webhooks and its name in the tracker."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebChannel:
        """The channel as the environment describes it; credentials.yml only opens it.

        Raises:
            SystemExit: a setting cannot be used; one line says why, where Rasa would print a traceback.
        """
        try:
            keys = secret(SECRET)
            if not keys and database().kind == "postgresql":
                raise SeatwiseError(f"{SECRET} must be set where several replicas may share a database")
            return cls(keys, os.environ.get(ORIGINS))
        except SeatwiseError as error:
            raise SystemExit(f"seatwise: {error}") from None

    def add_routes(self, routes: Blueprint, application: Application) -> None:
        """The HTTP routes below /webhooks/web, and the Socket.IO server beside them."""
        turns = application.turns
        visitors = Visitors(self._sessions, application.store)
        sockets = Sockets(turns, self._sessions, visitors, self._origins, self._limits)
        sockets.server.attach(application.app, PATH)
        turns.register(self.name(), sockets)
        application.store.on_erasure.append(sockets.end)
        application.on_stop.append(sockets.close)
        restrict_origins(application.app, f"/webhooks/{self.name()}", self._origins)

        @routes.get("/")
        async def show_page(request: Request) -> HTTPResponse:
            return redirect("../../chat")

        @routes.post("/session")
        async def open_session(request: Request) -> HTTPResponse:
            self._limits.on_connect(address_of(request))
            _, _, token = request.headers.get("authorization", "").partition(" ")
            session = await visitors.session_for(token)
            return reply(session.as_json())

        @routes.delete("/session")
        async def erase_session(request: Request) -> HTTPResponse:
            session = self._session_of(request, expired_for=self._erasable_for)
            try:
                return reply({"erased": await application.retention.erase(session)})
            except StoreUnavailable as error:
                _log.error("not erased: %s", error, extra={"ids": {"conversation": session}})
                raise not_erased() from None

        @routes.get("/messages")
        async def replay(request: Request) -> HTTPResponse:
            session = self._session_of(request)
            try:
                answers = await turns.inbox.answers(session, request.args.get("after"))
            except Erased:
                raise erased() from None
            except StoreUnavailable:
                raise not_stored() from None
            return reply({"messages": answers})

        @routes.post("/messages")
        async def receive(request: Request) -> HTTPResponse:
            session = self._session_of(request)
            return reply({"messages": await turns.answer(from_body(session, request.body))})

    def _session_of(self, request: Request, expired_for: float = 0) -> str:
        """The session of a request, which counts against its rate limits; see ``Sessions.of``."""
        session = self._sessions.of(request.headers.get("authorization"), expired_for)
        self._limits.on_message(session, address_of(request))
        return session
