"""Which question comes next: the first one whose answer can still change the outcome, or make it less firm.

A question is worth asking while the outcome depends on a field of it, whatever is known already, and what nobody asked
must not make an advice firmer. Both are read off the compiled decision table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from advisor.compiled import CompiledTable, compiled
from advisor.diagram import Diagram
from advisor.edition import per_edition
from advisor.errors import ContentError
from advisor.fields import asked_together, fields

_FILE = "interview.yml"


@dataclass(frozen=True)
class Question:
    """Fields that are asked for in one go, and the part of the interview in which that happens."""

    part: str
    fields: tuple[str, ...]


@per_edition
def questions() -> tuple[Question, ...]:
    """All questions in the order of asking.

    Raises:
        ContentError: a question asks for a field twice, or for one that no rule reads, or a rule reads one that no
            question asks for.
    """
    asked = tuple(Question(part, group) for part, groups in asked_together().items() for group in groups)
    return checked(asked)


def checked(asked: tuple[Question, ...]) -> tuple[Question, ...]:
    """The questions, if they ask for exactly what the decision table reads; see ``questions`` for the errors."""
    read, seen = compiled().levels, set()
    for question in asked:
        for field in question.fields:
            if field not in read:
                raise ContentError(f"{_FILE}: {question.part}: no rule reads {field!r}; allowed: {', '.join(read)}")
            if field in seen:
                raise ContentError(f"{_FILE}: {question.part}: {field!r} is asked for twice")
            seen.add(field)
    if missing := [field for field in read if field not in seen]:
        raise ContentError(f"{_FILE}: questions: no question asks for {missing[0]!r}, which a rule reads")
    return asked


def question_of(field: str) -> Question:
    """The question that asks for a field."""
    return next(question for question in questions() if field in question.fields)


def invalidated(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    """The answers that no longer hold because one that they depend on changed: field -> the field it depends on.

    Args:
        before: the answers before a correction, unknown and declined ones included.
        after: the answers after it.
    """
    gone = {}
    for name, field in fields().items():
        for ground, values in field.depends_on.items():
            moved = ground in before and ground in after and (before[ground] in values) != (after[ground] in values)
            if moved and name in after and after[name] == before.get(name):
                gone[name] = ground
    return gone


def open_questions(company: Mapping[str, Any], answered: Collection[str]) -> Iterator[Question]:
    """The questions that are still worth asking, one after the other, reduced to the fields that have no answer yet.

    Args:
        company: as ``read_company`` gives it.
        answered: fields that were asked for and need not be asked again: known, unknown or declined.
    """
    settled = {*answered, *(name for name in fields() if not is_askable(name, company))}
    return iter(_open_questions(compiled(), known_values(company, answered), frozenset(settled)))


def is_askable(name: str, company: Mapping[str, Any]) -> bool:
    """Whether it makes sense to ask this company for a field, after what is known of it."""
    lines = fields()[name].asked_if
    return not lines or any(
        all(_is_one_of(company.get(ground), values) for ground, values in line.items()) for line in lines
    )


def _is_one_of(value: Any, values: Collection[Any]) -> bool:
    return any(one in values for one in value) if isinstance(value, (list, tuple)) else value in values


def known_values(company: Mapping[str, Any], answered: Collection[str]) -> frozenset[tuple[int, int]]:
    """The variables of the decision table that cannot change any more, each with the index of its value."""
    table = compiled()
    state = table.state_of(company)
    return frozenset(
        (level, state[level])
        for field, levels in table.levels.items()
        if field in company or field in answered
        for level in levels
    )


@lru_cache(maxsize=20_000)
def _open_questions(
    table: CompiledTable, known: frozenset[tuple[int, int]], settled: frozenset[str]
) -> tuple[Question, ...]:
    values = dict(known)
    left = []
    with table.diagrams.scratch():
        ends = [table.diagrams.restrict(one, values) for one in (table.role, table.terms, *table.flags_apply)]
        deciding = set().union(*map(table.diagrams.levels, ends))
        firmness = table.diagrams.restrict(table.firmness, values)
        for question in questions():
            open_fields = tuple(field for field in question.fields if field not in settled)
            levels = {level for field in open_fields for level in table.levels[field]} - values.keys()
            if levels & deciding or _weakens(firmness, levels):
                left.append(Question(question.part, open_fields))
    return tuple(left)


def _weakens(firmness: Diagram, levels: Collection[int]) -> bool:
    """Whether some answer makes the advice less firm than no answer does."""
    diagrams = compiled().diagrams
    if not diagrams.levels(firmness) & set(levels):
        return False
    without = diagrams.restrict(firmness, dict.fromkeys(levels, 0))
    return diagrams.combine(firmness, without, lambda answered, not_answered: answered < not_answered) != diagrams.false
