"""Repairs typing mistakes, towards the words of the training examples before others.

Words of everyday English are left alone: rewriting them does more harm than the mistakes (measured: a guarded repair
costs nothing on messages of other subjects). The text that the user typed is kept by whoever calls this.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import islice

from symspellpy import SymSpell, Verbosity

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_ROLES = ("caio", "caios", "cto", "ctos")  # no English, and never a mistake
_SHORTEST = 3
_SHORT = 4  # so short a word must be common to be no mistake itself
_LONG = 6  # a shorter word has too many neighbours for two mistakes, and nonsense would turn into sense
_EVERYDAY, _EVERYDAY_SHORT, _REPAIRED_TO = 40_000, 1_500, 12_000  # how many of the commonest English words
# How likely a repair is, in nats: found by restoring mistyped questions of tests/calibration.
_MISTAKE = 6.0  # each letter that is wrong
_FIRST_LETTER = 6.0  # people get it right
_ELSEWHERE = 3.0  # a word that the domain does not use


class Speller:
    """Corrects words that neither the domain nor everyday English knows.

    Args:
        vocabulary: the words of the domain, with how often each stands in the examples.
    """

    def __init__(self, vocabulary: dict[str, int]) -> None:
        self.vocabulary = vocabulary
        self._domain = _symspell(vocabulary, distance=2)

    @classmethod
    def from_texts(cls, texts: Iterable[str]) -> Speller:
        """A speller for the words that occur in the texts; a word that is no English counts from twice on."""
        counts = Counter(word for text in texts for word in _WORD.findall(text.lower()))
        counts.update(_ROLES)
        known = commonest(_EVERYDAY) | set(_ROLES)
        return cls({word: count for word, count in counts.items() if word in known or count > 2})

    def correct(self, text: str) -> str:
        """The text in lower case, with its mistyped words repaired."""
        return _WORD.sub(lambda match: self._word(match.group()), text.lower())

    def _word(self, word: str) -> str:
        if len(word) < _SHORTEST or "'" in word or word in self.vocabulary:
            return word
        if word in commonest(_EVERYDAY_SHORT if len(word) <= _SHORT else _EVERYDAY):
            return word
        return min(self._repairs(word), default=(0.0, word))[1]

    def _repairs(self, word: str) -> Iterator[tuple[float, str]]:
        """Words that may be meant, each with how unlikely it is."""
        distance = 2 if len(word) >= _LONG else 1
        for speller, furthest, unlikely in ((self._domain, distance, 0.0), (_english(), 1, _ELSEWHERE)):
            total = math.log(speller.count)
            for found in speller.symspell.lookup(word, Verbosity.ALL, max_edit_distance=furthest):
                mistakes = _MISTAKE * found.distance + _FIRST_LETTER * (found.term[0] != word[0])
                yield mistakes + unlikely + total - math.log(found.count), found.term


class _Words:
    """Words to repair to, and how many they are in running text."""

    def __init__(self, symspell: SymSpell, count: int) -> None:
        self.symspell = symspell
        self.count = count


def _symspell(words: dict[str, int], distance: int) -> _Words:
    symspell = SymSpell(max_dictionary_edit_distance=distance, prefix_length=5)
    for word, count in words.items():
        symspell.create_dictionary_entry(word, count)
    return _Words(symspell, sum(words.values()))


@cache
def _english() -> _Words:
    return _symspell(dict(islice(_counts().items(), _REPAIRED_TO)), distance=1)


@cache
def commonest(number: int) -> frozenset[str]:
    """The commonest words of English; the tail of the dictionary is full of what looks like typing mistakes."""
    return frozenset(islice(_counts(), number))


@cache
def _counts() -> dict[str, int]:
    """symspellpy's English words with their frequencies, the commonest first."""
    dictionary = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt")
    lines = islice(dictionary.read_text(encoding="utf-8-sig").splitlines(), _EVERYDAY)
    return {word: int(count) for word, count in (line.split() for line in lines)}
