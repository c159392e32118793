"""What we know about a company, and what we were told we will not learn.

The fields and their values are the interface of the whole project: the command line, the slots of the
assistant and the decision table all use these names (facts.md 3.1 of the design material).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from advisor.errors import InputError
from advisor.prices import figures

UNKNOWN = "unknown"
DECLINED = "declined"
UNANSWERED = frozenset({UNKNOWN, DECLINED})

_SMALL, _CEILING = figures()["small_business_revenue"], figures()["one_role_ceiling"]

BANDS = ("lt_1m", "1m_10m", "10m_50m", "ge_50m")
BUSINESSES = ("service", "software_product", "ai_product", "other")
STRATEGIES = ("none", "in_place")
LEADERSHIPS = ("none", "cto", "caio", "both", "one_person_both")

YES_NO = (
    "has_website",
    "has_crm",
    "has_cloud",
    "tech_works",
    "dev_team",
    "custom_tech_needed",
    "tech_upgrades_needed",
    "ai_strategy_needed_now",
    "leveraging_ai",
    "generic_tools_no_strategy",
    "competitors_gaining",
    "build_vs_buy_pending",
    "cto_ai_expertise",
    "cto_bandwidth",
    "cto_accountable",
    "warn_later",
    "warn_tools_first",
    "warn_no_metrics",
    "warn_cannot_keep_up",
    "daily_hands_on_cto",
    "ai_full_time_scale",
)

Company = dict[str, Any]
"""Known fields only: a field that is missing here is unknown or was declined."""


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < math.inf


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_businesses(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and one in BUSINESSES for one in value)


def _one_of(allowed: tuple[str, ...]) -> tuple[Callable[[Any], bool], str]:
    return (lambda value: isinstance(value, str) and value in allowed), "one of " + ", ".join(allowed)


_FIELDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "annual_revenue": (_is_number, "a number of US dollars, zero or more"),
    "revenue_band": _one_of(BANDS),
    "headcount": (_is_count, "a whole number, zero or more"),
    "business": (_is_businesses, "a list of " + ", ".join(BUSINESSES)),
    "ai_strategy": _one_of(STRATEGIES),
    "ai_initiatives": (_is_count, "a whole number, zero or more"),
    "leadership": _one_of(LEADERSHIPS),
    **{name: ((lambda value: isinstance(value, bool)), "true or false") for name in YES_NO},
}
FIELDS = tuple(_FIELDS)


def read_company(given: Mapping[str, Any]) -> Company:
    """The known fields of what was given, with the revenue as a band as well.

    Args:
        given: field -> value, ``"unknown"`` or ``"declined"``; amounts in US dollars.

    Raises:
        InputError: an unknown field, a value that the field does not take, or an amount and a band that disagree.
    """
    known: Company = {}
    for field, value in given.items():
        if field not in _FIELDS:
            raise InputError(f"field {field!r} is not known; allowed: {', '.join(FIELDS)}")
        if isinstance(value, str) and value in UNANSWERED:
            continue
        fits, allowed = _FIELDS[field]
        if not fits(value):
            raise InputError(f"field {field!r} has the value {value!r}; allowed: {allowed}, unknown, declined")
        known[field] = value
    if "annual_revenue" in known:
        band = band_of(known["annual_revenue"])
        if known.setdefault("revenue_band", band) != band:
            raise InputError(
                f"field 'revenue_band' has the value {known['revenue_band']!r}; "
                f"allowed with annual_revenue {known['annual_revenue']!r}: {band}"
            )
    return known


def is_value(field: str, value: Any) -> bool:
    """Whether the field takes this value, unknown and declined included."""
    if field not in _FIELDS:
        return False
    return (isinstance(value, str) and value in UNANSWERED) or _FIELDS[field][0](value)


def band_of(annual_revenue: float) -> str:
    """The revenue band of an amount in US dollars; $1M and $10M belong to the middle band (X02)."""
    if annual_revenue < _SMALL.low:
        return "lt_1m"
    if _SMALL.high is not None and annual_revenue <= _SMALL.high:
        return "1m_10m"
    return "10m_50m" if annual_revenue < _CEILING.low else "ge_50m"


_THRESHOLD = figures()["many_initiatives"].low

VALUES: dict[str, tuple[Any, ...]] = {
    "revenue_band": BANDS,
    "ai_strategy": STRATEGIES,
    "leadership": LEADERSHIPS,
    "ai_initiatives": (0, _THRESHOLD),
    **dict.fromkeys(YES_NO, (True, False)),
}
"""The values of a field that the decision can tell apart.

A number of initiatives counts by the threshold it reaches (F006.2); revenue decides through its band, headcount not
at all (X25), and kinds of business combine.
"""
