"""The cards in the firm's channel: one for each conversation with a lead or a wish for a person, and who acts on it.

What the firm's people write there is not stored. Each function runs in the transaction of its caller.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from assistant.channels.slack.identity import Target
from assistant.stores.erasures import begin_write
from assistant.stores.holds import holder
from assistant.stores.tables import slack_cards, slack_replies, slack_turns

_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


@dataclass(frozen=True)
class Hung:
    """A card that hangs in the channel.

    Attributes:
        channel: where it is.
        ts: which message it is; its thread has the same.
        claimed_by: the user who claimed the lead in Slack.
        held_by: the user who took the conversation over in Slack last; see ``is_held_by``.
        held_as: their name, as the visitor knows it.
    """

    channel: str
    ts: str
    claimed_by: str | None
    held_by: str | None
    held_as: str | None


def hung(connection: Connection, conversation: str) -> Hung | None:
    """The card of a conversation, if it has one."""
    columns = [slack_cards.c[name] for name in Hung.__dataclass_fields__]
    row = connection.execute(select(*columns).where(_is(conversation))).mappings().first()
    return Hung(**row) if row else None


def hang(connection: Connection, conversation: str, channel: str, ts: str) -> None:
    """Remember where a card hangs, perhaps in the place of an earlier one; the same again changes nothing.

    Raises:
        Erased: the conversation was erased.
    """
    begin_write(connection, conversation)
    place = {"channel": channel, "ts": ts, "at": time.time()}
    unless_there = _INSERT[connection.dialect.name](slack_cards).on_conflict_do_nothing()
    connection.execute(unless_there, {"conversation": conversation, **place})
    there = hung(connection, conversation)
    assert there  # it was put there, or somebody else has put one
    if ts > there.ts:
        note_reply(connection, conversation, there.channel, there.ts)
        connection.execute(update(slack_cards).where(_is(conversation)).values(place))
    elif ts < there.ts:
        note_reply(connection, conversation, channel, ts)


def note_reply(connection: Connection, conversation: str, channel: str, ts: str) -> None:
    """Remember what was posted below a card just now.

    Raises:
        Erased: the conversation was erased.
    """
    begin_write(connection, conversation)
    row = {"conversation": conversation, "channel": channel, "ts": ts, "at": time.time()}
    unless_there = _INSERT[connection.dialect.name](slack_replies).on_conflict_do_nothing()
    connection.execute(unless_there, row)


def note_claim(connection: Connection, conversation: str, user: str) -> None:
    """Remember who claimed the lead in Slack."""
    connection.execute(update(slack_cards).where(_is(conversation)).values(claimed_by=user))


def note_hold(connection: Connection, conversation: str, user: str, name: str) -> None:
    """Remember who took the conversation over in Slack, and as whom."""
    connection.execute(update(slack_cards).where(_is(conversation)).values(held_by=user, held_as=name))


def is_held_by(connection: Connection, conversation: str, user: str) -> bool:
    """Whether this user of Slack holds the conversation."""
    card = hung(connection, conversation)
    return card is not None and card.held_by == user and card.held_as == holder(connection, conversation)


def name_of(connection: Connection, user: str) -> str | None:
    """The name under which somebody has answered before."""
    names = select(slack_cards.c.held_as).where(slack_cards.c.held_by == user).order_by(slack_cards.c.at.desc())
    name: str | None = connection.execute(names.limit(1)).scalar()
    return name


def is_read_by_others(connection: Connection, conversation: str) -> bool:
    """Whether what is said in a conversation is posted in a channel of Slack, where others read it too."""
    latest = select(slack_turns.c.target).where(slack_turns.c.conversation == conversation)
    target = connection.execute(latest.order_by(slack_turns.c.at.desc()).limit(1)).scalar()
    return target is not None and not Target.from_json(target).place.private


def _is(conversation: str) -> bool:
    is_it: bool = slack_cards.c.conversation == conversation
    return is_it
