"""What the advice depends on: which answers would change it, and which unknowns still could."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations, product
from typing import Any

from advisor.compiled import compiled
from advisor.decision import Decision, decide_state
from advisor.edition import per_edition
from advisor.fields import Value, fields

Answers = Mapping[str, Value]
Outcome = tuple[tuple[str, str | None], int]
"""Role and terms, and the strength as a number."""

Tried = tuple[Answers, Outcome]
"""Answers that would be different, and what they would lead to."""

ALWAYS_CONTINGENT = "leadership"
"""Whoever holds a role already decides first: while that is not known, every advice depends on it (facts.md 3.2)."""


@per_edition
def changeable() -> tuple[str, ...]:
    """Every field that the decision reads, in the order in which its table does."""
    return tuple(compiled().levels)


def distinct_values(field: str) -> tuple[Value, ...]:
    """The values of a field that the decision can tell apart; kinds of business, which combine, one by one.

    A number counts by the figure that it reaches (F006.2); revenue decides through its band, and headcount
    not at all (X25).
    """
    return _distinct_values()[field]


@per_edition
def _distinct_values() -> Mapping[str, tuple[Value, ...]]:
    table = compiled()
    found: dict[str, tuple[Value, ...]] = {}
    for name, field in fields().items():
        thresholds = [table.variables[level].threshold for level in table.levels.get(name, ())]
        reached = (0, *(one for one in thresholds if one is not None))
        found[name] = (True, False) if field.type == "yes_no" else field.values or reached
    return found


@dataclass(frozen=True)
class Change:
    """Answers that would be different, and the advice that they would give."""

    set: Answers
    role: str
    engagement: str | None


class Situation:
    """A company with its decision, for trying many small changes quickly.

    Args:
        company: as ``read_company`` gives it.
    """

    def __init__(self, company: Mapping[str, Any]) -> None:
        self._company = company
        self._table = compiled()
        self._fields = fields()
        self._values = _distinct_values()
        self._state = self._table.state_of(company)
        self._present = self._outcome({})
        # A change of none of the fields on the way to the present outcome leads to the same one.
        path = self._table.diagrams.path(self._table.outcome, self._state)
        self._decisive = {self._table.variables[level].field for level in path}

    @property
    def decision(self) -> Decision:
        """The decision for the company as it is."""
        return decide_state(self._table, self._state)

    def would_change(self, fields: Sequence[str] | None = None) -> list[Change]:
        """All single changes of an answer that give another role or other terms; if there are none, all pairs.

        Args:
            fields: the answers that may change, by default all; revenue is changed as a band.
        """
        names = changeable() if fields is None else fields
        return list(self._flips(self._singles(names))) or list(self._flips(self._pairs(names)))

    def would_lead_to(self, roles: Collection[str], fields: Sequence[str] | None = None) -> list[Change]:
        """All single changes of an answer that give one of these roles; if there are none, all pairs."""
        names = changeable() if fields is None else fields
        for tried in (self._singles(names), self._pairs(names)):
            if found := [change for change in self._flips(tried) if change.role in roles]:
                return found
        return []

    def contingent_on(self) -> list[str]:
        """The unknown fields whose answer, alone or with those that go with it, could change or weaken the advice."""
        unknown = [field for field in changeable() if field not in self._company]
        found = {
            field
            for field in unknown
            if field == ALWAYS_CONTINGENT or any(self._is_unsettled(ends) for _, ends in self._singles([field]))
        }
        for answers in _together():
            missing = {field: value for field, value in answers.items() if field not in self._company}
            fits = all(self._company[field] == answers[field] for field in answers if field not in missing)
            if fits and len(missing) > 1 and self._needs_all(missing):
                found.update(missing)
        return [field for field in unknown if field in found]

    def would_settle(self) -> list[str]:
        """The unknown fields of which one answer alone leads to another role, in the order of the interview."""
        role = self.decision.role
        flips = self._flips(self._singles(changeable()))
        leading = {field for change in flips if change.role != role for field in change.set}
        return [field for field in fields() if field in leading and field not in self._company]

    def _needs_all(self, answers: Answers) -> bool:
        """Whether these answers unsettle the advice, and none of them could be left out."""
        without_one = ({field: value for field, value in answers.items() if field != left_out} for left_out in answers)
        return self._unsettles(answers) and not any(map(self._unsettles, without_one))

    def _unsettles(self, answers: Answers) -> bool:
        """Whether these answers would give another role, other terms or a weaker advice."""
        return self._is_unsettled(self._outcome(answers))

    def _is_unsettled(self, outcome: Outcome) -> bool:
        ends, firmness = outcome
        return ends != self._present[0] or firmness < self._present[1]

    def _outcome(self, answers: Answers) -> Outcome:
        """What the advice would be with these answers."""
        table, state = self._table, list(self._state)
        for field, answer in answers.items():
            for level in table.levels[field]:
                state[level] = table.variables[level].index(answer)
        outcome: Any = table.diagrams.result(table.outcome, state)
        return outcome  # type: ignore[no-any-return]

    def _flips(self, tried: Iterable[Tried]) -> Iterator[Change]:
        for answers, (ends, _) in tried:
            if ends != self._present[0]:
                yield Change(answers, *ends)

    def _singles(self, names: Iterable[str]) -> Iterator[Tried]:
        return chain.from_iterable(self._single_changes[field] for field in names if field in self._decisive)

    @cached_property
    def _single_changes(self) -> dict[str, list[Tried]]:
        """Every change of one decisive answer, with the outcome that it gives: several questions go through them."""
        return {
            field: [(answers, self._outcome(answers)) for answers in ({field: value} for value in self._others(field))]
            for field in self._decisive
        }

    def _pairs(self, names: Sequence[str]) -> Iterator[Tried]:
        for first, second in combinations(names, 2):
            if not self._decisive.isdisjoint((first, second)):
                for one, other in product(self._others(first), self._others(second)):
                    answers = {first: one, second: other}
                    yield answers, self._outcome(answers)

    def _others(self, field: str) -> list[Value]:
        """Every other value of a field that the decision can tell apart from the present one."""
        present, values = self._company.get(field), self._values[field]
        if self._fields[field].type == "kinds":  # one kind more or less; from unknown, each kind alone
            held = present or ()
            return [tuple(str(kind) for kind in values if (kind in held) != (kind == other)) for other in values]
        if isinstance(present, int) and not isinstance(present, bool):
            present = max(value for value in values if isinstance(value, int) and value <= present)
        return [value for value in values if value != present]


@per_edition
def _together() -> tuple[Answers, ...]:
    """Answers that change the advice only in company: none of them need change anything alone."""
    return tuple({field: values[0] for field, values in line.items()} for line in compiled().table.together)
