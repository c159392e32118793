"""Splits sentences into clauses with one subject and one mood each.

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
    r"\s*[,()]\s*(?:(?:and|but|so|or|plus|then|because|since|while|though|although)\s+)?",
    r"\s+(?:-+|\u2013|\u2014|[|/\u2022\u00b7])\s+(?!{no_after}|{yes_after})",
    r":\s+(?=(?:we|they|it|he|she|i|our)\b)",
    r"\s(?<!everything )(?<!nothing )(?<!all )(?<!anything )(?<!nobody )(?<!no one )"
    r"(?:but|however|although|though|whereas|while|because)\s",
    r"\sso(?! far\b| much\b| many\b)\s",
    r"\s(?<!with )(?<!about )(?<!on )(?<!know )(?<!is )(?<!to )(?<!: )which\s",
    r"\syet\s(?=(?:we|i|no|still)\b)",
    r"\s(?<!\bstopped )(?<!\bstop )(?<!\bquit )(?<!\bnot )(?<!\bnever )(?<!n't )(?<!\bstarted )(?<!\bkeep )"
    r"(?<! up )(?<! on )(?<!\bfrom )"
    r"(?=(?:with|using) (?:our|my) )",
    r"\s(?!(?<=\b(?:me) )(?:and|plus|&) (?!we\b|i\b))(?!(?<=\bmyself )(?:and|plus|&) (?!we\b|i\b))"
    r"(?:and|plus|&|then|since|(?<!everything )(?<!all )(?<! it )(?<!them )except|until)\s(?={clause_start})",
    r"\s(?<!nobody )(?<!anyone )(?<!someone )(?<!no one )(?={question_inside})",
)
# a new statement without a comma before it
_WE_SAY = r"\s(?=we(?:'re|'ve| (?:have|are|use|do|don't|run))\b(?! (?:have|use)(?:$|[.,;!])))"
_OUR_OWN = r"{own_copula}(?: {hedge})*\s*$"
# "we signed a bank, 900 people": what follows is told of the bank
_DEALT_WITH = (
    r"(?<!\w){dealing} (?P<whom>(?:an?|another|one|some) (?:(?!(?:of|with|to|for|an?|the|at|by|in)\b)[\w-]+ ){0,3}?"
    r"(?:{company}|{trade_place}))"
    r"(?:$|(?! (?:like|such as|our size)\b) )"
)
_TURN = (
    r"(?<!\w)(?!the (?:company|firm|business|team|group) (?:is|are|has|have|was)\b)"
    r"(?:(?:a|an|another|some|any|every|one|the|this|that) (?:[\w-]+ ){0,2}?"
    r"(?:{company}|{trade_place}|(?P<known>{known_others})) {relation}"
    r"|{companies} {relation}|(?P<ours>(?:my|our) (?:[\w-]+ ){0,2}?{known_others}(?:'s)? {relation})"
    r"|(?:NUM|[a-z]+)[- ](?:PEOPLE|person)[- ]{companies})"
)


_PRESENTS = (
    r"^an? (?:(?!(?:who|that|whose|with|of|in|an?|the|my|our|owns?|runs?|has|have)\b)[\w-]+ ){0,5}?"
    r"(?:(?P<trade>[\w-]+) {company}|{trade_place})"
    r"(?!'s| {acts})(?=$|[ ,])"
)
_PRESENTED = re.compile(r"(?:^|[,:(\u2013\u2014-]|\b(?:hi|hello|hey)(?: there| all| team)?[.!])\s*$")


def split_sentences(text: str) -> Iterator[re.Match[str]]:
    """Sentences with their final punctuation, at most 400 characters each."""
    return _SENTENCE.finditer(text)


def split_clauses(sentence: str, offset: int) -> Iterator[tuple[str, int]]:
    """Split a sentence where a statement ends or shifts to another company; yields each clause with its offset."""
    start = 0
    cuts = [match.span() for match in _cut().finditer(sentence)]
    for cut_start, cut_end in [*cuts, (len(sentence), len(sentence))]:
        piece = sentence[start:cut_start]
        turn = _turn(piece)
        yield from _stripped(piece[:turn], offset + start)
        yield from _stripped(piece[turn:], offset + start + turn)
        start = cut_end


def turns_to_others(piece: str) -> bool:
    """Whether the clause starts with another company: "companies with 50 employees"."""
    return pattern(_TURN).match(piece) is not None


def introduces_itself(piece: str, before: str) -> bool:
    """Whether the clause introduces the writer's company: "(hi,) a law firm with 12 people".

    Not "a small company with …" or "a law firm asked us", which are about others.
    """
    match = pattern(_PRESENTS).match(piece) if _PRESENTED.search(before) else None
    return match is not None and match["trade"] not in lexicon().not_industries


def _turn(piece: str) -> int:
    """The index at which the clause shifts to another company; 0 if it does not, or starts with one."""
    turn, dealt = pattern(_TURN).search(piece), pattern(_DEALT_WITH).search(piece)
    if dealt and not pattern(_OUR_OWN).search(piece[: dealt.start("whom")]):
        return dealt.start("whom") if not turn else min(turn.start(), dealt.start("whom"))
    return turn.start() if turn and not _is_ours(turn, piece) else 0


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
