"""Amounts that a message takes back: "45 people, sorry, 54", "revenue isn't 50M, more like 5M"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from assistant.nlu.company_facts.amounts import Amount, amounts

_CUE = re.compile(
    r"[,.;!-] ?no(?! one\b)|\bno,? (?:wait|sorry|make)|"
    r"\b(?:wait|scratch that|correction|or rather|actually|typo|mean|meant|make that|sorry)\b"
)
_DENIED = re.compile(r"\b(?:not|isn't|aren't|wasn't|weren't)(?: at)? \W?$")
_INSTEAD = re.compile(
    r"\b(?:we're|we are|it's|it is|more like|but|rather|only|just)(?: at| about| around| more like)? \W?$"
)
_BEFORE_CUE = 4  # words that may follow an amount before it is corrected
_AFTER_CUE = re.compile(
    r"(?:\W|\b(?:no|wait|scratch|sorry|actually|i|mean|meant|make|that|was|is|it|it's|we|we're|are|at|about|around|"
    r"more|like|now|only|just|there's|of|us|20\d\d)\b)*"
)
_A_PART = re.compile(r"^ of (?!us\b)")  # "12 of them are developers"
_DIGITS = re.compile(r"[\d.,]+")


def corrected(text: str) -> str:
    """The text with the right amounts in the place of those that it corrects, and without those that it denies."""
    for wrong, right in reversed(list(_corrections(text))):
        meant = "" if right is None else text[right.start : right.end]
        if right and wrong.scaled and not right.scaled:  # "12 million, I mean 15"
            meant = _DIGITS.sub(meant, text[wrong.start : wrong.end], count=1)
        rest = text[wrong.end :] if right is None else f"{text[wrong.end : right.start]} {text[right.end :]}"
        text = f"{text[: wrong.start]}{meant}{rest}"
    return text


def _corrections(text: str) -> Iterator[tuple[Amount, Amount | None]]:
    """Every wrong amount, and the one that takes its place."""
    found = [one for one in amounts(text) if not one.is_year]
    following = dict(pairwise(found))
    for one in found:
        after = following.get(one)
        if _DENIED.search(text[: one.start]):
            yield one, after if after and _INSTEAD.search(text[one.end : after.start]) else None
        elif after and _is_corrected(text, one, after):
            yield one, after


def _is_corrected(text: str, one: Amount, after: Amount) -> bool:
    between = text[one.end : after.start]
    cue = _CUE.search(between)
    return (
        cue is not None
        and len(between[: cue.start()].split()) <= _BEFORE_CUE
        and _AFTER_CUE.fullmatch(between[cue.end() :]) is not None
        and _A_PART.match(text[after.end :]) is None
        and (one.scaled or not after.scaled)
    )
