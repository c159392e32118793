"""The report says what the verdict said, and what a board asks for next, with figures of prices.yml only."""

from __future__ import annotations

import re
from dataclasses import astuple
from typing import Any

import pytest

from advisor.advice import advise
from advisor.article import facts
from advisor.company import read_company
from advisor.prices import figures, texts
from tests.reports import card_of, golden, report_for

CASES = golden()
SERVICE_FIRM, WITHOUT_BASICS = list(CASES)[0], list(CASES)[2]
SAID = re.compile(r"\$[\d.,]+[KM]?|\d+")


def strings(value: Any) -> list[str]:
    """All texts in a report."""
    if isinstance(value, str):
        return [value]
    return [text for one in value for text in strings(one)] if isinstance(value, tuple) else []


@pytest.mark.parametrize("case", CASES)
def test_report_repeats_every_point_of_the_verdict(case: str) -> None:
    card, report = card_of(CASES[case]), report_for(CASES[case])
    said = [
        item["text"].replace("**", "") for part in card["sections"] if not part.get("folded") for item in part["items"]
    ]
    assert [point.text for part in report.parts for point in part.points] == said
    assert (report.title, report.strength, report.date) == (card["title"], card["strength"]["label"], card["date"])
    assert report.disclosure == card["disclosure"]


@pytest.mark.parametrize("case", CASES)
def test_report_has_no_figures_but_those_of_the_article(case: str) -> None:
    report = report_for(CASES[case])
    known = {number for text in texts().values() for number in SAID.findall(text)}
    known |= {*SAID.findall(report.date), *SAID.findall(report.basis), "90", str(CASES[case].get("headcount"))}
    assert {number for text in strings(astuple(report)) for number in SAID.findall(text)} <= known


@pytest.mark.parametrize("case", CASES)
def test_sections_exist_and_reasons_name_theirs(case: str) -> None:
    report = report_for(CASES[case])
    sections = {fact.section for fact in facts().values()}
    named = [*report.parts[0].sections, *report.roles.sections, *report.overlaps.sections]
    assert set(named) <= sections
    assert report.parts[0].sections
    assert report.first_days is None or set(report.first_days.sections) <= sections


def test_pair_is_shown_with_both_prices_and_their_sections() -> None:
    [monthly] = report_for(CASES[WITHOUT_BASICS]).prices
    pair = [bar for bar in monthly.bars if bar.is_advised]
    assert [bar.text for bar in pair] == [figures()[f"both_price_{one}"].text for one in ("framework", "model")]
    assert [bar.sections for bar in pair] == [("Decision framework",), ("Can your CTO handle AI",)]


@pytest.mark.parametrize("case", CASES)
def test_prices_are_advised_or_marked_as_a_comparison(case: str) -> None:
    advice, report = advise(read_company(CASES[case])), report_for(CASES[case])
    bars = [bar for scale in report.prices for bar in scale.bars]
    assert [bar.text for bar in bars if bar.is_advised] == [figure.text for figure in advice.costs]
    assert all(0 < bar.low < bar.high <= scale.top for scale in report.prices for bar in scale.bars)
    assert bool(report.phases) == bool(advice.hours)


def test_phases_follow_each_other() -> None:
    first, second = report_for(CASES[SERVICE_FIRM]).phases
    assert (first.first_month, first.last_month + 1) == (1, second.first_month)
    assert all(phase.low < phase.high for phase in (first, second))


@pytest.mark.parametrize("case", CASES)
def test_first_days_are_for_those_who_start(case: str) -> None:
    advice, report = advise(read_company(CASES[case])), report_for(CASES[case])
    nobody = advice.role in ("ONE_OF_THE_TWO", "CTO_IN_PLACE", "ROLES_IN_PLACE", "NOT_ENOUGH_KNOWN", "NOT_COVERED")
    assert (report.first_days is None) == nobody
    if report.first_days:
        assert all(len(cells) == len(report.first_days.columns) for _, cells in report.first_days.rows)


def test_same_answers_give_the_same_report() -> None:
    assert report_for(CASES[SERVICE_FIRM]) == report_for(CASES[SERVICE_FIRM])


def test_report_has_no_score() -> None:
    said = " ".join(text for case in CASES.values() for text in strings(astuple(report_for(case))))
    assert not re.search(r"\bscore|\bpoints\b|\bout of \d|%", said, re.IGNORECASE)
