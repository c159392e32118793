"""Clients of the web channel over HTTP and over a socket, with the same interface."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import requests
import socketio

from tests.security.target import TIMEOUT, Target

Messages = list[dict[str, Any]]


@dataclass(frozen=True)
class Outcome:
    """The result of a message: an error code or an answer."""

    error_code: str
    messages: Messages


class HttpClient:
    """A visitor who sends requests over HTTP."""

    def __init__(self, target: Target) -> None:
        self._web = target.web
        self._client = requests.Session()

    def __enter__(self) -> HttpClient:
        opened = self._client.post(f"{self._web}session", timeout=TIMEOUT).json()
        self.conversation: str = opened["session_id"]
        self.token: str = opened["token"]
        self._client.headers["Authorization"] = f"Bearer {self.token}"
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def send(self, **fields: Any) -> Outcome:
        """Send a message with these fields; an id is added if missing."""
        answer = self.post({"id": str(uuid4()), **fields})
        content = answer.json()
        if answer.status_code == 200:
            assert content["messages"], "an empty answer"
            return Outcome("", content["messages"])
        assert 400 <= answer.status_code < 500, answer.text
        assert content["message"].endswith("."), content
        return Outcome(content["error"], [])

    def post(self, content: object, **parameters: str) -> requests.Response:
        """Send any content as a message."""
        return self._client.post(f"{self._web}messages", json=content, params=parameters, timeout=TIMEOUT)

    def replay(self) -> Messages:
        """All answers so far."""
        messages: Messages = self._client.get(f"{self._web}messages", timeout=TIMEOUT).json()["messages"]
        return messages


class SocketClient:
    """A visitor on a socket, like the widget.

    Args:
        target: the assistant.
        token: of the session to resume.
        headers: for the handshake.
        transport: websocket or polling.
    """

    def __init__(
        self,
        target: Target,
        token: object = None,
        headers: dict[str, str] | None = None,
        transport: str = "websocket",
    ) -> None:
        self.session: dict[str, Any] = {}
        self.heard: Messages = []
        self._news = threading.Condition()
        self._url = target.url
        self._options = {"headers": headers or {}, "auth": {"token": token, "v": 1}, "transports": [transport]}
        self._client = socketio.Client(reconnection=False)
        self._client.on("session_confirm", self._confirmed)
        for event in ("bot_uttered", "bot_error"):
            self._client.on(event, self._uttered)

    def __enter__(self) -> SocketClient:
        self._client.connect(self._url, wait_timeout=TIMEOUT, **self._options)
        self._wait(lambda: bool(self.session))
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.eio.wait()

    @property
    def conversation(self) -> str:
        """The id of the session."""
        return str(self.session["session_id"])

    @property
    def token(self) -> str:
        """The token of the session."""
        return str(self.session["token"])

    def send(self, **fields: Any) -> Outcome:
        """Send a text or a payload with any other fields, as over HTTP."""
        content = {"id": str(uuid4()), "kind": "button" if "payload" in fields else "text", **fields}
        content["message"] = content.pop("payload", content.pop("text", None))
        acknowledged = self.ask("user_uttered", content)
        if not acknowledged.pop("ok"):
            assert acknowledged["message"].endswith("."), acknowledged
            return Outcome(acknowledged["error"], [])
        return Outcome("", self.answer(content["id"].lower()))

    @property
    def connected(self) -> bool:
        """Whether the connection is still open."""
        return bool(self._client.connected)

    def ask(self, event: str, content: object = None, seconds: float = TIMEOUT) -> Any:
        """Emit an event; returns its acknowledgement."""
        return self._client.call(event, content, timeout=seconds)

    def replay(self) -> Messages:
        """The last messages of both sides."""
        messages: Messages = self.ask("history")["messages"]
        return messages

    def answer(self, message: str) -> Messages:
        """The answer to a message."""

        def mine() -> Messages:
            return [one for one in self.heard if one["turn"] == message]

        self._wait(lambda: bool(mine()))
        assert "code" not in mine()[0], mine()
        return mine()

    def _wait(self, until: Callable[[], bool]) -> None:
        with self._news:
            assert self._news.wait_for(until, TIMEOUT), "timed out"

    def _confirmed(self, session: dict[str, Any]) -> None:
        with self._news:
            self.session = session
            self._news.notify_all()

    def _uttered(self, message: dict[str, Any]) -> None:
        with self._news:
            self.heard.append(message)
            self._news.notify_all()


Client = HttpClient | SocketClient
