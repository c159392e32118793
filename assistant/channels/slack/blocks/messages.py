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
from assistant.channels.slack.blocks.words import words

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
    made: list[tuple[str, list[Block]]] = []
    for part, said in _fitting(told, level):
        shown = part.blocks(level) if level is not Level.TEXT else []
        text, blocks = made[-1] if made else ("", [])
        glue = "\n" if said.startswith("•") else "\n\n"
        joined = glue.join(filter(None, [text, said]))
        if made and len(joined) <= LONGEST_TEXT - _ROOM and len(blocks) + len(shown) < MOST_BLOCKS:
            made[-1] = (joined, [*blocks, *shown])
        else:
            made.append((said, shown))
    choose = words().text("utter_slack_choose")
    return [Post(text or choose, numbered(blocks)) for text, blocks in made if text or blocks]


def _fitting(told: Iterable[Part], level: Level) -> Iterator[tuple[Part, str]]:
    """The parts, each with its text; the words of one that is too large for its blocks are split."""
    for part in told:
        said = as_text(part.words) if _is_read(part, level) else ""
        if part.fits and len(said) <= LONGEST:
            yield part, said
        else:
            yield from ((Prose(piece), as_text(piece)) for piece in pieces(part.words))


def _is_read(part: Part, level: Level) -> bool:
    """Whether its words belong to the text: whoever has a screen reader finds buttons as such."""
    return level is Level.TEXT or not isinstance(part, (Choices, Several))
