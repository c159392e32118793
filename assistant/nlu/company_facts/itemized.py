"""Replies that take up the things asked for one by one: "no to the first, yes to the rest", "use yes, strategy no".

A reply is read piece by piece. A piece counts if it consists of things (by order, by name, all, the rest) and of what
is said of them (yes, no, not known, not told); any other words make it something else, which the classifier reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from advisor.fields import DECLINED, UNKNOWN

ALL, REST, NONE = "all", "rest", "none"

Value = bool | str
Named = Callable[[Sequence[str]], str | None]

_PIECES = re.compile(r"\s*(?:[,;.!?:]+|\s[-–—]+\s|\s(?:but|so|while|whereas|then)\s)\s*")
_DONT_KNOW = (
    r"don't (?:really )?know|do not know|dunno|no (?:idea|clue)|couldn't (?:say|tell)|can't (?:say|tell|judge)"
    r"|wouldn't know|not sure|unsure|beats me|not a clue|god knows|who knows|unknown|no way of knowing"
)
_WONT_SAY = (
    r"(?:'d |would )?(?:rather|prefer) not(?: to)?(?: (?:say|go into|discuss|comment on|tell))*(?: anything about)?"
    r"|won't (?:say|comment on|discuss|go into|disclose)|no comment(?: on)?|(?:is |that's )?confidential"
    r"|(?:'m |am )?not (?:free|going|allowed) to (?:say|discuss|comment on)"
)
_NO = (
    r"not (?:at all|really|true|us|the case)|(?:doesn't|don't|does not|do not)(?: really)? apply|(?:aren't|isn't) true"
    r"|(?:wasn't|aren't|isn't) us|isn't|aren't|hasn't(?: got)?|haven't(?: got)?|no|nope|nah|not|false|missing|never"
    r"|none|zero|don't have|doesn't have|n"
)
_YES = r"yes|yep|yeah|yup|sure|true|check|tick|applies|apply|definitely|absolutely|correct|does|do|is|are|ok|y"
_SAYS: tuple[tuple[Value, re.Pattern[str]], ...] = (
    (UNKNOWN, re.compile(rf"(?:i(?:'ve| have)? )?(?:honestly |really )?(?:{_DONT_KNOW})(?: you)?(?![\w'])")),
    (DECLINED, re.compile(rf"(?:i )?(?:{_WONT_SAY})(?![\w'])")),
    (False, re.compile(rf"(?!no (?:question|doubt)\b)(?:{_NO})(?![\w'])")),
    (True, re.compile(rf"(?:{_YES})(?![\w'])")),
)
_OF_THEM = r"(?: of)?(?: (?:them|em|those|these|that|the))?(?: (?:two|three|four))?"
_NONE_OF_THEM = re.compile(rf"(?:neither(?: one)?|none|not (?:any|either|one|a single one)(?= of)){_OF_THEM}(?![\w'])")
_ALL_OF_THEM = re.compile(rf"(?:all|both){_OF_THEM}(?: counts)?(?![\w'])")
_OTHERS = re.compile(
    r"(?:the )?(?:others?|rest|remaining|remainder)(?: (?:two|three|ones|one|pair))?(?![\w'])|(?:everything|all) else\b"
)
_SOME = re.compile(r"(?:the )?(?P<end>first|last|middle) (?P<count>two|three|2|3|pair|couple)(?: ones)?(?![\w'])")
_ONE = re.compile(
    r"(?:the |number )?(?P<place>first|second|third|fourth|former|latter|last|1st|2nd|3rd|4th|#?[1-4]|two|three|four"
    r"|(?<=number )one|one(?= and|$))(?: one| thing| bit| part| item)?(?:'s)?(?![\w'])"
)
_PLACES = {
    **dict.fromkeys(("first", "former", "one", "1st", "1", "#1"), 0),
    **dict.fromkeys(("second", "two", "2nd", "2", "#2"), 1),
    **dict.fromkeys(("third", "three", "3rd", "3", "#3"), 2),
    **dict.fromkeys(("fourth", "four", "4th", "4", "#4"), 3),
    **dict.fromkeys(("last", "latter"), -1),
}
_COUNTS = {"two": 2, "2": 2, "pair": 2, "couple": 2, "three": 3, "3": 3}
_WORD = re.compile(r"no (?:question|doubt)\b|[\w'#&-]+|\W")
_FILLER = frozenset(
    """the a an to on for of in with as about one ones bit thing part that that'd that's those these it it's its is
    are be would it'd i'd i've say put me us we we've he she him her his he's she's has have got well um uh er hm hmm
    oh ok okay honestly sadly unfortunately afraid i'm really just only also too and plus & actually wait hang hold
    sorry sec down at present today now currently still true number counts count i think guess again our their you any
    way here there quite very big proudly alas please""".split()  # noqa: SIM905  # a literal of 90 strings reads worse
) | {"no question", "no doubt"}
_ONLY = re.compile(r"\b(?:only|just|alone|is all|that's (?:it|all)|nothing else)\b")
_LONGEST_NAME = 3  # words


@dataclass(frozen=True)
class _Things:
    names: tuple[str, ...]  # fields, or one of ALL, REST, NONE


@dataclass(frozen=True)
class _Said:
    value: Value


_Token = _Things | _Said


def itemized(text: str, asked: Sequence[str], named: Named) -> dict[str, Value]:
    """What a reply says of the things asked for: yes, no, not known or not told; under ``REST`` of all others.

    Args:
        text: the reply.
        asked: the fields that were asked for together, in their order.
        named: the asked field that some words name, if they name just one.
    """
    told: dict[str, Value] = {}
    open_things: tuple[str, ...] = ()  # of which the next piece says something: "to the first, yes"
    going_on: _Said | None = None  # what is said of the things of the next piece too: "yes to one, two and three"
    for piece in _PIECES.split(text.lower()):
        tokens = _tokens(piece, asked, named)
        if not tokens:
            open_things, going_on = open_things if tokens == [] else (), None
            continue
        if open_things and not _things(tokens):
            tokens = [_Things(open_things), *tokens]
        elif going_on and not _said(tokens):
            tokens = [going_on, *tokens]
        for things, value in _pairs(tokens, piece):
            told.update(dict.fromkeys(things, value))
        open_things = () if _said(tokens) else _things(tokens)
        going_on = tokens[0] if isinstance(tokens[0], _Said) else None
    return told


def _things(tokens: Sequence[_Token]) -> tuple[str, ...]:
    return tuple(name for token in tokens if isinstance(token, _Things) for name in token.names)


def _said(tokens: Sequence[_Token]) -> list[Value]:
    return [token.value for token in tokens if isinstance(token, _Said)]


def _pairs(tokens: list[_Token], piece: str) -> Iterator[tuple[tuple[str, ...], Value]]:
    """Things with what is said of them, which comes before all of them or after each."""
    if tokens[0] == _Things((NONE,)):
        yield (ALL,), False
        return
    if not _said(tokens):
        if _things(tokens) == (ALL,):
            yield (ALL,), True
        elif _ONLY.search(piece):
            yield (REST,), False
            yield _things(tokens), True
        return
    before = isinstance(tokens[0], _Said)
    value: Value = True
    things: tuple[str, ...] = ()
    for token in tokens:
        if isinstance(token, _Said):
            value = token.value
            if things and not before:
                yield things, value
                things = ()
        elif before:
            yield token.names, value
        else:
            things += token.names


def _tokens(piece: str, asked: Sequence[str], named: Named) -> list[_Token] | None:
    """The tokens of a piece; None if it has other words than these."""
    found: list[_Token] = []
    name: list[str] = []
    rest = piece.strip()
    while rest or name:
        token, length = _next(rest, asked) if rest else (None, 0)
        word = _WORD.match(rest) if token is None else None
        if word and not (word[0] in _FILLER or word[0].isspace()):
            name.append(word[0])
        elif name and (token or not rest or word):
            field = named(name) if len(name) <= _LONGEST_NAME else None
            if field is None and (token or not rest):
                return None
            if field is not None:
                found.append(_Things((field,)))
                name = []
        if token:
            found.append(token)
        rest = rest[length or (word.end() if word else 0) :].lstrip()
    return found


def _next(text: str, asked: Sequence[str]) -> tuple[_Token | None, int]:
    """The token that a text begins with, and its length."""
    for name, pattern in ((NONE, _NONE_OF_THEM), (ALL, _ALL_OF_THEM), (REST, _OTHERS)):
        if match := pattern.match(text):
            return _Things((name,)), match.end()
    if (match := _SOME.match(text)) and (some := _some(match["end"], _COUNTS[match["count"]], asked)):
        return _Things(some), match.end()
    if (match := _ONE.match(text)) and _PLACES[match["place"]] < len(asked):
        return _Things((asked[_PLACES[match["place"]]],)), match.end()
    for value, pattern in _SAYS:
        if match := pattern.match(text):
            return _Said(value), match.end()
    return None, 0


def _some(end: str, count: int, asked: Sequence[str]) -> tuple[str, ...]:
    """The first, last or middle ones of the things asked for, if there are that many."""
    some = asked[1:-1] if end == "middle" else asked[:count] if end == "first" else asked[-count:]
    return tuple(some) if len(some) == count else ()
