"""The advice: the decision, what it rests on and what would change it, in one record."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from advisor.company import Company
from advisor.decision import Words
from advisor.framework import framework_version
from advisor.prices import Figure, figures
from advisor.whatif import Change, Situation


@dataclass(frozen=True)
class Advice:
    """What to tell a company. Money is in US dollars; every name of a rule or fact is one of the source inventory."""

    role: str
    rule: str
    strength: str
    matched: tuple[str, ...]
    flags: tuple[str, ...]
    engagement: str | None
    facts: tuple[str, ...]
    contingent_on: tuple[str, ...]
    would_change: tuple[Change, ...]
    costs: tuple[Figure, ...]
    hours: tuple[Figure, ...]
    framework_version: str
    words: Words

    def as_json(self) -> dict[str, Any]:
        """The record as the command line prints it."""
        changes = [{"set": dict(one.set), "role": one.role, "engagement": one.engagement} for one in self.would_change]
        return {
            **{name: getattr(self, name) for name in self.__dataclass_fields__ if name != "words"},
            "would_change": changes,
            "costs": [_figure(figure) for figure in self.costs],
            "hours": [_figure(figure) for figure in self.hours],
        }


def advise(company: Company) -> Advice:
    """The advice for a company as ``read_company`` gives it. Every company gets exactly one role."""
    situation = Situation(company)
    decision = situation.decision
    known = figures()
    return Advice(
        role=decision.role,
        rule=decision.rule,
        strength=decision.strength,
        matched=decision.matched,
        flags=decision.flags,
        engagement=decision.engagement,
        facts=decision.facts,
        contingent_on=tuple(situation.contingent_on()),
        would_change=tuple(situation.would_change()),
        costs=tuple(known[name] for name in decision.costs),
        hours=tuple(known[name] for name in decision.hours),
        framework_version=framework_version(),
        words=decision.words,
    )


@cache
def _figure(figure: Figure) -> dict[str, Any]:
    return {**asdict(figure), "text": figure.text}
