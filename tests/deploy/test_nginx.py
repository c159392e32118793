"""A real nginx with the configuration of deploy/, in front of fake replicas that record their requests."""

from __future__ import annotations

import json
import socket
import ssl
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest

from assistant.channels.web.messages import LONGEST_BODY, from_body
from assistant.launcher import free_port
from assistant.turns.api_errors import ApiError, rate_limited
from tests.certificates import self_signed
from tests.nginx import nginx

MESSAGES = "/webhooks/web/messages"
SLACK = "/webhooks/slack/events"
TIMEOUT = 10  # seconds
OPEN = [
    *("/", "/webhooks/web/", "/webhooks/web/session", MESSAGES, "/socket.io/", "/chat", "/widget/seatwise.js"),
    *("/webhooks/booking/calcom", "/webhooks/booking/calendly"),
    *(SLACK, "/webhooks/slack/install", "/webhooks/slack/oauth_redirect"),
    *("/report/token", "/brief/token", "/data/token"),
]
CLOSED = [
    "/health",
    "/ready",
    "/metrics",
    "/webhooks/rest/webhook",
    "/webhooks/web/x",
    "/model",
    "/chat/",
    "/report/",
    "/x",
    *("/console", "/console/", "/console/login", "/console/leads", "/%63onsole/"),
]


