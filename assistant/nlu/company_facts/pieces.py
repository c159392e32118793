"""Cuts a sentence into pieces small enough to have one subject and one mood each.

"We're 35 people but have no CTO and our clients are firms with 500 people" has four: two of ours, one of the clients,
one of their size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from .lexicon import lexicon, pattern

_SENTENCE = re.compile(r"[^.!?;\n]{1,400}[.!?;\n]*")
_CUTS = (
    r"\s*[,()]\s*(?:(?:and|but|so|or|plus|then|because|since|while|though|although)\s)?\s*",
    r"\s+(?:-+|\u2013|\u2014|[|/\u2022\u00b7])\s+(?!{no_after}|{yes_after})",
    r":\s+(?=(?:we|they|it|he|she|i|our)\b)",
    r"\s(?<!everything )(?<!nothing )(?<!all )(?<!anything )(?:but|however|although|though|whereas|while|because)\s",
    r"\sso(?! far\b| much\b| many\b)\s",
    r"\s(?<!with )(?<!about )(?<!on )(?<!know )(?<!is )(?<!to )which\s",
    r"\syet\s(?=(?:we|i|no|still)\b)",
    r"\s(?=(?:with|using) (?:our|my) )",
    r"\s(?!(?<=\b(?:me) )(?:and|plus|&) (?!we\b|i\b))(?!(?<=\bmyself )(?:and|plus|&) (?!we\b|i\b))"
    r"(?:and|plus|&|then|since|(?<!everything )(?<!all )(?<! it )(?<!them )except|until)\s(?={clause_start})",
    r"\s(?<!nobody )(?<!anyone )(?<!someone )(?<!no one )(?={question_inside})",
)
# a new statement without a comma before it
_WE_SAY = r"\s(?=we(?:'re|'ve| (?:have|are|use|do|don't|run))\b(?! (?:have|use)(?:$|[.,;!])))"
_OUR_OWN = r"{own_copula}(?: {hedge})*\s*$"
_TURN = (
    r"(?<!\w)(?:(?:a|an|another|some|any|every|one|the|this|that) (?:[\w-]+ ){0,2}?"
    r"(?:{company}|(?P<known>{known_others})) {relation}"
    r"|{companies} {relation}|(?P<ours>(?:my|our) (?:[\w-]+ ){0,2}?{known_others}(?:'s)? {relation})"
    r"|(?:NUM|[a-z]+)[- ](?:PEOPLE|person)[- ]{companies})"
)


def sentences(text: str) -> Iterator[re.Match[str]]:
    """The sentences with their end marks, none longer than a person would write."""
    return _SENTENCE.finditer(text)


def pieces(sentence: str, offset: int) -> Iterator[tuple[str, int]]:
    """The sentence cut where a statement ends or turns to other companies, each piece with its place in the text."""
    start = 0
    cuts = [match.span() for match in _cut().finditer(sentence)]
    for cut_start, cut_end in [*cuts, (len(sentence), len(sentence))]:
        piece = sentence[start:cut_start]
        turn = pattern(_TURN).search(piece)
        if turn and turn.start() and not _is_ours(turn, piece):
            yield from _stripped(piece[: turn.start()], offset + start)
            yield from _stripped(piece[turn.start() :], offset + start + turn.start())
        else:
            yield from _stripped(piece, offset + start)
        start = cut_end


def turns_to_others(piece: str) -> bool:
    """Whether the piece begins with somebody else's company: "companies with 50 employees"."""
    return pattern(_TURN).match(piece) is not None


def introduces_itself(piece: str) -> bool:
    """Whether a message may begin so about its writer: "a law firm with 12 people", not "a small company with …"."""
    match = pattern(r"^an? (?:[\w-]+ )*?(?P<trade>[\w-]+) {company} ").match(piece)
    return match is not None and match["trade"] not in lexicon().not_industries


@cache
def _cut() -> re.Pattern[str]:
    # "if we have", "I don't think we have": such words rule what follows, so there is no cut after them
    ruled = "(?<!=)" + "".join(rf"(?<!\b{word})" for word in lexicon().no_cut_after)
    return pattern("|".join([*_CUTS, ruled + _WE_SAY]))


def _is_ours(turn: re.Match[str], piece: str) -> bool:
    """'We are a firm with …' goes on about us, 'we have a client with …' does not."""
    return not (turn["known"] or turn["ours"]) and pattern(_OUR_OWN).search(piece[: turn.start()]) is not None


def _stripped(piece: str, place: int) -> Iterator[tuple[str, int]]:
    bare = piece.lstrip()
    if bare:
        yield bare, place + len(piece) - len(bare)
