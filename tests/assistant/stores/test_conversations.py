"""Conversations are stored in full, and Rasa gets as many turns as it needs."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, AllSlotsReset, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.stores import unanswered
from assistant.stores.conversations import ConversationStore, last_turns
from assistant.stores.database import Database, StoreUnavailable, database
from assistant.stores.erasures import Erased
from assistant.stores.inbox import Inbox, MessageText
from assistant.stores.privacy import erase
from assistant.stores.retention import Retention
from assistant.stores.schema import upgrade
from assistant.stores.turns import Turn, current
from assistant.turns.messages import Message

LISTEN = "action_listen"


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.from_dict(
        {
            "slots": {
                name: {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
                for name in ("revenue_band", "unanswered")
            },
            "forms": {"tech_stack_form": {"required_slots": ["revenue_band"]}},
        }
    )


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A new process-wide database for each test."""
    monkeypatch.setenv("SEATWISE_DATABASE_URL", f"sqlite:///{tmp_path / 'seatwise.db'}")
    database.cache_clear()
    upgrade(database())
    yield database()
    database.cache_clear()


@pytest.fixture
def store(domain: Domain, stored: Database, monkeypatch: pytest.MonkeyPatch) -> ConversationStore:
    monkeypatch.setenv("SEATWISE_TURNS", "3")
    return ConversationStore(domain)


def turn(number: int, *events: Event) -> list[Event]:
    return [UserUttered(f"message {number}"), *events, ActionExecuted(LISTEN)]


async def _talked(store: ConversationStore, turns: Iterable[list[Event]]) -> None:
    for events in turns:
        tracker = await store.get_or_create_tracker("visitor")
        for event in events:
            tracker.update(event)
        await store.save(tracker)


def talked(store: ConversationStore, *turns: list[Event]) -> DialogueStateTracker:
    """The tracker that Rasa gets after these turns."""
    asyncio.run(_talked(store, turns))
    tracker = asyncio.run(store.retrieve("visitor"))
    assert tracker is not None
    return tracker


def test_events_are_stored_once_in_order(store: ConversationStore) -> None:
    talked(store, *(turn(number) for number in range(10)))
    whole = asyncio.run(store.retrieve_full_tracker("visitor"))
    assert whole is not None
    said = [event.text for event in whole.events if isinstance(event, UserUttered)]
    assert said == [f"message {number}" for number in range(10)]
    assert len(whole.events) == 1 + 2 * 10


def test_rasa_gets_the_last_turns_with_earlier_slots_and_form(store: ConversationStore) -> None:
    first = turn(
        0, SlotSet("revenue_band", "1m_10m"), ActiveLoop("tech_stack_form"), SlotSet("requested_slot", "leadership")
    )
    tracker = talked(store, first, *(turn(number) for number in range(1, 9)))
    assert [event.text for event in tracker.events if isinstance(event, UserUttered)] == [
        "message 6",
        "message 7",
        "message 8",
    ]
    assert tracker.get_slot("revenue_band") == "1m_10m"
    assert tracker.get_slot("requested_slot") == "leadership"
    assert tracker.active_loop_name == "tech_stack_form"


def test_reset_slots_and_closed_forms_stay_so(store: ConversationStore) -> None:
    first = turn(0, SlotSet("revenue_band", "1m_10m"), ActiveLoop("tech_stack_form"))
    tracker = talked(
        store, first, turn(1, AllSlotsReset(), ActiveLoop(None)), *(turn(number) for number in range(2, 9))
    )
    assert tracker.get_slot("revenue_band") is None
    assert tracker.active_loop_name is None


def test_conversations_are_isolated(store: ConversationStore) -> None:
    talked(store, turn(0))
    assert asyncio.run(store.retrieve("somebody else")) is None
    assert not asyncio.run(store.exists("somebody else"))
    assert list(asyncio.run(store.keys())) == ["visitor"]


def test_last_requested_slot_comes_last() -> None:
    asked = [SlotSet("requested_slot", name) for name in ("business", "leadership", "business")]
    given = last_turns([*asked, *(event for number in range(4) for event in turn(number))], 2)
    assert [event.value for event in given if isinstance(event, SlotSet)] == ["leadership", "business"]


def test_another_replica_continues_the_conversation(store: ConversationStore, domain: Domain) -> None:
    talked(store, turn(0), turn(1))
    other = ConversationStore(domain)
    talked(other, turn(2))
    talked(store, turn(3))
    whole = asyncio.run(other.retrieve_full_tracker("visitor"))
    assert whole is not None
    said = [event.text for event in whole.events if isinstance(event, UserUttered)]
    assert said == [f"message {number}" for number in range(4)]


