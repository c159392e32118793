"""The report for the prospect: the verdict as it was said, and beside it what a board asks for next, on one page.

Here it is put together; how it looks is assistant/pages/report.html.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol

from advisor.advice import Advice
from advisor.article import sections_of
from advisor.framework import framework
from advisor.prices import Figure, Unit, figures

_FRACTIONAL_PRICES = ("caio_fractional_price", "both_price_framework", "both_price_model")
_UNITS: tuple[Unit, ...] = ("usd_per_month", "usd_salary")
_PHASES = (("start_months", "start_hours"), ("steady_months", "steady_hours"))
_OVERLAPS = ("data", "tools", "security")
_MONTHS = ("first", "second", "third")
_STARTS: dict[str, dict[str, str]] = {
    "BOTH_FRACTIONAL": {"cto": "cto", "caio": "caio"},
    "CTO_COVERS_AI": {"cto_for_ai": "caio"},
    "ADD_CAIO": {"caio": "caio"},
    "ADD_CTO": {"cto": "cto"},
    "CTO_FIRST": {"cto": "cto"},
    "CTO_THEN_CAIO": {"cto": "cto"},
    "CAIO_FIRST": {"caio": "caio"},
}
"""Who starts, by the role advised, and whose responsibilities they take on."""


class Words(Protocol):
    """The wording: every response by its name."""

    @property
    def responses(self) -> Mapping[str, list[dict[str, Any]]]:
        """With their metadata."""

    def text(self, response: str, **values: object) -> str:
        """The text of a response, with the article's figures and these values filled in."""


@dataclass(frozen=True)
class Point:
    """Something said, and in a word what it is about."""

    text: str
    label: str | None = None


@dataclass(frozen=True)
class Part:
    """Points under a title, and the sections of the article that they rest on, where the part itself names them."""

    title: str
    points: tuple[Point, ...]
    sections: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bar:
    """A price, drawn from ``low`` to ``high`` US dollars; not ``is_advised`` where it stands for comparison only."""

    label: str
    text: str
    low: int
    high: int
    sections: tuple[str, ...]
    is_advised: bool


@dataclass(frozen=True)
class Prices:
    """Prices on one scale, which ends at ``top`` US dollars."""

    unit: str
    bars: tuple[Bar, ...]
    top: int


@dataclass(frozen=True)
class Phase:
    """Months of the first year, and from how many to how many hours each of them takes."""

    label: str
    text: str
    first_month: int
    last_month: int
    low: int
    high: int


@dataclass(frozen=True)
class Table:
    """Rows of a label and its cells, one for each column."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    sections: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class Report:
    """All that the page shows."""

    title: str
    strength: str
    date: str
    parts: tuple[Part, ...]
    told: Part | None
    prices: tuple[Prices, ...]
    price_notes: tuple[str, ...]
    phases: tuple[Phase, ...]
    roles: Table
    overlaps: Part
    first_days: Table | None
    source: str
    basis: str
    disclosure: str


def report_of(card: Mapping[str, Any], told: Mapping[str, str], advice: Advice, words: Words) -> Report:
    """Put the report together.

    Args:
        card: the verdict as it was said (docs/protocol.md); its folded sections the report has in a form of its own.
        told: the company's answers in words, by what they are about.
        advice: what the verdict says.
        words: the wording.
    """
    return Report(
        title=_plain(card["title"]),
        strength=card["strength"]["label"],
        date=card["date"],
        parts=tuple(_parts(card, advice, words)),
        told=_told(told, words),
        prices=tuple(_prices(advice, words)),
        price_notes=tuple(_metadata(words, "utter_faq/cost")["notes"]) if _is_compared(advice) else (),
        phases=tuple(_phases(words)) if advice.hours else (),
        roles=_roles(words),
        overlaps=_overlaps(words),
        first_days=_first_days(advice, words),
        source=_plain(card["source"]),
        basis=words.text("utter_report_basis", version=advice.framework_version),
        disclosure=_plain(card["disclosure"]),
    )


def _parts(card: Mapping[str, Any], advice: Advice, words: Words) -> Iterator[Part]:
    """What was said; the reasons name the sections that hold the rule."""
    rule = sections_of(fact for row in framework().roles if row.id == advice.rule for fact in row.facts)
    for section in card["sections"]:
        if not section.get("folded"):
            points = tuple(Point(_plain(item["text"]), item.get("label")) for item in section["items"])
            is_reasons = section["title"] == words.text("utter_section_why")
            yield Part(section["title"], points, tuple(rule) if is_reasons else ())


def _told(told: Mapping[str, str], words: Words) -> Part | None:
    points = tuple(Point(said, label) for label, said in told.items())
    return Part(words.text("utter_report_told"), points) if points else None


def _prices(advice: Advice, words: Words) -> Iterator[Prices]:
    """The prices of what is advised; for a fractional hire the article's other monthly prices beside them."""
    beside = _FRACTIONAL_PRICES if _is_compared(advice) else ()
    shown = [figures()[name] for name in dict.fromkeys([*beside, *(figure.name for figure in advice.costs)])]
    for unit, of_unit in groupby(sorted(shown, key=lambda one: _UNITS.index(one.unit)), key=lambda one: one.unit):
        bars = tuple(_bar(figure, figure in advice.costs, words) for figure in of_unit)
        yield Prices(words.text(f"utter_card_{unit}"), bars, max(bar.high for bar in bars))


