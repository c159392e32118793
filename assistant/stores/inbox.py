"""The inbox: a message is stored before it is worked on, and done when the conversation is saved with its answer.

So a message is answered once, whoever repeats it: a client that lost its connection, or this program after a crash.
Saving the conversation and marking the message as done are one transaction (see conversations.py).

An attempt to answer a message is counted before the work begins, so that one that kills the process counts too. Once
all attempts are used up, nobody works on the message again.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import func, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from advisor.errors import SeatwiseError
from assistant.contacts.disclosure import unmasked
from assistant.stores.database import Database, StoreUnavailable
from assistant.stores.erasures import begin_write, check
from assistant.stores.tables import inbox
from assistant.stores.turns import Turn

LEASE = 20.0  # seconds: a process that neither finishes a message nor renews its lease by then has crashed
MOST_ATTEMPTS = 3
MOST_MESSAGES = 400  # of a visitor in one conversation; a long interview takes forty
PAGE = 100  # answers that are returned at once
UNASKED = ""  # the text of what no visitor said
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_RECENT = 16  # answers
_MOST_AT_ONCE = 20
_PENDING = ("channel", "conversation", "message", "text", "attempts", "contact")  # the fields of PendingMessage
_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}

Messages = list[dict[str, Any]]
Find = Callable[[Connection], str]
"""Finds the conversation of a message."""


class ConversationFull(Exception):  # noqa: N818  # a limit, not an error
    """The conversation has as many messages as it may have."""


class NoSuchConversation(SeatwiseError):  # noqa: N818  # a state, not an error
    """Nothing was said in a conversation of this name."""


class TooManyAttempts(StoreUnavailable):
    """Every attempt at a message has failed; it must not be worked on again."""


@dataclass(frozen=True)
class PendingMessage:
    """A stored message that waits for its answer."""

    channel: str
    conversation: str
    message: str
    text: str  # as Rasa sees it
    attempts: int  # made so far
    contact: str | None = None  # the contact details that it gave, sealed


@dataclass(frozen=True)
class MessageText:
    """The text of a message as Rasa sees it, and as the visitor does: a pressed button's title, or None for nothing.

    Contact details are masked in both; ``contact`` holds them sealed.
    """

    text: str
    shown: str | None
    contact: str | None = None


@dataclass(frozen=True)
class Received:
    """What became of a message on its arrival.

    Attributes:
        pending: as it is stored.
        answer: set if the message was answered before.
        is_first: whether it has not come before.
        is_opening: whether the conversation begins with it.
    """

    pending: PendingMessage
    answer: Messages | None
    is_first: bool = False
    is_opening: bool = False


@dataclass(frozen=True)
class Told:
    """Messages that answer no message of the visitor, stored under an id of their own."""

    channel: str
    conversation: str
    message: str
    messages: Messages


class Inbox:
    """The messages of all conversations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def receive(
        self,
        channel: str,
        conversation: str | Find,
        message: str,
        read: Callable[[Messages], MessageText],
    ) -> Received:
        """Store a message; one that was stored before stays as it was.

        Args:
            channel: which it came in by.
            conversation: whose message it is, or how to find that in the transaction that stores the message.
            message: its id.
            read: returns the text of the message, given the last answers; what it raises is passed on, and nothing is
                stored.

        Raises:
            ConversationFull: the conversation has as many messages as it may have.
            Erased: the conversation was erased.
        """

        def store(connection: Connection) -> Received:
            found = conversation if isinstance(conversation, str) else conversation(connection)
            return _receive(connection, channel, found, message, read)

        return await self._database.run(store)

    async def answer_to(self, conversation: str, message: str) -> Messages | None:
        """The stored answer, if the message is done.

        Raises:
            Erased: the conversation was erased.
        """
        wanted = select(inbox.c.answer).where(inbox.c.conversation == conversation, inbox.c.message == message)

        def read(connection: Connection) -> str | None:
            check(connection, conversation)
            found: str | None = connection.execute(wanted).scalar()
            return found

        found = await self._database.run(read)
        return json.loads(found) if found else None

    async def answers(self, conversation: str, known: str | None = None) -> Messages:
        """The assistant's messages in order: those after the one that a client knows, or from the beginning.

        At most the answers to ``PAGE`` messages; a client that asks again with the last of them gets the next page.

        Raises:
            Erased: the conversation was erased.
        """
        return await self._database.run(lambda connection: _page(connection, conversation, known))

    async def has_heard(self, conversation: str, message: str) -> bool:
        """Whether this message of the visitor is stored."""
        mine = select(inbox.c.message).where(inbox.c.conversation == conversation, inbox.c.message == message)
        return await self._database.run(lambda connection: connection.execute(mine).first() is not None)

    async def has_said(self, conversation: str, message: str) -> bool:
        """Whether this is the id of a message of the assistant in this conversation."""
        return await self._database.run(lambda connection: _said_at(connection, conversation, message)) is not None

    async def history(self, conversation: str, most: int) -> Messages:
        """The last messages of both sides in order, with no more than so many of the visitor's.

        Those of the visitor are ``{id, ts, from: "visitor", text}``; those of the assistant name theirs as ``turn``.
        """
        return await self._database.run(lambda connection: _history(connection, conversation, most))

    async def finish(self, turn: Turn) -> bool:
        """Mark a message as done that was not saved with its conversation; False if somebody else has answered it."""
        return await self._database.run(lambda connection: mark_done(connection, turn))

    async def tell(self, conversation: str, compose: Callable[[Connection], Messages]) -> Told:
        """Store messages that no message of the visitor asked for, such as those of a person.

        Args:
            conversation: one that has messages already.
            compose: returns what to tell, in the same transaction; what it raises is passed on, and nothing is stored.

        Raises:
            NoSuchConversation: it has none.
            Erased: the conversation was erased.
        """
        return await self._database.run(lambda connection: _tell(connection, conversation, compose))

    async def told_since(self, at: float, channels: Iterable[str]) -> list[Told]:
        """What was told unasked in these channels since then (Unix time)."""
        wanted = list(channels)
        return await self._database.run(lambda connection: _told_since(connection, at, wanted))

    async def renew_leases(self, messages: Collection[tuple[str, str]]) -> None:
        """Keep others from claiming these messages, each of a conversation: they are worked on or queued here."""
        if messages:
            mine = tuple_(inbox.c.conversation, inbox.c.message).in_(list(messages))
            renewed = update(inbox).where(mine, inbox.c.done.is_(None)).values(taken=time.time())
            await self._database.run(lambda connection: connection.execute(renewed))

    async def give_back(self, messages: Collection[tuple[str, str]]) -> None:
        """Uncount one attempt at each of these messages: it failed for a reason other than the message."""
        if messages:
            mine = tuple_(inbox.c.conversation, inbox.c.message).in_(list(messages))
            pending = update(inbox).where(mine, inbox.c.done.is_(None), inbox.c.attempts > 0)
            returned = pending.values(attempts=inbox.c.attempts - 1)
            await self._database.run(lambda connection: connection.execute(returned))

    async def claim_abandoned(self, channels: Iterable[str]) -> list[PendingMessage]:
        """Messages of these channels whose lease has run out, because a process crashed; the caller works on them."""
        wanted = list(channels)
        return await self._database.run(lambda connection: _claim_abandoned(connection, wanted))

    async def pending(self) -> tuple[int, float]:
        """The number of messages without an answer, and the age of the oldest in seconds."""
        counted = select(func.count(), func.min(inbox.c.received)).where(inbox.c.done.is_(None))
        number, oldest = await self._database.run(lambda connection: connection.execute(counted).one())
        return number, time.time() - oldest if oldest else 0.0


