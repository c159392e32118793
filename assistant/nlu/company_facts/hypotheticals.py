"""Rewrites the hypothetical part of a message as a statement: "what if we had a CTO?" gives "we have CTO".

The result goes through the normal extractor, so any fact that can be stated can also be supposed.
"""

from __future__ import annotations

import re
from functools import cache

from .lexicon import any_of, lexicon, pattern
from .normalized_text import plain

_INITIATIVES = re.compile(r"(?<!ai )(?<!ai-)\b(?=initiatives?\b)")  # ours to advise on are those with AI
_DID = re.compile(r"\b(?:did|do|does)(?= (?!n't|not|both|the same)\w+)")
_BARE = (
    r"^(?:(?:and|but|so|or|ok|okay|then|now) )*(?=(?:with|without|(?:had|were|should) (?:we|our|i))\b)"
    r"|{compares}\b[\w ]{0,30}? (?=with(?:out)? )"
)
_TALK = re.compile(  # "if I understand you", "if we have questions": of the talk, not of the company
    r"^(?:i|you|we) (?:(?:understand|understood|remember|recall|heard|read)\b|(?:may|can|could|might) (?:ask|add|say)\b"
    r"|need anything|have (?:more|any|a|another|some) questions?\b)"
)
_HAD_WE = re.compile(r"^(?:had|were|did|should) (we|our|i)\b")


def hypothetical_part(text: str) -> str:
    """The hypotheticals of a message, one per line, in the present tense; empty if there are none."""
    return "\n".join(part for sentence in re.split(r"[.!?;\n]+ ?", plain(text)) if (part := _supposed(sentence)))


def _supposed(sentence: str) -> str:
    opening = pattern("{supposes}").search(sentence) or pattern(_BARE).search(sentence)
    part = sentence[opening.end() :].strip(" ,") if opening else ""
    if _TALK.match(part):
        return ""
    ending = pattern(r"(?:^|[, ]){supposed_so_far}").search(part)
    if ending and ending.start():
        part = part[: ending.start()]
    return _INITIATIVES.sub(
        "ai ", _present().sub(lambda match: lexicon().present[match[0]], _HAD_WE.sub(r"\1 have", _DID.sub("", part)))
    )


@cache
def _present() -> re.Pattern[str]:
    return re.compile(any_of(lexicon().present, literal=True))
