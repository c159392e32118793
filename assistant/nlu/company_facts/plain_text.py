"""One spelling for all ways to type a message: quotes, widths, invisible letters, lost apostrophes, dictated signs."""

from __future__ import annotations

import re
import unicodedata

_QUOTES = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "`": "'", "\u00b4": "'", "\u201c": '"', "\u201d": '"'}
)
_DASHES = str.maketrans({"\u2013": "-", "\u2014": " - ", "\u2212": "-", "\u2026": "...", "\u00a0": " "})
_QUOTED_LINE = re.compile(r"^\s*(?:>|&gt;).*$", re.M)
_QUOTED_WORDS = re.compile(r'"[^"\n]{12,}"')
_LOST = (
    (re.compile(r"\b(do|does|did|have|has|had|is|are|was|were|wo|ca|should|would|could|ai)nt\b", re.I), r"\1n't"),
    (re.compile(r"\b(i|we|they|you)(ve|ll)\b(?<!\bill)(?<!\bwell)", re.I), r"\1'\2"),
    (re.compile(r"\b(he|she|there|that|who|what|everything|nobody|it)s\b(?!')(?<!\bits)", re.I), r"\1's"),
    (re.compile(r"\bits (?=all|just|the|a|been|not|in|on|me|about|like|\w+ing)\b", re.I), "it's "),
    (re.compile(r"\bim\b", re.I), "I'm"),
    (
        re.compile(
            r"((?:^|[.,;!?]\s*|\b(?:but|and|so|cos|because) ))were (?=a|an|the|not|at|about|in|on|\w+ing|just|all)\b",
            re.I,
        ),
        r"\1we're ",
    ),
)
_DICTATED = (
    (re.compile(r"\s+comma\b", re.I), ","),
    (re.compile(r"\s+(?:period|full stop)(?=\s*$|\s+[a-z])", re.I), "."),
    (re.compile(r"\s+question mark\b", re.I), "?"),
)


def plain_letters(text: str) -> str:
    """The message in one spelling of quotes, dashes and letters, without invisible ones."""
    text = unicodedata.normalize("NFKC", text.translate(_DASHES)).translate(_QUOTES)
    return "".join(letter for letter in text if unicodedata.category(letter) not in ("Cf", "Cc") or letter in "\n\t")


def plain_text(text: str) -> str:
    """The message in plain letters, without what it quotes."""
    text = _QUOTED_WORDS.sub("", _QUOTED_LINE.sub("", plain_letters(text)))
    for pattern, meant in (*_LOST, *_DICTATED):
        text = pattern.sub(meant, text)
    return re.sub(r"[^\S\n]+", " ", text).strip()
