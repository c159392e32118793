"""Facts of a message are mapped to company fields; ambiguous amounts are not."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from advisor.company import read_company
from advisor.fields import fields
from assistant.nlu.company_facts import read, read_reply
from assistant.nlu.company_fields import fields_of, revenue_band_of, unclear_revenue
from tests.content import HELD_OUT

SAID: list[str] = [one["say"] for one in yaml.safe_load((HELD_OUT / "company_facts.yml").read_text(encoding="utf-8"))]


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({}, {}),
        ({"headcount": 35}, {"headcount": 35}),
        ({"headcount_min": 10, "headcount_max": 20}, {}),
        ({"has_crm": True, "has_cloud": False}, {"has_crm": True, "has_cloud": False}),
        ({"has_dev_team": True}, {"dev_team": True}),
        ({"uses_ai": False}, {"leveraging_ai": False}),
        ({"ai_initiatives": 3}, {"ai_initiatives": 3}),
        ({"industry": "dental"}, {}),
        # what the company sells
        ({"service_business": True}, {"business": ["service"]}),
        ({"service_business": False}, {}),
        ({"building_software_product": True, "ai_product": True}, {"business": ["software_product", "ai_product"]}),
        ({"service_business": True, "ai_product": True}, {"business": ["service", "ai_product"]}),
        # AI
        ({"ai_strategy_exists": True}, {"ai_strategy": "in_place"}),
        ({"ai_strategy_exists": False}, {"ai_strategy": "none"}),
        (
            {"uses_ai": True, "generic_tools_no_strategy": True},
            {"leveraging_ai": False, "generic_tools_no_strategy": True, "ai_strategy": "none"},
        ),
        # who leads
        ({"has_cto": True}, {"leadership": "cto"}),
        ({"has_cto": True, "has_caio": False}, {"leadership": "cto"}),
        ({"has_caio": True}, {"leadership": "caio"}),
        ({"has_cto": False, "has_caio": True}, {"leadership": "caio"}),
        ({"has_cto": True, "has_caio": True}, {"leadership": "both"}),
        ({"has_cto": False}, {"leadership": "none"}),
        ({"has_caio": False}, {}),
        ({"nobody_leads_tech": True}, {"leadership": "none"}),
        ({"one_person_leads_both": True, "has_cto": True}, {"leadership": "one_person_both"}),
        # revenue
        ({"annual_revenue_usd": 999_999}, {"revenue_band": "lt_1m"}),
        ({"annual_revenue_usd": 1_000_000}, {"revenue_band": "1m_10m"}),
        ({"annual_revenue_usd": 10_000_000}, {"revenue_band": "1m_10m"}),
        ({"annual_revenue_usd": 49_999_999}, {"revenue_band": "10m_50m"}),
        ({"annual_revenue_usd": 50_000_000}, {"revenue_band": "ge_50m"}),
        ({"annual_revenue_usd_min": 2_000_000, "annual_revenue_usd_max": 3_000_000}, {"revenue_band": "1m_10m"}),
        ({"annual_revenue_usd_min": 5_000_000, "annual_revenue_usd_max": 20_000_000}, {}),
        ({"annual_revenue_usd_max": 1_000_000}, {"revenue_band": "lt_1m"}),
        ({"annual_revenue_usd_max": 8_000_000}, {}),
        ({"annual_revenue_usd_min": 60_000_000}, {"revenue_band": "ge_50m"}),
        ({"annual_revenue_usd_min": 20_000_000}, {}),
        ({"monthly_revenue_usd": 200_000}, {}),
    ],
)
def test_facts_are_mapped_to_fields(facts: dict[str, Any], fields: dict[str, Any]) -> None:
    assert fields_of(facts) == fields


@pytest.mark.parametrize(
    ("facts", "reply", "unclear"),
    [
        ({}, {}, False),
        ({"annual_revenue_usd": 4_000_000}, {}, False),
        ({"annual_revenue_usd_min": 2_000_000, "annual_revenue_usd_max": 3_000_000}, {}, False),
        ({"annual_revenue_usd_min": 5_000_000, "annual_revenue_usd_max": 20_000_000}, {}, True),
        ({"annual_revenue_usd_min": 20_000_000}, {}, True),
        ({"monthly_revenue_usd": 200_000}, {}, True),
        ({"monthly_revenue_usd_min": 200_000}, {}, True),
        ({"revenue_currency": "EUR"}, {}, True),
        ({}, {"amount_usd": 4_000_000}, False),
        ({}, {"amount_usd_min": 5_000_000, "amount_usd_max": 20_000_000}, True),
        ({}, {"amount_usd": 200_000, "monthly": True}, True),
        ({}, {"amount": 2_000_000, "currency": "EUR"}, True),
        ({}, {"number": 35}, False),
    ],
)
def test_ambiguous_revenue_is_unclear(facts: dict[str, Any], reply: dict[str, Any], unclear: bool) -> None:
    assert unclear_revenue(facts, reply) is unclear


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("4 million", "1m_10m"),
        ("$600k", "lt_1m"),
        ("12m", "10m_50m"),
        ("2-3 mil", "1m_10m"),
        ("under a million", "lt_1m"),
        ("more than 60 million", "ge_50m"),
        ("5 to 20 million", None),
        ("2 million euros", None),
        ("200k a month", None),
        ("about ten", None),
        ("no idea", None),
    ],
)
def test_unambiguous_amount_in_a_short_reply_sets_the_band(text: str, band: str | None) -> None:
    assert revenue_band_of(read_reply(text)) == band


@pytest.mark.parametrize("text", SAID)
def test_stated_facts_are_valid_field_values(text: str) -> None:
    fields = fields_of(read(text))
    kept = {field: list(value) if isinstance(value, tuple) else value for field, value in read_company(fields).items()}
    assert kept == fields


@pytest.mark.parametrize("text", SAID)
def test_revenue_is_either_accepted_or_unclear(text: str) -> None:
    facts = read(text)
    assert not ("revenue_band" in fields_of(facts) and unclear_revenue(facts, {}))


def test_bands_match_those_of_the_advisor() -> None:
    assert {fields_of({"annual_revenue_usd": amount})["revenue_band"] for amount in (1, 2e6, 2e7, 2e8)} == set(
        fields()["revenue_band"].values
    )
