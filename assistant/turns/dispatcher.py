"""Stores incoming messages, has each answered once, and tells the channel how that went.

A turn is a task of its own: neither a lost connection nor a repeated request disturbs it. What a crash left unanswered,
here or in another replica, is claimed after a while (see assistant/stores/inbox.py), by a process that has the channel
it came in by. A turn that takes too long is canceled, and a message that failed several times gets an apology.
"""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import nullcontext, suppress
from typing import Any

from rasa.core.channels.channel import UserMessage
from sqlalchemy.engine import Connection

from assistant.metrics import EMPTY_ANSWERS, FAILED_SAVES, GIVEN_UP_MESSAGES, TURN_SECONDS
from assistant.stores.database import Database, StoreUnavailable, Unstorable
from assistant.stores.erasures import Erased
from assistant.stores.inbox import (
    MOST_ATTEMPTS,
    ConversationFull,
    Find,
    Inbox,
    Messages,
    PendingMessage,
    Received,
    TooManyAttempts,
)
from assistant.stores.turns import Turn, current
from assistant.turns import holding, intake
from assistant.turns.api_errors import conversation_full, erased, not_erased, not_stored
from assistant.turns.messages import ERASED, CollectingOutput, IncomingMessage, Message

NO_ANSWER = "I could not answer that just now. Nothing you told me is lost; please try again, or put it another way."
"""Sent when a turn produced no message, or when one of its actions failed."""
GIVEN_UP = (
    "Something went wrong on my side each time I tried to answer that, so I have set it aside. "
    "Nothing else you told me is lost. Please try putting it another way."
)
"""Sent when every attempt at a message has failed."""
_SWEEP = 3.0  # seconds between two sweeps
_LOOK_BACK = 15.0  # seconds: several sweeps, and clocks that differ a little
_MOST_SWEEPS = 10  # that a turn may take once it holds its lock: seconds would count while the process is stopped

_log = logging.getLogger(__name__)

RunTurn = Callable[[UserMessage], Awaitable[Any]]
"""Rasa's handler of a message."""

Erase = Callable[[str], Awaitable[Any]]
"""Erases a conversation for good; raises StoreUnavailable."""

_Key = tuple[str, str]  # a conversation and one of its messages


class TurnListener:
    """Learns how the turns of one channel go, whoever started them; a channel overrides what it needs."""

    async def started(self, conversation: str, turn: str) -> None:
        """A turn has started; it is named after the message that it answers."""

    async def answered(self, conversation: str, turn: str, messages: Messages) -> None:
        """The answer is stored: bring it to the client. After a crash this may happen in another process."""

    async def told(self, conversation: str, turn: str, messages: Messages) -> None:
        """Another process has answered with messages that no message asked for; its own listener has brought them."""

    async def failed(self, conversation: str, turn: str) -> None:
        """There is no answer; the client may send the same message again."""

    def spent(self, conversation: str, turn: str, cpu_seconds: float) -> None:
        """A turn has ended; reading its message took so much CPU time."""