def _is_compared(advice: Advice) -> bool:
    return advice.engagement == "FRACTIONAL" or any(one.name in _FRACTIONAL_PRICES for one in advice.costs)


def _bar(figure: Figure, is_advised: bool, words: Words) -> Bar:
    return Bar(
        label=words.text(f"utter_report_price_{figure.name}"),
        text=figure.text,
        low=figure.low,
        high=figure.high or figure.low,
        sections=tuple(figure.sections),
        is_advised=is_advised,
    )


def _phases(words: Words) -> Iterator[Phase]:
    for months_name, hours_name in _PHASES:
        months, hours = figures()[months_name], figures()[hours_name]
        yield Phase(
            label=words.text(f"utter_card_{hours_name}"),
            text=hours.text,
            first_month=months.low,
            last_month=months.high or months.low,
            low=hours.low,
            high=hours.high or hours.low,
        )


def _roles(words: Words) -> Table:
    table = _metadata(words, "utter_faq/difference")["table"]
    return Table(
        title=words.text("utter_report_roles"),
        columns=tuple(table["columns"]),
        rows=tuple((label, tuple(cells)) for label, *cells in table["rows"]),
        sections=_sections(words, ["utter_report_roles"]),
    )


def _overlaps(words: Words) -> Part:
    said = (words.text(f"utter_split_{one}").partition(": ") for one in _OVERLAPS)
    points = tuple(Point(text[:1].upper() + text[1:], label) for label, _, text in said)
    return Part(words.text("utter_report_overlaps"), points, _sections(words, ["utter_report_overlaps"]))


def _first_days(advice: Advice, words: Words) -> Table | None:
    """What those who start do in their first months; None where nobody starts."""
    if not (starts := _STARTS.get(advice.role)):
        return None
    rows = {who: [f"utter_report_{duties}_{month}" for month in _MONTHS] for who, duties in starts.items()}
    return Table(
        title=words.text("utter_report_days"),
        columns=tuple(words.text(f"utter_report_month_{month}") for month in _MONTHS),
        rows=tuple(
            (words.text(f"utter_report_role_{who}"), tuple(words.text(duty) for duty in duties))
            for who, duties in rows.items()
        ),
        sections=_sections(words, [duty for duties in rows.values() for duty in duties]),
        note=words.text("utter_report_days_note"),
    )


def _sections(words: Words, responses: Iterable[str]) -> tuple[str, ...]:
    return tuple(sections_of(fact for one in responses for fact in _metadata(words, one)["facts"]))


def _metadata(words: Words, response: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = words.responses[response][0]["metadata"]
    return found


def _plain(text: str) -> str:
    """Without the marks for bold print."""
    return text.replace("**", "")
