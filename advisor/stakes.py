"""What a question is for: the rules that an answer to it feeds, and those that cannot apply without one."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator
from dataclasses import dataclass

from advisor.company import Company
from advisor.conditions import CONDITIONS
from advisor.framework import Row, rows
from advisor.interview import Question, possible_values, questions

Possible = list[tuple[Hashable, ...]]
_TABLES = ("roles", "flags", "engagement")


@dataclass(frozen=True)
class Stakes:
    """Rules by their ids, in the order of the table; ``lost`` are those of them that need an answer."""

    rules: tuple[str, ...]
    lost: tuple[str, ...]


def stakes_of(question: Question, company: Company, answered: Collection[str]) -> Stakes:
    """What hangs on a question, after what was answered so far.

    Args:
        question: its fields that are open.
        company: as ``read_company`` gives it.
        answered: fields that were asked for: known, unknown or declined.
    """
    still_open = {field for one in questions() for field in one.fields if field not in answered}
    asked = {
        column for column, condition in enumerate(CONDITIONS.values()) if set(question.fields) & set(condition.fields)
    }
    fed = dict.fromkeys(
        row.id
        for row in _reached(possible_values(company, still_open))
        if any(column in asked for column, _ in row.needs)
    )
    without = possible_values(company, still_open - set(question.fields))
    left = {row.id for table in _TABLES for row in rows(table) if _can_match(row, without)}
    return Stakes(tuple(fed), tuple(rule for rule in fed if rule not in left))


def _reached(possible: Possible) -> Iterator[Row]:
    """The rows that can still decide: of the rules down to the first that is certain to match, then flags and terms."""
    roles = set()
    for row in rows("roles"):
        if _can_match(row, possible):
            yield row
            roles.add(row.gives["role"])
            if all(set(possible[column]) <= values for column, values in row.needs):
                break
    for row in (*rows("flags"), *rows("engagement")):
        if any(map(row.counts_for, roles)) and _can_match(row, possible):
            yield row


def _can_match(row: Row, possible: Possible) -> bool:
    return all(values & set(possible[column]) for column, values in row.needs)
