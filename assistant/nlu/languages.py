"""Tells messages in other languages from English ones."""

from __future__ import annotations

import re

import pycld2

from assistant.nlu.spelling import EVERYDAY, commonest

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_OURS = frozenset(
    {
        *("ai", "caio", "caios", "cto", "ctos", "kpi", "kpis", "saas", "chatgpt", "crm", "eu", "gdpr"),
        *("ok", "im", "ive", "dont"),
    }
)
_MOST_ENGLISH = 0.6  # share of known words from which a message is taken for English, without asking the detector
_FEWEST_FOREIGN = 2  # words in Latin letters; one is more likely a name
_LATIN = ("es", "fr", "de", "pt", "it", "nl", "pl", "sv", "tr", "cs")  # in others, names of products look like words
_SUREST = 80  # percent of a text in Latin letters that must be in that language


def foreign_language(text: str) -> str | None:
    """The ISO 639-1 code of the language of a message, or None if it is English or cannot be told."""
    words = _WORD.findall(text.lower())
    foreign = [word for word in words if word not in _OURS and word not in commonest(EVERYDAY)]
    if not foreign or 1 - len(foreign) / len(words) >= _MOST_ENGLISH:
        return None
    if len(foreign) < _FEWEST_FOREIGN and foreign[0].isascii():
        return None
    try:
        _, _, [(_, code, percent, _), *_] = pycld2.detect(text, bestEffort=True)
    except pycld2.error:  # characters that are not text
        return None
    language = str(code).partition("-")[0]
    letters = "".join(foreign)
    if 2 * sum("a" <= letter <= "z" for letter in letters) > len(letters):
        return language if language in _LATIN and percent >= _SUREST else None
    return None if language in ("en", "un") else language
