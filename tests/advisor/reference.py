"""A slow and naive reference implementation of the decision, to test the fast one against.

Written from the tables of the design material (facts.md 3.1 to 3.3, version 2026.2) directly on raw
answers. It imports nothing from advisor, so the two implementations share no bugs.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
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
"""Every value of every deciding field; for numbers, those around the threshold."""


@dataclass(frozen=True)
class Letters:
    """The inputs of the table and its letters (3.1). A letter means "known to be true"; other fields hold a state."""

    band: str | None
    leadership: str | None
    infra: str
    some_basic: bool  # at least one of website, CRM and cloud is known to exist
    service: bool
    t_source: bool
    t: bool
    works: bool | None
    upgrades: bool | None
    r: bool
    strategy: str | None
    n: bool
    a: bool
    needed_now: bool | None
    w: str  # remedy: W1 or W2; lack: W3 or W4 only; no
    ai: bool
    q: bool
    m: bool
    c_missing: bool  # one of the three conditions of a CTO is known not to hold
    c_open: bool  # one of them has no answer
    daily: bool
    full_time: bool

    @property
    def cto(self) -> bool:
        return self.leadership in ("cto", "one_person_both")

    @property
    def u(self) -> bool:
        """Upgrades and AI at the same time."""
        if not self.r or self.upgrades is False:
            return False
        if self.needed_now is None:
            return self.n or (self.a and self.strategy != "in_place")
        return self.needed_now


@dataclass(frozen=True)
class Verdict:
    """The result of the table for a company."""

    role: str
    rule: str
    strength: str
    matched: tuple[str, ...]
    flags: tuple[str, ...]
    engagement: str | None
    terms: str


def decide(raw: Raw) -> Verdict:
    """The verdict for a company; each field has a value, "unknown" or "declined", or is missing."""
    x = read(raw)
    rules = _rules(x) or _last_resort(x)
    rule, role, strength = rules[0]
    terms, engagement = _terms(role, x)
    matched = tuple(dict.fromkeys(name for name, _, _ in rules))
    return Verdict(role, rule, strength, matched, _flags(role, engagement, x), engagement, terms)


def read(raw: Raw) -> Letters:
    """Section 3.1, with "not X" meaning "X is not known to be true"."""

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

    t_source = "software_product" in kinds or yes("dev_team") or yes("custom_tech_needed") or infra == "lacking"
    works, upgrades, strategy = answer("tech_works"), answer("tech_upgrades_needed"), answer("ai_strategy")
    leadership = answer("leadership")

    a1 = works is True and answer("leveraging_ai") is False
    a2 = yes("generic_tools_no_strategy")
    a = a1 or a2 or yes("competitors_gaining") or yes("build_vs_buy_pending")
    n = strategy == "none" or (strategy is None and a2)

    w = "no"
    if leadership in ("cto", "one_person_both"):
        if yes("warn_later") or yes("warn_tools_first"):
            w = "remedy"
        elif yes("warn_no_metrics") or yes("warn_cannot_keep_up"):
            w = "lack"
    ai = a or n or w != "no" or yes("ai_strategy_needed_now") or yes("ai_full_time_scale")

    conditions = (answer("cto_ai_expertise"), answer("cto_bandwidth"), answer("cto_accountable"))
    initiatives = answer("ai_initiatives")
    return Letters(
        band=_band(answer("annual_revenue")) or answer("revenue_band"),
        leadership=leadership,
        infra=infra,
        some_basic=True in basics,
        service="service" in kinds,
        t_source=t_source,
        t=t_source or "ai_product" in kinds or yes("daily_hands_on_cto"),
        works=works,
        upgrades=upgrades,
        r=upgrades is True or works is False,
        strategy=strategy,
        n=n,
        a=a,
        needed_now=answer("ai_strategy_needed_now"),
        w=w,
        ai=ai,
        q=strategy == "in_place" and yes("leveraging_ai") and not ai,
        m="ai_product" in kinds or (initiatives is not None and initiatives >= 5),
        c_missing=False in conditions,
        c_open=None in conditions,
        daily=yes("daily_hands_on_cto"),
        full_time=yes("ai_full_time_scale"),
    )


def some_company(chance: random.Random, known: float) -> dict[str, Any]:
    """A company with random answers, each present with probability ``known``.

    Half of the companies mostly answer no; if half of the answers were yes, the last rules would hardly ever match.
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


Rule = tuple[str, str, str]
"""Its name, the role and the strength."""


def _rules(x: Letters) -> list[Rule]:
    """Section 3.2 without its last resorts, in order of priority."""
    return [*_with_a_caio(x), *_at_once(x), *_with_a_cto(x), *_technology_first(x), *_ai_first(x)]


def _with_a_caio(x: Letters) -> Iterator[Rule]:
    if x.leadership == "both":
        yield "P00", "ROLES_IN_PLACE", "none"
    if x.leadership == "caio":
        if not x.t and not x.r and (x.works is True or x.upgrades is False):
            yield "P00", "ROLES_IN_PLACE", "none"
        if x.t:
            yield "P05", "ADD_CTO", "inferred"
        if x.r:
            yield "P06", "ADD_CTO", "default"
        if not x.t and not x.r and x.works is None and x.upgrades is None:
            yield "P07", "NOT_ENOUGH_KNOWN", "none"


