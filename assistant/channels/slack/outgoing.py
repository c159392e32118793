"""Which answers are still to be posted in Slack, how far each of them is out, and who posts it."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from assistant.channels.slack.identity import CHANNEL, Target
from assistant.stores.database import Database
from assistant.stores.erasures import begin_write
from assistant.stores.tables import inbox, slack_turns

ANSWER = "answer"
"""What the names of answers begin with."""
LEASE = 20.0  # seconds: who has not gone on by then has crashed
_MOST_AT_ONCE = 20
_MOST_KNOWN = 1000  # answers
_DAY = 24 * 60 * 60.0
_ADD = {
    "postgresql": postgresql.insert(slack_turns).on_conflict_do_nothing(),
    "sqlite": sqlite.insert(slack_turns).on_conflict_do_nothing(),
}
# Built once: every turn needs it, and building costs more than executing.
_NOTE = update(slack_turns).where(
    slack_turns.c.conversation == bindparam("its_conversation"),
    slack_turns.c.turn == bindparam("its_turn"),
    slack_turns.c.owner == bindparam("its_owner"),
    slack_turns.c.done.is_(None),
)


@dataclass
class Outgoing:
    """An answer to post, as far as it is not out yet; see ``slack_turns``."""

    conversation: str
    turn: str
    target: Target
    level: int = 0
    messages: int = 0
    posts: int = 0
    attempts: int = 0
    processing: bool = False
    owner: str = ""  # by whose claim it is posted

    @property
    def name(self) -> str:
        """The name of the next post: what ``OutgoingAnswers.is_out`` reads."""
        return f"{ANSWER} {self.conversation} {self.turn} {self.level:d} {self.messages} {self.posts}"


class OutgoingAnswers:
    """The answers of all conversations.

    Args:
        store: the database.
    """

    def __init__(self, store: Database) -> None:
        self._store = store
        self._me = token_hex(16)
        self._out: dict[tuple[str, str], tuple[float, float]] = {}  # how far those are that were noted here last

    def expect(self, connection: Connection, conversation: str, turn: str, target: Target) -> None:
        """Have the answer to a message posted; it is stored in the same transaction, so none is without a target.

        It is reserved for this process as long as a lease lasts.
        """
        _add(connection, conversation, turn, target, time.time() + LEASE, self._me)

    def reserved(self, conversation: str, turn: str, target: Target) -> Outgoing:
        """An answer that is reserved for this process, to be posted without a claim."""
        return Outgoing(conversation, turn, target, owner=self._me)

    async def release(self, conversation: str, turn: str) -> None:
        """Leave an answer that was reserved for this process to whoever can post it first."""
        mine = update(slack_turns).where(_is(conversation, turn), slack_turns.c.owner == self._me)
        await self._store.run(lambda connection: connection.execute(mine.values(owner=None, due=time.time())))

    async def claim(self, conversation: str, turn: str) -> Outgoing | None:
        """An answer, to be posted by this process; None if it is out, waits for another one, or is posted by others."""
        return await self._store.run(lambda connection: _claim(connection, conversation, turn, self._me))

    async def note(self, out: Outgoing, pause: float | None = None, *, done: bool = False) -> bool:
        """Store how far an answer is out.

        Args:
            out: the answer.
            pause: let anybody go on after so many seconds; None goes on here.
            done: nothing more is to be posted.

        Returns:
            Whether it is still ours to post.
        """
        values: dict[str, Any] = {"level": out.level, "attempts": out.attempts}
        values |= {"due": time.time() + (LEASE if pause is None else pause)}
        if done:
            values |= {"done": time.time()}
        if pause is None:
            values |= {"messages": out.messages, "posts": out.posts}
        else:
            values |= {"owner": None}  # how far it is out may be known better by now
        values |= {"its_conversation": out.conversation, "its_turn": out.turn, "its_owner": out.owner}
        changed: int = await self._store.run(lambda connection: connection.execute(_NOTE, values).rowcount)
        if changed and (done or pause is None):
            self._out[out.conversation, out.turn] = (math.inf, 0) if done else (out.messages, out.posts)
            if len(self._out) > _MOST_KNOWN:
                del self._out[next(iter(self._out))]
        return changed > 0

    async def is_out(self, name: str) -> None:
        """Store that a post is out, unless that is known: who has sent it may have died, or not heard from Slack.

        Args:
            name: without the word that tells it from others.
        """
        conversation, turn, *numbers = name.split()
        level, messages, posts = map(int, numbers)
        if (messages, posts) >= self._out.get((conversation, turn), (0, 0)):  # of most, this process knows
            await self._store.run(lambda connection: _is_out(connection, conversation, turn, level, messages, posts))

    async def show(self, conversation: str, turn: str, *, processing: bool) -> None:
        """Store that Slack may be showing that this turn is worked on, or that it does not any more."""
        shown = update(slack_turns).where(_is(conversation, turn)).values(processing=processing)
        await self._store.run(lambda connection: connection.execute(shown))

    async def due(self) -> list[tuple[str, str]]:
        """The conversation and turn of each answer that nobody is posting, or whose status nobody has put right."""
        unfinished = (slack_turns.c.done.is_(None) & ~_has_to_wait()) | slack_turns.c.processing
        late = select(slack_turns.c.conversation, slack_turns.c.turn).where(unfinished, slack_turns.c.due < time.time())
        rows = await self._store.run(
            lambda connection: connection.execute(late.order_by(slack_turns.c.due).limit(_MOST_AT_ONCE)).all()
        )
        return [(row.conversation, row.turn) for row in rows]

    async def target(self, conversation: str, turn: str) -> Target | None:
        """Where the answer to a message goes."""
        wanted = select(slack_turns.c.target).where(_is(conversation, turn))
        found = await self._store.run(lambda connection: connection.execute(wanted).scalar())
        return Target.from_json(found) if found else None

    async def shown(self, conversation: str, turn: str) -> Target | None:
        """The target of a turn of which Slack may be showing that it is worked on; None if it does not."""
        wanted = select(slack_turns.c.target).where(_is(conversation, turn), slack_turns.c.processing)
        found = await self._store.run(lambda connection: connection.execute(wanted).scalar())
        return Target.from_json(found) if found else None

    async def unasked(self) -> list[tuple[str, str]]:
        """What was told within a day that no message asked for and that has no target: its process died."""
        return await self._store.run(_unasked)

    async def adopt(self, conversation: str, turn: str, after: float = 0.0) -> None:
        """Have messages that no message asked for posted where the last answer of the conversation went.

        Args:
            conversation: whose they are.
            turn: their id.
            after: seconds to leave them to another process.
        """
        await self._store.run(lambda connection: _adopt(connection, conversation, turn, after))

    async def stop(self, conversation: str, turn: str) -> bool:
        """Post nothing more of this conversation's answers.

        Args:
            conversation: which one.
            turn: the id of the wish to stop.

        Returns:
            False if the same wish has come before.
        """
        return await self._store.run(lambda connection: _stop(connection, conversation, turn))


def _add(
    connection: Connection, conversation: str, turn: str, target: Target, due: float, owner: str | None = None
) -> bool:
    """Have an answer posted; False if that is known already."""
    row = {"conversation": conversation, "turn": turn, "target": target.as_json(), "at": time.time(), "due": due}
    row |= {"processing": False, "owner": owner}
    return bool(connection.execute(_ADD[connection.dialect.name], row).rowcount)


def _is_out(connection: Connection, conversation: str, turn: str, level: int, messages: int, posts: int) -> None:
    in_message = (slack_turns.c.messages == messages) & (slack_turns.c.posts <= posts)
    is_news = (
        _is(conversation, turn) & slack_turns.c.done.is_(None) & (in_message | (slack_turns.c.messages < messages))
    )
    if connection.execute(select(slack_turns.c.turn).where(is_news)).first():  # seldom, and only a write takes a lock
        known = {"level": level, "messages": messages, "posts": posts + 1}
        connection.execute(update(slack_turns).where(is_news).values(known))


def _claim(connection: Connection, conversation: str, turn: str, me: str) -> Outgoing | None:
    now = time.time()
    free = slack_turns.c.owner.is_(None) | (slack_turns.c.owner == me) | (slack_turns.c.due < now)
    mine = update(slack_turns).where(_is(conversation, turn), slack_turns.c.done.is_(None), free, ~_has_to_wait())
    # A name for each claim, so that two in one process are as apart as those of two.
    if not connection.execute(mine.values(owner=token_hex(16), due=now + LEASE)).rowcount:
        return None
    return _outgoing(connection.execute(select(slack_turns).where(_is(conversation, turn))).mappings().one())


def _has_to_wait() -> Any:
    """Whether an earlier answer of the same conversation was put off, so that an answer comes after it."""
    others = slack_turns.alias("others")
    put_off = select(others.c.turn).where(
        others.c.conversation == slack_turns.c.conversation,
        others.c.done.is_(None),
        others.c.attempts > 0,
        others.c.owner.is_(None),
        others.c.at < slack_turns.c.at,
    )
    return put_off.exists()


def _adopt(connection: Connection, conversation: str, turn: str, after: float) -> None:
    begin_write(connection, conversation)
    target = _latest_target(connection, conversation)
    if target:
        _add(connection, conversation, turn, Target.from_json(target), time.time() + after)


def _unasked(connection: Connection) -> list[tuple[str, str]]:
    targeted = select(slack_turns.c.turn).where(
        slack_turns.c.conversation == inbox.c.conversation, slack_turns.c.turn == inbox.c.message
    )
    wanted = select(inbox.c.conversation, inbox.c.message).where(
        inbox.c.done > time.time() - _DAY, inbox.c.channel == CHANNEL, inbox.c.text == "", ~targeted.exists()
    )
    return [(row.conversation, row.message) for row in connection.execute(wanted.order_by(inbox.c.done))]


def _stop(connection: Connection, conversation: str, turn: str) -> bool:
    begin_write(connection, conversation)
    latest = _latest_target(connection, conversation)
    is_first = bool(latest) and _add(connection, conversation, turn, Target.from_json(latest), time.time())
    open_ones = (slack_turns.c.conversation == conversation) & slack_turns.c.done.is_(None)
    connection.execute(update(slack_turns).where(open_ones).values(done=time.time(), processing=False))
    return is_first


def _latest_target(connection: Connection, conversation: str) -> str:
    """Where the last answer of a conversation went; empty if none did."""
    latest = select(slack_turns.c.target).where(slack_turns.c.conversation == conversation)
    found: str | None = connection.execute(latest.order_by(slack_turns.c.at.desc()).limit(1)).scalar()
    return found or ""


def _outgoing(row: Any) -> Outgoing:
    names = ("level", "messages", "posts", "attempts", "processing", "owner")
    counts = {name: row[name] for name in names}
    return Outgoing(row["conversation"], row["turn"], Target.from_json(row["target"]), **counts)


def _is(conversation: str, turn: str) -> Any:
    return (slack_turns.c.conversation == conversation) & (slack_turns.c.turn == turn)
