"""A message as the tokens that the tagger reads: words, signs and line breaks; an address or a number is one token.

Rules find what is regular: addresses, numbers, expressions of time, and words that lead to a topic.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from assistant.contacts.addresses import addresses_in
from assistant.contacts.detail import Detail
from assistant.contacts.phones import phones_in
from assistant.contacts.times import times_in
from assistant.contacts.topics import topics_in

BREAK = "\n"
_TOKEN = re.compile(
    r"\n+|(?:[^\W\d_]\.){2,}(?!\w)|[A-Z]\.(?= [A-Z])|[A-Z]/[A-Z]\b"
    r"|(?:Mr|Mrs|Ms|Dr|Prof|Rev|Capt|Col|Sgt|Lt|Hon|Sr|Jr|St|Inc|Co|Ltd|Corp|Bros)\.(?=[ ,])"
    r"|\d+(?:[:.,]\d+)*|[^\W\d_]+(?:['-][^\W\d_]+)*|[^\S\n]*[^\w\s]|_+"
)

_TAKEN = ";"  # stands for the letters of a detail: no time or topic goes across it


@dataclass(frozen=True)
class Token:
    """A word, a sign, a line break, or a whole address or number."""

    text: str
    start: int
    end: int
    detail: Detail | None = None
    time: str = ""  # "B time" or "I time" where an expression of time begins or goes on
    topic: str = ""  # the same of what may be a topic


def tokens(text: str, asked: str | None) -> list[Token]:
    """The tokens of a plain message.

    Args:
        text: the message.
        asked: the field of ``Contact`` that the open question asks for, if one does.
    """
    addresses = addresses_in(text)
    details = sorted([*addresses, *phones_in(text, addresses, asked=asked == "phone")], key=lambda one: one.start)
    found: list[Token] = []
    begin, rest = 0, text
    for one in details:
        found += _words(text, begin, one.start)
        found.append(Token(f"<{one.field}>", one.start, one.end, one))
        begin = one.end
        rest = f"{rest[: one.start]}{_TAKEN * (one.end - one.start)}{rest[one.end :]}"
    found += _words(text, begin, len(text))
    times, topics = _marks(found, times_in(rest)), _marks(found, topics_in(rest))
    return [replace(one, time=time, topic=topic) for one, time, topic in zip(found, times, topics, strict=True)]


def _words(text: str, begin: int, end: int) -> Iterator[Token]:
    for match in _TOKEN.finditer(text, begin, end):
        word = BREAK if match.group()[0] == BREAK else match.group().strip()
        yield Token(word, match.end() - len(word), match.end())


def _marks(found: list[Token], places: Iterable[tuple[str, int, int]]) -> list[str]:
    """For each token, which place begins or goes on there; of several, the one that is found last."""
    marks = [""] * len(found)
    for kind, start, end in places:
        inside = [number for number, one in enumerate(found) if one.start < end and start < one.end and not one.detail]
        for number in inside:
            marks[number] = f"{'I' if number > inside[0] else 'B'} {kind}"
    return marks
