"""The figures of the article, so that a price is changed in one place and never typed into a sentence.

The numbers are prices.yml. Here is how they are written out, and the little arithmetic that we do ourselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from pydantic import StrictInt, root_validator

from advisor.article import facts, sections_of
from advisor.content import Model, parse
from advisor.edition import edition, per_edition
from advisor.errors import ContentError

_FILE = "prices.yml"

Unit = Literal[
    "usd", "usd_salary", "usd_per_month", "usd_per_year", "percent", "hours_per_month", "hours", "months", "years",
    "count", "year",
]  # fmt: skip

_WORDING: dict[Unit, str] = {
    "usd": "{}",
    "usd_salary": "{} in salary",
    "usd_per_month": "{} a month",
    "usd_per_year": "{} a year",
    "percent": "{} percent",
    "hours_per_month": "{} hours a month",
    "hours": "{} hours",
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
    unit: Unit
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


class _Figure(Model):
    value: StrictInt | None = None
    low: StrictInt | None = None
    high: StrictInt | None = None
    unit: Unit
    open_ended: bool = False
    facts: tuple[str, ...]

    @root_validator(skip_on_failure=True)
    def _one_number_or_a_range(cls, given: dict[str, Any]) -> dict[str, Any]:
        value, low, high = given["value"], given["low"], given["high"]
        if (value is None) == (low is None and high is None) or (value is None and not (low or 0) < (high or 0)):
            raise ValueError("needs a whole `value`, or `low` below `high`")
        return given


class _Count(Model):
    value: StrictInt
    facts: tuple[str, ...]


class _Prices(Model):
    as_of: int
    figures: dict[str, _Figure]
    counts: dict[str, _Count]


@per_edition
def figures() -> Mapping[str, Figure]:
    """All figures by name: the article's in the order of prices.yml, then ours.

    Raises:
        ContentError: prices.yml is wrong, or it and article.yml name facts or figures that the other does not have.
    """
    stated = stated_figures(edition().files[_FILE], _FILE)
    named = {name: fact.id for fact in facts().values() for name in fact.figures}
    if unknown := [name for name in named if name not in stated]:
        raise ContentError(f"article.yml: {named[unknown[0]]}, figures: {unknown[0]!r} is not a figure of prices.yml")
    ours = (
        year_of("caio_fractional_year", stated["caio_fractional_price"]),
        year_of("both_year", stated["both_price_model"]),
        share_of_salary_month(stated["fractional_share"], stated["caio_salary"]),
        first_year_hours([(stated[f"{phase}_months"], stated[f"{phase}_hours"]) for phase in ("start", "steady")]),
    )
    return MappingProxyType({**stated, **{figure.name: figure for figure in ours}})


def stated_figures(content: Any, file: str) -> dict[str, Figure]:
    """The article's figures in the content of a file; see ``figures`` for the errors."""
    prices = parse(_Prices, content, file)
    for part, entries in (("figures", prices.figures), ("counts", prices.counts)):
        for name, entry in entries.items():
            if not entry.facts or any(fact not in facts() for fact in entry.facts):
                has = ", ".join(entry.facts) or "none"
                raise ContentError(f"{file}: {part}, {name}, facts: needs facts of article.yml, and has {has}")
    return {
        name: Figure(
            name,
            entry.unit,
            entry.value if entry.value is not None else entry.low or 0,
            entry.high,
            entry.open_ended,
            entry.facts,
            prices.as_of,
        )
        for name, entry in prices.figures.items()
    }


@per_edition
def counts() -> Mapping[str, Count]:
    """The counts that texts may write as words, by name."""
    entries = parse(_Prices, edition().files[_FILE], _FILE).counts.items()
    return MappingProxyType({name: Count(name, entry.value, entry.facts) for name, entry in entries})


@per_edition
def texts() -> Mapping[str, str]:
    """Every figure written out, by the name that texts put in braces; the ends of a range as ``_low`` and ``_high``."""
    written = {name: figure.text for name, figure in figures().items()}
    for name, figure in figures().items():
        if figure.high is not None:
            written[f"{name}_low"] = _amount(figure.low, figure.unit)
            written[f"{name}_high"] = _amount(figure.high, figure.unit)
    return MappingProxyType(written)


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


def first_year_hours(phases: Sequence[tuple[Figure, Figure]]) -> Figure:
    """The hours of a fractional CAIO in the first year (F099, F100), from each phase's months and hours a month.

    Our arithmetic: the number of months in a phase times its hours, added up.
    """
    low = high = 0
    sources: list[str] = []
    for months, hours in phases:
        first, last = _ends(months)
        fewest, most = _ends(hours)
        low += (last - first + 1) * fewest
        high += (last - first + 1) * most
        sources += hours.facts
    as_of = phases[0][1].as_of
    return Figure("caio_first_year_hours", "hours", low, high, False, tuple(sources), as_of, ours=True)


def _ends(figure: Figure) -> tuple[int, int]:
    return figure.low, figure.low if figure.high is None else figure.high


def _amount(number: int, unit: Unit) -> str:
    if unit in ("usd", "usd_salary"):
        return f"${number // 1_000_000}M" if number >= 1_000_000 else f"${number // 1_000}K"
    return f"${number:,}" if unit.startswith("usd") else str(number)
