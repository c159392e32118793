"""A message of the assistant as posts: its parts as blocks, and the text that stands in for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from assistant.channels.slack.blocks.cards import parts
from assistant.channels.slack.blocks.choices import Choices, Several
from assistant.channels.slack.blocks.elements import MOST_BLOCKS, numbered
from assistant.channels.slack.blocks.parts import Part, Prose
from assistant.channels.slack.blocks.post import LONGEST_TEXT, Level, Post
from assistant.channels.slack.blocks.prose import LONGEST, Block, as_text, pieces

_ROOM = 200  # characters of the text that are left for the line of ``late``


def posts(message: Mapping[str, Any], level: Level, *, in_channel: bool) -> list[Post]:
    """How a message looks in Slack; what is too long for one post goes on in the next.

    Args:
        message: as clients get it (docs/protocol.md).
        level: how much of Block Kit the workspace takes.
        in_channel: whether others read along; then no personal data is asked for or shown.
    """
    return rendered(parts(message, in_channel=in_channel), level)


def rendered(told: Iterable[Part], level: Level) -> list[Post]:
    """Parts as posts: none if they say nothing."""
    made: list[Post] = []
    text, blocks = "", list[Block]()
    for part in _fitting(told):
        is_said = level is Level.TEXT or not isinstance(part, (Choices, Several))  # screen readers find what is pressed
        said = as_text(part.words) if is_said else ""
        shown = part.blocks(level) if level is not Level.TEXT else []
        joined = "\n\n".join(filter(None, [text, said]))
        if (text or blocks) and (len(joined) > LONGEST_TEXT - _ROOM or len(blocks) + len(shown) >= MOST_BLOCKS):
            made.append(Post(text, numbered(blocks)))
            text, blocks = said, shown
        else:
            text, blocks = joined, [*blocks, *shown]
    return [*made, Post(text, numbered(blocks))] if text or blocks else made


def _fitting(told: Iterable[Part]) -> Iterator[Part]:
    """The parts; the words of one that is too large for its blocks are split."""
    for part in told:
        if part.fits and len(as_text(part.words)) <= LONGEST:
            yield part
        else:
            yield from map(Prose, pieces(part.words))
