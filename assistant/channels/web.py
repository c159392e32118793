"""The web channel: a chat page and the few HTTP calls behind it.

    GET  /webhooks/web/          the chat page (and "/" leads to it)
    POST /webhooks/web/session   -> {session_id, token, expires}
    POST /webhooks/web/messages  {id, text} or {id, payload} -> {messages: [{id, ts, text?, buttons?, custom?}]}

An answer is given only when there is one; every other outcome is a status with {error, message}.
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
from assistant.channels.messages import Answer, Message, Question, Refusal
from assistant.channels.sessions import SHORTEST_SECRET, Session, Sessions

logger = logging.getLogger(__name__)

_PAGE = Path(__file__).with_name("page.html")
_NO_ANSWER = "I could not answer that just now. Nothing you told me is lost; please try again."
_Handler = Callable[[UserMessage], Awaitable[Any]]


class WebInput(InputChannel):
    """Our own channel for a browser.

    Args:
        secret: the key that signs session tokens, at least 32 bytes; without one a random key serves this process.
    """

    def __init__(self, secret: str | None = None) -> None:
        if secret and len(secret.encode()) < SHORTEST_SECRET:
            raise SeatwiseError(
                f"SEATWISE_SECRET must have at least {SHORTEST_SECRET} bytes; it has {len(secret.encode())}"
            )
        self._sessions = Sessions(secret)

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

        @web.post("/messages")
        async def receive(request: Request) -> HTTPResponse:
            session = self._sessions.of(request.headers.get("authorization"))
            question = Question.from_json(request.body)
            turn = session.turns.get(question.id)
            if turn is None:
                session.check_offered(question)
                question = session.understood(question)
                turn = session.start(question.id, self._answer(session, question, on_new_message))
            messages = await asyncio.shield(turn)
            if not messages:
                raise Refusal(503, "no_answer", _NO_ANSWER)
            return _reply({"messages": [message.as_json() for message in messages]})

        async def refuse(request: Request, refusal: Refusal) -> HTTPResponse:
            return _reply({"error": refusal.code, "message": refusal.message}, refusal.status)

        web.exception(Refusal)(refuse)
        web.listener("before_server_start")(_lead_to_page)
        return web

    async def _answer(self, session: Session, question: Question, on_new_message: _Handler) -> list[Message]:
        """One turn of the conversation; no messages if it failed. The log says why, without what was said."""
        answer = Answer()
        message = UserMessage(question.text, answer, session.id, input_channel=self.name(), message_id=question.id)
        try:
            await on_new_message(message)
        except Exception as error:  # noqa: BLE001  # whatever it is, the visitor gets a sentence
            where = "".join(traceback.format_tb(error.__traceback__))
            logger.error("Message %s was not answered: %s\n%s", question.id, type(error).__name__, where)
            return []
        if not answer.messages:
            logger.error("Message %s was not answered: the turn ended without a word", question.id)
        session.offer(answer.messages)
        return answer.messages


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


async def _lead_to_page(app: Sanic, _: asyncio.AbstractEventLoop) -> None:
    """Lets "/" show the page; Rasa has a route of its own there, which would tell everybody its version."""

    async def lead(request: Request) -> HTTPResponse | None:
        return redirect(f".{app.url_for('web.show_page')}") if request.path == "/" else None

    app.register_middleware(lead)
