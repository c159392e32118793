"""The same conversation over Socket.IO, for the widget: answers arrive by themselves, in every window of a visitor.

docs/protocol.md describes the events. A message is acknowledged when it is stored; what a socket misses of its answer,
it gets by asking for the history.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from sanic.request import Request
from socketio.exceptions import ConnectionRefusedError as Refused

from assistant.channels.web.rate_limits import Allowance, address_of
from assistant.channels.web.sessions import Session, Sessions
from assistant.channels.web.socketio_server import Engine
from assistant.channels.web.token_bucket import RateLimited
from assistant.metrics import REFUSALS, SOCKETS
from assistant.server.cors import Origins
from assistant.stores.database import StoreUnavailable
from assistant.stores.erasures import Erased
from assistant.stores.inbox import Messages, after
from assistant.stores.ratings import VALUES
from assistant.turns.api_errors import Refusal, erased, not_stored
from assistant.turns.dispatcher import Reception
from assistant.turns.messages import Question

PATH = "/socket.io"
_VERSION = 1
_HISTORY = 100  # messages of the visitor
_MOST_WINDOWS = 10  # of one session at once
_ERRORS = {"rate_limited", "too_long", "empty", "not_offered", "not_stored", "erased", "expired", "conversation_full"}
"""All others are a bad_request."""
_LINGER = 0.2  # seconds between the last acknowledgement and the disconnect
_Acknowledgement = dict[str, Any]


class Sockets:
    """The Socket.IO side of the web channel.

    Args:
        reception: takes the messages in, and tells how turns go.
        sessions: opens and resumes sessions.
        origins: the websites that may connect.
        allowance: how much a visitor may ask.
    """

    def __init__(self, reception: Reception, sessions: Sessions, origins: Origins, allowance: Allowance) -> None:
        self._reception = reception
        self._sessions = sessions
        self._origins = origins
        self._allowance = allowance
        self._windows: Counter[str] = Counter()
        self._endings: set[asyncio.Task[None]] = set()
        self.server = Engine(self._may_connect)
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
        reception.listeners.append(self)

    async def begun(self, session: str, turn: str) -> None:
        """Shows that the assistant is typing."""
        await self.server.emit("bot_typing", {"on": True, "turn": turn}, room=session)

    async def answered(self, session: str, turn: str, messages: Messages) -> None:
        """Brings the answer to all windows of the visitor."""
        await self._utter(session, turn, messages)
        await self.server.emit("bot_typing", {"on": False, "turn": turn}, room=session)

    async def failed(self, session: str, turn: str) -> None:
        """Says that there is no answer, and that the message may be sent again."""
        refusal = not_stored()
        error = {"turn": turn, "code": refusal.code, "message": refusal.message}
        await self.server.emit("bot_error", error, room=session)
        await self.server.emit("bot_typing", {"on": False, "turn": turn}, room=session)

    async def end(self, session: str) -> None:
        """Notify all windows of an erased conversation and disconnect them."""
        await self.server.emit("session_erased", {}, room=session)
        for sid, _ in list(self.server.manager.get_participants("/", session)):
            await self.server.disconnect(sid)

    async def close(self) -> None:
        """Let all clients go; they come back to whoever is there by then."""
        await self.server.shutdown()

    def _may_connect(self, origin: str | None, environ: dict[str, Any]) -> bool:
        return self._origins.allow(origin, environ.get("HTTP_HOST"))

    async def _connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        request: Request = environ["sanic.request"]
        try:
            session = await self._session_of(auth, address_of(request))
        except Refusal as refusal:
            REFUSALS.labels(refusal.code).inc()
            raise Refused(refusal.message, _refused(refusal)) from None
        await self.server.save_session(sid, {"session": session, "address": address_of(request)})
        self._windows[session.id] += 1
        SOCKETS.inc()
        await self.server.enter_room(sid, session.id)
        await self.server.emit("session_confirm", session.as_json(), to=sid)
        if reference := self._sessions.references.read(auth.get("ref") if isinstance(auth, dict) else None):
            await self._reception.prepare(session.id, reference)

    async def _session_of(self, auth: object, address: str) -> Session:
        """The session of the handshake's token; a new one if there is no valid token or the conversation was erased."""
        self._allowance.visit(address)
        token = auth.get("token") if isinstance(auth, dict) else None
        session = self._sessions.for_token(token if isinstance(token, str) else None)
        if session.resumed and await self._reception.is_erased(session.id):
            session = self._sessions.open()
        if self._windows[session.id] >= _MOST_WINDOWS:
            raise RateLimited(60)
        return session

    async def _disconnect(self, sid: str, *_: object) -> None:
        kept = await self.server.get_session(sid)
        if session := kept.get("session"):
            SOCKETS.dec()
            self._leave(session.id)

    async def _hear(self, sid: str, session: str, content: object) -> _Acknowledgement:
        question = Question.from_fields(_fields(content))
        received = await self._reception.receive(session, question)
        if received.answer is not None:
            await self._utter(sid, question.id, received.answer)
        else:
            self._reception.turn(session, question.id, received)
        return {}

    async def _history(self, sid: str, session: str, content: object) -> _Acknowledgement:
        """What was said after a message that the client names; the last messages if it names none that we know."""
        known = content.get("after") if isinstance(content, dict) else None
        told = await self._reception.inbox.history(session, _HISTORY)
        return {"messages": after(known, told)}

    async def _rate(self, sid: str, session: str, content: object) -> _Acknowledgement:
        """A thumb for one of our messages."""
        fields = content if isinstance(content, dict) else {}
        message, value = fields.get("id"), fields.get("value")
        if not isinstance(message, str) or value not in (*VALUES, None):
            raise Refusal(400, "bad_rating", "A rating needs the id of a message, and up, down or nothing.")
        await self._reception.rate(session, message, value)
        return {}

    async def _reset(self, sid: str, session: str, content: object) -> _Acknowledgement:
        """A new conversation in this window; the old one stays as it is."""
        kept = await self.server.get_session(sid)
        self._allowance.visit(kept["address"])
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
            await self.server.emit("bot_uttered", {"v": _VERSION, "turn": turn, **message}, to=to)

    def _acknowledged(
        self, act: Callable[[str, str, object], Awaitable[_Acknowledgement]]
    ) -> Callable[..., Awaitable[_Acknowledgement]]:
        """A handler that always tells its client what came of it."""

        async def handle(sid: str, content: object = None, *_: object) -> _Acknowledgement:
            kept = await self.server.get_session(sid)
            session = kept["session"].id
            try:
                self._allowance.ask(session, kept["address"])
                await self._renew(sid, kept)
                return {"ok": True, **await act(sid, session, content)}
            except (Refusal, StoreUnavailable) as error:
                refusal = _refusal(error)
                REFUSALS.labels(refusal.code).inc()
                if refusal.code == "erased":
                    self._later(self.end(session))
                elif refusal.code == "expired":
                    self._later(self.server.disconnect(sid))
                return {"ok": False, **_refused(refusal)}

        return handle

    async def _renew(self, sid: str, kept: dict[str, Any]) -> None:
        """Send an open connection a fresh token before its token expires.

        Raises:
            Refusal: the session has reached its maximum age.
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


def _fields(content: object) -> object:
    """The fields of the HTTP channel: there a button's payload has a name of its own."""
    if not isinstance(content, dict):
        return content
    field = "payload" if content.get("kind") == "button" else "text"
    return {"id": content.get("id"), field: content.get("message")}


def _refusal(error: Refusal | StoreUnavailable) -> Refusal:
    if isinstance(error, Refusal):
        return error
    return erased() if isinstance(error, Erased) else not_stored()


def _refused(refusal: Refusal) -> dict[str, Any]:
    wait = {"retry_after": refusal.retry_after} if isinstance(refusal, RateLimited) else {}
    code = refusal.code if refusal.code in _ERRORS else "bad_request"
    return {"error": code, "message": refusal.message, **wait}
