"""The web channel: sessions and messages of the website widget, over HTTP and Socket.IO.

docs/openapi.yml describes the requests, docs/protocol.md the events. An answer is a status 200 with messages; every
other outcome is a status with {error, message}.
"""

from __future__ import annotations

import logging
import math
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from advisor.errors import SeatwiseError
from assistant.channels.channel import Channel
from assistant.channels.rate_limits import RateLimits
from assistant.channels.web.messages import CHANNEL, from_body
from assistant.channels.web.sessions import Sessions
from assistant.channels.web.sockets import PATH, Sockets
from assistant.channels.web.visitors import Visitors
from assistant.contacts.disclosure import disclosed
from assistant.server.addresses import address_of
from assistant.server.app import Application
from assistant.server.cors import AllowedOrigins, restrict_origins
from assistant.server.responses import reply
from assistant.settings import Settings, settings
from assistant.stores.database import StoreUnavailable
from assistant.stores.erasures import Erased
from assistant.stores.privacy import DAY
from assistant.turns.api_errors import erased, not_erased, not_stored
from assistant.turns.dispatcher import TurnListener

_log = logging.getLogger(__name__)


class WebChannel(Channel):
    """The channel of the website widget."""

    def __init__(self, settings: Settings) -> None:
        self._sessions = Sessions(settings.secret)
        self._origins = AllowedOrigins(settings.origins)
        self._limits = RateLimits(settings)
        # Seconds after a token has expired.
        self._erasable_for = settings.keep_days * DAY if settings.keep_days else math.inf

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
            chosen = settings()
            chosen.check_shared_secret()
        except SeatwiseError as error:
            raise SystemExit(f"seatwise: {error}") from None
        return cls(chosen)

    def add_routes(self, routes: Blueprint, application: Application) -> TurnListener:
        """The HTTP routes below /webhooks/web, and the Socket.IO server beside them."""
        turns = application.turns
        visitors = Visitors(self._sessions, application.store)
        sockets = Sockets(turns, self._sessions, visitors, self._origins, self._limits)
        sockets.server.attach(application.app, PATH)
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
            return reply({"messages": [disclosed(one) for one in answers]})

        @routes.post("/messages")
        async def receive(request: Request) -> HTTPResponse:
            session = self._session_of(request)
            answer = await turns.answer(from_body(session, request.body))
            return reply({"messages": [disclosed(one) for one in answer]})

        return sockets

    def _session_of(self, request: Request, expired_for: float = 0) -> str:
        """The session of a request, which counts against its rate limits; see ``Sessions.of``."""
        session = self._sessions.of(request.headers.get("authorization"), expired_for)
        self._limits.on_message(session, address_of(request))
        return session
