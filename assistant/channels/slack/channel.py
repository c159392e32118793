"""The Slack channel: open as soon as its settings are there, by HTTP or in Socket Mode."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from slack_bolt.app.async_app import AsyncApp

from advisor.errors import SeatwiseError
from assistant.channels.channel import Channel
from assistant.channels.rate_limits import RateLimits
from assistant.channels.slack.answers import Answers
from assistant.channels.slack.app import bolt_app
from assistant.channels.slack.clients import Clients
from assistant.channels.slack.delivery import Delivery
from assistant.channels.slack.desk import Desk
from assistant.channels.slack.echoes import Echoes
from assistant.channels.slack.events import Events
from assistant.channels.slack.firm import Firm
from assistant.channels.slack.forms import Forms
from assistant.channels.slack.home import HomeTab
from assistant.channels.slack.identity import CHANNEL
from assistant.channels.slack.leads import LeadSender
from assistant.channels.slack.oauth import Installer
from assistant.channels.slack.outgoing import OutgoingAnswers
from assistant.channels.slack.posting import Postman
from assistant.channels.slack.presses import Presses
from assistant.channels.slack.reception import Reception
from assistant.channels.slack.refusals import Refusals
from assistant.channels.slack.requests import Signatures, dispatch
from assistant.channels.slack.sessions import Sessions
from assistant.channels.slack.socket import Socket
from assistant.channels.slack.status import Statuses
from assistant.channels.slack.stops import Stops
from assistant.channels.slack.talks import Talks
from assistant.channels.slack.titles import Titles
from assistant.server.app import Application
from assistant.settings import Settings, settings
from assistant.turns.dispatcher import TurnListener


class SlackChannel(Channel):
    """The channel of Slack."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._work: list[asyncio.Task[None]] = []

    @classmethod
    def name(cls) -> str:
        """The channel's path under /webhooks and its name in the tracker."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> SlackChannel:
        """The channel as the environment describes it; credentials.yml only opens it.

        Raises:
            SystemExit: a setting cannot be used; one line says why, where Rasa would print a traceback.
        """
        try:
            return cls(settings())
        except SeatwiseError as error:
            raise SystemExit(f"seatwise: {error}") from None

    def add_routes(self, routes: Blueprint, application: Application) -> TurnListener:
        """The route for Slack's requests, or a connection of our own; nothing at all without settings for Slack."""
        if not self._settings.serves_slack:
            return TurnListener()
        store, limits = application.store, RateLimits(self._settings)
        clients, refusals = Clients(self._settings, store), Refusals(store)
        talks, outgoing = Talks(store), OutgoingAnswers(store)
        postman, sessions = Postman(self._settings, clients), Sessions(clients, refusals)
        answers, statuses = Answers(outgoing, postman, refusals), Statuses(store, outgoing, sessions)
        delivery = Delivery(outgoing, application.turns.inbox, answers, postman, statuses, limits)
        reception = Reception(application.turns, talks, outgoing, delivery, limits)
        stops = Stops(talks, outgoing, postman, sessions)
        events = Events(reception, talks, clients, postman, Titles(sessions), stops)
        forms = Forms(talks, reception, postman)
        presses = Presses(store, reception, talks, answers, postman, forms)
        sender, desk, ends = None, None, [reception.finish]
        if self._settings.slack_leads_channel:
            firm = Firm(self._settings, postman, clients.installations)
            sender = LeadSender(store, postman, firm, refusals, application.wording)
            application.destinations["slack"] = sender
            desk = Desk(store, application.turns, postman, firm)
            ends.append(desk.finish)
        tab, echoes = HomeTab(store, postman, refusals), Echoes(outgoing, sender)
        app = bolt_app(self._settings, clients, events, presses, forms, tab, echoes, desk)
        self._run(application, delivery.sweep)
        if self._settings.slack_app_token:
            socket = Socket(app, self._settings.slack_app_token, clients)
            self._run(application, socket.run)
            ends.insert(0, socket.close)  # so that Slack sends what comes now to another replica
        else:
            self._add_request_route(routes, app)
        if self._settings.slack_client_id:
            self._add_install_routes(routes, Installer(self._settings, clients))
        self._end(application, ends)
        application.on_stop.append(clients.close)
        return delivery

    def _add_request_route(self, routes: Blueprint, app: AsyncApp) -> None:
        signatures = Signatures(self._settings.slack_signing_secret or "")

        @routes.post("/events")
        async def receive(request: Request) -> HTTPResponse:
            signatures.check(request)
            return await dispatch(app, request)

    def _add_install_routes(self, routes: Blueprint, installer: Installer) -> None:
        @routes.get("/install")
        async def install(request: Request) -> HTTPResponse:
            return await installer.install(request)

        @routes.get("/oauth_redirect")
        async def callback(request: Request) -> HTTPResponse:
            return await installer.callback(request)

    def _end(self, application: Application, ends: Sequence[Callable[[], Awaitable[None]]]) -> None:
        """Do something when the server stops, before it waits for the turns that are under way."""

        async def stop(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            for end in ends:
                await end()

        application.app.register_listener(stop, "before_server_stop")  # Sanic calls the last one first

    def _run(self, application: Application, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do something for as long as the server runs."""

        async def start(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            self._work.append(loop.create_task(work()))

        async def stop(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            for task in self._work:
                task.cancel()

        application.app.register_listener(start, "after_server_start")
        application.app.register_listener(stop, "before_server_stop")
