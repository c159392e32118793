"""Webhook deliveries are signed, keep their key, follow no redirects, and end where the receiver is gone."""

from __future__ import annotations

import asyncio
import base64
import json
import ssl
import subprocess
from pathlib import Path

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from assistant.delivery import webhook
from assistant.delivery.attempt import Refused, Retry
from assistant.delivery.parcel import Parcel
from assistant.delivery.webhook import WebhookSender
from assistant.stores.outbox import OutboxMessage
from tests.assistant.delivery.conftest import load, message
from tests.assistant.delivery.servers import Answer, Receiver
from tests.certificates import self_signed

SECRET, NEW_SECRET = (f"whsec_{base64.b64encode(key).decode()}" for key in (b"k" * 24, b"n" * 32))
NODE_LIBRARY = Path(__file__).parents[2] / "foreign" / "node_modules" / "standardwebhooks"


async def nothing(one: OutboxMessage) -> Parcel:
    return Parcel(one.conversation)


def send(url: str, one: OutboxMessage | None = None, keys: str = SECRET) -> None:
    asyncio.run(WebhookSender(url, keys, load)(one or message()))


def test_delivery_has_type_timestamp_and_data(receiver: Receiver) -> None:
    asyncio.run(WebhookSender(receiver.url, SECRET, nothing)(message(kind="handoff")))
    [request] = receiver.got
    assert request.content == {
        "type": "handoff",
        "timestamp": "2023-11-14T22:13:20+00:00",
        "data": {"conversation": "visitor", "channel": "web"},
    }


def test_lead_comes_with_contact_verdict_and_brief(receiver: Receiver) -> None:
    send(receiver.url)
    data = receiver.got[0].content["data"]
    assert data["contact"]["email"] == "zoe@acme.example"
    assert data["consented"] == "2023-11-14T22:13:20+00:00"
    assert data["verdict"] == {"role": "CTO_FIRST", "headline": "A fractional CTO first", "strength": "Firm"}
    assert data["brief"].startswith("# Acme")


def test_receiver_verifies_the_signature_and_notices_tampering(receiver: Receiver) -> None:
    send(receiver.url)
    [request] = receiver.got
    assert request.headers["webhook-id"] == request.headers["idempotency-key"] == "visitor-7"
    assert Webhook(SECRET).verify(request.body, dict(request.headers)) == request.content
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(request.body.replace(b"CTO_FIRST", b"CTO_LATER"), dict(request.headers))


def test_both_keys_sign_while_one_replaces_the_other(receiver: Receiver) -> None:
    send(receiver.url, keys=f"{NEW_SECRET} {SECRET}")
    [request] = receiver.got
    for key in (SECRET, NEW_SECRET):
        Webhook(key).verify(request.body, dict(request.headers))


@pytest.mark.skipif(not NODE_LIBRARY.exists(), reason="the npm library is not installed in tests/foreign")
def test_npm_library_verifies_the_signature(receiver: Receiver) -> None:
    send(receiver.url)
    [request] = receiver.got
    script = "const {Webhook} = require(process.argv[1]); const {key, body, headers} = JSON.parse(process.argv[2]);"
    given = json.dumps({"key": SECRET, "body": request.body.decode(), "headers": dict(request.headers)})
    subprocess.run(["node", "-e", f"{script} new Webhook(key).verify(body, headers)", NODE_LIBRARY, given], check=True)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 503])
def test_busy_receiver_is_tried_again(receiver: Receiver, status: int) -> None:
    receiver.answers = [Answer(status)]
    with pytest.raises(Retry, match=f"status {status}"):
        send(receiver.url)


def test_pause_that_the_receiver_asks_for_is_kept(receiver: Receiver) -> None:
    receiver.answers = [Answer(429, headers={"Retry-After": "90"}), Answer(503, headers={"Retry-After": "soon"})]
    pauses = []
    for _ in range(2):
        with pytest.raises(Retry) as failed:
            send(receiver.url)
        pauses.append(failed.value.after)
    assert pauses == [90.0, None]


@pytest.mark.parametrize("status", [400, 401, 404, 422])
def test_refusal_is_kept_with_the_words_of_the_receiver(receiver: Receiver, status: int) -> None:
    words = b"no lead for zoe@acme.example\r\nat https://firm.example/x?key=1, token 0123456789abcdef0123456789"
    receiver.answers = [Answer(status, words)]
    with pytest.raises(Refused) as refused:
        send(receiver.url)
    assert str(refused.value) == f"status {status}: no lead for … at … token …"


def test_redirects_are_not_followed(receiver: Receiver) -> None:
    receiver.answers = [Answer(307, headers={"Location": f"{receiver.address}/elsewhere"})]
    with pytest.raises(Retry, match="redirects are not followed"):
        send(receiver.url)
    assert [request.path for request in receiver.got] == ["/hook"]


def test_slow_receiver_is_tried_again(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "_TIMEOUT", 0.2)
    receiver.answers = [Answer(delay=1)]
    with pytest.raises(Retry, match="TimeoutError"):
        send(receiver.url)


def test_receiver_with_untrusted_certificate_gets_nothing(receiver: Receiver, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*self_signed(tmp_path))
    assert receiver.server
    receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True)
    with pytest.raises(Retry, match="certificate|Certificate"):
        send(receiver.url.replace("http:", "https:"))
    assert receiver.got == []


def test_password_in_the_address_is_in_no_error(receiver: Receiver) -> None:
    receiver.answers = [Answer(500)]
    place = receiver.address.removeprefix("http://")
    for address in (f"http://user:hunter2@{place}/hook?key=hunter2", "http://user:hunter2@127.0.0.1:1/hunter2"):
        with pytest.raises(Retry) as failed:
            send(address)
        assert "hunter2" not in str(failed.value)
