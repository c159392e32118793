"""What every HTTP answer of ours looks like, also where Sanic would answer by itself."""

from __future__ import annotations

import logging
import traceback
from http import HTTPStatus
from typing import Any

from sanic import Sanic
from sanic.exceptions import InvalidUsage, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from assistant.channels.web.token_bucket import RateLimited
from assistant.turns.api_errors import Refusal

_log = logging.getLogger(__name__)
_FAULT = Refusal(500, "internal_server_error", "This request cannot be answered: a fault of ours.")


def reply(content: dict[str, Any], status: int = 200) -> HTTPResponse:
    """An answer that nobody keeps."""
    return json(content, status, {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})


def refused(refusal: Refusal) -> HTTPResponse:
    """A refusal, with what a client needs to do better."""
    response = reply({"error": refusal.code, "message": refusal.message}, refusal.status)
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, RateLimited):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def not_answered(status: int) -> HTTPResponse:
    """A refusal for which the status says everything."""
    phrase = HTTPStatus(status).phrase.lower()
    return refused(Refusal(status, phrase.replace(" ", "_"), f"This request cannot be answered: {phrase}."))


def answer_for_sanic(app: Sanic) -> None:
    """Put what Sanic refuses, and what fails, into our form; and refuse what it would never come to an end with."""

    async def explain(request: Request, error: SanicException) -> HTTPResponse:
        return not_answered(error.status_code)

    async def fail(request: Request, error: Exception) -> HTTPResponse:
        where = "".join(traceback.format_tb(error.__traceback__))  # without its words, which may be a visitor's
        _log.error("a request failed: %s\n%s", type(error).__name__, where)
        return refused(_FAULT)

    async def bound(request: Request) -> None:
        """A body whose end cannot be told is refused: one of negative length Sanic would read for ever."""
        ends = [*request.headers.getall("content-length", []), *request.headers.getall("transfer-encoding", [])]
        if len(ends) > 1 or not all(end == "chunked" or (end.isascii() and end.isdigit()) for end in ends):
            raise InvalidUsage("Bad Request")

    app.add_signal(bound, "http.lifecycle.request")
    app.error_handler.add(Exception, fail)
    app.error_handler.add(SanicException, explain)
