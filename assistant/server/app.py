"""The application: everything that one server has once, whatever the number of its channels.

Rasa makes the server and its channels (credentials.yml); the first channel that is added to a server makes the
application for it (see assistant/channels/channel.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from sanic import Sanic
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse, raw

from actions.wording import Wording
from advisor.errors import SeatwiseError
from assistant import action_runner, rasa_patches
from assistant.contacts.tagger import tagger
from assistant.delivery.destinations import senders
from assistant.delivery.parcel import loading
from assistant.delivery.worker import OutboxWorker
from assistant.nlu import parsing
from assistant.server import logs, watchdog
from assistant.server.bookings import add_booking_routes
from assistant.server.health import HealthChecks
from assistant.server.private import PrivatePages
from assistant.server.responses import install_error_handlers, status_response
from assistant.server.static import QUESTIONS, look, questions, static_files
from assistant.settings import Settings, settings
from assistant.stores.database import Database, database
from assistant.stores.erasures import journal
from assistant.stores.outbox import Outbox, routes
from assistant.stores.retention import Retention
from assistant.turns.dispatcher import RunTurn, TurnDispatcher
from assistant.turns.forgotten import bring_back
from console.routes import Console

_FINISH = 15.0  # seconds for the turns that are under way when the server stops


class Application:
    """What the channels of a server share.

    Args:
        app: the server.
        settings: those of this process.
        store: the database.
        run_turn: has Rasa work on a message.

    Raises:
        SeatwiseError: the widget has not been built.
    """

    def __init__(self, app: Sanic, settings: Settings, store: Database, run_turn: RunTurn) -> None:
        action_runner.apply()
        parsing.apply()
        rasa_patches.apply()
        logs.apply()
        self.app = app
        self.store = store
        self.retention = Retention(store, journal(store), settings.keep_days or None, settings.lead_days or None)
        self.turns = TurnDispatcher(store, run_turn, self.retention.erase)
        self.on_stop: list[Callable[[], Awaitable[None]]] = []
        """Called after the last turn, so that channels can close their connections."""
        outbox = Outbox(store)
        self.destinations = senders(settings, loading(store, self.wording), outbox)
        """What delivers to each destination; a channel may add its own before the server starts."""
        self._deliveries = OutboxWorker(outbox, self.destinations, routes(settings), settings.unclaimed_minutes)
        self._hold_minutes = settings.hold_minutes
        self._health = HealthChecks(store, settings.action_server)
        self._private = PrivatePages(store, settings)
        self._files = static_files(look=look(settings))
        self._background: list[asyncio.Task[None]] = []

        if settings.has_console:
            app.blueprint(Console(store, self.turns, settings).routes())
        app.config.PROXIES_COUNT = settings.proxies  # for the visitor's address in X-Forwarded-For
        install_error_handlers(app)
        add_booking_routes(app, settings, store)
        app.register_middleware(self._serve_own_paths)
        app.register_middleware(_drop_credentials_header, "response")
        app.register_listener(self._start, "before_server_start")
        # Not earlier, because loading the model blocks the event loop.
        app.register_listener(self._watch, "after_server_start")
        app.register_listener(self._stop, "before_server_stop")

    def wording(self) -> Wording:
        """The assistant's, once its model is loaded."""
        return Wording(self.app.ctx.agent.domain.responses)

    async def _serve_own_paths(self, request: Request) -> HTTPResponse | None:
        """Pages, scripts and health checks; also "/", where Rasa would tell everybody its version."""
        path = f"/{request.path.strip('/')}"  # Rasa would answer to "//" too
        if path == QUESTIONS and path not in self._files:
            self._files[path] = questions(self.app.ctx.agent.domain.responses)
        file = self._files.get(path)
        found: HTTPResponse | None
        if file:
            found = raw(file.content, content_type=file.type, headers=dict(file.headers))
        else:
            found = await self._health.answer(path, self.app) or await self._private.answer(request, path)
        return status_response(405) if found and request.method not in ("GET", "HEAD") else found

    async def _start(self, app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        logs.apply()  # again, because Sanic has set up its own handlers in the meantime
        tagger()  # not at the first message, because loading it takes half a second
        await self.retention.replay()
        work = [
            self.turns.sweep(),
            self.retention.run(),
            self._deliveries.run(),
            bring_back(self.store, self.turns, self._hold_minutes),
        ]
        self._background = [loop.create_task(one) for one in work]

    async def _watch(self, app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        self._background.append(loop.create_task(watchdog.watch(self.turns.at_work)))

    async def _stop(self, app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        self._health.stopping = True
        for task in self._background:
            task.cancel()
        await self.turns.finish(_FINISH)
        for close in self.on_stop:
            await close()


def application(app: Sanic, run_turn: RunTurn) -> Application:
    """The application of a server; made at the first call.

    Raises:
        SystemExit: a setting cannot be used; one line says why, where Rasa would print a traceback.
    """
    if not hasattr(app.ctx, "seatwise"):
        try:
            app.ctx.seatwise = Application(app, settings(), database(), run_turn)
        except SeatwiseError as error:
            raise SystemExit(f"seatwise: {error}") from None
    made: Application = app.ctx.seatwise
    return made


async def _drop_credentials_header(request: Request, response: BaseHTTPResponse) -> None:
    """Remove the header that Rasa adds: no browser has credentials for us."""
    response.headers.pop("Access-Control-Allow-Credentials", None)