def after(message: object, messages: Messages) -> Messages:
    """The messages that follow the one with this id; all of them if it is not among them."""
    place = next((number for number, one in enumerate(messages) if one["id"] == message), -1)
    return messages[place + 1 :]


def count_attempt(connection: Connection, turn: Turn) -> None:
    """Count an attempt at the message of this turn.

    Raises:
        TooManyAttempts: the message has had all its attempts.
        StoreUnavailable: somebody else has answered it.
    """
    mine = (inbox.c.conversation == turn.conversation) & (inbox.c.message == turn.message)
    allowed = update(inbox).where(mine, inbox.c.done.is_(None), inbox.c.attempts < MOST_ATTEMPTS)
    if connection.execute(allowed.values(attempts=inbox.c.attempts + 1)).rowcount:
        return
    found = connection.execute(select(inbox.c.done).where(mine)).first()
    if found and found.done is None:
        raise TooManyAttempts(f"{MOST_ATTEMPTS} attempts failed")
    if found:
        raise StoreUnavailable("the message was answered by somebody else")


def mark_done(connection: Connection, turn: Turn) -> bool:
    """Store the answer of a turn; False if somebody else has answered the message."""
    answer = json.dumps(turn.said(), ensure_ascii=False)
    done = connection.execute(
        update(inbox)
        .where(inbox.c.conversation == turn.conversation, inbox.c.message == turn.message, inbox.c.done.is_(None))
        .values(done=time.time(), answer=answer)
    )
    turn.stored = bool(done.rowcount)
    return turn.stored


def recent(connection: Connection, conversation: str, before: float = math.inf) -> Messages:
    """The last messages of the assistant before a time (Unix time), in order."""
    answered = select(inbox.c.answer).where(inbox.c.conversation == conversation, inbox.c.done < before)
    rows = connection.execute(answered.order_by(inbox.c.done.desc()).limit(_RECENT)).scalars().all()
    return [message for row in reversed(rows) for message in json.loads(row)]


def channel_of(connection: Connection, conversation: str) -> str:
    """Which channel the last message of a conversation came in by.

    Raises:
        NoSuchConversation: it has none.
    """
    newest = select(inbox.c.channel).where(inbox.c.conversation == conversation).order_by(inbox.c.received.desc())
    channel: str | None = connection.execute(newest.limit(1)).scalar()
    if channel is None:
        raise NoSuchConversation(f"nothing was said in {conversation}")
    return channel


