"""The decision: the table applied to a company, with the trace that explains it.

The first rule that applies decides, and every rule that applies is kept in the trace (hit policy FIRST).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from advisor.compiled import CompiledTable, compiled
from advisor.diagram import Diagram, State
from advisor.framework import RoleRow, Strength


@dataclass(frozen=True)
class Words:
    """How the names of the responses end that say a decision."""

    rule: str
    reasons: tuple[str, ...]
    terms: str | None
    flags: tuple[str, ...]
    costs: tuple[str, ...]
    hours: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """What the table says about a company; every name is one of framework.yml or prices.yml."""

    role: str
    rule: str
    strength: Strength
    basis: str
    matched: tuple[str, ...]
    flags: tuple[str, ...]
    engagement: str | None
    engagement_rule: str
    facts: tuple[str, ...]
    costs: tuple[str, ...]
    hours: tuple[str, ...]
    words: Words

    @cached_property
    def outcome(self) -> tuple[str, str | None]:
        """What a company would do differently: the role and its terms."""
        return self.role, self.engagement


def decide(company: Mapping[str, Any]) -> Decision:
    """The decision for a company as ``read_company`` gives it. Every company gets exactly one role."""
    table = compiled()
    return decide_state(table, table.state_of(company))


@lru_cache(maxsize=100_000)
def decide_state(table: CompiledTable, state: State) -> Decision:
    """The decision of a table for what it reads of a company."""

    def applying(rows: Sequence[Any], where: Sequence[Diagram]) -> list[Any]:
        return [row for row, one in zip(rows, where, strict=True) if table.diagrams.result(one, state)]

    matched: list[RoleRow] = applying(table.table.roles, table.applies)
    regular = [row for row in matched if not row.last_resort] or matched[:1]
    rule = regular[0]
    flags = applying(table.table.flags, table.flags_apply)
    terms = applying(table.table.terms, table.terms_apply)[0]
    triggers = applying(table.table.triggers, table.triggers)
    costs, hours = applying(table.table.costs, table.costs), applying(table.table.hours, table.hours)
    facts = [fact for row in (rule, *flags, terms) for fact in row.facts] + [row.fact for row in triggers]
    return Decision(
        role=rule.role,
        rule=rule.id,
        strength=rule.strength,
        basis=rule.basis,
        matched=tuple(dict.fromkeys(row.id for row in regular)),
        flags=tuple(dict.fromkeys(row.id for row in flags)),
        engagement=terms.terms,
        engagement_rule=terms.id,
        facts=tuple(dict.fromkeys(facts)),
        costs=tuple(name for row in costs for name in row.figures),
        hours=tuple(name for row in hours for name in row.figures),
        words=Words(
            rule=rule.words or rule.id,
            reasons=tuple(row.words or row.fact for row in triggers if row.fact.partition(".")[0] in rule.facts),
            terms=terms.id if terms.words == "" else terms.words,
            flags=tuple(row.words or row.id for row in flags),
            costs=tuple(row.words for row in costs),
            hours=tuple(row.words for row in hours),
        ),
    )


def grounds(company: Mapping[str, Any]) -> list[str]:
    """The fields that the deciding rule, the flags and the terms look at for this company, in the table's order."""
    table = compiled()
    state = table.state_of(company)
    deciding = [table.diagrams.result(one, state) for one in table.decides].index(True)
    flags = [
        line
        for line, where in zip(table.flag_lines, table.flags_apply, strict=True)
        if table.diagrams.result(where, state)
    ]
    engaged = [table.diagrams.result(one, state) for one in table.terms_apply].index(True)
    lines = [table.applies[deciding], *flags, table.terms_lines[engaged]]
    levels = [level for line in lines for level in table.diagrams.path(line, state)]
    return list(dict.fromkeys(table.variables[level].field for level in levels))


def contradictions(company: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Fields whose answers do not fit together (facts.md 3.6, G7); only the visitor knows which is right."""
    table, state = compiled(), compiled().state_of(company)
    return [
        tuple(line)
        for line, where in zip(table.table.contradictions, table.contradictions, strict=True)
        if table.diagrams.result(where, state)
    ]