def test_only_one_of_two_concurrent_turns_is_saved(store: ConversationStore, domain: Domain) -> None:
    """If a lock was lost, the second turn fails and the database holds one complete turn."""
    talked(store, turn(0))
    other = ConversationStore(domain)

    async def both() -> None:
        mine, theirs = await store.retrieve("visitor"), await other.retrieve("visitor")
        assert mine is not None
        assert theirs is not None
        for tracker, events in ((mine, turn(1)), (theirs, turn(2))):
            for event in events:
                tracker.update(event)
        await store.save(mine)
        with pytest.raises(StoreUnavailable):
            await other.save(theirs)

    asyncio.run(both())
    whole = asyncio.run(other.retrieve_full_tracker("visitor"))
    assert whole is not None
    assert [event.text for event in whole.events if isinstance(event, UserUttered)] == ["message 0", "message 1"]


def test_message_is_completed_once_together_with_its_turn(store: ConversationStore, stored: Database) -> None:
    inbox = Inbox(stored)

    async def answered(words: str) -> None:
        await inbox.receive("web", "visitor", "m1", lambda _: MessageText("hello", "hello"))
        at_work = Turn("web", "visitor", "m1", [Message(text=words)], Message(text="nothing"))
        current.set(at_work)
        await _talked(store, [turn(0)])
        assert at_work.stored

    asyncio.run(answered("the answer"))
    with pytest.raises(StoreUnavailable):
        asyncio.run(answered("another answer"))
    answer = asyncio.run(inbox.answer_to("visitor", "m1"))
    assert answer is not None
    assert [message["text"] for message in answer] == ["the answer"]
    whole = asyncio.run(store.retrieve_full_tracker("visitor"))
    assert whole is not None
    assert sum(isinstance(event, UserUttered) for event in whole.events) == 1


def test_database_error_fails_the_turn(store: ConversationStore, stored: Database) -> None:
    talked(store, turn(0))
    stored.run_sync(lambda connection: connection.exec_driver_sql("ALTER TABLE events RENAME TO gone"))
    with pytest.raises(StoreUnavailable):
        asyncio.run(store.retrieve("visitor"))


def test_erased_conversation_cannot_be_recreated(domain: Domain, stored: Database, store: ConversationStore) -> None:
    async def talk() -> None:
        await _talked(store, [turn(1), turn(2)])
        stored.run_sync(lambda connection: erase(connection, "visitor"))
        with pytest.raises(Erased):
            await store.retrieve("visitor")
        with pytest.raises(Erased):
            await _talked(ConversationStore(domain), [turn(3)])

    asyncio.run(talk())
    assert asyncio.run(store.keys()) == []


def test_running_turn_writes_nothing_after_an_erasure(stored: Database, store: ConversationStore) -> None:
    async def talk() -> None:
        await _talked(store, [turn(1)])
        tracker = await store.retrieve("visitor")
        assert tracker is not None
        await Retention(stored, None, None).erase("visitor")
        for event in turn(2):
            tracker.update(event)
        with pytest.raises(Erased):
            await store.save(tracker)

    asyncio.run(talk())
    assert asyncio.run(store.keys()) == []


def test_erasure_clears_the_memory_cache(stored: Database, store: ConversationStore) -> None:
    async def talk() -> None:
        await _talked(store, [[UserUttered("canary")]])
        assert held_in_memory("canary")
        await Retention(stored, None, None).erase("visitor")

    asyncio.run(talk())
    assert not held_in_memory("canary")


def held_in_memory(words: str) -> bool:
    gc.collect()
    return any(isinstance(one, UserUttered) and one.text == words for one in gc.get_objects())


def test_unanswered_question_is_masked_and_stored_with_its_turn(stored: Database, store: ConversationStore) -> None:
    asked = {"asked": "my name is ada lovelace, do you take bitcoin?", "nearest": ["faq/cost"]}
    talked(store, turn(1, SlotSet(unanswered.SLOT, asked)))
    [question] = stored.run_sync(unanswered.questions)
    assert (question["asked"], question["nearest"]) == ("my name is … …, do you take bitcoin?", ["faq/cost"])
    talked(store, turn(2))
    assert len(stored.run_sync(unanswered.questions)) == 1
