"""While a person holds a conversation the assistant is silent; the visitor always knows who answers."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import jsonschema
import pytest
from rasa.core.channels.channel import UserMessage
from sqlalchemy import update
from sqlalchemy.engine import Connection

from assistant.stores.database import Database
from assistant.stores.erasures import Erased
from assistant.stores.holds import AlreadyHeld, holder
from assistant.stores.inbox import Messages
from assistant.stores.retention import Retention
from assistant.stores.schema import upgrade
from assistant.stores.tables import holds, inbox
from assistant.turns import dispatcher as module
from assistant.turns import holding
from assistant.turns.dispatcher import TurnDispatcher, TurnListener
from assistant.turns.forgotten import bring_back
from assistant.turns.holding import BACK, GONE, JOINED, WAITING, NotHeld
from assistant.turns.messages import IncomingMessage, Message
from tests.content import ROOT

VISITOR, DANA, ERIC = "visitor", "Dana", "Eric"
QUESTION = {
    "text": "Who leads?",
    "buttons": [{"title": "Nobody", "payload": '/answer{"leadership": "none"}'}],
    "custom": {"type": "progress", "version": 1, "step": 1, "of": 7, "label": "Who leads"},
}
DONE = {"text": "Done. You can keep asking.", "buttons": [{"title": "What if", "payload": "/explore_what_if"}]}
Compose = Callable[[Connection], list[Message]]


class Heard(TurnListener):
    """A listener that records what it is to bring to its clients."""

    def __init__(self) -> None:
        self.said: Messages = []
        self.passed_on: Messages = []

    async def answered(self, conversation: str, turn: str, messages: Messages) -> None:
        self.said += messages

    async def told(self, conversation: str, turn: str, messages: Messages) -> None:
        self.passed_on += messages


class Replica:
    """A process with a stub of Rasa that gives the same answer every time: it asks a question."""

    def __init__(self, store: Database) -> None:
        self.store = store
        self.turns = TurnDispatcher(store, self._ask, Retention(store, None, None).erase)
        self.heard = Heard()
        self.asked: list[str] = []
        self.answer: dict[str, Any] = QUESTION
        self.turns.register("web", self.heard)

    async def _ask(self, message: UserMessage) -> None:
        self.asked.append(message.text)
        await message.output_channel.send_response(message.sender_id, self.answer)

    async def say(self, text: str = "hello", message: str | None = None) -> Messages:
        return await self.turns.answer(IncomingMessage("web", VISITOR, message or str(uuid4()), text, is_payload=False))

    async def tell(self, compose: Any, *given: Any) -> None:
        await self.turns.tell(VISITOR, partial(_composed, compose, given))


def _composed(compose: Any, given: tuple[Any, ...], connection: Connection) -> list[Message]:
    composed: list[Message] = compose(connection, VISITOR, *given)
    return composed


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'seatwise.db'}")
    upgrade(made)
    return made


@pytest.fixture
def replica(store: Database) -> Replica:
    return Replica(store)


def words(messages: Messages) -> list[str]:
    return [message.get("text") or message["custom"]["fallback_text"] for message in messages]


def test_visitor_hears_who_is_there_and_the_assistant_is_silent(replica: Replica) -> None:
    async def talk() -> tuple[Messages, Messages]:
        await replica.say()
        await replica.tell(holding.take_over, DANA)
        return await replica.say("are you there?"), await replica.turns.inbox.history(VISITOR, 10)

    answer, history = asyncio.run(talk())
    assert replica.asked == ["hello"]
    assert words(answer) == [WAITING.format(name=DANA)]
    assert answer[0]["custom"]["type"] == "held" and "text" not in answer[0]
    assert words(history) == ["hello", "Who leads?", JOINED.format(name=DANA), "are you there?", *words(answer)]
    assert words(replica.heard.said) == ["Who leads?", JOINED.format(name=DANA), *words(answer)]


def test_repeated_message_gets_its_first_answer_whoever_holds_the_conversation(replica: Replica) -> None:
    async def talk() -> tuple[Messages, Messages]:
        first = await replica.say(message="7c1e6d0a-6f0f-4c43-9a53-0d5a2e6b9c11")
        await replica.tell(holding.take_over, DANA)
        return first, await replica.say(message="7c1e6d0a-6f0f-4c43-9a53-0d5a2e6b9c11")

    first, again = asyncio.run(talk())
    assert again == first


def test_answer_of_a_person_is_delivered_and_replayed(replica: Replica) -> None:
    async def talk() -> Messages:
        await replica.say()
        await replica.tell(holding.take_over, DANA)
        await replica.tell(holding.answer, DANA, "Good question.\nLet me look.")
        return await replica.turns.inbox.answers(VISITOR)

    replayed = asyncio.run(talk())
    assert replayed == replica.heard.said
    assert replayed[-1]["custom"] == {
        "type": "person",
        "version": 1,
        "name": DANA,
        "text": "Good question.\nLet me look.",
        "fallback_text": "Good question.\nLet me look.",
    }


def test_released_conversation_goes_on_with_the_open_question(replica: Replica) -> None:
    async def talk() -> Messages:
        await replica.say()
        for _ in range(2):
            await replica.tell(holding.take_over, DANA)
            await replica.say("and now?")
            await replica.tell(holding.answer, DANA, "One moment.")
            await replica.tell(holding.hand_back)
        await replica.say("nobody")
        return replica.heard.said

    said = asyncio.run(talk())
    back, question = said[-3:-1]
    assert words([back]) == [BACK.format(name=DANA)]
    assert (question["text"], question["buttons"]) == (QUESTION["text"], QUESTION["buttons"])
    assert question["custom"]["type"] == "progress"
    assert replica.asked == ["hello", '/answer{"leadership": "none"}']


def test_released_conversation_repeats_nothing_that_asked_nothing(replica: Replica) -> None:
    async def talk() -> Messages:
        replica.answer = DONE
        await replica.say()
        await replica.tell(holding.take_over, DANA)
        await replica.tell(holding.hand_back)
        return replica.heard.said

    assert words(asyncio.run(talk())[-1:]) == [BACK.format(name=DANA)]


def test_everything_said_matches_the_protocol(replica: Replica) -> None:
    async def talk() -> None:
        await replica.say()
        await replica.tell(holding.take_over, DANA)
        await replica.say()
        await replica.tell(holding.answer, DANA, "Hello.")
        await replica.tell(holding.hand_back)
        await replica.tell(holding.take_over, ERIC)
        await replica.tell(holding.take_back, time.time() + 1)

    asyncio.run(talk())
    schema = json.loads((ROOT / "docs" / "protocol.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    assert [error.message for message in replica.heard.said for error in validator.iter_errors(message)] == []


@pytest.mark.parametrize(
    ("compose", "given", "refusal"),
    [
        (holding.take_over, (DANA,), AlreadyHeld),
        (holding.take_over, (ERIC,), AlreadyHeld),
        (holding.answer, (ERIC, "Hello."), NotHeld),
    ],
)
def test_only_the_holder_answers(
    replica: Replica, store: Database, compose: Any, given: tuple[str, ...], refusal: type[Exception]
) -> None:
    async def talk() -> None:
        await replica.say()
        await replica.tell(holding.take_over, DANA)
        with pytest.raises(refusal):
            await replica.tell(compose, *given)

    asyncio.run(talk())
    assert store.run_sync(lambda connection: holder(connection, VISITOR)) == DANA
    assert len(replica.heard.said) == 2


def test_conversation_that_nobody_holds_cannot_be_released(replica: Replica) -> None:
    async def talk() -> None:
        await replica.say()
        with pytest.raises(NotHeld):
            await replica.tell(holding.hand_back)

    asyncio.run(talk())


def pass_time(store: Database, minutes: float) -> None:
    """Make everything that was said and held so many minutes older."""
    for table, column in ((holds, "at"), (inbox, "done"), (inbox, "received"), (inbox, "taken")):
        earlier = update(table).values({column: table.c[column] - minutes * 60})
        store.run_sync(lambda connection, earlier=earlier: connection.execute(earlier))


async def sweep(*replicas: Replica) -> None:
    """Let some replicas look once for conversations that were forgotten for half an hour."""
    looking = [asyncio.create_task(bring_back(replica.store, replica.turns, 30)) for replica in replicas]
    await asyncio.sleep(0.3)
    for task in looking:
        task.cancel()


def test_assistant_comes_back_once_if_the_person_forgets_the_conversation(store: Database, replica: Replica) -> None:
    other = Replica(store)

    async def talk() -> None:
        await replica.say()
        await replica.tell(holding.take_over, DANA)
        await replica.say("are you there?")
        pass_time(store, 31)
        await sweep(replica, other, replica)
        await replica.say("nobody")

    asyncio.run(talk())
    said = replica.heard.said + other.heard.said
    assert words(said).count(GONE.format(name=DANA)) == 1
    assert words(said).count(QUESTION["text"]) == 3  # at first, once the assistant is back, and as the last answer
    assert replica.asked == ["hello", '/answer{"leadership": "none"}']
    assert store.run_sync(lambda connection: holder(connection, VISITOR)) is None


def test_person_who_has_just_written_keeps_the_conversation(store: Database, replica: Replica) -> None:
    async def talk() -> None:
        await replica.say()
        await replica.tell(holding.take_over, DANA)
        pass_time(store, 20)
        await replica.tell(holding.answer, DANA, "I'm looking it up.")
        pass_time(store, 20)
        await replica.say("still there?")
        await sweep(replica)
        with pytest.raises(NotHeld):
            await replica.tell(holding.take_back, time.time() - 30 * 60)

    asyncio.run(talk())
    assert store.run_sync(lambda connection: holder(connection, VISITOR)) == DANA
    assert words(replica.heard.said)[-1] == WAITING.format(name=DANA)


def test_conversation_may_be_held_without_a_limit(store: Database, replica: Replica) -> None:
    async def talk() -> None:
        await replica.say()
        await replica.tell(holding.take_over, DANA)
        pass_time(store, 10_000)
        await bring_back(store, replica.turns, 0)

    asyncio.run(talk())
    assert store.run_sync(lambda connection: holder(connection, VISITOR)) == DANA


def test_erased_conversation_cannot_be_held(replica: Replica, store: Database) -> None:
    async def talk() -> None:
        await replica.say()
        await Retention(store, None, None).erase(VISITOR)
        with pytest.raises(Erased):
            await replica.tell(holding.take_over, DANA)

    asyncio.run(talk())


def test_windows_at_another_replica_hear_a_person_once(
    store: Database, replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SWEEP", 0.01)
    other = Replica(store)

    async def talk() -> None:
        await replica.say()
        sweeping = [asyncio.create_task(one.turns.sweep()) for one in (replica, other)]
        await replica.tell(holding.take_over, DANA)
        while not other.heard.passed_on:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        for task in sweeping:
            task.cancel()

    asyncio.run(talk())
    assert words(other.heard.passed_on) == [JOINED.format(name=DANA)]
    assert replica.heard.passed_on == []
