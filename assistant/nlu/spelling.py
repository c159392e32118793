"""Repairs typing mistakes towards the words that the training examples use.

Words of everyday English are left alone: rewriting them does more harm than the mistakes (measured: a guarded repair
costs nothing on messages of other subjects). The text that the user typed is kept by whoever calls this.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from symspellpy import SymSpell, Verbosity

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_SHORTEST = 4
_DISTANCE = 2


class Speller:
    """Corrects words that neither the domain nor everyday English knows.

    Args:
        vocabulary: the words of the domain, with how often each stands in the examples.
    """

    def __init__(self, vocabulary: dict[str, int]) -> None:
        self.vocabulary = vocabulary
        self._symspell = SymSpell(max_dictionary_edit_distance=_DISTANCE, prefix_length=7)
        for word, count in vocabulary.items():
            self._symspell.create_dictionary_entry(word, count)

    @classmethod
    def from_texts(cls, texts: Iterable[str]) -> Speller:
        """A speller for the words that occur in the texts; a word that is no English counts from twice on."""
        counts = Counter(word for text in texts for word in _WORD.findall(text.lower()))
        known = _everyday_english()
        return cls({word: count for word, count in counts.items() if word in known or count > 2})

    def correct(self, text: str) -> str:
        """The text in lower case, with its mistyped words repaired."""
        return _WORD.sub(lambda match: self._word(match.group()), text.lower())

    def _word(self, word: str) -> str:
        if len(word) < _SHORTEST or word in self.vocabulary or word in _everyday_english():
            return word
        distance = 1 if len(word) == _SHORTEST else _DISTANCE
        found = self._symspell.lookup(word, Verbosity.TOP, max_edit_distance=distance)
        return found[0].term if found else word


@cache
def _everyday_english() -> frozenset[str]:
    """The commoner half of symspellpy's English dictionary: its tail is full of what looks like typing mistakes."""
    lines = (
        files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text(encoding="utf-8-sig").splitlines()
    )
    return frozenset(line.split()[0] for line in lines[:40_000])
