"""Corrects typos, preferring words from the training examples.

Common English words are left alone: correcting them does more harm than the typos (measured: guarded correction costs
nothing on off-topic messages). Callers keep the original text.
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

_WORD = re.compile(r"[^\W\d_]+")
_APOSTROPHES = str.maketrans("", "", "'\u2019\u2018\u02bc\u00b4`")
_ROLES = ("caio", "caios", "cto", "ctos")  # not in the dictionary, but never typos
_SHORTEST = 3
_SHORT = 4  # a word this short must be very common not to count as a typo
_LONG = 6  # shorter words have too many candidates at edit distance 2
EVERYDAY = 40_000  # English words by frequency; rarer ones look like typos
_EVERYDAY_SHORT, _DICTIONARY_SIZE = 1_500, 12_000
# Costs of a correction in nats, fitted by restoring mistyped questions of tests/calibration.
_PER_EDIT = 6.0  # per edit
_FIRST_LETTER = 6.0  # rarely mistyped
_OUTSIDE_DOMAIN = 3.0  # a word outside the domain vocabulary


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().translate(_APOSTROPHES))


class Speller:
    """Corrects words that are neither in the domain vocabulary nor common English.

    Args:
        vocabulary: domain words with their counts in the examples.
    """

    def __init__(self, vocabulary: dict[str, int]) -> None:
        self.vocabulary = vocabulary
        self._domain = _symspell(vocabulary, distance=2)

    @classmethod
    def from_texts(cls, texts: Iterable[str], names: Iterable[str] = ()) -> Speller:
        """A speller for the words of the texts and of names; a non-English word of the texts counts from three on."""
        named = {word for name in names for word in _words(name)}
        named |= {f"{word}s" for word in named - commonest(EVERYDAY)}  # or "CIOs" would be corrected to "CTOs"
        counts = Counter(word for text in texts for word in _words(text))
        counts.update([*named, *_ROLES])
        known = commonest(EVERYDAY) | named | set(_ROLES)
        return cls({word: count for word, count in counts.items() if word in known or count > 2})

    def correct(self, text: str) -> str:
        """The text in lower case with typos corrected, and without apostrophes, which many visitors leave out."""
        return _WORD.sub(lambda match: self._word(match.group()), text.lower().translate(_APOSTROPHES))

    def _word(self, word: str) -> str:
        if len(word) < _SHORTEST or word in self.vocabulary:
            return word
        if word in commonest(_EVERYDAY_SHORT if len(word) <= _SHORT else EVERYDAY):
            return word
        return min(self._candidates(word), default=(0.0, word))[1]

    def _candidates(self, word: str) -> Iterator[tuple[float, str]]:
        """Candidate corrections, each with its cost."""
        distance = 2 if len(word) >= _LONG else 1
        for speller, furthest, unlikely in ((self._domain, distance, 0.0), (_english(), 1, _OUTSIDE_DOMAIN)):
            total = math.log(speller.count)
            for found in speller.symspell.lookup(word, Verbosity.ALL, max_edit_distance=furthest):
                mistakes = _PER_EDIT * found.distance + _FIRST_LETTER * (found.term[0] != word[0])
                yield mistakes + unlikely + total - math.log(found.count), found.term


class _Words:
    """A dictionary of candidates and its total count."""

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
    return _symspell(dict(islice(_counts().items(), _DICTIONARY_SIZE)), distance=1)


@cache
def commonest(number: int) -> frozenset[str]:
    """The most common English words; the tail of the dictionary looks like typos."""
    return frozenset(islice(_counts(), number))


@cache
def _counts() -> dict[str, int]:
    """symspellpy's English words with frequencies, most common first."""
    dictionary = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt")
    lines = islice(dictionary.read_text(encoding="utf-8-sig").splitlines(), EVERYDAY)
    return {word: int(count) for word, count in (line.split() for line in lines)}
