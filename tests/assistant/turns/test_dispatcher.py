"""Messages that fail repeatedly are given up; failures of the infrastructure do not count."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain

from assistant.metrics import GIVEN_UP_MESSAGES
from assistant.stores import inbox
from assistant.stores.conversations import ConversationStore
from assistant.stores.database import Database, StoreUnavailable, Unstorable, database
from assistant.stores.inbox import MOST_ATTEMPTS, Inbox, Messages, MessageText, count_attempt
from assistant.stores.retention import Retention
from assistant.stores.schema import upgrade
from assistant.stores.turns import Turn
from assistant.turns import dispatcher as module
from assistant.turns.api_errors import ApiError
from assistant.turns.dispatcher import GIVEN_UP, TurnDispatcher, TurnListener
from assistant.turns.messages import IncomingMessage
from tests.assistant.channels.web.server import SECRET_WORDS

VISITOR = "visitor"
Act = Callable[[UserMessage], Awaitable[None]]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A new process-wide database for each test."""
    monkeypatch.setenv("SEATWISE_DATABASE_URL", f"sqlite:///{tmp_path / 'seatwise.db'}")
    database.cache_clear()
    upgrade(database())
    yield database()
    database.cache_clear()


class Heard(TurnListener):
    """A listener that records its calls."""

    def __init__(self) -> None:
        self.answers: list[Messages] = []
        self.failures = 0

    async def answered(self, session: str, turn: str, messages: Messages) -> None:
        self.answers.append(messages)

    async def failed(self, session: str, turn: str) -> None:
        self.failures += 1


def dispatcher_of(store: Database, *acts: Act) -> tuple[TurnDispatcher, Heard]:
    """A dispatcher whose turns read the conversation, like Rasa, and then perform these acts in order."""
    conversations = ConversationStore(Domain.empty())
    left = list(acts)

    async def handle(message: UserMessage) -> None:
        await conversations.retrieve(message.sender_id)
        await (left.pop(0) if len(left) > 1 else left[0])(message)

    made, heard = TurnDispatcher(store, handle, Retention(store, None, None).erase), Heard()
    made.register("web", heard)
    return made, heard


def question(text: str = SECRET_WORDS) -> IncomingMessage:
    return IncomingMessage("web", VISITOR, str(uuid4()), text, is_payload=False)


async def answered(message: UserMessage) -> None:
    await message.output_channel.send_response(message.sender_id, {"text": "A real answer."})


async def failing(message: UserMessage) -> None:
    raise RuntimeError(f"cannot answer {message.text}")


async def hanging(message: UserMessage) -> None:
    await asyncio.Event().wait()


async def losing_the_store(message: UserMessage) -> None:
    raise StoreUnavailable("the database is away")


async def unstorable(message: UserMessage) -> None:
    raise Unstorable("the database refused: DataError")


async def texts(dispatcher: TurnDispatcher, asked: IncomingMessage, attempts: int) -> list[str]:
    """The responses to a message that is sent this many times."""
    told = []
    for _ in range(attempts):
        try:
            told += [message["text"] for message in await dispatcher.answer(asked)]
        except ApiError as error:
            told.append(error.code)
    return told


@pytest.mark.parametrize("fault", [failing, unstorable])
def test_message_that_fails_three_times_gets_a_lasting_apology(
    store: Database, caplog: pytest.LogCaptureFixture, fault: Act
) -> None:
    dispatcher, heard = dispatcher_of(store, fault)
    asked, before = question(), GIVEN_UP_MESSAGES._value.get()

    async def talk() -> tuple[list[str], Messages, Messages]:
        told = await texts(dispatcher, asked, attempts=MOST_ATTEMPTS + 2)
        return told, await dispatcher.inbox.answers(VISITOR), await dispatcher.inbox.history(VISITOR, 10)

    with caplog.at_level(logging.DEBUG):
        told, replayed, history = asyncio.run(talk())
    assert told == ["not_stored"] * MOST_ATTEMPTS + [GIVEN_UP] * 2
    assert [message["text"] for message in replayed] == [GIVEN_UP]
    assert [message["text"] for message in history] == [SECRET_WORDS, GIVEN_UP]
    assert (heard.answers, heard.failures) == ([replayed], MOST_ATTEMPTS)
    assert GIVEN_UP_MESSAGES._value.get() == before + 1
    [line] = [record for record in caplog.records if "given up" in record.getMessage()]
    assert getattr(line, "ids") == {"conversation": VISITOR, "message": asked.id}  # noqa: B009
    assert SECRET_WORDS not in caplog.text


def test_message_that_killed_the_process_three_times_is_not_retried(store: Database) -> None:
    dispatcher, heard = dispatcher_of(store, answered)
    asked = question()

    async def talk() -> list[str]:
        await dispatcher.receive(asked)
        for _ in range(MOST_ATTEMPTS):
            await store.run(lambda connection: count_attempt(connection, Turn("web", VISITOR, asked.id, [], asked)))  # type: ignore[arg-type]
        return await texts(dispatcher, asked, attempts=1)

    assert asyncio.run(talk()) == [GIVEN_UP]


