"""Where messages of all our channels come in: each is stored, worked on once, and its answer told to whoever listens.

A turn runs on its own. Neither a lost connection nor a repeated request can disturb it, and what a crash left undone,
here or in another replica, is taken up after a while (see assistant/stores/inbox.py). A turn that does not end is
canceled, and a message that failed several times gets an apology.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import nullcontext, suppress
from typing import Any, Protocol

from rasa.core.channels.channel import UserMessage

from assistant.metrics import EMPTY_ANSWERS, FAILED_SAVES, GIVEN_UP_MESSAGES, TURN_SECONDS
from assistant.stores.calls import prepare
from assistant.stores.database import Database, StoreUnavailable, Unstorable
from assistant.stores.erasures import Erased, is_erased
from assistant.stores.inbox import MOST_ATTEMPTS, ConversationFull, Inbox, Messages, Received, TooManyAttempts, Waiting
from assistant.stores.ratings import rate
from assistant.stores.turns import Turn, current
from assistant.turns import buttons
from assistant.turns.api_errors import conversation_full, erased, not_stored
from assistant.turns.messages import Answer, Message, Question

WITHOUT_A_WORD = (
    "I could not answer that just now. Nothing you told me is lost; please try again, or put it another way."
)
"""What is said where a turn ends without a word of its own, or where an action of it failed."""
GIVEN_UP = (
    "Something went wrong on my side each time I tried to answer that, so I have set it aside. "
    "Nothing else you told me is lost. Please try putting it another way."
)
"""What is said where every attempt at a message has failed."""
_PATIENCE = 2.0  # seconds that a connecting client waits for the check whether its conversation was erased
_SWEEP = 3.0  # seconds between two looks for messages that a crash left undone
_LONGEST_TURN = 10  # such looks, from when a turn holds its lock: seconds would count while the process is stopped

_log = logging.getLogger(__name__)

Handler = Callable[[UserMessage], Awaitable[Any]]
"""Rasa's, which runs a turn."""

_Key = tuple[str, str]  # a conversation and one of its messages


class Listener(Protocol):
    """Is told how turns go, whoever asked for them."""

    async def begun(self, session: str, turn: str) -> None:
        """A turn has begun; it is named after the message that it answers."""

    async def answered(self, session: str, turn: str, messages: Messages) -> None:
        """Its answer is stored."""

    async def failed(self, session: str, turn: str) -> None:
        """It could not be answered; the same message may be sent again."""