def _receive(
    connection: Connection, channel: str, conversation: str, message: str, read: Callable[[Messages], MessageText]
) -> Received:
    begin_write(connection, conversation)
    now = time.time()
    wanted = select(inbox.c.channel, inbox.c.text, inbox.c.answer, inbox.c.attempts, inbox.c.contact).where(
        inbox.c.conversation == conversation, inbox.c.message == message
    )
    stored = connection.execute(wanted).first()
    if stored is None:
        read_as = read(recent(connection, conversation))
        mine = select(func.count()).where(inbox.c.conversation == conversation)
        before = connection.execute(mine).scalar_one()
        if before >= MOST_MESSAGES:
            raise ConversationFull
        new = {
            "channel": channel,
            "conversation": conversation,
            "message": message,
            "text": read_as.text,
            "shown": read_as.shown,
            "contact": read_as.contact,
            "received": now,
            "taken": now,
        }
        unless_there = _INSERT[connection.dialect.name](inbox).on_conflict_do_nothing()
        if connection.execute(unless_there, new).rowcount:
            pending = PendingMessage(channel, conversation, message, read_as.text, 0, read_as.contact)
            return Received(pending, None, is_first=True, is_opening=before == 0)
        stored = connection.execute(wanted).one()  # it arrived twice at the same time
    pending = PendingMessage(stored.channel, conversation, message, stored.text, stored.attempts, stored.contact)
    return Received(pending, json.loads(stored.answer) if stored.answer else None)


def _page(connection: Connection, conversation: str, known: str | None) -> Messages:
    check(connection, conversation)
    answered = select(inbox.c.answer).where(inbox.c.conversation == conversation, inbox.c.done.is_not(None))
    since = _said_at(connection, conversation, known) if known else None
    if since is not None:
        answered = answered.where(inbox.c.done >= since)
    rows = connection.execute(answered.order_by(inbox.c.done).limit(PAGE)).scalars().all()
    return after(known, [message for row in rows for message in json.loads(row)])


def _said_at(connection: Connection, conversation: str, message: str) -> float | None:
    """When the answer with this message was stored; None if no answer of the conversation has it."""
    check(connection, conversation)
    if not _UUID.fullmatch(message):
        return None
    holds = inbox.c.answer.contains(f'"id": "{message}"', autoescape=True)
    at: float | None = connection.execute(
        select(inbox.c.done).where(inbox.c.conversation == conversation, holds)
    ).scalar()
    return at


def _history(connection: Connection, conversation: str, most: int) -> Messages:
    check(connection, conversation)
    told_at = func.coalesce(inbox.c.done, inbox.c.received)
    wanted = select(inbox).where(inbox.c.conversation == conversation).order_by(told_at.desc()).limit(most)
    rows = connection.execute(wanted).mappings().all()
    told: Messages = []
    for row in reversed(rows):
        if row["shown"] is not None:
            text = unmasked(row["shown"], row["contact"])
            told.append({"id": row["message"], "ts": row["received"], "from": "visitor", "text": text})
        told += [{**message, "turn": row["message"]} for message in json.loads(row["answer"] or "[]")]
    return told


def _tell(connection: Connection, conversation: str, compose: Callable[[Connection], Messages]) -> Told:
    begin_write(connection, conversation)
    channel = channel_of(connection, conversation)
    told = Told(channel, conversation, str(uuid4()), compose(connection))
    now = time.time()
    row = {
        "channel": told.channel,
        "conversation": conversation,
        "message": told.message,
        "text": UNASKED,
        "received": now,
        "taken": now,
        "done": now,
        "answer": json.dumps(told.messages, ensure_ascii=False),
    }
    connection.execute(insert(inbox), row)
    return told


def _told_since(connection: Connection, at: float, channels: list[str]) -> list[Told]:
    unasked = select(inbox).where(inbox.c.done > at, inbox.c.text == UNASKED, inbox.c.channel.in_(channels))
    return [
        Told(row["channel"], row["conversation"], row["message"], json.loads(row["answer"]))
        for row in connection.execute(unasked.order_by(inbox.c.done)).mappings()
    ]


def _claim_abandoned(connection: Connection, channels: list[str]) -> list[PendingMessage]:
    now = time.time()
    # What keeps failing is tried less and less often: after a tenth of the time since it was received.
    is_time = (now - inbox.c.taken) * 10 >= inbox.c.taken - inbox.c.received
    left = select(inbox).where(
        inbox.c.done.is_(None), inbox.c.taken < now - LEASE, inbox.c.channel.in_(channels), is_time
    )
    rows: list[Mapping[str, Any]] = (
        connection.execute(left.order_by(inbox.c.received).limit(_MOST_AT_ONCE)).mappings().all()
    )
    taken = []
    for row in rows:
        mine = update(inbox).where(
            inbox.c.conversation == row["conversation"],
            inbox.c.message == row["message"],
            inbox.c.done.is_(None),
            inbox.c.taken == row["taken"],  # unless another replica claimed it first
        )
        if connection.execute(mine.values(taken=now)).rowcount:
            taken.append(PendingMessage(*(row[name] for name in _PENDING)))
    return taken
