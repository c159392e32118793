"""Real servers on loopback that can be told to misbehave: a receiver of HTTP requests and a mailbox."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, strict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session

from bench.cluster import stable_port


@dataclass(frozen=True)
class Answer:
    """How a receiver answers one request."""

    status: int = 204
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0  # seconds, after the request was taken


@dataclass(frozen=True)
class Request:
    """One request that reached a receiver."""

    path: str
    headers: Mapping[str, str]  # lower-case names
    body: bytes
    answer: Answer

    @property
    def content(self) -> Any:
        """The parsed body."""
        return json.loads(self.body)


class Receiver:
    """An HTTP server that records its requests, and answers the first ones as it is told."""

    def __init__(self) -> None:
        self.got: list[Request] = []
        self.answers: list[Answer] = []
        self.otherwise = Answer()
        self.port = stable_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.url = f"{self.address}/hook"
        self.server: ThreadingHTTPServer | None = None
        self.open()

    def open(self) -> None:
        """Start listening."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                if len(body) < length:
                    return  # the client died in the middle of its request
                answer = receiver.answers.pop(0) if receiver.answers else receiver.otherwise
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.got.append(Request(self.path, headers, body, answer))
                time.sleep(answer.delay)
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass  # the client has given up

        self.server = Quiet(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Refuse connections."""
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None


class Mailbox:
    """A mail server that keeps what it accepts, and answers the first recipients and mails as it is told.

    Args:
        tls: the context for its certificate; None for a server without encryption.
        at_once: whether connections are encrypted from the beginning, instead of after STARTTLS.
    """

    def __init__(self, tls: Any = None, *, at_once: bool = False) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.to_recipients: list[str] = []
        self.to_mails: list[str] = []
        self.encrypted: list[bool] = []
        options: dict[str, Any] = (
            {"ssl_context": tls} if at_once else {"tls_context": tls, "require_starttls": bool(tls)}
        )
        self._server = Controller(self, hostname="127.0.0.1", port=stable_port(), **options)
        self._server.start()
        self.port = self._server.port

    def close(self) -> None:
        """Refuse connections."""
        self._server.stop()

    async def handle_RCPT(  # noqa: N802  # named by the library
        self, server: Any, _: Session, envelope: Envelope, to: str, options: list[str]
    ) -> str:
        """Take a recipient, or not."""
        if self.to_recipients:
            return self.to_recipients.pop(0)
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: Any, _: Session, envelope: Envelope) -> str:  # noqa: N802  # named by the library
        """Take a mail, or not."""
        if self.to_mails:
            return self.to_mails.pop(0)
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=SMTP + strict)
        assert isinstance(mail, EmailMessage)
        self.raw.append(envelope.content)
        self.mails.append(mail)
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        return "250 OK"