def test_other_messages_of_the_conversation_are_answered(store: Database) -> None:
    dispatcher, _ = dispatcher_of(store, failing, failing, failing, answered)

    async def talk() -> list[str]:
        return await texts(dispatcher, question(), attempts=4) + await texts(dispatcher, question(), attempts=1)

    assert asyncio.run(talk())[-2:] == [GIVEN_UP, "A real answer."]


def test_database_outage_does_not_use_up_attempts(store: Database) -> None:
    dispatcher, _ = dispatcher_of(store, *[losing_the_store] * 10, answered)
    assert asyncio.run(texts(dispatcher, question(), attempts=11)) == [*["not_stored"] * 10, "A real answer."]


def test_attempts_failed_by_the_database_do_not_count_on_other_replicas(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SWEEP", 0.05)
    asked = question()

    async def talk() -> list[str]:
        for _ in range(MOST_ATTEMPTS + 1):
            replica, _ = dispatcher_of(store, losing_the_store)
            await texts(replica, asked, attempts=1)
            sweeping = asyncio.create_task(replica.sweep())
            while replica._refunds:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            sweeping.cancel()
        return await texts(dispatcher_of(store, answered)[0], asked, attempts=1)

    assert asyncio.run(talk()) == ["A real answer."]


def test_graceful_stops_do_not_use_up_attempts(store: Database) -> None:
    asked = question()

    async def talk() -> tuple[list[str], list[str]]:
        stopped = []
        for _ in range(MOST_ATTEMPTS + 1):
            replica, _ = dispatcher_of(store, hanging)
            waiting = asyncio.create_task(texts(replica, asked, attempts=1))
            while not replica.at_work():
                await asyncio.sleep(0.01)
            await replica.finish(0.05)
            stopped += await waiting
        return stopped, await texts(dispatcher_of(store, answered)[0], asked, attempts=1)

    stopped, told = asyncio.run(talk())
    assert set(stopped) == {"not_stored"}
    assert told == ["A real answer."]


def test_turn_that_never_ends_is_canceled_and_counts_as_an_attempt(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SWEEP", 0.01)
    dispatcher, _ = dispatcher_of(store, hanging)

    async def talk() -> list[str]:
        sweeping = asyncio.create_task(dispatcher.sweep())
        told = await texts(dispatcher, question(), attempts=MOST_ATTEMPTS + 1)
        sweeping.cancel()
        return told

    assert asyncio.run(asyncio.wait_for(talk(), 30)) == [*["not_stored"] * MOST_ATTEMPTS, GIVEN_UP]


def test_turn_that_waits_for_its_lock_is_not_canceled(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SWEEP", 0.01)

    async def wait_and_answer(message: UserMessage) -> None:
        await asyncio.sleep(0.5)  # many sweeps
        await answered(message)

    async def talk() -> list[str]:
        dispatcher = TurnDispatcher(
            store, wait_and_answer, Retention(store, None, None).erase
        )  # it never reads the conversation, so it has no lock yet
        dispatcher.register("web", TurnListener())
        sweeping = asyncio.create_task(dispatcher.sweep())
        told = await texts(dispatcher, question(), attempts=1)
        sweeping.cancel()
        return told

    assert asyncio.run(talk()) == ["A real answer."]


def test_last_attempts_are_made_one_at_a_time(store: Database) -> None:
    together: list[int] = []

    async def counted(message: UserMessage) -> None:
        together.append(len(list(dispatcher.at_work())))
        await asyncio.sleep(0.05)
        await answered(message)

    dispatcher, _ = dispatcher_of(store, failing, failing, failing, failing, counted)

    async def talk() -> list[list[str]]:
        visitors = [question(), question()]
        for one in visitors * (MOST_ATTEMPTS - 1):
            await texts(dispatcher, one, attempts=1)
        return await asyncio.gather(*(texts(dispatcher, one, attempts=1) for one in visitors))

    assert asyncio.run(talk()) == [["A real answer."]] * 2
    assert together == [1, 1]


def test_abandoned_message_is_resumed_by_its_own_channel_only(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SWEEP", 0.01)
    text = MessageText("hello", "hello")

    async def talk() -> tuple[int, int, list[str]]:
        with monkeypatch.context() as earlier:
            earlier.setattr(inbox.time, "time", lambda real=time.time: real() - 2 * inbox.LEASE)
            for channel in ("web", "mailbox"):
                await Inbox(store).receive(channel, f"{channel} visitor", "m", lambda _: text)
        dispatcher, web = dispatcher_of(store, answered)
        sweeping = asyncio.create_task(dispatcher.sweep())
        while not web.answers:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)  # some more sweeps
        pending, _ = await Inbox(store).pending()
        mailbox = Heard()
        dispatcher.register("mailbox", mailbox)
        while not mailbox.answers:
            await asyncio.sleep(0.01)
        sweeping.cancel()
        return pending, len(web.answers), [message["text"] for message in mailbox.answers[0]]

    assert asyncio.run(asyncio.wait_for(talk(), 30)) == (1, 1, ["A real answer."])
