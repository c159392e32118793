"""Figures as a chart, and a comparison as a table: each with words for a workspace that draws neither."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from assistant.channels.slack.blocks.parts import Prose
from assistant.channels.slack.blocks.post import Level
from assistant.channels.slack.blocks.prose import Block, shortened, without_marks
from assistant.channels.slack.blocks.words import words

_MOST_ROWS = 100  # of a table, without its header
_MOST_COLUMNS = 20
_MOST_BARS = 20
_CATEGORY = 20  # characters below a bar
_CHART_TITLE = 50  # characters


@dataclass(frozen=True)
class Chart:
    """Ranges as pairs of bars under their unit; the figures are said below."""

    unit: str
    bars: Sequence[Mapping[str, Any]]

    @property
    def words(self) -> str:
        return f"**{without_marks(self.unit)}**"

    @property
    def fits(self) -> bool:
        return 1 < len(self.bars) <= _MOST_BARS

    def blocks(self, level: Level) -> list[Block]:
        if level is not Level.RICH:
            return Prose(self.words).blocks(level)
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
