"""One message as Slack takes it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum

from assistant.channels.slack.blocks.elements import context
from assistant.channels.slack.blocks.prose import Block, escaped
from assistant.channels.slack.blocks.words import words

_LONGEST_NAME = 255  # characters of a block's id
LONGEST_TEXT = 3900  # characters of the plain text; Slack advises against more than 4,000


class Level(IntEnum):
    """How much of Block Kit a workspace takes."""

    RICH = 0  # everything
    PLAIN = 1  # headers, sections, contexts, actions and dividers
    TEXT = 2  # no blocks at all


@dataclass(frozen=True)
class Post:
    """The content of one call of chat.postMessage.

    Attributes:
        text: what notifications show and screen readers read, at most 3,900 characters; mrkdwn without any markup.
        blocks: none at ``Level.TEXT``.
    """

    text: str
    blocks: list[Block] = field(default_factory=list)


def named(post: Post, name: str) -> Post:
    """The same with a name in its first block, by which it is known again; see echoes.py."""
    if not post.blocks or len(name) > _LONGEST_NAME:
        return post
    first, *others = post.blocks
    return replace(post, blocks=[{**first, "block_id": name}, *others])


def late(post: Post) -> Post:
    """The same with a line on top that says that it comes late, for a message that Slack delivered hours later."""
    said = words().text("utter_slack_late")
    blocks = [context(escaped(said)), *post.blocks] if post.blocks else []
    return replace(post, text=f"{escaped(said)}\n\n{post.text}"[:LONGEST_TEXT], blocks=blocks)
