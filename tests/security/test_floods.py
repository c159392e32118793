"""Floods: large bodies, slow senders, false lengths, and excessive requests (S8, S9, S10)."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import pytest
import requests
import websocket
from socketio.exceptions import ConnectionError as NotConnected
from socketio.exceptions import SocketIOError
from sqlalchemy import text

from assistant.settings import ACTION_SERVER
from tests.conftest import NO_LIMITS
from tests.security.clients import HttpClient, SocketClient
from tests.security.conftest import running_target
from tests.security.target import SECRET, TIMEOUT, Target
from tests.security.traffic import LegitimateTraffic
from tests.security.wire import exchange, request

LARGEST = 16 * 1024  # bytes of a message or a frame
AT_ONCE = 10  # messages of a session
VISITS_AT_ONCE = 20  # sessions of an address
LIES = [
    "Content-Length: -5",
    "Content-Length: +5",
    "Content-Length: x",
    "Content-Length: \u00b2",
    "Content-Length: 5\r\nContent-Length: 6",
    "Content-Length: 5\r\nTransfer-Encoding: chunked",
    "Content-Length: 99999999999999999999",
    "Transfer-Encoding: gzip",
    "Transfer-Encoding: chunked, chunked",
    "Transfer-Encoding: chunked",  # followed by an invalid chunk
]


@pytest.fixture
def others(target: Target) -> Iterator[None]:
    """Legitimate traffic during the attack; afterwards the assistant is alive and no messages were logged."""
    with LegitimateTraffic(target):
        yield
    target.check_alive()
    target.check_logs()


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """An assistant with the default rate limits, behind one proxy."""
    defaults = dict.fromkeys(NO_LIMITS, "")
    with running_target(tmp_path_factory.mktemp("limited"), {**defaults, "SEATWISE_PROXIES": "1"}) as running:
        yield running


def padded(size: int) -> bytes:
    """A message with a body of this size in bytes."""
    content = {"id": str(uuid4()), "text": SECRET, "metadata": ""}
    return json.dumps({**content, "metadata": "x" * (size - len(json.dumps(content)))}).encode()


@pytest.mark.usefixtures("others")
def test_body_of_16_kb_is_accepted_and_a_larger_one_rejected(target: Target) -> None:
    with HttpClient(target) as visitor:
        headers = {"Authorization": f"Bearer {visitor.token}"}

        def post(body: bytes) -> requests.Response:
            return requests.post(f"{target.web}messages", body, headers=headers, timeout=TIMEOUT)

        assert post(padded(LARGEST)).status_code == 200
        for size in (LARGEST + 1, 24 * 1024 + 1, 1_000_000):
            answer = post(padded(size))
            assert (answer.status_code, answer.json()["error"]) in {
                (413, "too_large"),
                (413, "request_entity_too_large"),
            }
        assert target.said(visitor.conversation) == [SECRET]


@pytest.mark.usefixtures("others")
def test_frame_over_16_kb_closes_only_its_own_socket(target: Target) -> None:
    with SocketClient(target) as visitor:
        assert visitor.send(text=SECRET, metadata="x" * (LARGEST - 1000)).messages
        with pytest.raises(SocketIOError):
            visitor.ask("user_uttered", {"id": str(uuid4()), "message": "x" * LARGEST}, 5)
        assert not visitor.connected
        assert target.said(visitor.conversation) == [SECRET]


@pytest.mark.usefixtures("others")
def test_body_with_ambiguous_length_is_rejected(target: Target) -> None:
    for lie in LIES:
        for path in ("/webhooks/web/messages", "/webhooks/web/session", "/socket.io/", "/nothing"):
            reply = exchange(target.address, request("POST", path, [], f"{SECRET}\r\n".encode() * 20, lie))
            assert reply.status in (400, 404, 413), (reply, path, lie)
        assert requests.get(f"{target.url}health", timeout=TIMEOUT).status_code == 200, lie


@pytest.mark.usefixtures("others")
def test_announced_attachments_are_not_buffered(target: Target) -> None:
    """A client that announces ten billion attachments must not exhaust the memory."""
    address = f"ws://{target.address[0]}:{target.address[1]}/socket.io/?EIO=4&transport=websocket"
    connection = websocket.create_connection(address, timeout=TIMEOUT)
    for packet in ("40", '459999999999-["user_uttered",{"_placeholder":true,"num":0}]', '427["history"]'):
        connection.send(packet)
    told = [connection.recv() for _ in range(4)]  # handshake, namespace, session, history
    connection.shutdown()
    assert told[-1].startswith('437[{"ok":true')


@pytest.mark.usefixtures("others")
def test_300_slow_senders_do_not_delay_others(target: Target) -> None:
    with ExitStack() as open_all_the_time:
        for number in range(300):
            slow = open_all_the_time.enter_context(socket.create_connection(target.address, TIMEOUT))
            slow.sendall(
                b"POST /webhooks/web/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n"[: 20 + number % 60]
            )
        with HttpClient(target) as visitor, SocketClient(target) as window:
            for _ in range(3):
                assert visitor.send(text="what is a cto?").messages
                assert window.send(text="what is a cto?").messages


def test_http_rate_limit_applies_to_its_session_only(limited: Target) -> None:
    with HttpClient(limited) as flood, HttpClient(limited) as other:
        answers = [flood.post({"id": str(uuid4()), "text": ""}) for _ in range(AT_ONCE + 5)]
        assert [answer.status_code for answer in answers] == [400] * AT_ONCE + [429] * 5
        assert all(int(answer.headers["Retry-After"]) >= 1 for answer in answers[AT_ONCE:])
        assert {answer.json()["error"] for answer in answers[AT_ONCE:]} == {"rate_limited"}
        assert other.send(text=SECRET).messages
        assert limited.events(flood.conversation) == []


def test_socket_rate_limit_applies_to_its_session_only(limited: Target) -> None:
    with SocketClient(limited) as flood, SocketClient(limited) as other:
        told = [flood.ask("user_uttered", {"id": str(uuid4()), "message": ""}) for _ in range(AT_ONCE + 5)]
        assert [one["error"] for one in told] == ["empty"] * AT_ONCE + ["rate_limited"] * 5
        assert all(one["retry_after"] >= 1 for one in told[AT_ONCE:])
        assert other.send(text=SECRET).messages
        assert limited.events(flood.conversation) == []


def test_connection_limit_applies_per_address(limited: Target) -> None:
    def come(forwarded: str) -> int:
        headers = {"X-Forwarded-For": forwarded}
        return requests.post(f"{limited.web}session", headers=headers, timeout=TIMEOUT).status_code

    told = [come(f"198.51.100.{number}, 203.0.113.7") for number in range(VISITS_AT_ONCE + 5)]
    assert told == [200] * VISITS_AT_ONCE + [429] * 5, "addresses sent by the visitor must be ignored"
    assert come("203.0.113.8") == 200
    with pytest.raises(NotConnected), SocketClient(limited, headers={"X-Forwarded-For": "203.0.113.7"}):
        pass
    with SocketClient(limited, headers={"X-Forwarded-For": "203.0.113.9"}) as other:
        assert other.send(text="hello").messages


def test_forwarding_headers_are_ignored_without_a_proxy(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = {"SEATWISE_ADDRESS_VISITS_A_MINUTE": "6"}
    with running_target(tmp_path_factory.mktemp("direct"), settings) as direct:
        told = [
            requests.post(f"{direct.web}session", headers={name: f"203.0.113.{number}"}, timeout=TIMEOUT).status_code
            for number, name in enumerate(["X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP", "True-Client-IP"])
        ]
    assert told == [200, 429, 429, 429, 429]


def test_session_has_a_limited_number_of_windows(target: Target) -> None:
    with ExitStack() as windows:
        first = windows.enter_context(SocketClient(target))
        for _ in range(9):
            windows.enter_context(SocketClient(target, first.token))
        with pytest.raises(NotConnected), SocketClient(target, first.token):
            pass
    with SocketClient(target, first.token) as again:
        assert again.session["resumed"]


def test_turn_that_cannot_be_stored_is_503_and_is_not_logged(limited: Target) -> None:
    """Each table is missing for a moment."""
    with HttpClient(limited) as visitor:
        for table in ("events", "inbox"):
            rename(limited, table, f"{table}_away")
            answer = visitor.post({"id": str(uuid4()), "text": f"what of {SECRET}?"})
            rename(limited, f"{table}_away", table)
            assert (answer.status_code, answer.json()["error"]) == (503, "not_stored")
        assert visitor.send(text="hello").messages
    limited.check_alive()
    limited.check_logs()


def rename(target: Target, table: str, name: str) -> None:
    target.stored.run_sync(lambda connection: connection.execute(text(f"ALTER TABLE {table} RENAME TO {name}")))


def test_turn_without_action_server_gets_an_apology_and_leaks_nothing(tmp_path: Path) -> None:
    class Healthy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    actions = ThreadingHTTPServer(("127.0.0.1", 0), Healthy)
    thread = threading.Thread(target=actions.serve_forever)
    thread.start()
    with running_target(tmp_path, {ACTION_SERVER: f"http://127.0.0.1:{actions.server_port}/webhook"}) as target:
        actions.shutdown()
        actions.server_close()
        thread.join()
        with HttpClient(target) as visitor:
            [*_, last] = visitor.send(text=f"which one do we need, {SECRET}?").messages
        assert last["text"].startswith("I could not answer that just now.")
        target.check_logs()
