"""Splits a message into segments: for example an answer and a question, or two questions.

"Yes, but what does a CAIO cost, and who reports to whom?" has one answer and two questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_WORDS = (
    r"(?:whats?|hows?|whos?|whose|wheres|whens|which|why|when|where"
    r"|does|do|should|could|would|can|must|might|is|are|will|tell me|any idea)\b"
)
_OF_WHAT = r"(?:to|for|from|with|by|in|on|at|under) (?:whom|what|which|whose)\b"
_ASKS = rf"(?:{_WORDS}|{_OF_WHAT})"
_NUMBERED = re.compile(r"^\(?\d[.)]\s")
_INDIRECT = re.compile(
    r"\b(?:wondering|(?:want|like|need) to know|curious|(?:find|figure) out (?:what|how|who|which|whether|why))\b"
    r"|\bi(?: also)? (?:need|want|look for)(?: also)? (?:an? |the )?(?:[\w-]+ )?"
    r"(?:list|info\w*|definition|overview|summary|scope|details?)\b"
    r"|^(?:please )?(?:list|explain|describe|compare|give me|show me)\b|^and (?:if|whether)\b",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(
    r"^(?:and |so |but )?(?:if|once|say|assuming|suppose) .{3,80}?"
    r"\b(?:what(?:'s|s)?|how (?:much|many|long)|who|which|can we|do we|would (?:we|it|that))\b",
    re.IGNORECASE,
)
"""A condition with its question: "if I hire both what's the price"."""
_JOINER = re.compile(r"(?:and|but|so|also|plus|then|&)+", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n]+")
_STARTS = re.compile(
    rf"^(?:(?:and|&|but|so|also|plus|then|ok|okay|well|hi|hello|hey|now|please|pls|like)[ ,]+)*{_ASKS}", re.IGNORECASE
)
_CUTS = re.compile(
    rf"\s*\n\s*|(?<=[:,;])\s*(?=\(?\d[.)]\s+[a-z])|(?<=:)\s+(?={_OF_WHAT})|(?<=[.?!])(?<!\bvs\.)\s+|\s*[,;–—-]\s+(?=(?:(?:and|but|so|also|plus|then)\s+)*{_WORDS})"
    rf"|(?<!^ok)(?<!^okay)(?<!^well)(?<!^so)\s+(?=(?:but|and|also|plus|&)\s+(?:also\s+)?"
    r"(?:if .{3,40} (?:what|how|who|which) |(?:what|how|who|which|why|whether|does|should|can|could|would|must|might)\b"
    r"|(?:where|when) (?:do|does|is|are|can|should)\b"
    r"|(?:do|are|is|will|have)\s+(?:you|we|i|they|it|he|she|the|that|there)\b))",
    re.IGNORECASE,
)
_JOINED = re.compile(r",?\s+(?:and(?: also)?|as well as|plus|with|&)\s+|\s*[+;]\s+|,\s+", re.IGNORECASE)
_DEPENDS = re.compile(r"\b(?:or|it|its|that|this|they|them|their|us|we|who|whose)\b", re.IGNORECASE)
_OF_A_VERB = re.compile(
    r"\b(?:deal|work|help|comply|compete|start|agree|go|do|come|keep up|be done)(?:s|es|ing)? with$", re.IGNORECASE
)
_TELLS = re.compile(
    r"^(?:i|i'm|i've|we|we're|we've|my|our|they|he|she|it|it's|this|the|there|if|when|as)\b", re.IGNORECASE
)

_CONTINUES = re.compile(rf"^(?:also|and|plus),? (?!{_TELLS.pattern.removeprefix('^')})", re.IGNORECASE)
"""How a question goes on without the form of one: "How much does it save? Also any tax advantage"."""

_EMBEDDED = re.compile(
    r"^(?:and|&|plus|also) (?:what|who|which|why|whether|how(?: \w+)?) "
    r"(?:they|we|he|she|it|you|i|our|my|the|their|his|her)\b(?! (?:do|does|is|are|can|should)\b)",
    re.IGNORECASE,
)
"""A clause within a statement: "our CTO reports uptime and how often they deploy"."""

# Whole words only: an ambiguous repetition of letters would backtrack exponentially.
_ASSENT = re.compile(
    r"(?:^|[.,;!] ?)(?:(?:ok|okay|yes|yeah|alright|well|that|all)[ ,]+)?"
    r"(?:understood|got it|makes? sense|fair enough|noted|point taken|i see|i get it)\W*$",
    re.I,
)
_HESITATION = re.compile(r"(?:\W|\b(?:h+m+|u+h*m*|e+r+m*|a+h+|o+h+|well|so|ok so)\b)+", re.IGNORECASE)


_SHORTEST = 3  # words that can ask for another thing after a comma


class Segment(NamedTuple):
    """A part of a message, and whether it is a question."""

    text: str
    asks: bool


def split_utterance(text: str) -> list[Segment]:
    """The segments of a message, in order."""
    parts = [part.strip() for part in _CUTS.split(_BLANKS.sub(" ", text))]
    segments: list[Segment] = []
    for part in parts:
        if part and not _JOINER.fullmatch(part):
            if segments and not segments[-1].asks and _EMBEDDED.match(part) and not part.endswith("?"):
                segments[-1] = Segment(f"{segments[-1].text} {part}", asks=False)
                continue
            continues = bool(segments) and segments[-1].asks and _CONTINUES.match(part) is not None
            segments.append(Segment(part, continues or asks(part)))
    return segments


def halves(text: str) -> Iterator[tuple[str, str]]:
    """The two sides of each word or sign that may join two things asked for: "duties, plus a typical day".

    After a comma, none is taken that a statement or a condition introduces, that refers to what goes before, or that is
    a word or two: "joint AI chief for two firms, doable?".
    """
    for joint in _JOINED.finditer(text):
        left, right = text[: joint.start()].strip(), text[joint.end() :].strip()
        a_comma = joint.group().strip() == ","
        depends = _TELLS.match(left) or _DEPENDS.search(right) or len(right.split()) < _SHORTEST
        if left and right and not (a_comma and depends) and not _OF_A_VERB.search(f"{left} {joint.group().strip()}"):
            yield left, right


def is_hesitation(text: str) -> bool:
    """Whether a message is nothing but filler words ("hmm", "well")."""
    return _HESITATION.fullmatch(text) is not None


def is_assent(text: str) -> bool:
    """Whether a message asks nothing and ends by agreeing: "ok so part time first. understood"."""
    return _ASSENT.search(text) is not None and not any(part.asks for part in split_utterance(text))


def asks(text: str) -> bool:
    """Whether a segment is a question, with or without a question mark."""
    return text.rstrip().endswith("?") or any(
        form.search(text) for form in (_STARTS, _NUMBERED, _INDIRECT, _CONDITIONAL)
    )
