"""What the advice hangs on: which answers would change it, and which unknowns still could."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, combinations, product
from typing import Any

from advisor.company import BUSINESSES, VALUES, Company
from advisor.conditions import CONDITIONS, CTO_CONDITIONS, INFRASTRUCTURE
from advisor.framework import Decision, Signature, decide, signature_of

CHANGEABLE = tuple(dict.fromkeys(field for condition in CONDITIONS.values() for field in condition.fields))
"""Every field that the decision reads."""

TOGETHER: tuple[Company, ...] = (
    {**dict.fromkeys(INFRASTRUCTURE, True), "ai_strategy": "none"},
    dict.fromkeys(INFRASTRUCTURE, False),
    dict.fromkeys(CTO_CONDITIONS, True),
    dict.fromkeys(("tech_upgrades_needed", "ai_strategy_needed_now"), True),
    {"revenue_band": "1m_10m", "daily_hands_on_cto": True},
    {"revenue_band": "1m_10m", "ai_full_time_scale": True},
)
"""Answers that make a condition true only in company: none of them need change anything alone."""


_READERS = {
    field: tuple((column, one.read) for column, one in enumerate(CONDITIONS.values()) if field in one.fields)
    for field in CHANGEABLE
}
"""The columns of the signature that read a field."""

_BESIDE = {
    field: tuple(dict.fromkeys(name for one in CONDITIONS.values() if field in one.fields for name in one.fields))
    for field in CHANGEABLE
}
"""The fields that those columns read: all that the effect of a change depends on."""

_UNTRIED: Any = object()
_Columns = tuple[tuple[int, Hashable], ...]
_Effects = tuple[tuple[Any, _Columns], ...]
"""Values of a field, each with the columns that it turns and what they turn to."""


@dataclass(frozen=True)
class Change:
    """Answers that would be different, and the advice that they would give."""

    set: Company
    role: str
    engagement: str | None


class Situation:
    """A company with its decision, for trying many small changes quickly.

    Args:
        company: as ``read_company`` gives it; it is not changed.
    """

    def __init__(self, company: Company) -> None:
        self._company = {**company, **({"business": tuple(company["business"])} if "business" in company else {})}
        self._signature = signature_of(company)
        self.decision = decide(self._signature)

    def with_answers(self, answers: Company) -> Decision:
        """The decision if these answers were given."""
        company = {**self._company, **answers}
        readers = chain.from_iterable(_READERS[field] for field in answers)
        return self._turned((column, read(company)) for column, read in readers)

    def _turned(self, columns: Iterable[tuple[int, Hashable]]) -> Decision:
        """The decision if these columns of the signature had these values."""
        signature = list(self._signature)
        for column, value in columns:
            signature[column] = value
        return decide(tuple(signature))

    def would_change(self, fields: Sequence[str] = CHANGEABLE) -> list[Change]:
        """All single changes of an answer that give another role or other terms; if there are none, all pairs.

        Args:
            fields: the answers that may change; a revenue is changed as a band.
        """
        return list(_flips(self.decision, self._singles(fields))) or list(_flips(self.decision, self._pairs(fields)))

    def would_lead_to(self, roles: Collection[str], fields: Sequence[str] = CHANGEABLE) -> list[Change]:
        """All single changes of an answer that give one of these roles; if there are none, all pairs."""
        for tried in (self._singles(fields), self._pairs(fields)):
            found = [change for change in _flips(self.decision, tried) if change.role in roles]
            if found:
                return found
        return []

    def contingent_on(self) -> list[str]:
        """The unknown fields whose answer, alone or with those that go with it, could change or weaken the advice."""
        unknown = [field for field in CHANGEABLE if field not in self._company]
        found = {field for field in unknown if self._tried[field]}
        for answers in TOGETHER:
            missing = {field: value for field, value in answers.items() if field not in self._company}
            fits = all(self._company[field] == answers[field] for field in answers if field not in missing)
            if fits and len(missing) > 1 and self._needs_all(missing):
                found.update(missing)
        return [field for field in unknown if field in found]

    def _needs_all(self, answers: Company) -> bool:
        """Whether these answers unsettle the advice, and none of them could be left out."""
        without_one = ({field: value for field, value in answers.items() if field != left_out} for left_out in answers)
        return self._unsettled(self.with_answers(answers)) and not any(
            self._unsettled(self.with_answers(fewer)) for fewer in without_one
        )

    def _unsettled(self, decision: Decision) -> bool:
        return decision.outcome != self.decision.outcome or decision.firmness < self.decision.firmness

    def _singles(self, fields: Iterable[str]) -> Iterator[tuple[Company, Decision]]:
        for field in fields:
            yield from self._tried[field]

    @cached_property
    def _tried(self) -> dict[str, list[tuple[Company, Decision]]]:
        """Every single change that unsettles the advice, with the decision it gives: they are asked for twice."""
        held = self._company.get
        unsettling = _known(self._signature)
        tried: dict[str, list[tuple[Company, Decision]]] = {field: [] for field in CHANGEABLE}
        for field, beside in _BESIDE.items():
            for value, columns in _effects(field, tuple([held(name) for name in beside])):
                decision = unsettling.get(columns, _UNTRIED)
                if decision is _UNTRIED:
                    decision = self._turned(columns)
                    unsettling[columns] = decision = decision if self._unsettled(decision) else None
                if decision:
                    tried[field].append(({field: value}, decision))
        return tried

    def _pairs(self, fields: Sequence[str]) -> Iterator[tuple[Company, Decision]]:
        for first, second in combinations(fields, 2):
            present = self._company.get
            for one, other in product(_others(first, present(first)), _others(second, present(second))):
                answers = {first: one, second: other}
                yield answers, self.with_answers(answers)


@lru_cache(maxsize=20_000)
def _known(signature: Signature) -> dict[_Columns, Decision | None]:
    """What was found out for companies of this signature: the decision of each turn, where it unsettles theirs."""
    return {}


@lru_cache(maxsize=100_000)
def _effects(field: str, beside: tuple[Any, ...]) -> _Effects:
    """What every other value of a field would turn, given the values of the fields that count beside it."""
    company = {name: value for name, value in zip(_BESIDE[field], beside, strict=True) if value is not None}
    present = [(column, read(company)) for column, read in _READERS[field]]
    effects = []
    for value in _others(field, company.get(field)):
        changed = {**company, field: value}
        turned = [(column, read(changed)) for column, read in _READERS[field]]
        columns = tuple(new for new, old in zip(turned, present, strict=True) if new != old)
        if columns:
            effects.append((value, columns))
    return tuple(effects)


def _others(field: str, present: Any) -> list[Any]:
    """Every other value of a field that the decision can tell apart from the present one."""
    if field == "business":
        return _businesses(present)
    if field == "ai_initiatives" and present is not None:
        present = max(value for value in VALUES[field] if value <= present)
    return [value for value in VALUES[field] if value != present]


def _flips(present: Decision, tried: Iterable[tuple[Company, Decision]]) -> Iterator[Change]:
    for answers, decision in tried:
        if decision.outcome != present.outcome:
            yield Change(answers, decision.role, decision.engagement)


def _businesses(present: Sequence[str] | None) -> list[list[str]]:
    """One kind of business more or less; from unknown, each kind alone."""
    if present is None:
        return [[kind] for kind in BUSINESSES]
    return [[kind for kind in BUSINESSES if (kind in present) != (kind == other)] for other in BUSINESSES]
