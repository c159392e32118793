"""Each figure is defined once, with date and source, and is formatted for people."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from advisor.article import facts
from advisor.errors import ContentError
from advisor.prices import counts, figures, first_year_hours, share_of_salary_month, stated_figures, texts, year_of
from tests.content import texts as wordings


@pytest.mark.parametrize(
    ("name", "text"),
    {
        "caio_salary": "$250K to $500K or more in salary",
        "caio_fractional_price": "$2,500 to $15,000 a month",
        "both_price_framework": "$8,000 to $12,000 a month",
        "both_price_model": "$6,000 to $12,000 a month",
        "fractional_share": "30 to 50 percent",
        "cto_share": "15 percent",
        "start_months": "months 1 to 3",
        "start_hours": "15 to 20 hours a month",
        "steady_months": "months 4 to 12",
        "steady_hours": "8 to 12 hours a month",
        "idle_months": "8 or more months",
        "one_role_ceiling": "$50M",
        "small_business_revenue": "$1M to $10M",
        "many_initiatives": "5 or more",
        "full_focus": "100 percent",
        "article_year": "2026",
        "caio_vision": "3 to 5 years",
        "caio_fractional_year": "$30,000 to $180,000 a year",
        "both_year": "$72,000 to $144,000 a year",
        "share_of_salary_month": "$6,250 to $20,833 a month",
        "caio_first_year_hours": "117 to 168 hours",
    }.items(),
)
def test_figure_text(name: str, text: str) -> None:
    assert texts()[name] == text


def test_every_figure_has_a_date() -> None:
    assert {figure.as_of for figure in figures().values()} == {2026}


def test_every_figure_has_a_section_and_is_used_by_its_facts() -> None:
    for figure in figures().values():
        assert figure.facts and figure.sections
        if not figure.ours:
            assert [fact for fact in figure.facts if figure.name not in facts()[fact].figures] == []


def test_every_figure_used_in_a_fact_exists() -> None:
    named = {name for fact in facts().values() for name in fact.figures}
    assert named == {figure.name for figure in figures().values() if not figure.ours}


def test_every_figure_is_used() -> None:
    used = {name.removesuffix("_low").removesuffix("_high") for wording in wordings() for name in wording.placeholders}
    assert sorted(figures().keys() - used) == []


def test_every_count_has_facts_and_a_number_word() -> None:
    for count in counts().values():
        assert count.facts and set(count.facts) <= facts().keys()
        assert count.word in ("two", "three", "four", "five", "six", "seven")


def test_yearly_price_is_12_months_and_marked_as_ours() -> None:
    year = year_of("caio_fractional_year", figures()["caio_fractional_price"])
    assert (year.low, year.high) == (30_000, 180_000)
    assert year.ours and year.facts == ("F117",)


def test_monthly_salary_share_is_rounded_and_marked_as_ours() -> None:
    month = share_of_salary_month(figures()["fractional_share"], figures()["caio_salary"])
    assert (month.low, month.high) == (6_250, 20_833)
    assert month.ours and month.facts == ("F095", "F116")


def test_hours_of_the_first_year_are_those_of_both_phases_and_marked_as_ours() -> None:
    phases = [(figures()[f"{phase}_months"], figures()[f"{phase}_hours"]) for phase in ("start", "steady")]
    hours = first_year_hours(phases)
    assert (hours.low, hours.high) == (3 * 15 + 9 * 8, 3 * 20 + 9 * 12)
    assert hours.ours and hours.facts == ("F099", "F100")


def test_figure_is_json_serializable() -> None:
    printed = json.loads(json.dumps(asdict(figures()["start_hours"])))
    assert (printed["low"], printed["high"], printed["unit"]) == (15, 20, "hours_per_month")


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        ({"low": 9, "high": 3, "unit": "usd", "facts": ["F117"]}, "below"),
        ({"value": "much", "unit": "usd", "facts": ["F117"]}, "integer"),
        ({"value": 3, "unit": "euro", "facts": ["F117"]}, "unit"),
        ({"value": 3, "unit": "usd"}, "facts"),
        ({"value": 3, "unit": "usd", "facts": ["F999"]}, "F999"),
    ],
)
def test_invalid_figure_error_names_it(entry: dict[str, object], wanted: str) -> None:
    with pytest.raises(ContentError, match=f"fee.*{wanted}"):
        stated_figures({"as_of": 2026, "figures": {"fee": entry}, "counts": {}}, "prices.yml")
