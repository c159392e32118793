"""The webhook receiver is down, failing or slow: messages arrive once per key, and in order for each visitor."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import aiohttp
import pytest

from assistant.delivery import webhook, worker
from assistant.delivery.parcel import Parcel
from assistant.delivery.webhook import WebhookSender
from assistant.delivery.worker import OutboxWorker
from assistant.stores import outbox
from assistant.stores.database import Database
from assistant.stores.outbox import Outbox, OutboxMessage
from assistant.stores.schema import upgrade
from tests.faults.conftest import Report
from tests.faults.load import Browser, send_all
from tests.faults.records import Tally
from tests.faults.services import Delivery, Receiver
from tests.faults.system import WEBHOOK_KEY, System, eventually

CONVERSATIONS, MESSAGES_EACH = 5, 4
FAULTS: dict[str, Callable[[Receiver], AbstractContextManager[None]]] = {
    "away": lambda receiver: receiver.away(),
    "failing": lambda receiver: receiver.failing(),
    "too slow for the timeout": lambda receiver: receiver.slow(5),
}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """An outbox worker with short pauses."""
    monkeypatch.setattr(outbox, "_FIRST_PAUSE", 0.05)
    monkeypatch.setattr(outbox, "_LONGEST_PAUSE", 0.2)
    monkeypatch.setattr(worker, "_POLL", 0.05)
    monkeypatch.setattr(webhook, "_TIMEOUT", 0.3)


def has_valid_signature(delivery: Delivery) -> bool:
    """Whether the signature follows standardwebhooks.com: id, time and body, with the shared key."""
    identity, at = delivery.headers["webhook-id"], delivery.headers["webhook-timestamp"]
    content = f"{identity}.{at}.".encode() + delivery.body
    expected = base64.b64encode(hmac.new(WEBHOOK_KEY, content, hashlib.sha256).digest()).decode()
    return delivery.headers["webhook-signature"] == f"v1,{expected}" and abs(time.time() - int(at)) < 300


def first_accepted(receiver: Receiver) -> list[Delivery]:
    """The first accepted delivery of each key."""
    accepted = {delivery.key: delivery for delivery in reversed(receiver.attempts) if delivery.accepted}
    return sorted(accepted.values(), key=receiver.attempts.index)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.usefixtures("quick")
def test_webhook_messages_arrive_once_per_key_and_in_order(tmp_path: Path, report: Report, fault: str) -> None:
    store = Database(f"sqlite:///{tmp_path / 'seatwise.db'}")
    upgrade(store)
    outgoing = [(f"visitor {n % CONVERSATIONS}", n, {"number": n}) for n in range(CONVERSATIONS * MESSAGES_EACH)]
    for conversation, number, content in outgoing:
        wish = {"kind": "unclaimed", "content": content}
        store.run_sync(lambda c: outbox.put(c, "web", conversation, [(number, wish)], {"unclaimed": ["webhook"]}))  # noqa: B023
    receiver = Receiver()
    asyncio.run(deliver_all(Outbox(store), receiver, FAULTS[fault]))
    receiver.close()
    accepted = first_accepted(receiver)
    arrived = [delivery.content["data"]["number"] for delivery in accepted]
    tally = Tally(
        len(outgoing), len(arrived), len(outgoing) - len(set(arrived)), len(arrived) - len(set(arrived)), 0, 0
    )
    report(
        "F9",
        f"the receiver of twenty webhook messages was {fault}",
        tally,
        f"{len(receiver.attempts)} attempts reached it",
    )
    assert tally.exactly_once
    assert all(has_valid_signature(delivery) for delivery in receiver.attempts)
    for one in range(CONVERSATIONS):
        assert [number for number in arrived if number % CONVERSATIONS == one] == list(
            range(one, len(outgoing), CONVERSATIONS)
        )


async def without_details(message: OutboxMessage) -> Parcel:
    """Nothing but the message."""
    return Parcel(message.conversation)


async def deliver_all(
    stored: Outbox, receiver: Receiver, fault: Callable[[Receiver], AbstractContextManager[None]]
) -> None:
    """Run an outbox worker until all is delivered; the fault ends after a while."""
    key = f"whsec_{base64.b64encode(WEBHOOK_KEY).decode()}"
    sender = WebhookSender(receiver.url, key, without_details)
    running = asyncio.create_task(OutboxWorker(stored, {"webhook": sender}).run())
    with fault(receiver):
        await asyncio.sleep(1.5)
    deadline = time.monotonic() + 30
    while (await stored.pending())[0] and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    running.cancel()
    with suppress(asyncio.CancelledError, aiohttp.ClientError):
        await running


def test_handoff_requests_are_delivered_once_the_webhook_recovers(system: System, report: Report) -> None:
    visitors = [Browser(*system.addresses) for _ in range(4)]
    before = len(system.receiver.attempts)
    with system.receiver.failing():
        talk = send_all(visitors, most=2, words=lambda _: "can somebody from the firm join this chat?")
        eventually(lambda: len(system.receiver.attempts) > before)
    eventually(lambda: system.records.undelivered() == 0)
    ours = {visitor.conversation for visitor in visitors}
    accepted = [one for one in first_accepted(system.receiver) if one.content["data"]["conversation"] in ours]
    tally = system.records.tally(talk.sent)
    report("F9", "four visitors asked for a person twice while the webhook failed", tally)
    assert tally.exactly_once
    assert len(accepted) == len(visitors)  # once a day per visitor
    assert all(has_valid_signature(delivery) for delivery in accepted)
    for conversation in ours:
        outgoing = [f"{conversation}-{number}" for number, _ in system.records.webhook_messages(conversation)]
        assert [one.key for one in accepted if one.content["data"]["conversation"] == conversation] == outgoing
