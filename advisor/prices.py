"""The figures of the article, so that a price is changed in one place and never typed into a sentence.

The numbers are prices.yml. Here is how they are written out, and the little arithmetic that we do ourselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from advisor.article import facts, sections_of
from advisor.errors import ContentError

_CONTENT = Path(__file__).with_suffix(".yml")

_WORDING = {
    "usd": "{}",
    "usd_salary": "{} in salary",
    "usd_per_month": "{} a month",
    "usd_per_year": "{} a year",
    "percent": "{} percent",
    "hours_per_month": "{} hours a month",
    "months": "{} months",
    "years": "{} years",
    "count": "{}",
    "year": "{}",
}
_NUMBER_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class Figure:
    """A dated number or range: stated by the article, or worked out by us from what it states (``ours``).

    ``high`` is None for a single number. ``open_ended`` says that the article adds "or more".
    """

    name: str
    unit: str
    low: int
    high: int | None
    open_ended: bool
    facts: tuple[str, ...]
    as_of: int
    ours: bool = False

    @property
    def sections(self) -> list[str]:
        """The sections of the article that the figure comes from."""
        return sections_of(self.facts)

    @property
    def text(self) -> str:
        """The figure as a reader sees it, for example "$2,500 to $15,000 a month"."""
        amount = _amount(self.low, self.unit)
        if self.high is not None:
            amount = f"{amount} to {_amount(self.high, self.unit)}"
        if self.open_ended:
            amount = f"{amount} or more"
        if self.unit == "months" and self.high is not None:  # a stretch of the calendar, not a length of time
            return f"months {amount}"
        return _WORDING[self.unit].format(amount)


@dataclass(frozen=True)
class Count:
    """How many of something the article names; texts write it as a word."""

    name: str
    value: int
    facts: tuple[str, ...]

    @property
    def word(self) -> str:
        return _NUMBER_WORDS[self.value]


@cache
def figures() -> Mapping[str, Figure]:
    """All figures by name: the article's in the order of prices.yml, then ours.

    Raises ContentError if an entry of prices.yml has no usable amount, unit or fact.
    """
    stated = {name: _figure(name, entry, _content()["as_of"]) for name, entry in _content()["figures"].items()}
    ours = (
        year_of("caio_fractional_year", stated["caio_fractional_price"]),
        year_of("both_year", stated["both_price_model"]),
        share_of_salary_month(stated["fractional_share"], stated["caio_salary"]),
    )
    return MappingProxyType({**stated, **{figure.name: figure for figure in ours}})


@cache
def counts() -> Mapping[str, Count]:
    """The counts that texts may write as words, by name."""
    entries = _content()["counts"].items()
    return MappingProxyType({name: Count(name, entry["value"], tuple(entry["facts"])) for name, entry in entries})


def texts() -> dict[str, str]:
    """Every figure written out, by the name that texts put in braces; the ends of a range as ``_low`` and ``_high``."""
    written = {name: figure.text for name, figure in figures().items()}
    for name, figure in figures().items():
        if figure.high is not None:
            written[f"{name}_low"] = _amount(figure.low, figure.unit)
            written[f"{name}_high"] = _amount(figure.high, figure.unit)
    return written


def year_of(name: str, price: Figure) -> Figure:
    """What a monthly price (F117 for a fractional CAIO, F088 for both roles) comes to in a year, in US dollars.

    Our arithmetic: twelve times the price.
    """
    low, high = _ends(price)
    return Figure(name, "usd_per_year", 12 * low, 12 * high, False, price.facts, price.as_of, ours=True)


def share_of_salary_month(share: Figure, salary: Figure) -> Figure:
    """The article's share of full-time cost (F095) of a full-time salary (F116), by the month, in whole US dollars.

    Our arithmetic. It does not line up with the fractional prices that the article quotes, F117 (clash X06).
    """
    (low_share, high_share), (low_salary, high_salary) = _ends(share), _ends(salary)
    low, high = (round(part * pay / 100 / 12) for part, pay in ((low_share, low_salary), (high_share, high_salary)))
    sources = (*share.facts, *salary.facts)
    return Figure("share_of_salary_month", "usd_per_month", low, high, False, sources, share.as_of, ours=True)


@cache
def _content() -> dict[str, Any]:
    content: dict[str, Any] = yaml.load(_CONTENT.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return content


def _figure(name: str, entry: dict[str, Any], as_of: int) -> Figure:
    low, high = entry.get("value", entry.get("low")), entry.get("high")
    if not isinstance(low, int) or (high is not None and (not isinstance(high, int) or high <= low)):
        raise ContentError(f"prices.yml: {name} wants a whole `value`, or `low` below `high`; it has {entry}")
    if entry.get("unit") not in _WORDING:
        raise ContentError(f"prices.yml: {name} wants a unit of {', '.join(_WORDING)}; it has {entry.get('unit')!r}")
    sources = tuple(entry.get("facts", ()))
    if not sources or not all(source in facts() for source in sources):
        raise ContentError(f"prices.yml: {name} wants facts of article.yml; it has {list(sources)}")
    return Figure(name, entry["unit"], low, high, entry.get("open_ended", False), sources, as_of)


def _ends(figure: Figure) -> tuple[int, int]:
    return figure.low, figure.low if figure.high is None else figure.high


def _amount(number: int, unit: str) -> str:
    if unit in ("usd", "usd_salary"):
        return f"${number // 1_000_000}M" if number >= 1_000_000 else f"${number // 1_000}K"
    return f"${number:,}" if unit.startswith("usd") else str(number)
