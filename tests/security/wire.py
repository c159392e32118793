"""Raw requests that no HTTP client would send."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Any

from tests.security.target import TIMEOUT


@dataclass(frozen=True)
class Reply:
    """The response; status 0 if the connection was closed without one."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def error_code(self) -> str:
        """The code of an error in our format with an explanation; empty for anything else."""
        try:
            content: dict[str, Any] = json.loads(self.body)
        except ValueError:
            return ""
        told = isinstance(content, dict) and content.keys() == {"error", "message"} and content["message"][-1:] == "."
        return str(content["error"]) if told else ""


def request(
    method: str, path: str, headers: list[str], body: bytes = b"", length: str | None = None, version: str = "1.1"
) -> bytes:
    """The bytes of a request with ``Connection: close``.

    Args:
        method: any method.
        path: sent unchanged.
        headers: complete lines.
        body: sent unchanged.
        length: the header line for the body length; the true length by default.
        version: the HTTP version.
    """
    lines = [f"{method} {path} HTTP/{version}", "Host: localhost", "Connection: close", *headers]
    if body or length:
        lines.append(f"Content-Length: {len(body)}" if length is None else length)
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogatepass") + body


def exchange(address: tuple[str, int], sent: bytes) -> Reply:
    """Send bytes and read the response.

    Raises:
        TimeoutError: neither a response nor the end of the connection arrived.
    """
    with socket.create_connection(address, TIMEOUT) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):  # rejected early; the response may be available
            connection.sendall(sent)
        response = HTTPResponse(connection, method="HEAD" if sent.startswith(b"HEAD ") else None)
        try:
            response.begin()
            body = response.read()
        except (HTTPException, ConnectionError):
            return Reply(0, {}, b"")
        return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, body)
