"""Outgoing messages are stored with their event, sent in order, and retried until delivered."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import select

from assistant.stores import conversations, outbox
from assistant.stores.conversations import ConversationStore
from assistant.stores.database import Database
from assistant.stores.outbox import Outbox, OutboxMessage
from assistant.stores.schema import upgrade

WISH = {"kind": "lead", "content": {"conversation": "visitor"}}


@pytest.fixture
def stored(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path / 'seatwise.db'}")
    upgrade(made)
    return made


def put(stored: Database, conversation: str, *numbers: int) -> None:
    stored.run_sync(lambda held: outbox.put(held, "web", conversation, [(number, WISH) for number in numbers]))


def claim(stored: Database) -> list[OutboxMessage]:
    return asyncio.run(Outbox(stored).claim())


@pytest.mark.parametrize(("receiver", "parcels"), [("https://firm.example/hook", 1), ("", 0)])
def test_turn_stores_an_outgoing_message_if_a_webhook_is_configured(
    stored: Database, monkeypatch: pytest.MonkeyPatch, receiver: str, parcels: int
) -> None:
    monkeypatch.setenv("SEATWISE_WEBHOOK_URL", receiver)
    monkeypatch.setenv("SEATWISE_WEBHOOK_SECRET", f"whsec_{'a' * 32}")
    monkeypatch.setattr(conversations, "database", lambda: stored)

    async def turn() -> None:
        store = ConversationStore(Domain.empty())
        tracker = DialogueStateTracker("visitor", [AnySlot(outbox.SLOT, [])])
        tracker.update(UserUttered("talk to a person"))
        tracker.update(SlotSet(outbox.SLOT, WISH))
        await store.save(tracker)
        tracker.update(ActionExecuted("action_listen"))
        await store.save(tracker)

    asyncio.run(turn())
    waiting = claim(stored)
    assert [(one.conversation, one.number, one.kind, one.content) for one in waiting] == [
        ("visitor", 1, "lead", WISH["content"])
    ] * parcels


def test_message_is_claimed_once_until_its_lease_ends(stored: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    put(stored, "a", 1)
    assert len(claim(stored)) == 1
    assert claim(stored) == []
    monkeypatch.setattr("assistant.stores.outbox.time.time", lambda real=time.time: real() + outbox.LEASE + 1)
    assert [one.key for one in claim(stored)] == ["a-1"]


def test_messages_of_a_conversation_are_claimed_one_after_the_other(stored: Database) -> None:
    put(stored, "a", 3, 7)
    put(stored, "b", 5)
    first = claim(stored)
    assert {one.key for one in first} == {"a-3", "b-5"}
    asyncio.run(Outbox(stored).delivered(next(one for one in first if one.conversation == "a")))
    assert [one.key for one in claim(stored)] == ["a-7"]


def test_failed_deliveries_back_off_and_are_given_up_after_days(
    stored: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, moments = time.time(), [0.0]
    monkeypatch.setattr("assistant.stores.outbox.time.time", lambda: start + moments[-1])
    put(stored, "a", 1, 2)
    first_due = select(outbox.outbox.c.due).where(outbox.outbox.c.number == 1)
    while waiting := claim(stored):
        if waiting[0].number == 2:
            break
        asyncio.run(Outbox(stored).failed(waiting[0]))
        due = stored.run_sync(lambda connection: connection.execute(first_due).scalar_one())
        moments.append(max(due - start, moments[-1]) + 0.1)
    pauses = [after - before for before, after in zip(moments, moments[1:], strict=False)]
    assert pauses[:4] == pytest.approx([5.1, 10.1, 20.1, 40.1], abs=0.1)
    assert max(pauses) == pytest.approx(3600, abs=1)
    assert moments[-1] > 3 * 24 * 3600
    number, _, given_up = asyncio.run(Outbox(stored).pending())
    assert (number, given_up) == (1, 1)


def test_stored_message_can_be_read_back(stored: Database) -> None:
    put(stored, "a", 1)
    content = stored.run_sync(lambda connection: connection.execute(select(outbox.outbox.c.content)).scalar())
    assert json.loads(content) == WISH["content"]


def test_handoff_is_stored_once_a_day_for_each_visitor(stored: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    start, hours = time.time(), 0.0
    monkeypatch.setattr("assistant.stores.outbox.time.time", lambda: start + hours * 3600)
    wish = {"kind": "handoff", "content": {}}

    def asked(conversation: str, *numbers: int) -> None:
        stored.run_sync(lambda held: outbox.put(held, "web", conversation, [(number, wish) for number in numbers]))

    asked("a", 1, 2)
    hours = 23.0
    asked("a", 3)
    asked("b", 1)
    hours = 25.0
    asked("a", 4)
    kept = select(outbox.outbox.c.conversation, outbox.outbox.c.number).order_by(outbox.outbox.c.created)
    assert stored.run_sync(lambda connection: connection.execute(kept).all()) == [("a", 1), ("b", 1), ("a", 4)]
