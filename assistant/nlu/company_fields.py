"""From what a message states to the fields that the advice is made from.

A figure is taken over only if it can be read in one way: a range within one revenue band settles the band, anything
else (a range over its edge, another currency, a monthly amount) is asked back.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from advisor.company import band_of
from advisor.fields import yes_no_fields

_SAME = frozenset(yes_no_fields()) | {"headcount", "ai_initiatives"}
_RENAMED = {"has_dev_team": "dev_team", "uses_ai": "leveraging_ai"}
_BUSINESS = {"service_business": "service", "building_software_product": "software_product", "ai_product": "ai_product"}
_BANDS_BY_EDGES: dict[tuple[Any, Any], str] = {
    (1, 10): "1m_10m",
    (10, 50): "10m_50m",
}  # in millions, as the question names them
_UNCLEAR = ("monthly_revenue_usd", "monthly_revenue_usd_min", "monthly_revenue_usd_max", "revenue_currency")


def fields_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The company fields that the facts settle; see ``assistant.nlu.company_facts.read`` for their names."""
    fields: dict[str, Any] = {
        _RENAMED.get(name, name): value for name, value in facts.items() if name in _SAME or name in _RENAMED
    }
    business = [kind for name, kind in _BUSINESS.items() if facts.get(name)]
    if not business and facts.get("industry") == "software":
        business = ["software_product"]
    if business:
        fields["business"] = business
    if "ai_strategy_exists" in facts:
        fields["ai_strategy"] = "in_place" if facts["ai_strategy_exists"] else "none"
    if fields.get("generic_tools_no_strategy"):
        fields.setdefault("ai_strategy", "none")
        fields["leveraging_ai"] = False
    leadership = _leadership(facts)
    if leadership:
        fields["leadership"] = leadership
    bands = _bands(facts)
    if len(bands) == 1:
        fields["revenue_band"] = bands.pop()
    return fields


def unclear_revenue(facts: Mapping[str, Any], reply: Mapping[str, Any]) -> bool:
    """Whether a message speaks of revenue, or as a short reply of an amount, in a way that must be asked back."""
    if any(name in facts for name in _UNCLEAR) or len(_bands(facts)) > 1:
        return True
    return bool(reply.get("monthly") or "currency" in reply or len(_bands(_as_revenue(reply))) > 1)


def revenue_band_of(reply: Mapping[str, Any]) -> str | None:
    """The band of an amount given as a short reply, if it can be read in one way."""
    bands = _bands(_as_revenue(reply))
    return bands.pop() if len(bands) == 1 and not unclear_revenue({}, reply) else None


def band_chosen(reply: Mapping[str, Any]) -> str | None:
    """The band of a number that can only be meant as one where revenue is asked for: none at all, or "1-10"."""
    if reply.get("number") == 0:
        return band_of(0)
    return _BANDS_BY_EDGES.get((reply.get("number_min"), reply.get("number_max")))


def _as_revenue(reply: Mapping[str, Any]) -> dict[str, Any]:
    return {name.replace("amount_usd", "annual_revenue_usd"): value for name, value in reply.items()}


def _bands(facts: Mapping[str, Any]) -> set[str]:
    """The revenue bands that the stated amounts fall into; an open end reaches to the end of the scale."""
    if "annual_revenue_usd" in facts:
        return {band_of(facts["annual_revenue_usd"])}
    if "annual_revenue_usd_min" not in facts and "annual_revenue_usd_max" not in facts:
        return set()
    low, high = facts.get("annual_revenue_usd_min", 0), facts.get("annual_revenue_usd_max", math.inf)
    if "annual_revenue_usd_min" not in facts:
        high -= 1  # "under a million" leaves the million out
    return {band_of(low), band_of(high)}


def _leadership(facts: Mapping[str, Any]) -> str | None:
    if facts.get("one_person_leads_both"):
        return "one_person_both"
    cto, caio = facts.get("has_cto"), facts.get("has_caio")
    if cto and caio:
        return "both"
    if cto or caio:
        return "cto" if cto else "caio"
    if facts.get("nobody_leads_tech") or (cto is False and caio is not True):
        return "none"
    return None
