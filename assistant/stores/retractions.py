"""Takes back what the firm's channel in Slack shows of a conversation that was erased, or whose time was up.

Its card is replaced by a line, and what we posted below it is deleted. The channel is told by the outbox, which tries
until Slack has done it; the messages there outlast the erasure, so they have a random name of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from secrets import token_hex

from sqlalchemy import select
from sqlalchemy.engine import Connection

from assistant.settings import settings
from assistant.stores import outbox
from assistant.stores.tables import slack_cards, slack_replies

ERASED, EXPIRED = "erased", "expired"
"""The kinds of these messages: the visitor has erased the conversation, or its time was up."""


@dataclass(frozen=True)
class Posted:
    """One of our posts in the firm's channel.

    Attributes:
        channel: where it is.
        ts: which message it is.
        is_card: whether it is a card, on which a thread hangs.
    """

    channel: str
    ts: str
    is_card: bool


def posted(connection: Connection, conversation: str) -> list[Posted]:
    """What the firm's channel shows of a conversation: first its card, then what is below it."""
    card = select(slack_cards.c.channel, slack_cards.c.ts).where(slack_cards.c.conversation == conversation)
    replies = select(slack_replies.c.channel, slack_replies.c.ts).where(slack_replies.c.conversation == conversation)
    shown = [Posted(row.channel, row.ts, is_card=True) for row in connection.execute(card)]
    below = connection.execute(replies.order_by(slack_replies.c.at))
    return [*shown, *(Posted(row.channel, row.ts, is_card=False) for row in below)]


def take_back(connection: Connection, posts: Sequence[Posted], kind: str = ERASED) -> None:
    """Have posts taken back."""
    if posts:
        asked = [(number, {"kind": kind, "content": asdict(post)}) for number, post in enumerate(posts, -len(posts))]
        outbox.put(connection, "slack", token_hex(16), asked, outbox.routes(settings()))
