"""Services that the assistant depends on and that can be made to fail: the action server and the webhook receiver."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

from bench.cluster import stable_port

_TIMEOUT = 30  # seconds


class FailingService:
    """An HTTP service on a fixed port."""

    def __init__(self) -> None:
        self.port = stable_port()
        self._failing = False
        self._delay = 0.0
        self._over = threading.Event()
        self._server: _Server | None = None
        self.open()

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Return 500 during the block."""
        self._failing = True
        try:
            yield
        finally:
            self._failing = False

    @contextmanager
    def slow(self, seconds: float) -> Iterator[None]:
        """Delay responses during the block."""
        self._over.clear()
        self._delay = seconds
        try:
            yield
        finally:
            self._delay = 0.0
            self._over.set()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Refuse connections during the block."""
        self.close()
        try:
            yield
        finally:
            self.open()

    def open(self) -> None:
        """Start listening."""
        self._server = _Server(("127.0.0.1", self.port), _handler(self))
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        """Stop listening; running requests continue."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def answer(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """The status and body of a response, with the current faults."""
        failing, delay = self._failing, self._delay
        status, answer = (500, b"{}") if failing else self.act(body)
        self.note(body, headers, status)
        if delay:
            self._over.wait(delay)
        return status, answer

    def act(self, body: bytes) -> tuple[int, bytes]:
        """Handle a request normally."""
        return 200, b"{}"

    def note(self, body: bytes, headers: dict[str, str], status: int) -> None:
        """Record a request."""


class Actions(FailingService):
    """A proxy for the real action server. ``run`` lists the message of each executed action."""

    def __init__(self, behind: str) -> None:
        self._behind = behind
        self.run: list[str] = []
        super().__init__()

    @property
    def url(self) -> str:
        """The URL of the action server for the assistant."""
        return f"http://127.0.0.1:{self.port}/webhook"

    def act(self, body: bytes) -> tuple[int, bytes]:
        """Forward the request to the real action server."""
        answer = requests.post(self._behind, data=body, headers={"Content-Type": "application/json"}, timeout=_TIMEOUT)
        return answer.status_code, answer.content

    def note(self, body: bytes, headers: dict[str, str], status: int) -> None:
        """Record the message of the action."""
        self.run.append(json.loads(body)["tracker"]["latest_message"].get("message_id"))


@dataclass(frozen=True)
class Delivery:
    """One attempt to deliver a webhook message."""

    headers: dict[str, str]  # lower-case names
    body: bytes
    accepted: bool

    @property
    def key(self) -> str:
        """The idempotency key."""
        return self.headers["idempotency-key"]

    @property
    def content(self) -> Any:
        """The parsed body."""
        return json.loads(self.body)


class Receiver(FailingService):
    """The webhook receiver of the firm."""

    def __init__(self) -> None:
        self.attempts: list[Delivery] = []
        super().__init__()

    @property
    def url(self) -> str:
        """The URL of the webhook."""
        return f"http://127.0.0.1:{self.port}/hooks"

    def note(self, body: bytes, headers: dict[str, str], status: int) -> None:
        """Record the attempt."""
        self.attempts.append(Delivery(headers, body, accepted=status == 200))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that have disconnected."""


def _handler(service: FailingService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # named by the library
            """Answer health checks."""
            self._reply(200, b'{"status": "ok"}')

        def do_POST(self) -> None:
            """Handle any request."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._reply(*service.answer(body, {name.lower(): value for name, value in self.headers.items()}))

        def log_message(self, *_: Any) -> None:
            """Log nothing."""

        def _reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
