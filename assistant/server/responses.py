"""The form of every HTTP response, also where Sanic would answer by itself."""

from __future__ import annotations

import logging
import traceback
from http import HTTPStatus
from typing import Any

from sanic import Sanic
from sanic.exceptions import InvalidUsage, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from assistant.metrics import REFUSALS
from assistant.turns.api_errors import ApiError

_log = logging.getLogger(__name__)
_INTERNAL = ApiError(500, "internal_server_error", "This request cannot be answered: a fault of ours.")


def reply(content: dict[str, Any], status: int = 200) -> HTTPResponse:
    """A JSON response that nobody caches."""
    return json(content, status, {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})


def error_response(error: ApiError) -> HTTPResponse:
    """What a client gets for an error."""
    response = reply({"error": error.code, "message": error.message}, error.status)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def status_response(status: int) -> HTTPResponse:
    """An error for which the status says everything."""
    phrase = HTTPStatus(status).phrase.lower()
    return error_response(ApiError(status, phrase.replace(" ", "_"), f"This request cannot be answered: {phrase}."))


def install_error_handlers(app: Sanic) -> None:
    """Answer every error in our form, and reject requests that Sanic would read forever."""

    async def handle_api_error(request: Request, error: ApiError) -> HTTPResponse:
        REFUSALS.labels(error.code).inc()
        return error_response(error)

    async def handle_sanic_error(request: Request, error: SanicException) -> HTTPResponse:
        return status_response(error.status_code)

    async def handle_exception(request: Request, error: Exception) -> HTTPResponse:
        where = "".join(traceback.format_tb(error.__traceback__))  # without the text, which may quote a visitor
        _log.error("a request failed: %s\n%s", type(error).__name__, where)
        return error_response(_INTERNAL)

    async def check_length(request: Request) -> None:
        """Reject a body whose end cannot be known: Sanic would read one of negative length forever."""
        ends = [*request.headers.getall("content-length", []), *request.headers.getall("transfer-encoding", [])]
        if len(ends) > 1 or not all(end == "chunked" or (end.isascii() and end.isdigit()) for end in ends):
            raise InvalidUsage("Bad Request")

    app.add_signal(check_length, "http.lifecycle.request")
    app.error_handler.add(Exception, handle_exception)
    app.error_handler.add(SanicException, handle_sanic_error)
    app.error_handler.add(ApiError, handle_api_error)
