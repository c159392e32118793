"""The words of lexicon.yml, ready to match: people who know the words need not know Python, and the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import spacy
import yaml
from spacy.language import Language
from spacy.tokens import Span

_FILE = Path(__file__).with_name("lexicon.yml")
_WORD = re.compile(r"\w+")
_ENDING = 2  # characters: so short a word may be an ending that is cut off, as in "the CTO's"
_GAPS = {"{g}": r"[^.;]{0,40}?", "{G}": r"[^.;]{0,70}?"}


@dataclass(frozen=True)
class Statement:
    """A fact told by turns of phrase."""

    claim: tuple[re.Pattern[str], ...]  # a negation turns it round
    yes: tuple[re.Pattern[str], ...]
    no: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]  # what else the clause says makes it another matter: "custom work for clients"
    wished: bool  # a wish or need states it: "we need custom software"
    questions: bool  # a quoted question states it: "it starts with: which tools?"


@dataclass(frozen=True)
class Topic:
    """Something a short reply can pick out of the question."""

    pattern: re.Pattern[str]
    stands: bool  # a denial is part of it: "no metrics"
    denied_by: tuple[re.Pattern[str], ...]  # says that it is not so, wherever it stands in the clause
    unless: tuple[re.Pattern[str], ...]  # says that something else is meant


@dataclass(frozen=True)
class Industry:
    name: str
    service: bool  # sells services
    wide: bool  # its bare name does not say so
    words: tuple[str, ...]  # need a noun after them: "accounting" firm
    nouns: tuple[str, ...]  # say it alone: "accountants"
    places: tuple[str, ...]  # a business of the trade, ours if it is "ours": "my consultancy"


@dataclass(frozen=True)
class NumberWords:
    ones: dict[str, int]
    tens: dict[str, int]
    scales: dict[str, int]
    approximately: str  # this and the following are patterns of the words round a number
    below: str
    above: str
    slightly: str
    grown: str

    @staticmethod
    def one_of(words: Iterable[str]) -> str:
        """Any of the words, also right behind a digit: "5k"."""
        return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


@dataclass(frozen=True)
class Lexicon:
    spellings: dict[str, str]
    undenied: dict[str, str]
    present: dict[str, str]
    names: dict[str, dict[str, tuple[str, ...]]]  # tag -> kind/product -> phrases
    numbers: NumberWords
    currencies: dict[str, dict[str, tuple[str, ...]]]  # ISO code -> before/after the number
    industries: tuple[Industry, ...]
    heads: tuple[str, ...]
    wide_service_heads: tuple[str, ...]
    service_heads: tuple[str, ...]
    service_phrases: tuple[str, ...]
    not_industries: frozenset[str]
    no_cut_after: tuple[str, ...]
    cues: dict[str, str]  # one alternation of whole words each, not yet compiled
    statements: dict[str, Statement]
    topics: dict[str, Topic]
    scopes: dict[str, re.Pattern[str]]


def any_of(parts: Iterable[str], *, literal: bool = False) -> str:
    """An alternation of whole words, longest first, so that 'sales team' wins over 'sales'."""
    ordered = sorted(parts, key=len, reverse=True)
    return r"(?<!\w)(?:" + "|".join(map(re.escape, ordered) if literal else ordered) + r")(?!\w)"


def _patterns(entry: dict[str, Any], key: str) -> tuple[re.Pattern[str], ...]:
    texts: list[str] = entry.get(key, [])
    for gap, pattern in _GAPS.items():
        texts = [text.replace(gap, pattern) for text in texts]
    return tuple(re.compile(text) for text in texts)


def _statement(entry: dict[str, Any]) -> Statement:
    return Statement(
        claim=_patterns(entry, "claim"),
        yes=_patterns(entry, "yes"),
        no=_patterns(entry, "no"),
        unless=_patterns(entry, "unless"),
        wished="wished" in entry,
        questions="questions" in entry,
    )


def _number_words(raw: dict[str, Any]) -> NumberWords:
    return NumberWords(
        ones={word: value for value, word in enumerate(raw["ones"])},
        tens={word: 10 * value for value, word in enumerate(raw["tens"], start=2)},
        scales={word: int(value) for value, words in raw["scales"].items() for word in words},
        **{key: NumberWords.one_of(raw[key]) for key in ("approximately", "below", "above", "slightly", "grown")},
    )


@cache
def lexicon() -> Lexicon:
    # CBaseLoader reads every value as text: in a list of words, yes, no and on are words.
    raw = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    return Lexicon(
        spellings=raw["spellings"],
        undenied=raw["undenied"],
        present=raw["present"],
        names={tag: {kind: tuple(words) for kind, words in kinds.items()} for tag, kinds in raw["names"].items()},
        numbers=_number_words(raw["numbers"]),
        currencies={
            code: {side: tuple(words) for side, words in sides.items()} for code, sides in raw["currencies"].items()
        },
        industries=tuple(
            Industry(
                name=name,
                service="service" in entry,
                wide="wide" in entry,
                words=tuple(entry["words"]),
                nouns=tuple(entry["nouns"]),
                places=tuple(entry.get("places", ())),
            )
            for name, entry in raw["industries"].items()
        ),
        heads=tuple(raw["heads"]),
        wide_service_heads=tuple(raw["wide_service_heads"]),
        service_heads=tuple(raw["service_heads"]),
        service_phrases=tuple(raw["service_phrases"]),
        not_industries=frozenset(raw["not_industries"]),
        no_cut_after=tuple(raw["no_cut_after"]),
        cues={name: any_of(words) for name, words in raw["cues"].items()},
        statements={field: _statement(entry) for field, entry in raw["statements"].items()},
        topics={
            name: Topic(
                pattern=re.compile(any_of(entry["words"])),
                stands="stands" in entry,
                denied_by=_patterns(entry, "denied_by"),
                unless=_patterns(entry, "unless"),
            )
            for name, entry in raw["topics"].items()
        },
        scopes={name: re.compile(any_of(words)) for name, words in raw["scopes"].items()},
    )


@cache
def pattern(template: str) -> re.Pattern[str]:
    """A pattern with cues named in braces: "{earn}(?: {hedge})* $" finds "we make about" before an amount."""
    return re.compile(re.sub(r"\{([a-z_]+)\}", lambda match: lexicon().cues[match[1]], template))


@cache
def pipeline() -> Language:
    """The blank English pipeline with our names; it needs no downloaded model."""
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER", "validate": False})
    patterns = [
        {"label": tag, "pattern": phrase, "id": kind}
        for tag, kinds in lexicon().names.items()
        for kind, phrases in kinds.items()
        for phrase in phrases
    ]
    ruler.add_patterns(patterns)  # type: ignore[attr-defined]
    return nlp


def names_in(text: str) -> tuple[Span, ...]:
    """The names that a text holds, in its order, at their places in it.

    spaCy remembers every word that it has ever read (600 bytes each), so it gets only those that a name may have.
    """
    return tuple(pipeline()(_WORD.sub(lambda match: _known(match[0]), text)).ents)


def _known(word: str) -> str:
    """The word if a name may have it, else one of the same length that none has."""
    if word in _words() or (len(word) <= _ENDING and word.isascii()):
        return word
    return ("0" if word.isdecimal() else "x") * len(word)


@cache
def _words() -> frozenset[str]:
    phrases = (phrase for kinds in lexicon().names.values() for phrases in kinds.values() for phrase in phrases)
    return frozenset(word for phrase in phrases for word in _WORD.findall(phrase))
