"""The table printed by a run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measured quantity; ``stock`` is empty if stock Rasa has no counterpart."""

    what: str
    unit: str
    ours: str
    stock: str = ""


def markdown(rows: Iterable[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| measured | unit | Seatwise | stock Rasa |", "|---|---|---:|---:|"]
    lines += [f"| {row.what} | {row.unit} | {row.ours} | {row.stock or '–'} |" for row in rows]
    return "\n".join(lines)


def number(value: float) -> str:
    """Format with three significant digits; more would be noise."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
