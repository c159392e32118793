"""The parts that messages are made of. Each knows its words, and how it looks as blocks: rich, plain or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Protocol

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
    mrkdwn,
    paragraphs,
    rich_text,
    shortened,
    without_marks,
)
from assistant.channels.slack.blocks.words import words

_MOST_OFFERS = 10
_MOST_CHILDREN = 10  # of a container
_MOST_ROWS = 100  # of a table, without its header
_MOST_COLUMNS = 20
_MOST_BARS = 20
_CATEGORY = 20  # characters below a bar
_CHART_TITLE = 50  # characters
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
        return f"**{without_marks(self.text)}**"

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
class Note:
    """What is said in small print."""

    text: str

    @property
    def words(self) -> str:
        return self.text

    @property
    def fits(self) -> bool:
        return len(mrkdwn(paragraphs(self.text))) <= LONGEST

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


@dataclass(frozen=True)
class Chart:
    """Ranges as pairs of bars; the figures are said beside it."""

    unit: str
    bars: Sequence[Mapping[str, Any]]

    words = ""

    @property
    def fits(self) -> bool:
        return 1 < len(self.bars) <= _MOST_BARS

    def blocks(self, level: Level) -> list[Block]:
        if level is not Level.RICH:
            return []
        names = _distinct([shortened(without_marks(bar["label"]), _CATEGORY) for bar in self.bars])
        ends = [(words().text(f"utter_slack_{end}"), end) for end in ("low", "high")]
        series = [
            {
                "name": name,
                "data": [{"label": label, "value": bar[end]} for label, bar in zip(names, self.bars, strict=True)],
            }
            for name, end in ends
        ]
        title = shortened(without_marks(self.unit), _CHART_TITLE)
        chart = {"type": "bar", "series": series, "axis_config": {"categories": names, "y_label": title}}
        return [{"type": "data_visualization", "title": title, "chart": chart}]


@dataclass(frozen=True)
class Grid:
    """A comparison."""

    title: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]

    @property
    def words(self) -> str:
        return "\n".join(self._row(label, cells) for label, cells in self.rows)

    @property
    def fits(self) -> bool:
        return (
            len(self.rows) <= _MOST_ROWS
            and len(self.columns) < _MOST_COLUMNS
            and all(Prose(self._row(label, cells)).fits for label, cells in self.rows)
        )

    def blocks(self, level: Level) -> list[Block]:
        if level is not Level.RICH:
            return [block for label, cells in self.rows for block in Prose(self._row(label, cells)).blocks(level)]
        rows = [(label, *cells) for label, cells in self.rows]
        width = max(len(row) for row in [self._headings, *rows])
        table = [[*row, *[""] * (width - len(row))] for row in [self._headings, *rows]]
        return [
            {
                "type": "data_table",
                "caption": without_marks(self.title),
                "rows": [[{"type": "raw_text", "text": without_marks(cell) or "–"} for cell in row] for row in table],
                "page_size": len(rows),
                "row_header_column_index": 0,
            }
        ]

    @property
    def _headings(self) -> tuple[str, ...]:
        """The first column may have a heading of its own."""
        cells = max((len(cells) for _, cells in self.rows), default=0)
        has_corner = len(self.columns) > cells
        return tuple(self.columns) if has_corner else (words().text("utter_slack_item"), *self.columns)

    def _row(self, label: str, cells: Sequence[str]) -> str:
        told = [f"- {name}: {cell}" for name, cell in zip_longest(self._headings[1:], cells, fillvalue="–") if cell]
        return "\n".join([f"**{without_marks(label)}**", *told])


def _distinct(names: Iterable[str]) -> list[str]:
    """The categories of a chart, which must differ."""
    found: list[str] = []
    for name in names:
        at = 2
        other = name
        while other in found:
            other, at = f"{name[: _CATEGORY - 3]} {at}", at + 1
        found.append(other)
    return found
