"""The decision table as decision diagrams: for every row where it applies and where it decides.

Compiling takes a twentieth of a second, and shows at once what a table must not have: a row that nothing can reach, an
order that matters without a word about it, a company without a role.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from advisor.diagram import Diagram, Diagrams, State
from advisor.edition import per_edition
from advisor.errors import ContentError
from advisor.fields import UNKNOWN, fields
from advisor.framework import STRENGTHS, FigureRow, FlagRow, Framework, Line, RoleRow, TermsRow, framework
from advisor.prices import figures


@dataclass(frozen=True)
class Variable:
    """What the table asks of a field: its value, whether a kind is among its values, or whether it reaches a figure.

    The first value is that of a field without an answer.
    """

    field: str
    values: tuple[Any, ...]
    member: str | None = None  # a kind of business
    threshold: int | None = None

    def index(self, answer: Any) -> int:
        """The place of an answer among the values; ``None`` is no answer."""
        if answer is None:
            return 0
        if self.member is not None:
            return int(self.member in answer)
        if self.threshold is not None:
            return int(answer >= self.threshold)
        return self.values.index(answer)


class CompiledTable:
    """The diagrams of a table.

    Args:
        table: the decision table.

    Raises:
        ContentError: a row that cannot decide, a company that no rule decides, or an order that matters and is not
            declared.
    """

    def __init__(self, table: Framework) -> None:
        self.table = table
        self.variables = tuple(dict.fromkeys(_variables(table)))
        self.levels = {field: self._levels_of(field) for field in dict.fromkeys(one.field for one in self.variables)}
        self.diagrams = Diagrams([len(one.values) for one in self.variables])
        self._conditions: dict[str, Diagram] = {}
        for name, lines in table.conditions.items():
            self._conditions[name] = self._any(map(self.line, lines))
        self.applies = [self.line(row.when) for row in table.roles]
        self.decides = self._decisive()
        self.role = self._first((row.role, where) for row, where in zip(table.roles, self.decides, strict=True))
        self.firmness = self._first(
            (STRENGTHS.index(row.strength), where) for row, where in zip(table.roles, self.decides, strict=True)
        )
        self.terms_lines = [self.line(row.when) for row in table.terms]
        self.flag_lines = [self.line(row.when) for row in table.flags]
        self.terms_apply = [self._for_roles(row) for row in table.terms]
        self._terms_decide = self._decisive_terms()
        self.terms = self._first((row.terms, where) for row, where in zip(table.terms, self.terms_apply, strict=True))
        self.flags_apply = [self._for_roles_and_terms(row) for row in table.flags]
        self.costs = [self._for_roles_and_terms(row) for row in table.costs]
        self.hours = [self._for_roles_and_terms(row) for row in table.hours]
        for part, where in (
            ("terms", self._terms_decide),
            ("flags", self.flags_apply),
            ("costs", self.costs),
            ("hours", self.hours),
        ):
            self._check_reached(part, where)
        self.contradictions = [self.line(line) for line in table.contradictions]
        self.triggers = [self.line(row.when) for row in table.triggers]
        outcome = self.diagrams.combine(self.role, self.terms, lambda role, terms: (role, terms))
        self.outcome = self.diagrams.combine(outcome, self.firmness, lambda ends, firmness: (ends, firmness))

    def state_of(self, company: Mapping[str, Any]) -> State:
        """What the table reads of a company, as indexes of the values of its variables."""
        return tuple([one.index(company.get(one.field)) for one in self.variables])

    def line(self, line: Line) -> Diagram:
        """Where every entry of a line holds."""
        holds = self.diagrams.true
        for name, values in line.items():
            holds = self.diagrams.both(holds, self._entry(name, values))
        return holds

    def _entry(self, name: str, values: tuple[bool | str, ...]) -> Diagram:
        if name in self._conditions:
            condition = self._conditions[name]
            return self._any(condition if value else self.diagrams.negation(condition) for value in values)
        tests = []
        for level in self.levels[name]:
            variable = self.variables[level]
            if variable.member is not None:
                wanted = [1] if variable.member in values else []
            elif variable.threshold is not None:
                wanted = [1] if variable in [_threshold(name, value) for value in values] else []
            else:
                wanted = [variable.values.index(value) for value in values]
            tests.append(self.diagrams.test(level, wanted))
        return self._any(tests)

    def _any(self, diagrams: Iterable[Diagram]) -> Diagram:
        holds = self.diagrams.false
        for one in diagrams:
            holds = self.diagrams.either(holds, one)
        return holds

    def _first(self, rows: Iterable[tuple[Any, Diagram]]) -> Diagram:
        """The result of the first row that applies; None where none does."""
        result = self.diagrams.leaf(None)
        for outcome, where in reversed(list(rows)):
            result = self.diagrams.choose(where, self.diagrams.leaf(outcome), result)
        return result

    def _decisive(self) -> list[Diagram]:
        """For every rule where it is the first that applies.

        A rule of last resort needs no declared order: it counts only where nothing else applies.
        """
        decides, decided = self._each_before_the_next(self.applies)
        for number, row in enumerate(self.table.roles):
            if decides[number] == self.diagrams.false:
                raise ContentError(
                    f"framework.yml: roles, row {number + 1} ({row.id}): can never decide; rows above it do"
                )
            self._check_order(number)
        if decided != self.diagrams.true:
            raise ContentError("framework.yml: roles: some company gets no role; the last rows must leave nothing open")
        return decides

    def _decisive_terms(self) -> list[Diagram]:
        """For every row of terms where it is the first that applies."""
        decides, decided = self._each_before_the_next(self.terms_apply)
        if decided != self.diagrams.true:
            raise ContentError("framework.yml: terms: some company gets no terms; the last row must leave nothing open")
        return decides

    def _each_before_the_next(self, rows: Iterable[Diagram]) -> tuple[list[Diagram], Diagram]:
        """For every row where it is the first that applies, and where any of them does."""
        first, any_above = [], self.diagrams.false
        for applies in rows:
            first.append(self.diagrams.both(applies, self.diagrams.negation(any_above)))
            any_above = self.diagrams.either(any_above, applies)
        return first, any_above

    def _check_reached(self, part: str, where: Sequence[Diagram]) -> None:
        for number, row in enumerate(getattr(self.table, part)):
            if where[number] == self.diagrams.false:
                name = getattr(row, "id", row.words)
                raise ContentError(f"framework.yml: {part}, row {number + 1} ({name}): can never apply")

    def _check_order(self, number: int) -> None:
        row = self.table.roles[number]
        overlapping = [
            other.id
            for other, where in zip(self.table.roles[number + 1 :], self.applies[number + 1 :], strict=True)
            if other.role != row.role and not other.last_resort
            if self.diagrams.both(self.applies[number], where) != self.diagrams.false
        ]
        wanted = list(dict.fromkeys(overlapping))
        if sorted(wanted) != sorted(row.outranks):
            raise ContentError(
                f"framework.yml: roles, row {number + 1} ({row.id}): outranks must name the rules below "
                f"it that lead to another role and can apply as well: {', '.join(wanted) or 'none'}"
            )

    def _for_roles(self, row: TermsRow | FlagRow | FigureRow) -> Diagram:
        """Where a row applies whose role is one of its own."""
        line = self.line(row.when) if not isinstance(row, FigureRow) else self.diagrams.true
        excepted = row.except_roles if isinstance(row, FlagRow) else ()
        roles = [
            where
            for rule, where in zip(self.table.roles, self.decides, strict=True)
            if rule.role not in excepted and (not row.only_roles or rule.role in row.only_roles)
        ]
        return self.diagrams.both(line, self._any(roles))

    def _for_roles_and_terms(self, row: FlagRow | FigureRow) -> Diagram:
        where = self._for_roles(row)
        if not row.only_terms:
            return where
        first = zip(self.table.terms, self._terms_decide, strict=True)
        return self.diagrams.both(where, self._any(one for terms, one in first if terms.terms in row.only_terms))

    def _levels_of(self, field: str) -> tuple[int, ...]:
        return tuple(level for level, one in enumerate(self.variables) if one.field == field)


@per_edition
def compiled() -> CompiledTable:
    """The compiled decision table; see ``CompiledTable`` for its errors."""
    return CompiledTable(framework())


def _variables(table: Framework) -> Iterator[Variable]:
    """What the table asks of which field, in the order in which it does."""
    conditions = chain.from_iterable(table.conditions.values())
    rows: list[RoleRow | FlagRow | TermsRow | Any] = [*table.roles, *table.triggers, *table.flags, *table.terms]
    for line in chain(conditions, (row.when for row in rows)):
        for name, values in line.items():
            field = fields().get(name)
            if field is None:
                continue
            if field.type == "kinds":
                yield from (Variable(name, (False, True), member=str(value)) for value in values)
            elif field.type in ("whole_number", "amount"):
                yield from (_threshold(name, value) for value in values)
            else:
                yield Variable(name, (UNKNOWN, *(field.values or (True, False))))


def _threshold(name: str, figure: Any) -> Variable:
    """Whether a number reaches a figure of prices.yml."""
    return Variable(name, (False, True), threshold=figures()[figure].low)
