"""Words that tell names of people and companies from others."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

_NAMES = Path(__file__).with_name("names.txt")
_WORDS = Path(__file__).with_name("lexicon.yml")


@cache
def known_names() -> frozenset[str]:
    """Given and family names in lower case; half of them are from the lists of Faker, by Daniele Faraglia (MIT)."""
    return frozenset(_NAMES.read_text(encoding="utf-8").split())


@cache
def listed(kind: str) -> frozenset[str]:
    """The words of a kind in lexicon.yml, in lower case.

    Raises:
        KeyError: there is no such kind.
    """
    return frozenset(yaml.safe_load(_WORDS.read_text(encoding="utf-8"))[kind].split())
