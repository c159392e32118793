"""The conditions that the decision table reads, each from a few answers.

Every condition says "known to be true" or names a state; an unknown answer never makes one true. The names are the
column heads of framework.yml; T, A, N, U, M, C and W are the letters of the design's table (facts.md 3.1).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import NamedTuple

from advisor.company import Company
from advisor.prices import figures

INFRASTRUCTURE = ("has_website", "has_crm", "has_cloud")
CTO_CONDITIONS = ("cto_ai_expertise", "cto_bandwidth", "cto_accountable")
WARNING_SIGNS = ("warn_later", "warn_tools_first", "warn_no_metrics", "warn_cannot_keep_up")
BUILD_TRIGGERS = ("dev_team", "custom_tech_needed")
AI_TRIGGERS = ("generic_tools_no_strategy", "competitors_gaining", "build_vs_buy_pending")


MANY_INITIATIVES = figures()["many_initiatives"].low
"""The number of AI initiatives from which both roles may be needed, itself included (F006.2)."""


Read = Callable[[Company], Hashable]


class Condition(NamedTuple):
    """One column of the decision table: how it is read, and from which fields."""

    read: Read
    fields: tuple[str, ...]


def _band(company: Company) -> str | None:
    return company.get("revenue_band")


def _caio_in_place(company: Company) -> bool:
    return company.get("leadership") in ("caio", "both")


def _cto_in_place(company: Company) -> bool:
    return company.get("leadership") in ("cto", "one_person_both")


def infrastructure(company: Company) -> str:
    """functional (website, CRM and cloud), lacking (none of them), partial, or unknown (F068.1, F073.4, X09)."""
    answers = (company.get("has_website"), company.get("has_crm"), company.get("has_cloud"))
    if answers == (True, True, True):
        return "functional"
    if answers == (False, False, False):
        return "lacking"
    return "partial" if True in answers and False in answers else "unknown"


def _technology_to_lead(company: Company) -> bool:
    """T: software product, developers, custom technology, or no basics at all (F073)."""
    return bool(
        company.get("dev_team")
        or company.get("custom_tech_needed")
        or "software_product" in company.get("business", ())
        or infrastructure(company) == "lacking"
    )


def not_leveraging(company: Company) -> bool:
    """A1: technology works, and AI is not known to be leveraged (F074.1)."""
    return company.get("tech_works") is True and company.get("leveraging_ai") is not True


def _ai_trigger(company: Company) -> bool:
    """A: any of the four reasons of the framework's second bullet (F074)."""
    return bool(
        company.get("generic_tools_no_strategy")
        or company.get("competitors_gaining")
        or company.get("build_vs_buy_pending")
        or not_leveraging(company)
    )


def _no_strategy(company: Company) -> bool:
    """N: there is no AI strategy (F068)."""
    return company.get("ai_strategy") == "none"


def _ai_leadership_wanted(company: Company) -> bool:
    return _no_strategy(company) or _ai_trigger(company)


def _upgrades_and_ai(company: Company) -> bool:
    """U: both needed at once (F075). Without an AI strategy one counts as needed now unless denied."""
    if not company.get("tech_upgrades_needed"):
        return False
    return bool(company.get("ai_strategy_needed_now", _no_strategy(company)))


def _cto_ready(company: Company) -> str | bool:
    """Whether all three conditions of a CTO who can carry AI strategy hold (F080)."""
    answers = (company.get("cto_ai_expertise"), company.get("cto_bandwidth"), company.get("cto_accountable"))
    if False in answers:
        return "refuted"
    return "unsettled" if None in answers else True


def _warning_sign(company: Company) -> bool:
    """W: any of the four warning signs (F082 to F086)."""
    return bool(
        company.get("warn_later")
        or company.get("warn_tools_first")
        or company.get("warn_no_metrics")
        or company.get("warn_cannot_keep_up")
    )


def _much_ai(company: Company) -> bool:
    """M: AI products, or many AI initiatives (F006)."""
    return "ai_product" in company.get("business", ()) or company.get("ai_initiatives", 0) >= MANY_INITIATIVES


_BASICS = ("business", *BUILD_TRIGGERS, *INFRASTRUCTURE)
_AI = ("tech_works", "leveraging_ai", *AI_TRIGGERS)

CONDITIONS: dict[str, Condition] = {
    "band": Condition(_band, ("revenue_band",)),
    "caio_in_place": Condition(_caio_in_place, ("leadership",)),
    "cto_in_place": Condition(_cto_in_place, ("leadership",)),
    "infrastructure": Condition(infrastructure, INFRASTRUCTURE),
    "technology_to_lead": Condition(_technology_to_lead, _BASICS),
    "ai_trigger": Condition(_ai_trigger, _AI),
    "no_strategy": Condition(_no_strategy, ("ai_strategy",)),
    "ai_leadership_wanted": Condition(_ai_leadership_wanted, ("ai_strategy", *_AI)),
    "upgrades_and_ai": Condition(_upgrades_and_ai, ("tech_upgrades_needed", "ai_strategy_needed_now", "ai_strategy")),
    "cto_ready": Condition(_cto_ready, CTO_CONDITIONS),
    "warning_sign": Condition(_warning_sign, WARNING_SIGNS),
    "service_business": Condition(lambda company: "service" in company.get("business", ()), ("business",)),
    "much_ai": Condition(_much_ai, ("business", "ai_initiatives")),
    "daily_cto": Condition(lambda company: bool(company.get("daily_hands_on_cto")), ("daily_hands_on_cto",)),
    "full_time_ai": Condition(lambda company: bool(company.get("ai_full_time_scale")), ("ai_full_time_scale",)),
}
