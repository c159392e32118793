"""Seatwise in a browser: the chat page, the sessions and the messages, over plain HTTP.

A message is stored before it is worked on, and its answer with the conversation (see assistant/stores/): the same
message again gets the same answer, whoever died meanwhile. An answer is a status 200 with messages; every other outcome
is a status with {error, message}.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
import os
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, html, json, redirect

from advisor.errors import SeatwiseError
from assistant import rasa_costs
from assistant.channels.choices import Button, chosen
from assistant.channels.messages import ALWAYS_ALLOWED, Answer, Message, Question, Refusal
from assistant.channels.operations import Operations
from assistant.channels.sessions import SHORTEST_SECRET, Sessions
from assistant.stores.database import Database, StoreUnavailable, database
from assistant.stores.inbox import Inbox, Messages
from assistant.stores.privacy import erase
from assistant.stores.turns import Turn, current

logger = logging.getLogger(__name__)

_PAGE = Path(__file__).with_name("page.html")
_NOT_STORED = Refusal(
    503,
    "not_stored",
    "I cannot take that in just now. Nothing you told me before is lost; please try again in a moment.",
)
_WITHOUT_A_WORD = (
    "I could not answer that just now. Nothing you told me is lost; please try again, or put it another way."
)
_NOT_OFFERED = "That choice is not on offer in this conversation; please type your answer."
_SWEEP = 3.0  # seconds between two looks for messages that a crash left undone
_Handler = Callable[[UserMessage], Awaitable[Any]]


class WebInput(InputChannel):
    """Our own channel for a browser.

    Args:
        secret: the key that signs session tokens, at least 32 bytes; without one a random key serves this process.
        store: the database; that of this process by default.
    """

    def __init__(self, secret: str | None = None, store: Database | None = None) -> None:
        if secret and len(secret.encode()) < SHORTEST_SECRET:
            raise SeatwiseError(
                f"SEATWISE_SECRET must have at least {SHORTEST_SECRET} bytes; it has {len(secret.encode())}"
            )
        self._sessions = Sessions(secret)
        self._store = store or database()
        self._inbox = Inbox(self._store)
        self._operations = Operations(self._store, self._inbox)
        self._running: dict[tuple[str, str], asyncio.Task[Messages]] = {}

    @classmethod
    def name(cls) -> str:
        """The channel's place under /webhooks and its name in the tracker."""
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebInput:
        """The channel as credentials.yml describes it; the secret may also come from SEATWISE_SECRET."""
        return cls((credentials or {}).get("secret") or os.environ.get("SEATWISE_SECRET"))

    def blueprint(self, on_new_message: _Handler) -> Blueprint:
        """The routes of the channel; the server that asks for them is about to start."""
        rasa_costs.apply()
        web = Blueprint("web")
        page, page_headers = _page()

        @web.get("/")
        async def show_page(request: Request) -> HTTPResponse:
            return html(page, headers=page_headers)

        @web.post("/session")
        async def open_session(request: Request) -> HTTPResponse:
            session_id, token, expires = self._sessions.open()
            return _reply({"session_id": session_id, "token": token, "expires": expires})

        @web.delete("/session")
        async def erase_session(request: Request) -> HTTPResponse:
            session = self._sessions.of(request.headers.get("authorization"))
            return _reply({"erased": await self._store.run(lambda connection: erase(connection, session))})

        @web.get("/messages")
        async def replay(request: Request) -> HTTPResponse:
            session = self._sessions.of(request.headers.get("authorization"))
            return _reply({"messages": _after(request.args.get("after"), await self._inbox.answers(session))})

        @web.post("/messages")
        async def receive(request: Request) -> HTTPResponse:
            session = self._sessions.of(request.headers.get("authorization"))
            question = Question.from_json(request.body)
            return _reply({"messages": await self._answer_to(session, question, on_new_message)})

        async def refuse(request: Request, refusal: Refusal) -> HTTPResponse:
            return _reply({"error": refusal.code, "message": refusal.message}, refusal.status)

        async def begin(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            self._lead(app)
            self._sweeper = loop.create_task(self._sweep(on_new_message))

        async def end(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            self._sweeper.cancel()

        web.exception(Refusal)(refuse)
        web.listener("before_server_start")(begin)
        web.listener("before_server_stop")(end)
        return web

    async def _answer_to(self, session: str, question: Question, on_new_message: _Handler) -> Messages:
        """The answer to a message, which is worked on unless that has been done before or is being done.

        Raises:
            Refusal: a payload that was not offered, or a database that is away; then nothing was taken in.
        """
        try:
            text = await self._checked(session, question)
            received = await self._inbox.receive(session, question.id, text)
            if received.answer is not None:
                return received.answer
            return await asyncio.shield(self._turn(session, question.id, received.text, on_new_message))
        except StoreUnavailable as error:
            logger.error("Message %s was not answered: %s", question.id, error)
            raise _NOT_STORED from None

    async def _checked(self, session: str, question: Question) -> str:
        """What Rasa is to see: words, or the payload that they name or that was sent, if it was offered."""
        if question.text in ALWAYS_ALLOWED and question.is_payload:
            return question.text
        recent = await self._inbox.recent(session)
        if not question.is_payload:
            latest: list[Button] = next(
                (message["buttons"] for message in reversed(recent) if message.get("buttons")), []
            )
            return chosen(question.text, latest) or question.text
        offered = {button["payload"] for message in recent for button in message.get("buttons", ())}
        if question.text in offered or await self._inbox.answer_to(session, question.id) is not None:
            return question.text
        raise Refusal(422, "not_offered", _NOT_OFFERED)

    def _turn(self, session: str, message: str, text: str, on_new_message: _Handler) -> asyncio.Task[Messages]:
        """A turn runs on its own, so that neither a lost connection nor a repeated request can disturb it."""
        key = (session, message)
        if key not in self._running:
            self._running[key] = asyncio.create_task(self._work(session, message, text, on_new_message))
            self._running[key].add_done_callback(lambda _: self._running.pop(key))
        return self._running[key]

    async def _work(self, session: str, message: str, text: str, on_new_message: _Handler) -> Messages:
        """One turn of the conversation. The log says what went wrong, without what was said.

        Raises:
            StoreUnavailable: it could not be saved.
            Refusal: it failed for another reason.
        """
        answer = Answer()
        turn = Turn(session, message, answer.messages, Message(text=_WITHOUT_A_WORD))
        current.set(turn)
        with self._operations.turn():
            try:
                await on_new_message(UserMessage(text, answer, session, input_channel=self.name(), message_id=message))
            except StoreUnavailable:
                done = await self._inbox.answer_to(session, message)
                if done is None:
                    self._operations.failed_saves.inc()
                    raise
                return done  # another replica was quicker
            except Exception as error:  # noqa: BLE001  # whatever it is, the visitor gets a sentence
                where = "".join(traceback.format_tb(error.__traceback__))
                logger.error("Message %s was not answered: %s\n%s", message, type(error).__name__, where)
                raise _NOT_STORED from None
            if not answer.messages:
                self._operations.empty_answers.inc()
                logger.error("Message %s was not answered: the turn ended without a word", message)
            if not turn.stored:
                await self._inbox.finish(turn)
        return turn.said()

    async def _sweep(self, on_new_message: _Handler) -> None:
        """Take up what a crash left undone, here or in another replica."""
        while True:
            await asyncio.sleep(_SWEEP)
            try:
                for left in await self._inbox.take_over():
                    self._turn(left.conversation, left.message, left.text, on_new_message).add_done_callback(_heard)
            except StoreUnavailable as error:
                logger.error("The inbox could not be looked through: %s", error)

    def _lead(self, app: Sanic) -> None:
        """Lets "/" show the page, where Rasa would tell everybody its version, and serves what operators ask for."""

        async def lead(request: Request) -> HTTPResponse | None:
            if request.path == "/":
                return redirect(f".{app.url_for('web.show_page')}")
            return await self._operations.answer(request.path)

        app.register_middleware(lead)


def _heard(task: asyncio.Task[Messages]) -> None:
    """Look at how a turn ended that nobody waits for; it has been logged."""
    if not task.cancelled():
        task.exception()


def _after(message_id: str | None, messages: Messages) -> Messages:
    """The messages that follow this one; all of them where it is not among them."""
    place = next((number for number, message in enumerate(messages) if message["id"] == message_id), -1)
    return messages[place + 1 :]


def _page() -> tuple[str, dict[str, str]]:
    """The chat page, and headers that let nothing run in it but its own script."""
    page = _PAGE.read_text(encoding="utf-8")
    sources = {tag: _hash(page, tag) for tag in ("script", "style")}
    policy = (
        f"default-src 'none'; script-src {sources['script']}; style-src {sources['style']}; img-src data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
        "require-trusted-types-for 'script'"
    )
    return page, {"Content-Security-Policy": policy, "Cache-Control": "no-cache", "Referrer-Policy": "no-referrer"}


def _hash(page: str, tag: str) -> str:
    content = page.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _reply(content: dict[str, Any], status: int = 200) -> HTTPResponse:
    headers = {"Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return json(content, status, headers)
