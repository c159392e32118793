"""The Socket.IO side of the web channel: answers are pushed to every window of a visitor.

docs/protocol.md describes the events. A message is acknowledged when it is stored; a client that misses an answer gets
it by asking for the history.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from sanic.request import Request
from socketio.exceptions import ConnectionRefusedError as Refused

from assistant.channels.rate_limits import RateLimits
from assistant.channels.web.messages import from_event
from assistant.channels.web.sessions import Session, Sessions
from assistant.channels.web.socketio_server import SocketIOServer
from assistant.channels.web.visitors import Visitors
from assistant.contacts.disclosure import disclosed
from assistant.metrics import REFUSALS, SOCKETS
from assistant.server.addresses import address_of
from assistant.server.cors import AllowedOrigins
from assistant.stores.database import StoreUnavailable
from assistant.stores.erasures import Erased, receipt
from assistant.stores.inbox import Messages, after
from assistant.stores.ratings import VALUES
from assistant.turns.api_errors import ApiError, erased, not_stored, rate_limited
from assistant.turns.dispatcher import TurnDispatcher, TurnListener

PATH = "/socket.io"
_VERSION = 1
_HISTORY = 100  # messages of the visitor
_MOST_WINDOWS = 10  # of one session at once
_ERRORS = {"rate_limited", "too_long", "empty", "not_offered", "not_stored", "erased", "expired", "conversation_full"}
"""All others are a bad_request."""
_LINGER = 0.2  # seconds between the last acknowledgement and the disconnect
_Acknowledgement = dict[str, Any]


class Sockets(TurnListener):
    """The connections of the web channel.

    Args:
        turns: answers the messages.
        sessions: opens and renews sessions.
        visitors: what a visitor does besides talking.
        origins: the websites that may connect.
        limits: how much a visitor may send.
    """

    def __init__(
        self,
        turns: TurnDispatcher,
        sessions: Sessions,
        visitors: Visitors,
        origins: AllowedOrigins,
        limits: RateLimits,
    ) -> None:
        self._turns = turns
        self._sessions = sessions
        self._visitors = visitors
        self._origins = origins
        self._limits = limits
        self._windows: Counter[str] = Counter()
        self._endings: set[asyncio.Task[None]] = set()
        self.server = SocketIOServer(self._may_connect)
        self.server.on("connect", self._connect)
        self.server.on("disconnect", self._disconnect)
        acts = {
            "user_uttered": self._hear,
            "history": self._history,
            "session_reset": self._reset,
            "rate": self._rate,
        }
        for event, act in acts.items():
            self.server.on(event, self._acknowledged(act))

    async def started(self, session: str, turn: str) -> None:
        """Show that the assistant is typing."""
        await self.server.emit("bot_typing", {"on": True, "turn": turn}, room=session)

    async def answered(self, session: str, turn: str, messages: Messages) -> None:
        """Push the answer to all windows of the visitor."""
        await self._utter(session, turn, messages)
        await self.server.emit("bot_typing", {"on": False, "turn": turn}, room=session)

    async def told(self, session: str, turn: str, messages: Messages) -> None:
        """Push it to the windows of this process."""
        await self._utter(session, turn, messages)

    async def failed(self, session: str, turn: str) -> None:
        """Tell that there is no answer, and that the message may be sent again."""
        error = not_stored()
        fields = {"turn": turn, "code": error.code, "message": error.message}
        await self.server.emit("bot_error", fields, room=session)
        await self.server.emit("bot_typing", {"on": False, "turn": turn}, room=session)

    def spent(self, session: str, turn: str, cpu_seconds: float) -> None:
        """Charge the visitor for the CPU time."""
        self._limits.charge(session, cpu_seconds)

    async def end(self, session: str) -> None:
        """Notify all windows of an erased conversation and disconnect them."""
        await self.server.emit("session_erased", {"receipt": receipt(session)}, room=session)
        for sid, _ in list(self.server.manager.get_participants("/", session)):
            await self.server.disconnect(sid)

    async def close(self) -> None:
        """Close all connections; the clients reconnect, to another replica if there is one."""
        await self.server.shutdown()

    def _may_connect(self, origin: str | None, environ: dict[str, Any]) -> bool:
        return self._origins.allow(origin, environ.get("HTTP_HOST"))

    async def _connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        request: Request = environ["sanic.request"]
        try:
            session = await self._session_of(auth, address_of(request))
        except ApiError as error:
            REFUSALS.labels(error.code).inc()
            raise Refused(error.message, _error_fields(error)) from None
        await self.server.save_session(sid, {"session": session, "address": address_of(request)})
        self._windows[session.id] += 1
        SOCKETS.inc()
        await self.server.enter_room(sid, session.id)
        await self.server.emit("session_confirm", session.as_json(), to=sid)
        if isinstance(auth, dict):
            await self._visitors.prepare_call(session.id, auth.get("ref"))

    async def _session_of(self, auth: object, address: str) -> Session:
        """The session of the handshake's token, or a new one."""
        self._limits.on_connect(address)
        token = auth.get("token") if isinstance(auth, dict) else None
        session = await self._visitors.session_for(token if isinstance(token, str) else None)
        if self._windows[session.id] >= _MOST_WINDOWS:
            raise rate_limited(60)
        return session

    async def _disconnect(self, sid: str, *_: object) -> None:
        kept = await self.server.get_session(sid)
        if session := kept.get("session"):
            SOCKETS.dec()
            self._leave(session.id)

    async def _hear(self, sid: str, session: str, content: object) -> _Acknowledgement:
        received = await self._turns.receive(from_event(session, content))
        if received.answer is not None:
            await self._utter(sid, received.pending.message, received.answer)
        else:
            self._turns.start(received.pending)
        return {}

    async def _history(self, sid: str, session: str, content: object) -> _Acknowledgement:
        """The messages after one that the client names; the last messages if it names none that we know."""
        known = content.get("after") if isinstance(content, dict) else None
        told = await self._turns.inbox.history(session, _HISTORY)
        return {"messages": [disclosed(one) for one in after(known, told)]}

    async def _rate(self, sid: str, session: str, content: object) -> _Acknowledgement:
        """A thumb up or down for a message of the assistant."""
        fields = content if isinstance(content, dict) else {}
        message, value = fields.get("id"), fields.get("value")
        if not isinstance(message, str) or value not in (*VALUES, None):
            raise ApiError(400, "bad_rating", "A rating needs the id of a message, and up, down or nothing.")
        await self._visitors.rate(session, message, value)
        return {}

    async def _reset(self, sid: str, session: str, content: object) -> _Acknowledgement:
        """A new conversation in this window; the old one stays as it is."""
        kept = await self.server.get_session(sid)
        self._limits.on_connect(kept["address"])
        new = self._sessions.open()
        await self.server.leave_room(sid, session)
        await self.server.enter_room(sid, new.id)
        await self.server.save_session(sid, {**kept, "session": new})
        self._leave(session)
        self._windows[new.id] += 1
        return dict(new.as_json())

    def _leave(self, session: str) -> None:
        self._windows[session] -= 1
        if not self._windows[session]:
            del self._windows[session]

    async def _utter(self, to: str, turn: str, messages: Messages) -> None:
        for message in messages:
            await self.server.emit("bot_uttered", {"v": _VERSION, "turn": turn, **disclosed(message)}, to=to)

    def _acknowledged(
        self, act: Callable[[str, str, object], Awaitable[_Acknowledgement]]
    ) -> Callable[..., Awaitable[_Acknowledgement]]:
        """A handler that always tells its client how it went."""

        async def handle(sid: str, content: object = None, *_: object) -> _Acknowledgement:
            kept = await self.server.get_session(sid)
            session = kept["session"].id
            try:
                self._limits.on_message(session, kept["address"])
                await self._renew(sid, kept)
                return {"ok": True, **await act(sid, session, content)}
            except (ApiError, StoreUnavailable) as cause:
                error = _api_error(cause)
                REFUSALS.labels(error.code).inc()
                if error.code == "erased":
                    self._later(self.end(session))
                elif error.code == "expired":
                    self._later(self.server.disconnect(sid))
                return {"ok": False, **_error_fields(error)}

        return handle

    async def _renew(self, sid: str, kept: dict[str, Any]) -> None:
        """Send an open connection a fresh token before its token expires.

        Raises:
            ApiError: the session has reached its maximum age.
        """
        session = self._sessions.renewed(kept["session"])
        if session is not kept["session"]:
            await self.server.save_session(sid, {**kept, "session": session})
            await self.server.emit("session_confirm", session.as_json(), to=sid)

    def _later(self, ending: Coroutine[Any, Any, None]) -> None:
        """Disconnect after the acknowledgement has been sent."""

        async def end() -> None:
            await asyncio.sleep(_LINGER)
            await ending

        task = asyncio.create_task(end())
        self._endings.add(task)
        task.add_done_callback(self._endings.discard)


def _api_error(error: ApiError | StoreUnavailable) -> ApiError:
    if isinstance(error, ApiError):
        return error
    return erased() if isinstance(error, Erased) else not_stored()


def _error_fields(error: ApiError) -> dict[str, Any]:
    wait = {} if error.retry_after is None else {"retry_after": error.retry_after}
    code = error.code if error.code in _ERRORS else "bad_request"
    return {"error": code, "message": error.message, **wait}
