"""A visitor's widget: one Socket.IO connection with acknowledged messages and pushed answers."""

from __future__ import annotations

import socket
from typing import Any
from uuid import uuid4

import socketio

_TIMEOUT = 20  # seconds


class Window:
    """One connection.

    Args:
        address: of nginx or of a replica.
        token: of the session to resume; without it a new session starts.
    """

    def __init__(self, address: str, token: str | None = None) -> None:
        self.heard: list[dict[str, Any]] = []
        self._client = socketio.Client(reconnection=False, handle_sigint=False)
        self._client.on("bot_uttered", self.heard.append)
        self._client.on("session_confirm", self._confirmed)
        self.session: dict[str, Any] = {}
        self._client.connect(address, auth={"token": token, "v": 1}, transports=["websocket"])

    def __enter__(self) -> Window:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()

    def say(self, words: str, message: str | None = None) -> str:
        """Send a message and wait for its acknowledgement; returns its id."""
        message = message or str(uuid4())
        reply = self._client.call("user_uttered", {"id": message, "message": words, "kind": "text"}, timeout=_TIMEOUT)
        assert reply == {"ok": True}, reply
        return message

    def history(self, after: str) -> list[dict[str, Any]]:
        """The messages of both sides after this one."""
        reply = self._client.call("history", {"after": after}, timeout=_TIMEOUT)
        return list(reply["messages"])

    def drop(self) -> None:
        """Drop the connection without a close frame."""
        self._client.eio.ws.sock.shutdown(socket.SHUT_RDWR)

    def _confirmed(self, session: dict[str, Any]) -> None:
        self.session = session
