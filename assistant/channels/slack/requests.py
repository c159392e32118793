"""Requests of Slack over HTTP: the signature of the raw body is checked before anything reads it.

Bolt parses first and fails on what is no JSON, and its own adapter does not work with this release of Sanic.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sanic.request import Request
from sanic.response import HTTPResponse
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from assistant.turns.api_errors import ApiError

_log = logging.getLogger(__name__)


class Signatures:
    """Checks that requests come from Slack, and are at most five minutes old.

    Args:
        secrets: the signing secrets, separated by spaces: two while one replaces the other.
    """

    def __init__(self, secrets: str) -> None:
        self._verifiers = [SignatureVerifier(secret) for secret in secrets.split()]

    def check(self, request: Request) -> None:
        """Raises:
        ApiError: the request is not signed, or it is too old.
        """
        timestamp = request.headers.get("x-slack-request-timestamp")
        signature = request.headers.get("x-slack-signature")
        if not any(_is_valid(one, request.body, timestamp, signature) for one in self._verifiers):
            raise ApiError(401, "bad_signature", "This request was not signed by Slack.")


async def dispatch(app: AsyncApp, request: Request) -> HTTPResponse:
    """Have Bolt handle a request whose signature has been checked.

    Raises:
        ApiError: it is in no form that Slack uses.
    """
    try:
        return http_response(await app.async_dispatch(bolt_request(request)))
    except Exception as error:  # noqa: BLE001  # Bolt fails in many ways on what it does not expect; listeners' faults stop at app.py
        _log.warning("an unreadable request: %s", type(error).__name__)
        raise ApiError(400, "unreadable", "This request is in no form that Slack uses.") from None


def bolt_request(request: Request) -> AsyncBoltRequest:
    """A request as Bolt takes it."""
    headers: dict[str, str | Sequence[str]] = {name: request.headers.getall(name) for name in request.headers}
    return AsyncBoltRequest(body=request.body.decode(), query=request.query_string, headers=headers)


def http_response(response: BoltResponse) -> HTTPResponse:
    """An answer of Bolt as Sanic takes it."""
    made = HTTPResponse(response.body, response.status, content_type=response.first_headers().get("content-type"))
    for name, values in response.headers.items():
        for value in values if name not in ("content-type", "content-length") else ():
            made.headers.add(name, value)
    made.headers["Cache-Control"] = "no-store"
    return made


def _is_valid(verifier: SignatureVerifier, body: bytes, timestamp: str | None, signature: str | None) -> bool:
    try:
        return bool(verifier.is_valid(body, timestamp, signature))
    except (OverflowError, TypeError, ValueError):  # what is no number or too large, no UTF-8 or no ASCII
        return False
