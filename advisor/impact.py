"""What a question is for: the rules that an answer to it feeds, and those that cannot decide without one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from advisor.compiled import compiled
from advisor.interview import Question, known_values, questions


@dataclass(frozen=True)
class QuestionImpact:
    """Rules by their ids, in the order of the table; ``lost`` are those of them that need an answer."""

    rules: tuple[str, ...]
    lost: tuple[str, ...]


def impact_of(question: Question, company: Mapping[str, Any], answered: Collection[str]) -> QuestionImpact:
    """What depends on a question, after what was answered so far.

    Args:
        question: its fields that are open.
        company: as ``read_company`` gives it.
        answered: fields that were asked for: known, unknown or declined.
    """
    table = compiled()
    diagrams = table.diagrams
    asked = [field for one in questions() for field in one.fields]
    known = dict(known_values(company, answered or [field for field in asked if field in company]))
    levels = {level for field in question.fields for level in table.levels[field]}
    without = {**known, **dict.fromkeys(levels, 0)}
    rules = [
        *zip([row.id for row in table.table.roles], table.applies, table.decides, strict=True),
        *zip([row.id for row in table.table.flags], table.flag_lines, table.flags_apply, strict=True),
        *zip([row.id for row in table.table.terms], table.terms_lines, table.terms_apply, strict=True),
    ]
    fed: dict[str, None] = {}
    left: set[str] = set()
    with diagrams.scratch():
        for name, line, decides in rules:
            reads = diagrams.levels(diagrams.restrict(line, known)) & levels
            if reads and diagrams.restrict(decides, known) != diagrams.false:
                fed[name] = None
            if diagrams.restrict(decides, without) != diagrams.false:
                left.add(name)
    return QuestionImpact(tuple(fed), tuple(name for name in fed if name not in left))
