"""The decision once more, slowly and naively, so that the quick one has something to be wrong against.

Written from the tables of the design material (facts.md 3.1 to 3.3) and the readings that its section 3 fixes, as a
chain of questions to the raw answers. It imports nothing from advisor, so the two can only agree by being right.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

Raw = Mapping[str, Any]

_KINDS = ("service", "software_product", "ai_product", "other")
_YES_NO = (
    *("has_website", "has_crm", "has_cloud", "tech_works", "dev_team", "custom_tech_needed", "tech_upgrades_needed"),
    *("ai_strategy_needed_now", "leveraging_ai", "generic_tools_no_strategy", "competitors_gaining"),
    *("build_vs_buy_pending", "cto_ai_expertise", "cto_bandwidth", "cto_accountable", "warn_later"),
    *("warn_tools_first", "warn_no_metrics", "warn_cannot_keep_up", "daily_hands_on_cto", "ai_full_time_scale"),
)

VALUES: dict[str, list[Any]] = {
    "revenue_band": ["lt_1m", "1m_10m", "10m_50m", "ge_50m"],
    "business": [list(kinds) for kinds in chain.from_iterable(combinations(_KINDS, size) for size in range(5))],
    "ai_strategy": ["none", "in_place"],
    "ai_initiatives": [0, 1, 4, 5, 6, 1000],
    "leadership": ["none", "cto", "caio", "both", "one_person_both"],
    **{field: [True, False] for field in _YES_NO},
}
"""Every value of every field that may decide; of numbers, those around the threshold."""


@dataclass(frozen=True)
class Letters:
    """The inputs of the table: each letter is "known to be true", the others name a state."""

    band: str | None
    infra: str
    t: bool
    a: bool
    n: bool
    u: bool
    m: bool
    c: str  # yes: all three hold; no: one is denied; open: none is denied and not all are known
    w: bool
    service: bool
    cto: bool
    caio: bool
    daily_cto: bool
    full_time_ai: bool


@dataclass(frozen=True)
class Verdict:
    """What the table says of a company."""

    role: str
    rule: str
    strength: str
    matched: tuple[str, ...]
    flags: tuple[str, ...]
    engagement: str | None
    terms: str


def decide(raw: Raw) -> Verdict:
    """The verdict on a company; a field is a value, "unknown", "declined" or missing."""
    letters = read(raw)
    matched = _matched(letters)
    role, strength = _role(matched[0], letters)
    terms, engagement = _terms(role, letters)
    return Verdict(role, matched[0], strength, matched, _flags(role, letters), engagement, terms)


def read(raw: Raw) -> Letters:
    """3.1, with "not X" as "X is not known to be true"."""

    def answer(field: str) -> Any:
        value = raw.get(field)
        return None if value == "unknown" or value == "declined" else value

    def yes(field: str) -> bool:
        return answer(field) is True

    kinds = answer("business") or []
    basics = [answer("has_website"), answer("has_crm"), answer("has_cloud")]
    infra = "unknown"
    if basics.count(True) == 3:
        infra = "functional"
    elif basics.count(False) == 3:
        infra = "lacking"
    elif True in basics and False in basics:
        infra = "partial"

    t = "software_product" in kinds or yes("dev_team") or yes("custom_tech_needed") or infra == "lacking"
    a1 = yes("tech_works") and not yes("leveraging_ai")
    a = a1 or yes("generic_tools_no_strategy") or yes("competitors_gaining") or yes("build_vs_buy_pending")
    n = answer("ai_strategy") == "none"
    needed_now = n if answer("ai_strategy_needed_now") is None else yes("ai_strategy_needed_now")

    conditions = [answer("cto_ai_expertise"), answer("cto_bandwidth"), answer("cto_accountable")]
    c = "open"
    if conditions.count(True) == 3:
        c = "yes"
    elif False in conditions:
        c = "no"

    initiatives = answer("ai_initiatives")
    leadership = answer("leadership")
    return Letters(
        band=_band(answer("annual_revenue")) or answer("revenue_band"),
        infra=infra,
        t=t,
        a=a,
        n=n,
        u=yes("tech_upgrades_needed") and needed_now,
        m="ai_product" in kinds or (initiatives is not None and initiatives >= 5),
        c=c,
        w=yes("warn_later") or yes("warn_tools_first") or yes("warn_no_metrics") or yes("warn_cannot_keep_up"),
        service="service" in kinds,
        cto=leadership in ("cto", "one_person_both"),
        caio=leadership in ("caio", "both"),
        daily_cto=yes("daily_hands_on_cto"),
        full_time_ai=yes("ai_full_time_scale"),
    )


def some_company(chance: random.Random, known: float) -> dict[str, Any]:
    """A company of random answers, each of them given with the probability ``known``.

    Half of the companies say no to most questions: with every second answer a yes, the last rules hardly ever decide.
    """
    yes = chance.choice((0.1, 0.5))
    company: dict[str, Any] = {}
    for field, values in VALUES.items():
        if chance.random() < known:
            company[field] = chance.random() < yes if field in _YES_NO else chance.choice(values)
    return company


def _band(annual_revenue: float | None) -> str | None:
    if annual_revenue is None:
        return None
    if annual_revenue < 1e6:
        return "lt_1m"
    if annual_revenue <= 1e7:
        return "1m_10m"
    return "10m_50m" if annual_revenue < 5e7 else "ge_50m"


def _matched(x: Letters) -> tuple[str, ...]:
    """3.2, the conditions; P98 wants "nothing above decided", P99 is "otherwise"."""
    rules = []
    if x.caio:
        rules.append("P00")
    if x.u and not x.cto:
        rules.append("P10")
    if x.cto and (x.a or x.n) and x.c == "yes" and not x.w:
        rules.append("P20")
    if x.cto and (x.a or x.n) and (x.c == "no" or x.w):
        rules.append("P30")
    if x.cto and (x.a or x.n) and x.c == "open":
        rules.append("P35")
    if x.infra == "lacking":
        rules.append("P40")
    if x.t and not x.a and not x.n:
        rules.append("P50")
    if x.t and (x.a or x.n) and not x.u and not x.cto:
        rules.append("P60")
    if x.infra == "functional" and x.n and not x.t:
        rules.append("P70")
    if x.a and not x.t:
        rules.append("P80")
    if x.band == "1m_10m" and not x.t:
        rules.append("P90")
    if x.service and x.infra in ("functional", "partial") and not x.t:
        rules.append("P95")
    if not rules and x.band in ("lt_1m", "1m_10m", "10m_50m"):
        rules.append("P98")
    if not rules:
        rules.append("P99")
    return tuple(rules)


def _role(rule: str, x: Letters) -> tuple[str, str]:
    """3.2, the output and its strength; a dash in the table is the strength "none"."""
    if rule == "P00":
        return "ROLES_IN_PLACE", "none"
    if rule == "P10":
        return "BOTH_FRACTIONAL", "firm"
    if rule == "P20":
        return "CTO_COVERS_AI", "conditional"
    if rule == "P30":  # without a warning sign it negates P20, so it is no firmer than that
        return "ADD_CAIO", "firm" if x.w else "conditional"
    if rule == "P35":
        return "ADD_CAIO", "hedged"
    if rule in ("P40", "P50"):
        return ("CTO_IN_PLACE", "none") if x.cto else ("CTO_FIRST", "firm")
    if rule == "P60":
        return "CTO_THEN_CAIO", "default"
    if rule in ("P70", "P80"):
        return "CAIO_FIRST", "firm"
    if rule in ("P90", "P95"):
        return "CAIO_FIRST", "hedged"
    if rule == "P98":
        return "ONE_OF_THE_TWO", "hedged"
    return "NOT_COVERED", "none"


def _flags(role: str, x: Letters) -> tuple[str, ...]:
    flags = []
    if x.m and role != "BOTH_FRACTIONAL":
        flags.append("MAY_NEED_BOTH")
    if x.band == "1m_10m" and role in ("CTO_FIRST", "CAIO_FIRST"):  # a single seat to fill
        flags.append("END_STATE_BOTH")
    return tuple(flags)


def _terms(role: str, x: Letters) -> tuple[str, str | None]:
    """3.3; nothing to engage where no hire is advised, and an exception only for a seat that is."""
    if role in ("CTO_COVERS_AI", "CTO_IN_PLACE", "ROLES_IN_PLACE"):
        return "E00", None
    if x.band == "1m_10m":
        if x.daily_cto and role in ("BOTH_FRACTIONAL", "CTO_FIRST", "CTO_THEN_CAIO"):
            return "E10", "FULL_TIME_CTO"
        if x.full_time_ai and role in ("BOTH_FRACTIONAL", "ADD_CAIO", "CTO_THEN_CAIO", "CAIO_FIRST"):
            return "E20", "FULL_TIME_CAIO"
        return "E30", "FRACTIONAL"
    if role == "BOTH_FRACTIONAL":
        return "E40", "FRACTIONAL"
    return "E99", "NOT_COVERED"
