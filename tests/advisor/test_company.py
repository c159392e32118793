"""A company is read as given, or rejected with the field, the value and the allowed values."""

from __future__ import annotations

import math
from typing import Any

import pytest

from advisor.company import band_of, is_value, read_company
from advisor.errors import InputError, SeatwiseError
from advisor.fields import fields, yes_no_fields

GOOD: dict[str, list[Any]] = {
    "annual_revenue": [0, 1, 4_000_000, 2.5e6, 10**18],
    "revenue_band": ["lt_1m", "1m_10m", "10m_50m", "ge_50m"],
    "headcount": [0, 35, 10**12],
    "business": [
        [],
        ["service"],
        ["software_product", "ai_product"],
        ["service", "software_product", "ai_product", "other"],
    ],
    "ai_strategy": ["none", "in_place"],
    "ai_initiatives": [0, 5, 10**30],
    "leadership": ["none", "cto", "caio", "both", "one_person_both"],
    **{field: [True, False] for field in yes_no_fields()},
}
BAD: dict[str, list[Any]] = {
    "annual_revenue": [None, -1, -0.01, math.nan, math.inf, -math.inf, True, "4M", "4000000", [4], {}],
    "revenue_band": [None, "", "5m", "LT_1M", "1m_10m ", 0, True, ["lt_1m"], {}],
    "headcount": [None, -1, 3.5, 3.0, math.nan, True, False, "35", [35]],
    "business": [None, "service", ["Service"], ["bakery"], [None], [["service"]], ["unknown"], {"service": True}, 1],
    "ai_strategy": [None, "", "in place", True, 0, ["none"]],
    "ai_initiatives": [None, -1, 4.5, math.inf, True, "5", "5+", [5]],
    "leadership": [None, "CTO", "ceo", "нет", False, ["cto"], {"cto": True}],
    **{field: [None, 0, 1, "yes", "true", "", [], [True]] for field in yes_no_fields()},
}


def pairs(values: dict[str, list[Any]]) -> list[tuple[str, Any]]:
    return [(field, value) for field, listed in values.items() for value in listed]


def test_fields_match_the_contract() -> None:
    assert set(fields()) == {
        *("annual_revenue", "revenue_band", "headcount", "business", "has_website", "has_crm", "has_cloud"),
        *("tech_works", "dev_team", "custom_tech_needed", "tech_upgrades_needed", "ai_strategy"),
        *("ai_strategy_needed_now", "leveraging_ai", "generic_tools_no_strategy", "competitors_gaining"),
        *("build_vs_buy_pending", "ai_initiatives", "leadership", "cto_ai_expertise", "cto_bandwidth"),
        *("cto_accountable", "warn_later", "warn_tools_first", "warn_no_metrics", "warn_cannot_keep_up"),
        *("daily_hands_on_cto", "ai_full_time_scale"),
    }
    assert set(fields()) == set(GOOD) == set(BAD)


@pytest.mark.parametrize(("field", "value"), pairs(GOOD))
def test_valid_value_is_kept_unchanged(field: str, value: Any) -> None:
    assert is_value(field, value)
    kept = read_company({field: value})[field]
    assert (list(kept) if isinstance(kept, tuple) else kept) == value


@pytest.mark.parametrize(("field", "value"), pairs(BAD))
def test_invalid_value_error_names_field_and_value(field: str, value: Any) -> None:
    assert not is_value(field, value)
    with pytest.raises(InputError) as error:
        read_company({field: value})
    assert f"field {field!r} has the value {value!r}; allowed: " in str(error.value)
    assert str(error.value).endswith("unknown, declined")


@pytest.mark.parametrize("field", fields())
def test_unknown_and_declined_fields_count_as_missing(field: str) -> None:
    for answer in ("unknown", "declined"):
        assert is_value(field, answer)
        assert read_company({field: answer}) == read_company({}) == {}


@pytest.mark.parametrize("field", ["revenue", "Headcount", "has_crm ", "", "société", "🦀", "has\ncrm", "__class__"])
def test_unknown_field_is_rejected_with_the_allowed_ones(field: str) -> None:
    assert not is_value(field, "unknown")
    with pytest.raises(InputError) as error:
        read_company({field: "unknown"})
    assert f"field {field!r} is not known; allowed: " in str(error.value)
    assert all(known in str(error.value) for known in fields())
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("value", [10**400, -(10**400)], ids=["ten to the 400th", "minus ten to the 400th"])
def test_huge_number_never_crashes(value: int) -> None:
    if value > 0:
        assert read_company({"annual_revenue": value})["revenue_band"] == "ge_50m"
    else:
        with pytest.raises(InputError, match="field 'annual_revenue'"):
            read_company({"annual_revenue": value})


@pytest.mark.parametrize("value", [["service"], {"service": 1}])
def test_unhashable_value_is_rejected(value: Any) -> None:
    for field in ("leadership", "headcount", "has_crm"):
        with pytest.raises(InputError, match=f"field '{field}'"):
            read_company({field: value})


@pytest.mark.parametrize(
    ("amount", "band"),
    [
        (0, "lt_1m"),
        (999_999.99, "lt_1m"),
        (1e6, "1m_10m"),
        (1_000_000, "1m_10m"),
        (1e7, "1m_10m"),
        (1e7 + 0.01, "10m_50m"),
        (49.99e6, "10m_50m"),
        (49_999_999.99, "10m_50m"),
        (50e6, "ge_50m"),
        (1e15, "ge_50m"),
    ],
)
def test_revenue_band_boundaries(amount: float, band: str) -> None:
    assert band_of(amount) == band
    assert read_company({"annual_revenue": amount})["revenue_band"] == band
    assert read_company({"revenue_band": band, "annual_revenue": amount})["revenue_band"] == band


@pytest.mark.parametrize("fields", [("annual_revenue", "revenue_band"), ("revenue_band", "annual_revenue")])
def test_conflicting_amount_and_band_are_rejected_in_either_order(fields: tuple[str, str]) -> None:
    given = {"annual_revenue": 5_000_000, "revenue_band": "ge_50m"}
    with pytest.raises(InputError) as error:
        read_company({field: given[field] for field in fields})
    for part in ("'revenue_band'", "'ge_50m'", "annual_revenue 5000000", "1m_10m"):
        assert part in str(error.value)


@pytest.mark.parametrize("answer", ["unknown", "declined"])
def test_amount_sets_a_missing_revenue_band(answer: str) -> None:
    assert read_company({"revenue_band": answer, "annual_revenue": 3e6})["revenue_band"] == "1m_10m"
    assert read_company({"revenue_band": "1m_10m", "annual_revenue": answer}) == {"revenue_band": "1m_10m"}


def test_reading_a_company_does_not_modify_the_input() -> None:
    given = {"annual_revenue": 3e6, "has_crm": "unknown"}
    read_company(given)
    assert given == {"annual_revenue": 3e6, "has_crm": "unknown"}


def test_input_error_is_a_seatwise_error() -> None:
    assert issubclass(InputError, SeatwiseError)
