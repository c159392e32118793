"""Who a piece of a message speaks of, and whether it states, asks, supposes, wishes or denies.

"We have 40 people but no CTO, should we hire one?" is three pieces: two statements about the writer and a question.
Facts are read from the statements only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from .gist import Gist
from .lexicon import pattern
from .pieces import introduces_itself, pieces, sentences, turns_to_others

_NAME = r"(?:WEBSITE|CRM|CLOUD|CTO|CAIO|DEVS|STRATEGY|AITOOL|AI|anything in (?:the )?CLOUD|apps?|portals?)"
_BARE = re.compile(
    r"(?:(?:or|and|nor|also|a|an|any|our|the|even|proper|real|dedicated|let alone|NUM|one|in) )*"
    rf"{_NAME}(?:[ -](?:team|in place|system))?(?: (?:or|nor|and) (?:(?:a|an|any|our|even) )*{_NAME})*"
)
_PERSON = re.compile(r"^(?:(?:and|but|so|also|who|though) )*(?:he|she|they|he's|she's|who)(?='s|\b)")
_NEW_SUBJECT = re.compile(r"(?:and )?(?:we|i|our|my|the|AI|AITOOL|CTO|CAIO|NUM|there|it|nobody|everyone|PEOPLE)\b")
_ENDS_DENIAL = r"{ends_denial}|^(?:no|without|zero)\b.* and (?:a|an|our|NUM)\b"
_ASKS_WITH_MARK = r"{asks_with_mark}(?! (?:we|i|you)\b)"
_QUESTION = r"^(?:{greeting} )*{question}"
_NOT_A_SUBJECT = r"(?:'s|s'|s)?(?! {not_a_subject})(?!\w|-)"
_OTHERS = (
    r"(?<!\w)(?:my|our|his|her|their|the|a|an|one of (?:my|our)|some|most|many|another|NUM of (?:my|our)) "
    r"(?:(?!own\b)[\w-]+ ){0,2}?{others}"
    + _NOT_A_SUBJECT
    + r"|^(?:{companies}|rivals|{famous})"
    + _NOT_A_SUBJECT
    + r"|^(?:(?:for|and|so|but|like) )?(?:a|an|any|some|most|many|other|every|all|the average|a typical) "
    r"(?:[\w-]+ ){0,2}?(?:{companies}|{company})(?! (?:like|such as) (?:ours|mine|us))"
)


@dataclass(frozen=True)
class Clause:
    text: str
    offset: int  # of the text within the gist
    own: bool  # speaks of the writer's company
    question: bool
    supposed_from: int | None  # what stands after this position is supposed, doubted or hearsay
    wished_from: int | None  # … is wished, planned or expected
    denials: tuple[int, ...]  # positions of the negations
    told: str  # the text with "he" or "she" replaced by the CTO, where the CTO was just spoken of

    def supposed(self, position: int) -> bool:
        return self.supposed_from is not None and self.supposed_from <= position

    def wished(self, position: int) -> bool:
        return self.wished_from is not None and self.wished_from <= position

    def denied(self, position: int) -> bool:
        """Whether a negation before this position reaches it: it does not reach over "just", nor "no X and a Y"."""
        before = [denial for denial in self.denials if denial <= position]
        return any(not pattern(_ENDS_DENIAL).search(self.text[denial:position]) for denial in before)


def clauses(gist: Gist) -> list[Clause]:
    """The message in pieces, each with its subject and mood."""
    on_behalf = pattern("{on_behalf}").search(gist.text) is not None
    result: list[Clause] = []
    others, person = False, ""
    for sentence in sentences(gist.text):
        parts = list(pieces(sentence.group().rstrip(".!?;\n "), sentence.start()))
        asked = _asked([piece for piece, _ in parts], marked="?" in sentence.group())
        for (piece, place), question in zip(parts, asked, strict=True):
            if place > 0 or not introduces_itself(piece):
                others = _speaks_of_others(piece, others, on_behalf)
            clause = Clause(
                text=piece,
                offset=place,
                own=not others,
                question=question,
                supposed_from=_first("{hypothesis}", piece),
                wished_from=_first("{wish}", piece),
                denials=tuple(match.start() for match in pattern("{negation}").finditer(piece)),
                told=_told_of(person, piece),
            )
            result.append(_continued(clause, result[-1]) if result else clause)
            person = _person_spoken_of(piece, person)
    return result


def _first(cue: str, piece: str) -> int | None:
    match = pattern(cue).search(piece)
    return match.start() if match else None


def _speaks_of_others(piece: str, before: bool, on_behalf: bool) -> bool:
    """Whether the piece is about another company; a piece without a subject goes on with the one before."""
    own, others = pattern("{own}").search(piece), pattern(_OTHERS).search(piece)
    if turns_to_others(piece) or (others and (own is None or others.start() <= own.start())):
        return not on_behalf
    if own:
        return on_behalf
    return before


def _asked(parts: list[str], *, marked: bool) -> list[bool]:
    """Which pieces of a sentence are its question: all from the one that begins like one, else a marked last one."""
    starts = [_starts_a_question(part, marked or index == 0) for index, part in enumerate(parts)]
    asked, result = False, []
    for part, start in zip(parts, starts, strict=True):
        if start:
            asked = True
        elif not marked and pattern("{own}").match(part):
            asked = False  # "should we hire a CTO, we have 40 people"
        result.append(asked)
    if marked and result and not any(starts):
        result[-1] = True
    return result


def _starts_a_question(piece: str, asked: bool) -> bool:
    """In a sentence without a question mark, a later "which" or "is" goes on with what was said."""
    return pattern(_QUESTION).match(piece) is not None and (asked or not pattern(_ASKS_WITH_MARK).match(piece))


def _person_spoken_of(piece: str, before: str) -> str:
    if re.search(r"\bCTO\b", piece):
        return "CTO"
    return "" if re.search(r"\b(?:we|i|our|my|CAIO)\b", piece) else before


def _told_of(person: str, piece: str) -> str:
    """The piece with the person it goes on about: "(our CTO is swamped) and doesn't know AI"."""
    if not person:
        return piece
    told, replaced = _PERSON.subn(person, piece)
    if replaced or _NEW_SUBJECT.match(piece) or _BARE.fullmatch(piece):
        return told
    return f"{person} {piece}"


def _continued(clause: Clause, last: Clause) -> Clause:
    """A bare item of a list shares the mood of the item before: "we don't have a CRM, a website or a CTO"."""
    if not _BARE.fullmatch(clause.text):
        return clause
    listed = clause.text.startswith(("or ", "nor ")) or " or " in clause.text or _denies_lists(last)
    return replace(
        clause,
        question=clause.question or last.question,
        supposed_from=0 if last.supposed_from is not None else clause.supposed_from,
        wished_from=0 if last.wished_from is not None else clause.wished_from,
        denials=(0,) if last.denials and listed else clause.denials,
    )


def _denies_lists(clause: Clause) -> bool:
    """A denied verb reaches over commas ("don't have a CRM, a website"), a bare "no" does not ("no CRM, a website")."""
    return any(not re.match(r"(?:no|zero|without)\b", clause.text[denial:]) for denial in clause.denials)
