"""Takes a message apart that says several things: an answer and a question, or two questions.

"Yes, but what does a CAIO cost, and who reports to whom?" is an answer and two questions.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_WORDS = r"(?:what|how|who|whose|which|why|when|where|does|do|should|could|would|can|is|are|will|tell me|any idea)\b"
_BLANKS = re.compile(r"[^\S\n]+")
_STARTS = re.compile(
    rf"^(?:(?:and|but|so|also|plus|then|ok|okay|well|hi|hello|hey|now|please|pls)[ ,]+)*{_WORDS}", re.IGNORECASE
)
_CUTS = re.compile(
    rf"\s*\n\s*|(?<=[.?!])\s+|\s*[,;–—]\s+(?=(?:(?:and|but|so|also|plus|then)\s+)*{_WORDS})"
    rf"|(?<!^ok)(?<!^okay)(?<!^well)(?<!^so)\s+(?=(?:but|and|also|plus)\s+(?:also\s+)?(?:what|how|who|which|why|does|should|can)\b)",
    re.IGNORECASE,
)


# Whole words only: a run of letters that could be divided in several ways would take exponential time.
_HESITATION = re.compile(r"(?:\W|\b(?:h+m+|u+h*m*|e+r+m*|a+h+|o+h+|well|so|ok so)\b)+", re.IGNORECASE)


class Segment(NamedTuple):
    """A part of a message, and whether it asks something."""

    text: str
    asks: bool


def segments(text: str) -> list[Segment]:
    """The parts of a message in their order; one if it says one thing."""
    parts = [part.strip() for part in _CUTS.split(_BLANKS.sub(" ", text))]
    return [Segment(part, asks(part)) for part in parts if part]


def says_nothing(text: str) -> bool:
    """Whether somebody only hesitates."""
    return _HESITATION.fullmatch(text) is not None


def asks(text: str) -> bool:
    """Whether a part of a message is a question, with its mark or without."""
    return text.rstrip().endswith("?") or _STARTS.match(text) is not None
