"""Which question comes next: the first one whose answer can still change the outcome, or make it less firm.

A question is worth asking while a rule that can still fire reads it, and what nobody asked must not make an advice
firmer. That is worked out from the decision table: all values that the open questions can still give its conditions,
and the decisions over all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product
from pathlib import Path
from typing import Any

import yaml

from advisor.company import BUSINESSES, VALUES, Company
from advisor.conditions import CONDITIONS
from advisor.framework import Decision, decide, rows

_COLUMN = {name: column for column, name in enumerate(CONDITIONS)}

_BOUND = (
    ("no_strategy", "ai_trigger", "ai_leadership_wanted"),
    ("infrastructure", "technology_to_lead"),
    ("caio_in_place", "cto_in_place"),
)
"""Conditions that share fields, so that not every combination of their values occurs; see ``_can_be``."""


@dataclass(frozen=True)
class Question:
    """Fields that are asked for in one go, and the part of the interview in which that happens."""

    part: str
    fields: tuple[str, ...]


@cache
def questions() -> tuple[Question, ...]:
    """All questions in the order of asking."""
    parts = _content()["questions"]
    return tuple(Question(part, tuple(fields)) for part, groups in parts.items() for fields in groups)


@cache
def _content() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((Path(__file__).with_suffix(".yml")).read_text(encoding="utf-8"))
    return content


def question_of(field: str) -> Question:
    """The question that asks for a field."""
    return next(question for question in questions() if field in question.fields)


def fallen(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    """The answers that no longer hold because their ground changed: field -> the field that was their ground.

    Args:
        before: the answers before a correction, unknown and declined ones included.
        after: the answers after it.
    """
    gone = {}
    for field, grounds in _content()["grounds"].items():
        for ground, values in grounds.items():
            moved = ground in before and ground in after and (before[ground] in values) != (after[ground] in values)
            if moved and field in after and after[field] == before.get(field):
                gone[field] = ground
    return gone


def open_questions(company: Company, answered: Collection[str]) -> Iterator[Question]:
    """The questions that are still worth asking, one after the other, reduced to the fields that have no answer yet.

    Args:
        company: as ``read_company`` gives it.
        answered: fields that were asked for and need not be asked again: known, unknown or declined.
    """
    left = [
        Question(question.part, tuple(field for field in question.fields if field not in answered))
        for question in questions()
    ]
    left = [question for question in left if question.fields]
    possible = possible_values(company, {field for question in left for field in question.fields})
    return (question for question in left if _matters(question, possible))


def possible_values(company: Company, open_fields: Collection[str]) -> list[tuple[Hashable, ...]]:
    """For every condition of the table, in its order, the values that it can still take.

    Conditions that no rule can read any more keep one.
    """
    possible = []
    for condition in CONDITIONS.values():
        fields = [field for field in condition.fields if field in open_fields]
        values = (condition.read({**company, **answers}) for answers in _answers(fields))
        possible.append(tuple(dict.fromkeys(values)))
    read = _readable(possible)
    return [values if column in read else values[:1] for column, values in enumerate(possible)]


def _answers(fields: Iterable[str]) -> Iterator[Company]:
    """Every way to answer some fields, leaving any of them open included."""
    choices: list[list[Company]] = [[{}, *({field: value} for value in _values(field))] for field in fields]
    for chosen in product(*choices):
        yield {field: value for answer in chosen for field, value in answer.items()}


def _values(field: str) -> Iterable[Any]:
    if field == "business":
        return [list(kinds) for size in (1, 2, 3) for kinds in combinations(BUSINESSES[:3], size)]
    return VALUES[field]


def _readable(possible: list[tuple[Hashable, ...]]) -> set[int]:
    """The columns read by a row that can still match, down to the first that is certain to."""
    columns: set[int] = set()
    roles: set[str] = set()
    for row in rows("roles"):
        if all(values & set(possible[column]) for column, values in row.needs):
            columns.update(column for column, _ in row.needs)
            roles.add(row.gives["role"])
            if all(set(possible[column]) <= values for column, values in row.needs):
                break
    others = (row for name in ("flags", "engagement") for row in rows(name))
    columns.update(column for row in others if any(row.counts_for(role) for role in roles) for column, _ in row.needs)
    bound = [{_COLUMN[name] for name in names} for names in _BOUND]
    return columns.union(*(group for group in bound if group & columns))


def _matters(question: Question, possible: list[tuple[Hashable, ...]]) -> bool:
    """Whether situations that differ only in what this question settles can come to different or to weaker ends."""
    asked = {_COLUMN[name] for name, condition in CONDITIONS.items() if set(question.fields) & set(condition.fields)}
    asked = {column for column in asked if len(possible[column]) > 1}
    if not asked:
        return False
    return _outcomes_differ(tuple(possible), frozenset(asked))


@cache
def _outcomes_differ(possible: tuple[tuple[Hashable, ...], ...], asked: frozenset[int]) -> bool:
    rest = [column for column in range(len(possible)) if column not in asked]
    settled = sorted(asked)
    for others in product(*(possible[column] for column in rest)):
        signature: list[Hashable] = [None] * len(possible)
        for column, value in zip(rest, others, strict=True):
            signature[column] = value
        ends = set()
        unasked: Decision | None = None  # the first values are those of a question left open
        for values in product(*(possible[column] for column in settled)):
            for column, value in zip(settled, values, strict=True):
                signature[column] = value
            if _can_be(signature):
                decision = decide(tuple(signature))
                unasked = unasked or decision
                ends.add((decision.outcome, decision.flags))
                if decision.firmness < unasked.firmness:
                    return True
        if len(ends) > 1:
            return True
    return False


def _can_be(signature: list[Hashable]) -> bool:
    """Leaves out signatures that no company has: conditions share some of their fields."""
    wanted = signature[_COLUMN["no_strategy"]] or signature[_COLUMN["ai_trigger"]]
    if bool(wanted) != signature[_COLUMN["ai_leadership_wanted"]]:
        return False
    if signature[_COLUMN["infrastructure"]] == "lacking" and not signature[_COLUMN["technology_to_lead"]]:
        return False
    return not (signature[_COLUMN["caio_in_place"]] and signature[_COLUMN["cto_in_place"]])
