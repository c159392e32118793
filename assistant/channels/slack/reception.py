"""Stores what people say in Slack and has it answered. A request is acknowledged only after that."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.engine import Connection

from assistant.channels.rate_limits import RateLimits
from assistant.channels.slack.delivery import Delivery
from assistant.channels.slack.identity import CHANNEL, Target
from assistant.channels.slack.outgoing import OutgoingAnswers
from assistant.channels.slack.talks import Talks, conversation_in
from assistant.contacts.contact import Contact
from assistant.stores.database import StoreUnavailable
from assistant.stores.inbox import PendingMessage, Received
from assistant.turns.api_errors import ApiError, not_stored
from assistant.turns.dispatcher import TurnDispatcher
from assistant.turns.messages import IncomingMessage

LATE = 300.0  # seconds after which an answer says that it comes late
_MOST_DEFERRED = 0.5  # seconds that a turn waits for other messages to be acknowledged; Slack gives three for that
_IDS = UUID("6c0f3b0a-4a43-5c0e-9d7b-6f1d1f0a5c11")  # of no meaning but that our ids are no one else's
_FULL, _ERASED = "conversation_full", "erased"


class Reception:
    """Takes what people say.

    Args:
        turns: has it answered.
        talks: where conversations go on.
        outgoing: the answers that are to be posted.
        delivery: posts the answers.
        limits: how much may come.
    """

    def __init__(
        self, turns: TurnDispatcher, talks: Talks, outgoing: OutgoingAnswers, delivery: Delivery, limits: RateLimits
    ) -> None:
        self._turns = turns
        self._talks = talks
        self._outgoing = outgoing
        self._delivery = delivery
        self._limits = limits
        self._arriving = 0  # messages that are being stored
        self._quiet = asyncio.Event()
        self._starting: set[asyncio.Task[None]] = set()

    async def hear(self, target: Target, what: str, text: str) -> Received:
        """Take what somebody typed; the same again changes nothing.

        Args:
            target: where the answer goes.
            what: tells this message from all others.
            text: without Slack's markup.

        Raises:
            ApiError: it is empty or too long, too much has come, or it could not be stored.
            StoreUnavailable: the database is away.
        """
        return await self._take(target, IncomingMessage.from_text(CHANNEL, "", message_id(what), text))

    async def press(self, target: Target, what: str, value: str) -> Received:
        """Take the press of a button: a payload, or a text where it does not begin with "/".

        Raises:
            ApiError: as for ``hear``; or the payload is not on offer.
        """
        make: Callable[..., IncomingMessage] = (
            IncomingMessage.from_payload if value.startswith("/") else IncomingMessage.from_text
        )
        return await self._take(target, make(CHANNEL, "", message_id(what), value))

    async def fill_in(self, target: Target, what: str, filled: Contact | Mapping[str, Any]) -> Received:
        """Take a form: contact details, or answers of the interview.

        Raises:
            ApiError: as for ``hear``.
        """
        if isinstance(filled, Contact):
            return await self._take(target, IncomingMessage.from_contact(CHANNEL, "", message_id(what), filled))
        return await self._take(target, IncomingMessage.from_answers(CHANNEL, "", message_id(what), filled))

    async def has_taken(self, conversation: str, what: str) -> bool:
        """Whether something is stored already; what tells it from all others is as for ``hear``."""
        return await self._turns.inbox.has_heard(conversation, message_id(what))

    async def finish(self) -> None:
        """Wait until the turn of every stored message has started."""
        if self._starting:
            await asyncio.wait(self._starting)

    async def _take(self, target: Target, message: IncomingMessage) -> Received:
        """Store a message, and start its turn as soon as no other one waits to be stored."""
        self._arriving += 1
        self._quiet.clear()
        try:
            received = await self._store(target, message)
        finally:
            self._arriving -= 1
            if not self._arriving:
                self._quiet.set()
        if received.answer is None:
            conversation = received.pending.conversation
            self._delivery.expect(conversation, message.id, target, is_ours=received.is_first)
            task = asyncio.create_task(self._start(received.pending))
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)
        return received

    async def _start(self, pending: PendingMessage) -> None:
        if self._arriving:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._quiet.wait(), _MOST_DEFERRED)
        self._turns.start(pending)

    async def _store(self, target: Target, message: IncomingMessage) -> Received:
        self._limits.on_message(target.place.key, target.place.workspace.key)
        try:
            return await self._receive(target, message)
        except ApiError as error:
            if error.code != _ERASED and not (error.code == _FULL and target.place.thread is None):
                raise
            await self._talks.leave(target.place)  # so that the message begins a new conversation
            return await self._receive(target, message)

    async def _receive(self, target: Target, message: IncomingMessage) -> Received:
        """Store a message and where its answer goes in one transaction, which costs less than two."""

        def find(connection: Connection) -> str:
            conversation = conversation_in(connection, target.place)
            self._outgoing.expect(connection, conversation, message.id, target)
            return conversation

        return await self._turns.receive(message, find)


def message_id(what: str) -> str:
    """The id of a message: what is said twice of the same thing in Slack is one message of ours."""
    return str(uuid5(_IDS, what))


def sentence(error: ApiError | StoreUnavailable) -> str:
    """Why something was not taken, for the person who said it."""
    return error.message if isinstance(error, ApiError) else not_stored().message


def is_late(ts: str | None) -> bool:
    """Whether something that Slack dates so reaches us long after that."""
    try:
        return time.time() - float(ts or "nan") > LATE
    except ValueError:
        return False
