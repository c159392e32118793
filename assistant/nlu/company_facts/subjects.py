"""What a clause must name to volunteer something of a field: who was not asked says what he speaks of."""

from __future__ import annotations

import re
from functools import cache

from advisor.content import DATA, Model, load, parse

_SHORT = 3  # letters


class _Subjects(Model):
    version: str
    subjects: dict[str, tuple[str, ...]]


def is_named(field: str, text: str) -> bool:
    """Whether a clause has a word of a field's subject; a field without such words needs none."""
    pattern = _patterns().get(field)
    return pattern is None or pattern.search(text) is not None


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    place = "statements/subjects.yml"
    return {
        field: re.compile("|".join(_beginning(word) for word in words), re.I)
        for field, words in parse(_Subjects, load(DATA / place), place).subjects.items()
    }


def _beginning(word: str) -> str:
    """A short word is no beginning of others."""
    return rf"\b{re.escape(word)}" + (r"\b" if len(word) <= _SHORT else "")