class TurnDispatcher:
    """Takes the messages of all channels and has them answered.

    Args:
        store: where messages and answers are kept.
        run_turn: has Rasa work on a message.
        erase: erases a conversation.
    """

    def __init__(self, store: Database, run_turn: RunTurn, erase: Erase) -> None:
        self.inbox = Inbox(store)
        self._store = store
        self._run_turn = run_turn
        self._erase = erase
        self._listeners: dict[str, TurnListener] = {}
        self._running: dict[_Key, asyncio.Task[Messages]] = {}
        self._at_work: dict[_Key, Turn] = {}
        self._sweeps: Counter[_Key] = Counter()  # that each turn has seen since it holds its lock
        self._told: set[str] = set()  # ids of messages that nobody asked for, brought to their clients a while ago
        self._refunds: set[_Key] = set()  # attempts still counted that failed for a reason other than the message
        # The last attempt is made alone: a message that kills the process must not use up the attempts of others.
        self._last_attempt = asyncio.Lock()

    def register(self, channel: str, listener: TurnListener) -> None:
        """Answer the messages of a channel, and tell this listener how its turns go."""
        self._listeners[channel] = listener

    async def receive(self, message: IncomingMessage, find: Find | None = None) -> Received:
        """Store a message; one that was answered before comes with its answer.

        Args:
            message: what to store.
            find: finds its conversation, where the message does not name it.

        Raises:
            ApiError: a payload that was not offered, a conversation that is full or erased, or a database that is
                away; then nothing was stored.
        """
        try:
            return await self.inbox.receive(
                message.channel, find or message.conversation, message.id, lambda recent: intake.read(message, recent)
            )
        except ConversationFull:
            raise conversation_full() from None
        except Erased:
            raise erased() from None
        except StoreUnavailable as error:
            _log.error("not stored: %s", error, extra=_ids(message.conversation, message.id))
            raise not_stored() from None

    async def answer(self, message: IncomingMessage) -> Messages:
        """Store a message and wait for its answer.

        Raises:
            ApiError: as for ``receive``; or the turn failed, and the same message may be sent again.
        """
        received = await self.receive(message)
        if received.answer is not None:
            await self._erase_if_said(message.conversation, received.answer)
            return received.answer
        return await asyncio.shield(self.start(received.pending))

    def start(self, pending: PendingMessage) -> asyncio.Task[Messages]:
        """The turn that answers a stored message; the one that is running, if there is one."""
        key = (pending.conversation, pending.message)
        if key not in self._running:
            task = asyncio.create_task(self._turn(pending, self._listeners[pending.channel]))
            task.add_done_callback(lambda ended: self._forget(key, ended))
            self._running[key] = task
        return self._running[key]

    async def tell(self, conversation: str, compose: Callable[[Connection], Sequence[Message]]) -> None:
        """Say something that no message asked for.

        Args:
            conversation: one that has messages already.
            compose: returns what to say, in the transaction that stores it (see holding.py).

        Raises:
            NoSuchConversation: it has none.
            StoreUnavailable: nothing was stored.
        """
        told = await self.inbox.tell(
            conversation, lambda connection: [message.as_json() for message in compose(connection)]
        )
        self._told.add(told.message)
        await self._listeners[told.channel].answered(conversation, told.message, told.messages)

    async def sweep(self) -> None:
        """Claim what a crash left unanswered and cancel what takes too long, again and again."""
        while True:
            await asyncio.sleep(_SWEEP)
            self._cancel_overdue()
            try:
                await self._refund()
                await self.inbox.renew_leases(self._running.keys())
                for abandoned in await self.inbox.claim_abandoned(self._listeners):
                    self.start(abandoned)
                await self._pass_on()
            except (StoreUnavailable, Exception) as error:  # noqa: BLE001  # the next sweep may succeed
                _log.error("the inbox could not be swept: %s", type(error).__name__)

    async def finish(self, seconds: float) -> None:
        """Wait for the turns that are under way, and cancel those that take longer than so many seconds.

        Messages may still arrive, on connections that are open, and theirs are waited for as well.
        """
        end = time.monotonic() + seconds
        while self._running and (left := end - time.monotonic()) > 0:
            await asyncio.wait(self._running.values(), timeout=left)
        late = list(self._running.values())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        with suppress(StoreUnavailable):
            await self._refund()

    def at_work(self) -> Iterable[tuple[str, str]]:
        """The conversation and the message of each turn that is being worked on."""
        return [key for key, turn in self._at_work.items() if turn.begun]

    async def _turn(self, pending: PendingMessage, listener: TurnListener) -> Messages:
        """One turn. The log says how it went, without what was said.

        Raises:
            ApiError: the message could not be answered, or the answer could not be saved.
        """
        await listener.started(pending.conversation, pending.message)
        try:
            with TURN_SECONDS.time():
                async with self._last_attempt if pending.attempts == MOST_ATTEMPTS - 1 else nullcontext():
                    messages = await self._answer(pending, listener)
                    await self._erase_if_said(pending.conversation, messages)
        except BaseException:
            await listener.failed(pending.conversation, pending.message)
            raise
        await listener.answered(pending.conversation, pending.message, messages)
        return messages

    async def _erase_if_said(self, conversation: str, messages: Messages) -> None:
        """Erase the conversation before it hears that it was erased.

        Raises:
            ApiError: it could not be erased; the same message may be sent again.
        """
        if any(message.get("custom", {}).get("type") == ERASED for message in messages):
            try:
                await self._erase(conversation)
            except StoreUnavailable as error:
                _log.error("not erased: %s", error, extra={"ids": {"conversation": conversation}})
                raise not_erased() from None

    async def _answer(self, pending: PendingMessage, listener: TurnListener) -> Messages:
        key = conversation, message = pending.conversation, pending.message
        output = CollectingOutput(pending.channel)
        turn = Turn(pending.channel, conversation, message, output.messages, Message(text=NO_ANSWER))
        current.set(turn)
        self._at_work[key] = turn
        try:
            await self._attempt(turn, output, pending)
            if not turn.stored and not await self.inbox.finish(turn):
                raise StoreUnavailable("the message was answered by somebody else")
        except Erased:
            raise erased() from None
        except StoreUnavailable as error:
            if turn.begun and not isinstance(error, Unstorable):
                self._refunds.add(key)
            return await self._answered_elsewhere(conversation, message, error)
        except asyncio.CancelledError:
            overdue = self._sweeps[key] >= _MOST_SWEEPS
            if turn.begun and not overdue:
                self._refunds.add(key)
            reason = "it took too long" if overdue else "stopping"
            _log.error("not answered: %s", reason, extra=_ids(conversation, message))
            raise not_stored() from None
        except Exception as error:  # noqa: BLE001  # whatever it is, the visitor gets a sentence
            where = "".join(traceback.format_tb(error.__traceback__))
            _log.error("not answered: %s\n%s", type(error).__name__, where, extra=_ids(conversation, message))
            raise not_stored() from None
        finally:
            listener.spent(conversation, message, turn.cpu_seconds)
            del self._at_work[key]
            self._sweeps.pop(key, None)
        _log.info("answered", extra=_ids(conversation, message))
        return turn.said()

    async def _attempt(self, turn: Turn, output: CollectingOutput, pending: PendingMessage) -> None:
        """Have a message answered, or apologize for it if every attempt has failed.

        While a person holds the conversation, the assistant is silent.
        """
        conversation, message = turn.conversation, turn.message
        if held_by := await self._store.run(lambda connection: holding.heard(connection, conversation, message)):
            output.messages.append(holding.silence(held_by))
            return
        if (conversation, message) in self._refunds:
            await self._refund()
        try:
            await self._run_turn(
                UserMessage(
                    pending.text,
                    output,
                    conversation,
                    input_channel=turn.channel,
                    message_id=message,
                    metadata={intake.CONTACT: pending.contact} if pending.contact else None,
                )
            )
        except TooManyAttempts:
            turn.begun = False  # no attempt was counted, so there is none to refund
            turn.otherwise = Message(text=GIVEN_UP)
            if await self.inbox.finish(turn):
                GIVEN_UP_MESSAGES.inc()
                _log.error("given up: %d attempts failed", MOST_ATTEMPTS, extra=_ids(conversation, message))
            return
        if not output.messages:
            EMPTY_ANSWERS.inc()
            _log.error("not answered: the turn produced no message", extra=_ids(conversation, message))

    async def _pass_on(self) -> None:
        """Bring clients of this process what was told in another one."""
        recent = await self.inbox.told_since(time.time() - _LOOK_BACK, self._listeners)
        for one in recent:
            if one.message not in self._told:
                await self._listeners[one.channel].told(one.conversation, one.message, one.messages)
        self._told = {one.message for one in recent}

    async def _refund(self) -> None:
        """Take attempts off the count that failed for a reason other than the message.

        Raises:
            StoreUnavailable: not now; they stay to be refunded.
        """
        refunds, self._refunds = self._refunds, set()
        try:
            await self.inbox.give_back(refunds)
        except StoreUnavailable:
            self._refunds |= refunds
            raise

    def _cancel_overdue(self) -> None:
        for key, turn in self._at_work.items():
            self._sweeps[key] += turn.begun
            if self._sweeps[key] >= _MOST_SWEEPS:
                self._running[key].cancel()

    async def _answered_elsewhere(self, conversation: str, message: str, error: StoreUnavailable) -> Messages:
        """The answer of the replica that was quicker, if that is why a turn could not be saved."""
        try:
            done = await self.inbox.answer_to(conversation, message)
        except Erased:
            raise erased() from None
        except StoreUnavailable:
            done = None
        if done is None:
            FAILED_SAVES.inc()
            _log.error("not answered: %s", error, extra=_ids(conversation, message))
            raise not_stored() from None
        return done

    def _forget(self, key: _Key, ended: asyncio.Task[Messages]) -> None:
        """Retrieve the exception of a turn that perhaps nobody awaits; it has been logged."""
        del self._running[key]
        if not ended.cancelled():
            ended.exception()


def _ids(conversation: str, message: str) -> dict[str, dict[str, str]]:
    return {"ids": {"conversation": conversation, "message": message}}