class Reception:
    """Takes messages in and has them answered.

    Args:
        store: where they are kept.
        channel: the name of the channel, as the tracker keeps it.
        handler: runs a turn.
        charge: is told what reading a message has cost: its conversation, and seconds of CPU.
    """

    def __init__(
        self, store: Database, channel: str, handler: Handler, charge: Callable[[str, float], None] = lambda *_: None
    ) -> None:
        self.inbox = Inbox(store)
        self._store = store
        self.listeners: list[Listener] = []
        self._channel = channel
        self._handler = handler
        self._charge = charge
        self._running: dict[_Key, asyncio.Task[Messages]] = {}
        self._at_work: dict[_Key, Turn] = {}
        self._looks: Counter[_Key] = Counter()  # of the sweep at each turn that holds its lock
        self._owed: set[_Key] = set()  # attempts that failed for a reason other than the message, still counted
        # The last attempt is made alone: else a message that kills the process would use up those of its companions.
        self._last_attempt = asyncio.Lock()

    async def receive(self, session: str, question: Question) -> Received:
        """Store a message.

        Raises:
            Refusal: a payload that was not offered, a conversation that is full or erased, or a database that is
                away; then nothing was taken in.
        """
        try:
            return await self.inbox.receive(session, question.id, lambda recent: buttons.read(question, recent))
        except ConversationFull:
            raise conversation_full() from None
        except Erased:
            raise erased() from None
        except StoreUnavailable as error:
            _log.error("not taken in: %s", error, extra=_ids(session, question.id))
            raise not_stored() from None

    async def answer(self, session: str, question: Question) -> Messages:
        """Store a message and wait for its answer, which it may have already.

        Raises:
            Refusal: as for ``receive``; or the turn failed, and the same message may be sent again.
        """
        received = await self.receive(session, question)
        if received.answer is not None:
            return received.answer
        return await asyncio.shield(self.turn(session, question.id, received))

    def turn(self, session: str, message: str, stored: Received | Waiting) -> asyncio.Task[Messages]:
        """The turn that answers a stored message; the one that is running, if it is."""
        key = (session, message)
        if key not in self._running:
            task = asyncio.create_task(self._work(session, message, stored))
            task.add_done_callback(lambda ended: self._forget(key, ended))
            self._running[key] = task
        return self._running[key]

    async def rate(self, session: str, message: str, value: str | None) -> None:
        """Keep what a visitor thinks of a message of ours; of others nothing is kept."""
        if await self.inbox.has_said(session, message):
            await self._store.run(lambda connection: rate(connection, session, message, value))

    async def prepare(self, session: str, reference: str) -> None:
        """Note which call a conversation prepares; that it cannot be noted now keeps nobody from talking."""
        try:
            await self._store.run(lambda connection: prepare(connection, session, reference))
        except StoreUnavailable as error:
            _log.error("a reference was not kept: %s", error, extra={"ids": {"conversation": session}})

    async def is_erased(self, session: str) -> bool:
        """Whether a conversation was erased; False if the database does not answer in time."""
        looking = self._store.run(lambda connection: is_erased(connection, session))
        try:
            return await asyncio.wait_for(looking, _PATIENCE)
        except (StoreUnavailable, asyncio.TimeoutError):
            return False

    async def sweep(self) -> None:
        """Take up what a crash left undone, again and again."""
        while True:
            await asyncio.sleep(_SWEEP)
            self._cancel_overdue()
            try:
                await self._give_back()
                await self.inbox.keep(self._running.keys())
                for left in await self.inbox.take_over():
                    self.turn(left.conversation, left.message, left)
            except (StoreUnavailable, Exception) as error:  # noqa: BLE001  # the next look may succeed
                _log.error("the inbox could not be looked through: %s", type(error).__name__)

    async def finish(self, seconds: float) -> None:
        """Wait for the turns that are under way, and cancel those that take longer than so many seconds."""
        if self._running:
            _, late = await asyncio.wait(self._running.values(), timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        with suppress(StoreUnavailable):
            await self._give_back()

    def at_work(self) -> Iterable[tuple[str, str]]:
        """The conversation and the message of each turn that is being worked on."""
        return [key for key, turn in self._at_work.items() if turn.begun]

    async def _work(self, session: str, message: str, stored: Received | Waiting) -> Messages:
        """One turn. The log says how it went, without what was said.

        Raises:
            Refusal: it could not be answered, or what came of it could not be saved.
        """
        for listener in self.listeners:
            await listener.begun(session, message)
        try:
            with TURN_SECONDS.time():
                async with self._last_attempt if stored.attempts == MOST_ATTEMPTS - 1 else nullcontext():
                    messages = await self._answer(session, message, stored.text)
        except BaseException:
            for listener in self.listeners:
                await listener.failed(session, message)
            raise
        for listener in self.listeners:
            await listener.answered(session, message, messages)
        return messages

    async def _answer(self, session: str, message: str, text: str) -> Messages:
        key = (session, message)
        answer = Answer()
        turn = Turn(session, message, answer.messages, Message(text=WITHOUT_A_WORD))
        current.set(turn)
        self._at_work[key] = turn
        try:
            await self._attempt(turn, answer, text)
            if not turn.stored and not await self.inbox.finish(turn):
                raise StoreUnavailable("the message was answered by somebody else")
        except Erased:
            raise erased() from None
        except StoreUnavailable as error:
            if turn.begun and not isinstance(error, Unstorable):
                self._owed.add(key)
            return await self._answered_elsewhere(session, message, error)
        except asyncio.CancelledError:
            overdue = self._looks[key] >= _LONGEST_TURN
            if turn.begun and not overdue:
                self._owed.add(key)
            _log.error("not answered: %s", "it took too long" if overdue else "stopping", extra=_ids(session, message))
            raise not_stored() from None
        except Exception as error:  # noqa: BLE001  # whatever it is, the visitor gets a sentence
            where = "".join(traceback.format_tb(error.__traceback__))
            _log.error("not answered: %s\n%s", type(error).__name__, where, extra=_ids(session, message))
            raise not_stored() from None
        finally:
            self._charge(session, turn.cpu_seconds)
            del self._at_work[key]
            self._looks.pop(key, None)
        _log.info("answered", extra=_ids(session, message))
        return turn.said()

    async def _attempt(self, turn: Turn, answer: Answer, text: str) -> None:
        """Have a message answered, or apologize for it if every attempt has failed."""
        session, message = turn.conversation, turn.message
        if (session, message) in self._owed:
            await self._give_back()
        try:
            await self._handler(UserMessage(text, answer, session, input_channel=self._channel, message_id=message))
        except TooManyAttempts:
            turn.begun = False  # nothing was counted that could be given back
            turn.otherwise = Message(text=GIVEN_UP)
            if await self.inbox.finish(turn):
                GIVEN_UP_MESSAGES.inc()
                _log.error("given up: %d attempts failed", MOST_ATTEMPTS, extra=_ids(session, message))
            return
        if not answer.messages:
            EMPTY_ANSWERS.inc()
            _log.error("not answered: the turn ended without a word", extra=_ids(session, message))

    async def _give_back(self) -> None:
        """Take attempts off the count that failed for a reason other than the message.

        Raises:
            StoreUnavailable: not now; they stay owed.
        """
        owed, self._owed = self._owed, set()
        try:
            await self.inbox.give_back(owed)
        except StoreUnavailable:
            self._owed |= owed
            raise

    def _cancel_overdue(self) -> None:
        for key, turn in self._at_work.items():
            self._looks[key] += turn.begun
            if self._looks[key] >= _LONGEST_TURN:
                self._running[key].cancel()

    async def _answered_elsewhere(self, session: str, message: str, error: StoreUnavailable) -> Messages:
        """The answer of the replica that was quicker, if that is why a turn could not be saved."""
        try:
            done = await self.inbox.answer_to(session, message)
        except Erased:
            raise erased() from None
        except StoreUnavailable:
            done = None
        if done is None:
            FAILED_SAVES.inc()
            _log.error("not answered: %s", error, extra=_ids(session, message))
            raise not_stored() from None
        return done

    def _forget(self, key: tuple[str, str], ended: asyncio.Task[Messages]) -> None:
        """Look at how a turn ended that perhaps nobody waits for; it has been logged."""
        del self._running[key]
        if not ended.cancelled():
            ended.exception()


def _ids(session: str, message: str) -> dict[str, dict[str, str]]:
    return {"ids": {"conversation": session, "message": message}}
