"""The services beside the assistant, which can be made to misbehave: its action server, and who gets its parcels."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

from bench.cluster import lasting_port

_PATIENCE = 30  # seconds


class Neighbour:
    """An HTTP service on a port that it keeps; ``heard`` has all that it was asked, in order."""

    def __init__(self) -> None:
        self.port = lasting_port()
        self._failing = False
        self._delay = 0.0
        self._over = threading.Event()
        self._server: _Server | None = None
        self.open()

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Answers 500 for as long as the block runs."""
        self._failing = True
        try:
            yield
        finally:
            self._failing = False

    @contextmanager
    def slow(self, seconds: float) -> Iterator[None]:
        """Does as it is asked, but says so only after a while."""
        self._over.clear()
        self._delay = seconds
        try:
            yield
        finally:
            self._delay = 0.0
            self._over.set()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody listens."""
        self.close()
        try:
            yield
        finally:
            self.open()

    def open(self) -> None:
        """Listen."""
        self._server = _Server(("127.0.0.1", self.port), _handler(self))
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        """Stop listening; what was begun is carried on."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def answer(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Status and body of the answer to a request, with the faults of the moment."""
        failing, delay = self._failing, self._delay
        status, answer = (500, b"{}") if failing else self.act(body)
        self.note(body, headers, status)
        if delay:
            self._over.wait(delay)
        return status, answer

    def act(self, body: bytes) -> tuple[int, bytes]:
        """What it does when nothing is wrong."""
        return 200, b"{}"

    def note(self, body: bytes, headers: dict[str, str], status: int) -> None:
        """Remember a request."""


class Actions(Neighbour):
    """Stands before the real action server. ``run`` has the message for which each action was run."""

    def __init__(self, behind: str) -> None:
        self._behind = behind
        self.run: list[str] = []
        super().__init__()

    @property
    def url(self) -> str:
        """What the assistant gets as its action server."""
        return f"http://127.0.0.1:{self.port}/webhook"

    def act(self, body: bytes) -> tuple[int, bytes]:
        """Has the real one do it."""
        answer = requests.post(self._behind, data=body, headers={"Content-Type": "application/json"}, timeout=_PATIENCE)
        return answer.status_code, answer.content

    def note(self, body: bytes, headers: dict[str, str], status: int) -> None:
        """Remember for which message it was."""
        self.run.append(json.loads(body)["tracker"]["latest_message"].get("message_id"))


@dataclass(frozen=True)
class Delivery:
    """One attempt to deliver a parcel."""

    headers: dict[str, str]  # with lower-case names
    body: bytes
    taken: bool

    @property
    def key(self) -> str:
        """By which who gets it twice can tell."""
        return self.headers["idempotency-key"]

    @property
    def content(self) -> Any:
        """What it says."""
        return json.loads(self.body)


class Receiver(Neighbour):
    """The firm's address for parcels."""

    def __init__(self) -> None:
        self.attempts: list[Delivery] = []
        super().__init__()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}/hooks"

    def note(self, body: bytes, headers: dict[str, str], status: int) -> None:
        """Remember the attempt."""
        self.attempts.append(Delivery(headers, body, taken=status == 200))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who asked has gone: no news to anybody."""


def _handler(neighbour: Neighbour) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # named by the library
            """/health."""
            self._reply(200, b'{"status": "ok"}')

        def do_POST(self) -> None:
            """Whatever it is asked."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._reply(*neighbour.answer(body, {name.lower(): value for name, value in self.headers.items()}))

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

        def _reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
