"""Clients of the web channel, one over HTTP and one over a socket, to whom the same can be done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import requests
import socketio

from tests.security.target import PATIENCE, Target

Messages = list[dict[str, Any]]


@dataclass(frozen=True)
class Outcome:
    """What came of a message: the code of a refusal, or an answer."""

    refusal: str
    messages: Messages


class HttpClient:
    """A visitor who asks and waits."""

    def __init__(self, target: Target) -> None:
        self._web = target.web
        self._client = requests.Session()

    def __enter__(self) -> HttpClient:
        opened = self._client.post(f"{self._web}session", timeout=PATIENCE).json()
        self.conversation: str = opened["session_id"]
        self.token: str = opened["token"]
        self._client.headers["Authorization"] = f"Bearer {self.token}"
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def send(self, **fields: Any) -> Outcome:
        """Send a message with these fields; an id is added where there is none."""
        answer = self.post({"id": str(uuid4()), **fields})
        content = answer.json()
        if answer.status_code == 200:
            assert content["messages"], "an empty answer"
            return Outcome("", content["messages"])
        assert 400 <= answer.status_code < 500, answer.text
        assert content["message"].endswith("."), content
        return Outcome(content["error"], [])

    def post(self, content: object, **parameters: str) -> requests.Response:
        """Send anything as a message."""
        return self._client.post(f"{self._web}messages", json=content, params=parameters, timeout=PATIENCE)

    def replay(self) -> Messages:
        """All answers so far."""
        messages: Messages = self._client.get(f"{self._web}messages", timeout=PATIENCE).json()["messages"]
        return messages


class SocketClient:
    """A visitor at a socket, as the widget is one.

    Args:
        target: the assistant.
        token: of a session that is to go on.
        headers: of the handshake.
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
        self._client.connect(self._url, wait_timeout=PATIENCE, **self._options)
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
        """Of the session."""
        return str(self.session["token"])

    def send(self, **fields: Any) -> Outcome:
        """The same as over HTTP: a text or a payload, with whatever else."""
        content = {"id": str(uuid4()), "kind": "button" if "payload" in fields else "text", **fields}
        content["message"] = content.pop("payload", content.pop("text", None))
        acknowledged = self.ask("user_uttered", content)
        if not acknowledged.pop("ok"):
            assert acknowledged["message"].endswith("."), acknowledged
            return Outcome(acknowledged["error"], [])
        return Outcome("", self.answer(content["id"].lower()))

    @property
    def connected(self) -> bool:
        """Whether the assistant has let it stay."""
        return bool(self._client.connected)

    def ask(self, event: str, content: object = None, seconds: float = PATIENCE) -> Any:
        """Emit an event; its acknowledgement."""
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
            assert self._news.wait_for(until, PATIENCE), "nothing came"

    def _confirmed(self, session: dict[str, Any]) -> None:
        with self._news:
            self.session = session
            self._news.notify_all()

    def _uttered(self, message: dict[str, Any]) -> None:
        with self._news:
            self.heard.append(message)
            self._news.notify_all()


Client = HttpClient | SocketClient
