"""Requests as bytes, for what no HTTP client would send."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Any

from tests.security.target import PATIENCE


@dataclass(frozen=True)
class Reply:
    """What came back; the status is 0 where the connection was closed without an answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def refusal(self) -> str:
        """The code of a refusal in our form, which says why in a sentence; empty for anything else."""
        try:
            content: dict[str, Any] = json.loads(self.body)
        except ValueError:
            return ""
        told = isinstance(content, dict) and content.keys() == {"error", "message"} and content["message"][-1:] == "."
        return str(content["error"]) if told else ""


def request(
    method: str, path: str, headers: list[str], body: bytes = b"", length: str | None = None, version: str = "1.1"
) -> bytes:
    """A request that asks to be the last of its connection.

    Args:
        method: GET or whatever.
        path: as it is sent.
        headers: whole lines.
        body: as it is sent.
        length: a line that says how the body ends; its true length by default.
        version: of HTTP.
    """
    lines = [f"{method} {path} HTTP/{version}", "Host: localhost", "Connection: close", *headers]
    if body or length:
        lines.append(f"Content-Length: {len(body)}" if length is None else length)
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogatepass") + body


def exchange(place: tuple[str, int], sent: bytes) -> Reply:
    """Send some bytes and read the answer.

    Raises:
        TimeoutError: neither an answer came nor the end of the connection.
    """
    with socket.create_connection(place, PATIENCE) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):  # refused before its end; the answer may be there
            connection.sendall(sent)
        response = HTTPResponse(connection, method="HEAD" if sent.startswith(b"HEAD ") else None)
        try:
            response.begin()
            body = response.read()
        except (HTTPException, ConnectionError):
            return Reply(0, {}, b"")
        return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, body)
