"""Webhook deliveries are signed, keep their idempotency key, and are retried on failure."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from assistant.settings import Settings
from assistant.stores import outbox
from assistant.stores.database import Database
from assistant.stores.outbox import Outbox, OutboxMessage
from assistant.stores.schema import upgrade
from assistant.turns.webhooks import OutboxWorker, WebhookSender, webhook_sender
from tests.certificates import self_signed

KEY = b"twenty-four-bytes-or-more"
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"
MESSAGE = OutboxMessage("web", "visitor", 7, "handoff", {"conversation": "visitor"}, 1_700_000_000.0, 0)


class Receiver:
    """A configurable webhook receiver that records its requests."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers), body))
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_delivery_has_type_and_signature(receiver: Receiver) -> None:
    asyncio.run(WebhookSender(receiver.url, SECRET)(MESSAGE))
    [(headers, body)] = receiver.got
    assert json.loads(body) == {
        "type": "handoff",
        "timestamp": "2023-11-14T22:13:20+00:00",
        "data": {"conversation": "visitor", "channel": "web"},
    }
    assert headers["Idempotency-Key"] == headers["webhook-id"] == "visitor-7"
    signed = f"visitor-7.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


@pytest.mark.parametrize("status", [302, 400, 500])
def test_error_status_of_the_receiver_is_a_failure(receiver: Receiver, status: int) -> None:
    receiver.statuses = [status]
    with pytest.raises(aiohttp.ClientError, match=str(status)):
        asyncio.run(WebhookSender(receiver.url, SECRET)(MESSAGE))


def test_receiver_with_untrusted_certificate_gets_nothing(receiver: Receiver, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*self_signed(tmp_path))
    receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True)
    with pytest.raises(aiohttp.ClientConnectorCertificateError):
        asyncio.run(WebhookSender(receiver.url.replace("http:", "https:"), SECRET)(MESSAGE))
    assert receiver.got == []


def test_messages_arrive_in_order_although_some_attempts_fail(
    receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_FIRST_PAUSE", 0.01)
    monkeypatch.setattr("assistant.turns.webhooks._POLL", 0.01)
    stored = Database(f"sqlite:///{tmp_path / 'seatwise.db'}")
    upgrade(stored)
    wishes: list[tuple[int, Any]] = [(number, {"kind": "lead", "content": {"number": number}}) for number in (1, 2, 3)]
    stored.run_sync(lambda connection: outbox.put(connection, "web", "a", wishes))
    receiver.statuses = [500, 500, 204, 503]

    async def work() -> None:
        worker = asyncio.create_task(OutboxWorker(Outbox(stored), WebhookSender(receiver.url, SECRET)).run())
        while (await Outbox(stored).pending())[0]:
            await asyncio.sleep(0.01)
        worker.cancel()

    asyncio.run(asyncio.wait_for(work(), 10))
    assert [headers["Idempotency-Key"] for headers, _ in receiver.got] == ["a-1", "a-1", "a-1", "a-2", "a-2", "a-3"]


def test_without_an_address_there_is_no_webhook() -> None:
    assert webhook_sender(Settings()) is None


def test_password_in_the_address_is_not_logged(
    receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Test an error status and a refused connection."""
    stored = Database(f"sqlite:///{tmp_path / 'seatwise.db'}")
    upgrade(stored)
    receiver.statuses = [500]
    place = urlsplit(receiver.url).netloc
    for address in (f"http://user:hunter2@{place}/hook?key=hunter2", "http://user:hunter2@127.0.0.1:1/hunter2"):
        asyncio.run(OutboxWorker(Outbox(stored), WebhookSender(address, SECRET))._deliver(MESSAGE))
    assert len(caplog.records) == 2
    assert "hunter2" not in caplog.text