@dataclass
class Replica:
    """A fake replica: it returns a fixed status, or drops the connection, and records its requests."""

    status: int = 200
    drops_connection: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    reached: list[tuple[str, bytes, Message]] = field(default_factory=list)  # path, body, headers
    address: str = ""

    def handle(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        self.reached.append((request.path, body, request.headers))
        request.close_connection = True
        if self.drops_connection:
            return
        if request.headers.get("Upgrade"):
            request.send_response(101)
            request.send_header("Upgrade", "websocket")
            request.send_header("Connection", "Upgrade")
            request.end_headers()
            request.wfile.write(request.rfile.read(4))
            return
        answer = json.dumps({"replica": self.address}).encode()
        request.send_response(self.status)
        for name, value in (self.headers | {"Content-Length": str(len(answer)), "Connection": "close"}).items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(answer)


@dataclass
class Answer:
    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Site:
    """nginx in front of some replicas."""

    address: str
    log: Path

    def ask(
        self, path: str, body: bytes | None = None, headers: dict[str, str] | None = None, source: str = "127.0.0.1"
    ) -> Answer:
        """Send a GET, or a POST if there is a body, from the given loopback address."""
        connection = HTTPConnection(urlsplit(self.address).netloc, timeout=TIMEOUT, source_address=(source, 0))
        try:
            connection.request("GET" if body is None else "POST", path, body, headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def connect(self) -> socket.socket:
        where = urlsplit(self.address)
        return socket.create_connection((where.hostname or "", where.port or 0), timeout=TIMEOUT)


@contextmanager
def site(folder: Path, *replicas: Replica) -> Iterator[Site]:
    with ExitStack() as stack:
        for replica in replicas:
            replica.address = stack.enter_context(_served(replica))
        address = stack.enter_context(nginx([replica.address for replica in replicas], folder))
        yield Site(address, folder / "log")


@contextmanager
def _served(replica: Replica) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # name required by http.server
            replica.handle(self)

        do_POST = do_GET  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def visitors(count: int) -> list[str]:
    """Loopback addresses, which nginx treats as different visitors."""
    return [f"127.0.1.{number}" for number in range(1, count + 1)]


@pytest.mark.parametrize("path", OPEN)
def test_public_paths_are_proxied_with_their_query(tmp_path: Path, path: str) -> None:
    replica = Replica()
    with site(tmp_path, replica) as front:
        assert front.ask(f"{path}?EIO=4").status == 200
    assert [reached for reached, _, _ in replica.reached] == [f"{path}?EIO=4"]


def test_other_paths_get_404(tmp_path: Path) -> None:
    replica = Replica()
    with site(tmp_path, replica) as front:
        answers = {path: front.ask(path) for path in [*CLOSED, "/%68ealth", "//health", "/widget/../metrics"]}
    assert {answer.status for answer in answers.values()} == {404}
    assert all(answer.json["error"] == "not_found" and answer.json["message"] for answer in answers.values())
    assert replica.reached == []


def test_body_limit_matches_that_of_the_application(tmp_path: Path) -> None:
    replica = Replica()
    with site(tmp_path, replica) as front:
        assert front.ask(MESSAGES, b"x" * LONGEST_BODY).status == 200
        rejected = front.ask(MESSAGES, b"x" * (LONGEST_BODY + 1))
    with pytest.raises(ApiError) as own:
        from_body("visitor", b"x" * (LONGEST_BODY + 1))
    assert rejected.status == own.value.status
    assert rejected.json == {"error": own.value.code, "message": own.value.message}
    assert rejected.headers["Content-Type"] == "application/json"
    assert len(replica.reached) == 1


def test_slack_may_send_more_than_a_visitor(tmp_path: Path) -> None:
    with site(tmp_path, Replica()) as front:
        answers = [front.ask(SLACK, b"x" * LONGEST_BODY * 2) for _ in range(300)]
        assert front.ask(SLACK, b"x" * 513 * 1024).status == 413
    assert {answer.status for answer in answers} == {200}


@pytest.mark.parametrize("path", ["/webhooks/web", "/socket.io", "/widget"])
def test_missing_slash_redirect_names_no_host_or_port(tmp_path: Path, path: str) -> None:
    with site(tmp_path, Replica()) as front:
        answer = front.ask(path)
    assert (answer.status, answer.headers["Location"]) == (301, f"{path}/")


@pytest.mark.parametrize(("path", "at_once"), [(MESSAGES, 100), ("/webhooks/web/session", 30)])
def test_rate_limited_visitor_is_told_when_to_retry(tmp_path: Path, path: str, at_once: int) -> None:
    with site(tmp_path, Replica()) as front:
        answers = [front.ask(path, b"{}") for _ in range(2 * at_once)]
        other = front.ask(path, b"{}", source="127.0.0.2")
    rejected = [answer for answer in answers if answer.status == 429]
    assert [answer.status for answer in answers[:at_once]] == [200] * at_once
    assert rejected and {answer.status for answer in answers} == {200, 429}
    own = rate_limited(1)
    assert all(answer.json == {"error": own.code, "message": own.message} for answer in rejected)
    assert rejected[0].headers["Retry-After"] == "5"
    assert other.status == 200


def test_ipv6_network_shares_one_rate_limit(tmp_path: Path) -> None:
    (tmp_path / "seatwise").mkdir()
    trusting = "set_real_ip_from 127.0.0.0/8; real_ip_header X-Forwarded-For;"
    (tmp_path / "seatwise" / "real_ip.conf").write_text(trusting, encoding="utf-8")
    with site(tmp_path, Replica()) as front:

        def open_session(address: str) -> int:
            return front.ask("/webhooks/web/session", b"{}", headers={"X-Forwarded-For": address}).status

        statuses = [open_session(f"2001:db8:0:7::{number:x}") for number in range(1, 80)]
        assert statuses[:30] == [200] * 30
        assert 429 in statuses
        assert {open_session("2001:db8:0:8::1"), open_session("192.0.2.1"), open_session("192.0.2.2")} == {200}


def test_websocket_is_proxied(tmp_path: Path) -> None:
    with site(tmp_path, Replica()) as front, front.connect() as connection:
        connection.sendall(
            b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: chat.example\r\n"
            b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
        )
        received = connection.recv(4096)
        connection.sendall(b"ping")
        while chunk := connection.recv(4096):
            received += chunk
    assert received.startswith(b"HTTP/1.1 101 ")
    assert received.endswith(b"\r\n\r\nping")


def test_browsers_stick_to_a_replica_and_spread_over_both(tmp_path: Path) -> None:
    with site(tmp_path, Replica(), Replica()) as front:
        seen = [{front.ask("/socket.io/", source=visitor).body for _ in range(3)} for visitor in visitors(20)]
    assert all(len(replicas) == 1 for replicas in seen)
    assert len(set.union(*seen)) == 2


def test_dead_replica_is_skipped(tmp_path: Path) -> None:
    alive = Replica()
    with ExitStack() as stack:
        alive.address = stack.enter_context(_served(alive))
        front = Site(stack.enter_context(nginx([f"127.0.0.1:{free_port()}", alive.address], tmp_path)), tmp_path)
        for path in OPEN:
            body = b"{}" if path in (MESSAGES, "/webhooks/web/session") else None
            assert {front.ask(path, body, source=visitor).status for visitor in visitors(8)} == {200}


def test_message_dropped_by_one_replica_is_retried_at_the_other(tmp_path: Path) -> None:
    dying, alive = Replica(drops_connection=True), Replica()
    with site(tmp_path, dying, alive) as front:
        for visitor in visitors(20):
            body = json.dumps({"id": visitor, "text": "which one do we need?"}).encode()
            assert front.ask(MESSAGES, body, source=visitor).status == 200
    assert dying.reached
    assert {json.loads(body)["id"] for _, body, _ in alive.reached} == set(visitors(20))


def test_polling_request_is_never_retried(tmp_path: Path) -> None:
    dying, other = Replica(drops_connection=True), Replica(drops_connection=True)
    with site(tmp_path, dying, other) as front:
        answer = front.ask("/socket.io/?sid=1", b"42", source="127.0.1.1")
    assert answer.json["error"] == "away"
    assert len(dying.reached) + len(other.reached) == 1


@pytest.mark.parametrize("status", [400, 401, 404, 413, 422, 429, 500, 503])
def test_application_responses_pass_unchanged(tmp_path: Path, status: int) -> None:
    with site(tmp_path, Replica(status=status), Replica(status=status)) as front:
        answer = front.ask(MESSAGES, b"{}")
    assert (answer.status, list(answer.json)) == (status, ["replica"])


def test_error_without_any_replica_explains_itself(tmp_path: Path) -> None:
    with nginx([f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"], tmp_path) as address:
        answers = [Site(address, tmp_path).ask(MESSAGES, b"{}") for _ in range(4)]
    assert {(answer.status, answer.json["error"]) for answer in answers} == {(502, "away")}
    assert all("lost" in answer.json["message"] for answer in answers)


def test_application_gets_forwarding_headers(tmp_path: Path) -> None:
    replica = Replica()
    given = {"Host": "chat.example:8443", "X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}
    with site(tmp_path, replica) as front:
        front.ask("/socket.io/", headers=given, source="127.0.0.9")
        front.ask(MESSAGES, b"{}", headers=given, source="127.0.0.9")
        front.ask(MESSAGES, b"{}", headers={"X-Forwarded-Proto": "gopher"})
    for _, _, headers in replica.reached[:2]:
        assert headers["Host"] == "chat.example:8443"
        assert headers["X-Forwarded-For"] == "192.0.2.7, 127.0.0.9"
        assert headers["X-Forwarded-Proto"] == "https"
        assert headers["X-Forwarded-Host"] == "chat.example:8443"
    assert replica.reached[2][2]["X-Forwarded-Proto"] == "http"


def test_nginx_errors_carry_cors_headers(tmp_path: Path) -> None:
    with site(tmp_path, Replica(), Replica()) as front:
        rejected = front.ask(MESSAGES, b"x" * (LONGEST_BODY + 1))
        answered = front.ask(MESSAGES, b"{}")
    assert rejected.headers.get_all("Access-Control-Allow-Origin") == ["*"]
    assert (answered.headers["Access-Control-Allow-Origin"], answered.headers["Retry-After"]) == (None, None)


@pytest.mark.parametrize("path", [MESSAGES, "/nothing"])
def test_security_headers_appear_once_and_versions_are_hidden(tmp_path: Path, path: str) -> None:
    own = {"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "none"}
    with site(tmp_path, Replica(headers=own)) as front:
        answer = front.ask(path)
    assert answer.headers.get_all("X-Content-Type-Options") == ["nosniff"]
    assert answer.headers.get_all("Referrer-Policy") == ["no-referrer"]
    assert answer.headers["Server"] == "nginx"
    assert (answer.headers["Content-Security-Policy"] == "none") == (path == MESSAGES)


def test_access_log_contains_nothing_that_a_client_sent(tmp_path: Path) -> None:
    secret = {"User-Agent": "secret", "Referer": "https://firm.example/?secret", "Authorization": "Bearer secret"}
    with site(tmp_path, Replica()) as front:
        front.ask("/socket.io/?sid=secret", headers=secret)
        front.ask("/secret?secret", headers=secret)
        front.ask("/widget/secret", headers=secret)
        front.ask("/report/secret", headers=secret)
        front.ask("/webhooks/slack/oauth_redirect?code=secret&state=secret", headers=secret)
        for _ in range(160):
            front.ask(f"{MESSAGES}?secret", b"secret", headers=secret)
    log = front.log.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in log.splitlines()]
    assert "secret" not in log and "127.0.0.1" not in {line["path"] for line in lines}
    assert Counter(line["path"] for line in lines) >= Counter(
        {"/socket.io/": 1, "/widget/": 1, "/report/": 1, MESSAGES: 160}
    )
    assert {line["status"] for line in lines if line["path"] == MESSAGES} == {"200", "429"}


def test_slow_client_times_out(tmp_path: Path) -> None:
    with site(tmp_path, Replica()) as front, front.connect() as connection:
        connection.sendall(b"POST /webhooks/web/messages HTTP/1.1\r\nHost:")
        begun = time.monotonic()
        connection.recv(1)
    assert 4 < time.monotonic() - begun < TIMEOUT


@dataclass
class Encrypted:
    """nginx that terminates TLS with a self-signed certificate."""

    port: int
    plain: str  # address without TLS
    certificate: Path

    def ask(self, path: str, newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> Answer:
        """Send a GET with at most this TLS version."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        context.minimum_version = min(newest, ssl.TLSVersion.TLSv1_2)
        context.maximum_version = newest
        with closing(HTTPSConnection("localhost", self.port, timeout=TIMEOUT, context=context)) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())


@pytest.fixture
def encrypted(tmp_path: Path) -> Iterator[Encrypted]:
    folder = tmp_path / "certificates"
    folder.mkdir()
    certificate, _ = self_signed(folder)
    replica, port = Replica(), free_port()
    with ExitStack() as stack:
        replica.address = stack.enter_context(_served(replica))
        plain = stack.enter_context(nginx([replica.address], tmp_path, port))
        yield Encrypted(port, plain, certificate)


def test_tls_sends_hsts(encrypted: Encrypted) -> None:
    answer = encrypted.ask("/chat")
    assert answer.status == 200
    assert answer.headers.get_all("Strict-Transport-Security") == ["max-age=31536000"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_plain_http_redirects_to_tls(encrypted: Encrypted) -> None:
    asked = Site(encrypted.plain, Path()).ask("/chat?ref=a", headers={"Host": "chat.firm.example"})
    assert (asked.status, asked.headers["Location"]) == (308, "https://chat.firm.example/chat?ref=a")


def test_only_tls_1_2_and_1_3_are_accepted(encrypted: Encrypted) -> None:
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        assert encrypted.ask("/", version).status == 200
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # old versions are what is tested
        with pytest.raises(ssl.SSLError):
            encrypted.ask("/", ssl.TLSVersion.TLSv1_1)
