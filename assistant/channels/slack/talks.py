"""Which conversation goes on in which place of Slack, and which answers are still to be posted there."""

from __future__ import annotations

import time
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from assistant.channels.slack.identity import CHANNEL, Place, Target
from assistant.stores.database import Database
from assistant.stores.erasures import begin_write, is_erased
from assistant.stores.tables import inbox, slack_places, slack_turns

LEASE = 20.0  # seconds: who has not gone on by then has crashed
_MOST_AT_ONCE = 20
_DAY = 24 * 60 * 60.0
_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


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


@dataclass(frozen=True)
class Opened:
    """The conversation of a place.

    Attributes:
        conversation: its name.
        is_new: whether it begins with this message.
        is_first: whether this message has not come before.
    """

    conversation: str
    is_new: bool
    is_first: bool


class Talks:
    """Places, and the answers that go there.

    Args:
        store: the database.
    """

    def __init__(self, store: Database) -> None:
        self._store = store
        self._me = token_hex(16)

    async def open(self, turn: str, target: Target) -> Opened:
        """The conversation of a place, made if there is none; the answer to this message is to be posted there.

        This process may post it without a claim, for as long as a lease lasts. Await this before the message itself is
        stored, so that no answer is without a target.
        """
        return await self._store.run(lambda connection: _open(connection, turn, target, self._me))

    async def conversation_at(self, place: Place) -> str | None:
        """The conversation that goes on in a place."""
        wanted = select(slack_places.c.conversation).where(slack_places.c.place == place.key)
        found: str | None = await self._store.run(lambda connection: connection.execute(wanted).scalar())
        return found

    async def also_at(self, place: Place, conversation: str) -> None:
        """Let a conversation go on in another place too.

        Raises:
            Erased: it was erased.
        """
        await self._store.run(lambda connection: _put(connection, place, conversation))

    async def leave(self, place: Place) -> None:
        """Let the next message in this place begin a new conversation."""
        gone = delete(slack_places).where(slack_places.c.place == place.key)
        await self._store.run(lambda connection: connection.execute(gone))

    async def withdraw(self, conversation: str, turn: str) -> None:
        """Forget an answer: its message was not taken."""
        gone = delete(slack_turns).where(_is(conversation, turn))
        await self._store.run(lambda connection: connection.execute(gone))

    async def claim(self, conversation: str, turn: str) -> Outgoing | None:
        """An answer, to be posted by this process; None if it is out, or another process posts it, or has no target."""
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
        values: dict[str, Any] = {name: getattr(out, name) for name in ("level", "messages", "posts", "attempts")}
        values |= {"due": time.time() + (LEASE if pause is None else pause)}
        if done:
            values |= {"done": time.time()}
        if pause is not None:
            values |= {"owner": None}
        mine = update(slack_turns).where(
            _is(out.conversation, out.turn), slack_turns.c.owner == self._me, slack_turns.c.done.is_(None)
        )
        changed: int = await self._store.run(lambda connection: connection.execute(mine.values(**values)).rowcount)
        return changed > 0

    async def show(self, conversation: str, turn: str, *, processing: bool) -> None:
        """Store that Slack may be showing that this turn is worked on, or that it does not any more."""
        shown = update(slack_turns).where(_is(conversation, turn)).values(processing=processing)
        await self._store.run(lambda connection: connection.execute(shown))

    async def due(self) -> list[tuple[str, str]]:
        """The conversation and turn of each answer that nobody is posting, or whose status nobody has put right."""
        unfinished = slack_turns.c.done.is_(None) | slack_turns.c.processing
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


def _open(connection: Connection, turn: str, target: Target, me: str) -> Opened:
    wanted = select(slack_places.c.conversation).where(slack_places.c.place == target.place.key)
    found = connection.execute(wanted).scalar()
    if found and is_erased(connection, found):  # a restored backup brought it back
        connection.execute(delete(slack_places).where(slack_places.c.place == target.place.key))
        found = None
    if found is None:
        _put(connection, target.place, token_hex(16))
    conversation: str = connection.execute(wanted).scalar_one()  # another message there may have been quicker
    begin_write(connection, conversation)
    is_first = _add(connection, conversation, turn, target, time.time() + LEASE, me)
    return Opened(conversation, found is None, is_first)


def _put(connection: Connection, place: Place, conversation: str) -> None:
    begin_write(connection, conversation)
    row = {"place": place.key, "conversation": conversation, "at": time.time()}
    there = _INSERT[connection.dialect.name](slack_places).on_conflict_do_nothing()
    connection.execute(there, row)


def _add(
    connection: Connection, conversation: str, turn: str, target: Target, due: float, owner: str | None = None
) -> bool:
    """Have an answer posted; False if that is known already."""
    row = {"conversation": conversation, "turn": turn, "target": target.as_json(), "at": time.time(), "due": due}
    row |= {"processing": False, "owner": owner}
    there = _INSERT[connection.dialect.name](slack_turns).on_conflict_do_nothing()
    return bool(connection.execute(there, row).rowcount)


def _claim(connection: Connection, conversation: str, turn: str, me: str) -> Outgoing | None:
    now = time.time()
    others = slack_turns.alias("others")
    put_off = select(others.c.turn).where(
        others.c.conversation == conversation,
        others.c.turn != turn,
        others.c.done.is_(None),
        others.c.attempts > 0,
        others.c.owner.is_(None),
        others.c.at < slack_turns.c.at,
    )
    free = slack_turns.c.owner.is_(None) | (slack_turns.c.due < now)
    mine = update(slack_turns).where(_is(conversation, turn), slack_turns.c.done.is_(None), free, ~put_off.exists())
    if not connection.execute(mine.values(owner=me, due=now + LEASE)).rowcount:
        return None
    return _outgoing(connection.execute(select(slack_turns).where(_is(conversation, turn))).mappings().one())


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
    names = ("level", "messages", "posts", "attempts", "processing")
    counts = {name: row[name] for name in names}
    return Outgoing(row["conversation"], row["turn"], Target.from_json(row["target"]), **counts)


def _is(conversation: str, turn: str) -> Any:
    return (slack_turns.c.conversation == conversation) & (slack_turns.c.turn == turn)
