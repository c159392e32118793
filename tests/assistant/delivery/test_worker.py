"""Whatever a receiver does, each message arrives once by its key, in order, or is a dead letter with a reason."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import groupby

import pytest

from assistant.delivery import webhook, worker
from assistant.delivery.attempt import Send
from assistant.delivery.webhook import WebhookSender
from assistant.delivery.worker import OutboxWorker
from assistant.metrics import DELIVERIES
from assistant.stores import outbox
from assistant.stores.database import Database
from assistant.stores.outbox import Outbox, OutboxMessage
from tests.assistant.delivery.conftest import load
from tests.assistant.delivery.servers import Answer, Receiver
from tests.assistant.delivery.test_webhook import SECRET

ROUTES = {"lead.updated": ["webhook"]}
FAULTS = {
    "429": [Answer(429, headers={"Retry-After": "0"}), Answer(), Answer(429)],
    "500": [Answer(500), Answer(500, b"<html>sorry</html>"), Answer(), Answer(503)],
    "time-out after accepting": [Answer(204, delay=0.6), Answer(), Answer(204, delay=0.6)],
    "redirect": [Answer(301, headers={"Location": "http://10.0.0.1/"}), Answer(302)],
}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_FIRST_PAUSE", 0.01)
    monkeypatch.setattr(outbox, "_LONGEST_PAUSE", 0.1)
    monkeypatch.setattr(worker, "_POLL", 0.01)
    monkeypatch.setattr(webhook, "_TIMEOUT", 0.3)


def put(stored: Database, *keys: tuple[str, int]) -> None:
    wish = {"kind": "lead.updated", "content": {}}
    for conversation, number in keys:
        stored.run_sync(lambda held: outbox.put(held, "web", conversation, [(number, wish)], ROUTES))  # noqa: B023


def deliver(stored: Database, send: Send, meanwhile: Callable[[], None] | None = None) -> None:
    """Run a worker until nothing waits."""

    async def work() -> None:
        running = asyncio.create_task(OutboxWorker(Outbox(stored), {"webhook": send}).run())
        if meanwhile:
            await asyncio.sleep(0.1)
            meanwhile()
        while (await Outbox(stored).pending())[0]:
            await asyncio.sleep(0.01)
        running.cancel()

    asyncio.run(asyncio.wait_for(work(), 20))


def arrived(receiver: Receiver) -> list[str]:
    """The keys that reached the receiver, each once for consecutive attempts."""
    return [key for key, _ in groupby(request.headers["webhook-id"] for request in receiver.got)]


@pytest.mark.parametrize("fault", FAULTS)
def test_messages_arrive_once_by_key_and_in_order(receiver: Receiver, stored: Database, fault: str) -> None:
    put(stored, ("a", 1), ("a", 2), ("a", 3))
    receiver.answers = list(FAULTS[fault])
    deliver(stored, WebhookSender(receiver.url, SECRET, load))
    assert arrived(receiver) == ["a-1", "a-2", "a-3"]
    assert len(receiver.got) > 3
    bodies = {(request.headers["webhook-id"], request.body) for request in receiver.got}
    assert len(bodies) == 3  # each attempt says the same
    assert stored.run_sync(outbox.undelivered) == []


def test_messages_wait_while_the_receiver_refuses_connections(receiver: Receiver, stored: Database) -> None:
    receiver.close()
    put(stored, ("a", 1), ("b", 1), ("a", 2))
    deliver(stored, WebhookSender(receiver.url, SECRET, load), meanwhile=receiver.open)
    assert [key for key in arrived(receiver) if key.startswith("a")] == ["a-1", "a-2"]
    assert len(receiver.got) == 3


def test_refused_message_is_dead_at_once_and_frees_the_next(receiver: Receiver, stored: Database) -> None:
    put(stored, ("a", 1), ("a", 2))
    receiver.answers = [Answer(422, b"no such customer")]
    before = DELIVERIES.labels("webhook", "refused")._value.get()
    deliver(stored, WebhookSender(receiver.url, SECRET, load))
    assert arrived(receiver) == ["a-1", "a-2"]
    [dead] = stored.run_sync(outbox.undelivered)
    assert (dead["key"], dead["state"], dead["reason"]) == ("a-1", "dead", "status 422: no such customer")
    assert DELIVERIES.labels("webhook", "refused")._value.get() == before + 1


def test_receiver_that_is_gone_is_asked_no_more(receiver: Receiver, stored: Database) -> None:
    """Also not by a process that starts later, until its address changes or a message is sent again by hand."""
    receiver.answers = [Answer(410)]
    for number in (1, 2):
        put(stored, ("a", number))
        deliver(stored, WebhookSender(receiver.url, SECRET, load, Outbox(stored).last_reason))
    assert arrived(receiver) == ["a-1"]
    put(stored, ("a", 3))
    deliver(stored, WebhookSender(f"{receiver.url}/new", SECRET, load, Outbox(stored).last_reason))
    assert arrived(receiver) == ["a-1", "a-3"]


def test_receiver_that_came_back_is_asked_again_after_a_retry_by_hand(receiver: Receiver, stored: Database) -> None:
    receiver.answers = [Answer(410)]
    send = WebhookSender(receiver.url, SECRET, load, Outbox(stored).last_reason)
    put(stored, ("a", 1))
    deliver(stored, send)
    stored.run_sync(lambda held: outbox.send_again(held, "a-1"))
    put(stored, ("a", 2))
    deliver(stored, send)
    assert [request.headers["webhook-id"] for request in receiver.got] == ["a-1", "a-1", "a-2"]


def test_fault_of_a_sender_does_not_stop_other_messages(stored: Database, caplog: pytest.LogCaptureFixture) -> None:
    sent = []

    async def send(message: OutboxMessage) -> None:
        if message.conversation == "a" and message.attempts < 2:
            raise KeyError("zoe@acme.example")
        sent.append(message.key)

    put(stored, ("a", 1), ("b", 1))
    deliver(stored, send)
    assert sent == ["b-1", "a-1"]
    assert "acme" not in caplog.text


def test_words_of_a_receiver_are_not_logged(
    receiver: Receiver, stored: Database, caplog: pytest.LogCaptureFixture
) -> None:
    put(stored, ("a", 1))
    receiver.answers = [Answer(400, b"Zoe is unknown")]
    deliver(stored, WebhookSender(receiver.url, SECRET, load))
    assert "status 400" in caplog.text
    assert "Zoe" not in caplog.text
