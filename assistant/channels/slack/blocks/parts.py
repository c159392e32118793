"""The parts that messages are made of. Each knows its words, and how it looks as blocks: rich, plain or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.channels.slack.blocks.elements import (
    button,
    container,
    context,
    fields,
    header,
    section,
)
from assistant.channels.slack.blocks.post import Level
from assistant.channels.slack.blocks.prose import (
    LONGEST,
    Block,
    escaped,
    literal,
    mrkdwn,
    paragraphs,
    rich_text,
    shortened,
    without_marks,
)
from assistant.channels.slack.blocks.words import words

_MOST_OFFERS = 10
_MOST_CHILDREN = 10  # of a container
_LONGEST_TITLE = 150  # characters
_LONGEST_ADDRESS = 3000  # characters
_LONGEST_ALT = 2000  # characters
_LONGEST_FIELD = 1900  # characters, a little below what a field takes


class Part(Protocol):
    """A part of a message."""

    @property
    def words(self) -> str:
        """What it says, in the markup of docs/protocol.md; empty if it says nothing that is not said elsewhere."""

    @property
    def fits(self) -> bool:
        """Whether blocks can show it; otherwise its words are shown."""

    def blocks(self, level: Level) -> list[Block]:
        """How it looks at ``Level.RICH`` or ``Level.PLAIN``."""


@dataclass(frozen=True)
class Heading:
    """The title of a card."""

    text: str

    @property
    def words(self) -> str:
        return literal(without_marks(self.text))

    @property
    def fits(self) -> bool:
        return len(without_marks(self.text)) <= _LONGEST_TITLE

    def blocks(self, level: Level) -> list[Block]:
        return [header(self.text)]


@dataclass(frozen=True)
class Prose:
    """Paragraphs, which must fit into one block."""

    text: str

    @property
    def words(self) -> str:
        return self.text

    @property
    def fits(self) -> bool:
        return len(mrkdwn(paragraphs(self.text))) <= LONGEST

    def blocks(self, level: Level) -> list[Block]:
        told = paragraphs(self.text)
        if not told:
            return []
        return [rich_text(told)] if level is Level.RICH else [section(mrkdwn(told))]


@dataclass(frozen=True)
class Note(Prose):
    """What is said in small print."""

    def blocks(self, level: Level) -> list[Block]:
        return [context(mrkdwn(paragraphs(self.text)))]


@dataclass(frozen=True)
class Picture:
    """An image, which Slack fetches from its address."""

    address: str
    alt: str

    @property
    def words(self) -> str:
        return " ".join(filter(None, [self.alt, self.address]))

    @property
    def fits(self) -> bool:
        return self.address.startswith("https://") and len(self.address) <= _LONGEST_ADDRESS

    def blocks(self, level: Level) -> list[Block]:
        return [{"type": "image", "image_url": self.address, "alt_text": shortened(self.alt, _LONGEST_ALT) or "–"}]


@dataclass(frozen=True)
class Facts:
    """What is known, or what it takes: labels and what they stand for."""

    rows: Sequence[tuple[str, str]]

    @property
    def words(self) -> str:
        return "\n".join(f"- {label}: {value}" for label, value in self.rows)

    @property
    def fits(self) -> bool:
        return all(len(text) <= _LONGEST_FIELD for text in self._texts)

    def blocks(self, level: Level) -> list[Block]:
        return fields(self._texts)

    @property
    def _texts(self) -> list[str]:
        return [f"*{escaped(without_marks(label))}*\n{mrkdwn(paragraphs(value))}" for label, value in self.rows]


@dataclass(frozen=True)
class Offers:
    """Sentences that can be tried, each with the payload that tries it."""

    items: Sequence[tuple[str, str]]

    @property
    def words(self) -> str:
        return "\n".join(f"- {text}" for text, _ in self.items)

    @property
    def fits(self) -> bool:
        return len(self.items) <= _MOST_OFFERS and all(Prose(text).fits for text, _ in self.items)

    def blocks(self, level: Level) -> list[Block]:
        title = words().text("utter_slack_try")
        return [
            section(mrkdwn(paragraphs(text)), button(title, payload, label=without_marks(text)))
            for text, payload in self.items
        ]


@dataclass(frozen=True)
class Folded:
    """More under a title, for those who want it."""

    title: str
    parts: Sequence[Part]

    @property
    def words(self) -> str:
        return "\n".join([f"**{without_marks(self.title)}**", *(part.words for part in self.parts)])

    @property
    def fits(self) -> bool:
        return (
            len(without_marks(self.title)) <= _LONGEST_TITLE
            and all(part.fits for part in self.parts)
            and len(self._children) < _MOST_CHILDREN
        )

    def blocks(self, level: Level) -> list[Block]:
        if level is Level.RICH:
            return [container(self.title, self._children)]
        return [*Prose(f"**{without_marks(self.title)}**").blocks(level), *self._children]

    @property
    def _children(self) -> list[Block]:
        """A container takes no rich text."""
        return [block for part in self.parts for block in part.blocks(Level.PLAIN)]