def _at_once(x: Letters) -> Iterator[Rule]:
    if x.u and not x.cto:
        said = x.upgrades is True and x.needed_now is True
        yield "P10", "BOTH_FRACTIONAL", "firm" if said else "inferred"


def _with_a_cto(x: Letters) -> Iterator[Rule]:
    if not x.cto:
        return
    if x.ai and not x.c_missing and not x.c_open and x.w == "no":
        yield "P20", "CTO_COVERS_AI", "conditional"
    if x.w != "no":
        yield "P30", "ADD_CAIO", "firm" if x.w == "remedy" else "inferred"
    if x.ai and x.c_missing:
        yield "P30", "ADD_CAIO", "inferred"
    if x.ai and x.c_open:
        yield "P35", "ADD_CAIO", "default"
    if not x.ai and x.strategy == "in_place":
        yield "P36", "CTO_IN_PLACE", "none"
    if not x.ai and x.strategy is None:
        yield "P37", "NOT_ENOUGH_KNOWN", "none"


def _technology_first(x: Letters) -> Iterator[Rule]:
    if x.cto:
        return
    if x.infra == "lacking":
        yield "P40", "CTO_FIRST", "firm"
    if x.t and not x.ai:
        yield "P50", "CTO_FIRST", "firm" if x.t_source else "inferred"
    if x.r and not x.ai:
        yield "P55", "CTO_FIRST", "default"
    if x.t and x.ai and not x.u:
        yield "P60", "CTO_THEN_CAIO", "default"
    if x.r and x.ai and not x.u and not x.t:
        yield "P65", "CTO_THEN_CAIO", "default"


def _ai_first(x: Letters) -> Iterator[Rule]:
    if x.cto or x.t or x.r:
        return
    if x.infra == "functional" and x.n:
        yield "P70", "CAIO_FIRST", "firm"
    if x.a:
        yield "P80", "CAIO_FIRST", "firm"
    if x.band == "1m_10m" and not x.q:
        yield "P90", "CAIO_FIRST", "hedged"
    if x.service and x.some_basic and not x.q:
        yield "P95", "CAIO_FIRST", "hedged"


def _last_resort(x: Letters) -> list[Rule]:
    if x.band is None:
        return [("P97", "NOT_ENOUGH_KNOWN", "none")]
    return [("P99", "NOT_COVERED", "none")] if x.band == "ge_50m" else [("P98", "ONE_OF_THE_TWO", "hedged")]


_HIRES_ONE = ("CAIO_FIRST", "CTO_FIRST", "CTO_THEN_CAIO", "ADD_CAIO", "ADD_CTO")


def _flags(role: str, engagement: str | None, x: Letters) -> tuple[str, ...]:
    flags = []
    if x.m and role not in ("BOTH_FRACTIONAL", "ADD_CTO", "ADD_CAIO") and x.leadership != "both":
        flags.append("MAY_NEED_BOTH")
    if x.band == "1m_10m" and role in ("CTO_FIRST", "CAIO_FIRST") and engagement == "FRACTIONAL":
        flags.append("END_STATE_BOTH")
    if x.band == "lt_1m" and role in (*_HIRES_ONE, "BOTH_FRACTIONAL", "ONE_OF_THE_TWO"):
        flags.append("SMALL_FIRM")
    if x.band == "ge_50m" and role in (*_HIRES_ONE, "BOTH_FRACTIONAL"):
        flags.append("BEYOND_RANGE")
    lacking = x.infra == "lacking" and role in ("ADD_CAIO", "CTO_COVERS_AI", "BOTH_FRACTIONAL")
    failing = x.works is False and role in ("ADD_CAIO", "CTO_COVERS_AI")
    partial = x.infra == "partial" and x.works is not True and role == "CAIO_FIRST"
    if lacking or failing or partial:
        flags.append("BASICS_FIRST")
    if role == "BOTH_FRACTIONAL" and x.band == "1m_10m" and (x.daily or x.full_time):
        flags.append("FULL_TIME_EXCEPTION")
    return tuple(flags)


def _terms(role: str, x: Letters) -> tuple[str, str | None]:
    """Section 3.3; no engagement without a hire, and exceptions only for a hired role."""
    if role in ("CTO_COVERS_AI", "CTO_IN_PLACE", "ROLES_IN_PLACE", "NOT_ENOUGH_KNOWN"):
        return "E00", None
    if role == "BOTH_FRACTIONAL":
        return "E05", "FRACTIONAL"
    if x.band != "1m_10m":
        return "E99", "NOT_COVERED"
    if x.daily and role in ("CTO_FIRST", "CTO_THEN_CAIO", "ADD_CTO", "ONE_OF_THE_TWO"):
        return "E10", "FULL_TIME_CTO"
    if x.full_time and role in ("CAIO_FIRST", "CTO_THEN_CAIO", "ADD_CAIO", "ONE_OF_THE_TWO"):
        return "E20", "FULL_TIME_CAIO"
    return "E30", "FRACTIONAL"
