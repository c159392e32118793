"""Clauses of a message: whose company each is about, and whether it states, asks, supposes, wishes or denies.

"We have 40 people but no CTO, should we hire one?" has three clauses: two statements about the
writer's company and a question. Facts are extracted from statements only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.nlu.budget import check

from .clause_splitter import introduces_itself, split_clauses, split_sentences, turns_to_others
from .lexicon import pattern
from .normalized_text import NormalizedText

_NAME = r"(?:WEBSITE|CRM|CLOUD|CTO|CAIO|DEVS|STRATEGY|AITOOL|AI|anything in (?:the )?CLOUD|apps?|portals?)"
_BARE = re.compile(
    r"(?:(?:or|and|nor|also|a|an|any|our|the|even|proper|real|dedicated|let alone|NUM|one|in) )*"
    rf"{_NAME}(?:[ -](?:team|in place|system))?(?: (?:or|nor|and) (?:(?:a|an|any|our|even) )*{_NAME})*"
)
_EVERYBODY_ELSE = re.compile(
    r"(?:(?:and|but|so|the|our) )*(?:competition|everyone else|everybody else|the others"
    r"|(?:nobody|no one|none|few|most|everyone)(?: else)? (?:in|of) (?:our|the|my) (?:\w+ )?"
    r"(?:industry|sector|space|market|field|trade|competitors|rivals))\b"
)
_OUR_SIZE = re.compile(r"\b(?:our size|(?:like|such as) (?:ours|us|mine|my own))$")  # "firms our size, 60 people"
_PERSON = re.compile(r"^(?:(?:and|but|so|also|who|though) )*(?:he|she|they|he's|she's|who)(?='s|\b)")
# "Should we have a CTO? We don't." and "They use HubSpot, we don't have one": what the short words stand for.
_THING = re.compile(r"\b(?:WEBSITE|CRM|CLOUD|CTO|CAIO|DEVS|STRATEGY|AITOOL|AI)\b")
_TECHNOLOGY = re.compile(
    r"\b(?:servers?|systems?|software|erp|quickbooks|sage|sap|excel|spreadsheets|tech\w*|stack|setup|computers?|network|platform)\b"
)
_PRONOUN = (
    r"(?<!\bto )\b(?P<verb>(?:have|having|got|get|use|using|need|hired?|run|employ)(?: any(?: of)?)?) "
    r"(?:one|it|that|any|those|them|this)(?=$| {answer_end})"
)
_ELLIPSIS = (
    r"(?P<answer>^(?:(?:and|but|so|well|no|yes|sure|ok|yeah|nope) )*(?:we|i) "
    r"(?:still |currently )?(?:don't|do not|do|haven't|have not|have))(?: {answer_end})*$"
)
_WORKS = re.compile(  # "(QuickBooks on an old Dell), works fine for us"
    r"^(?:(?:and|but|so|still|just|all|that|it|they|which|mostly) )*"
    r"(?=(?:works?|runs?|working|needs?|does(?:n't)?|don't|is|are|keeps?|it's|was)\b)"
)
_NOT_SEEN = re.compile(  # "I don't see competitors using AI"
    r"(?:n't|\bnot|\bnever) (?:really )?(?:see|seen|seeing|think|believe|find|notice|noticed|know of|aware of)"
    r"(?: any| many)?(?: of our| our)? $"
)
_AND = re.compile(r"\b(?:and|or|but) $")
_VERB = re.compile(r"(?:did|made|had|has|have|do|does|make|makes|no|not|used|sold|ran|were|was|got|still|NUM)\b")
_EARLY = 8  # characters: a hypothesis this early covers the whole clause
_NEW_SUBJECT = re.compile(r"(?:and )?(?:we|i|our|my|the|AI|AITOOL|CTO|CAIO|NUM|there|it|nobody|everyone|PEOPLE)\b")
_ENDS_DENIAL = r"{ends_denial}|^(?:no|without|zero)\b.* and (?:a|an|our|NUM)\b"
_ASKS_WITH_MARK = r"{asks_with_mark}(?! (?:we|i|you)\b)"
_PAIR_ALONE = re.compile(r"^(?:(?:and|but|now|well) )*(?P<pair>neither|both)(?: (?:now|any ?more|yet|of them))?$")
_HE_HAS = re.compile(r"^(?:and |but )?(?:he|she)(?:'s got| has| runs| owns| employs| makes| does| uses)\b")
_PEOPLE = re.compile(r"\bPEOPLE\b")
_ANSWER = r"{no_after}\W*(?: {no_end})*"
_QUESTION = r"^(?:{greeting} )*{question}"
_NOT_A_SUBJECT = r"(?:'s|s'|s)?(?! {not_a_subject})(?!\w|-)"
_OTHERS = (
    r"(?<!\w)(?:my|our|his|her|their|the|a|an|one of (?:my|our)|some|most|many|another|NUM of (?:my|our)) "
    r"(?:(?!own\b)[\w-]+ ){0,2}?{others}"
    + _NOT_A_SUBJECT
    + r"|^(?:{companies}|rivals?|competitor|client|customer|{famous})(?! ?[:=])"
    + _NOT_A_SUBJECT
    + r"|^(?:(?:for|and|so|but|like|say|if|suppose|imagine|when) )?"
    r"(?:a|an|any|some|most|many|other|every|all|the average|a typical) "
    r"(?:[\w-]+ ){0,2}?(?:{companies}|{company}|{trade_place})(?! (?:like|such as) (?:ours|mine|us))"
    r"|^(?:(?:and|but|so) )?(?:theirs\b|their (?:own )?{workplace}(?! of us))"
)
_PAIR = re.compile(
    r"\b(?P<verb>have|has|got|had) (?P<pair>neither|both)(?=$| (?:now|today|any ?more|at present|in place|yet|here)\b)"
)


@dataclass(frozen=True)
class Clause:
    text: str
    offset: int  # of the clause within the normalized text
    own: bool  # speaks of the writer's company
    question: bool
    supposed_from: int | None  # text after this position is hypothetical, doubted or hearsay
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


def as_stated(clause: Clause) -> Clause:
    """The clause as if it stated what it supposes, asks or wishes."""
    return replace(clause, question=False, supposed_from=None, wished_from=None)


def clauses(normalized: NormalizedText) -> list[Clause]:
    """Split a message into clauses and determine the subject and mood of each."""
    on_behalf = pattern("{on_behalf}").search(normalized.text) is not None
    result: list[Clause] = []
    others, person, things, technology = False, "", ("", ""), ""
    for sentence in split_sentences(normalized.text):
        check()
        parts = list(split_clauses(sentence.group().rstrip(".!?;\n "), sentence.start()))
        asked = _asked([piece for piece, _ in parts], marked="?" in sentence.group())
        for (spoken, place), question in zip(parts, asked, strict=True):
            piece = _with_antecedent(spoken, things)
            if not introduces_itself(piece, normalized.text[:place]):
                of_us = any(normalized.kinds.get(place + match.start()) == "ours" for match in _PEOPLE.finditer(spoken))
                others = _speaks_of_others(piece, others, on_behalf, of_us)
            if _HE_HAS.match(piece) and not any(said.own for said in result):
                others = not on_behalf
            clause = Clause(
                text=piece,
                offset=place,
                own=not others and not _EVERYBODY_ELSE.match(piece),
                question=question,
                supposed_from=_first("{hypothesis}", piece),
                wished_from=_first("{wish}", piece),
                denials=tuple(match.start() for match in pattern("{negation}").finditer(piece)),
                told=_told_of(person, technology, piece),
            )
            if result:
                clause = _continued(clause, result[-1], normalized.text[:place])
            result.append(clause)
            person = _person_spoken_of(piece, person)
            things = _last_two(piece, things)
            technology = _last(_TECHNOLOGY, piece, technology)
    return result


def _first(cue: str, piece: str) -> int | None:
    match = pattern(cue).search(piece)
    return match.start() if match else None


def _speaks_of_others(piece: str, before: bool, on_behalf: bool, of_us: bool) -> bool:
    """Whether the clause is about another company; without a subject, it continues the previous one."""
    own, others = pattern("{own}").search(piece), pattern(_OTHERS).search(piece)
    if of_us and others is None:
        return on_behalf
    if _OUR_SIZE.search(piece):
        return on_behalf
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
        asked = asked and " = " not in part  # a question the writer answers is over
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


def _last(words: re.Pattern[str], piece: str, before: str) -> str:
    return next((match[0] for match in reversed(list(words.finditer(piece)))), before)


def _last_two(piece: str, before: tuple[str, str]) -> tuple[str, str]:
    """The two things that "both" and "neither" stand for, the last of them also what "one" and "it" do."""
    for match in _THING.finditer(piece):
        before = before if match[0] == before[1] else (before[1], match[0])
    return before


def _with_antecedent(piece: str, things: tuple[str, str]) -> str:
    """Resolve anaphora and ellipsis ("one", "it", "neither"): "(a CTO?) no, we don't have one"."""
    first, thing = things
    if first:
        piece = _PAIR_ALONE.sub(r"we have \g<pair>", piece)
        piece = _PAIR.sub(
            lambda match: (
                f"{match['verb']} {first} and {thing}"
                if match["pair"] == "both"
                else f"{match['verb']} no {first} or {thing}"
            ),
            piece,
        )
        piece = re.sub(r"^both (?=(?:are|were|is|work|gone|left)\b)", f"{first} and {thing} ", piece)
    if not thing:
        return piece
    uses = thing in {"AI", "AITOOL"}
    if not uses or re.search(r"\bus(?:e|ing)\b", piece):
        piece = pattern(_PRONOUN).sub(rf"\g<verb> {thing}", piece)
    piece = re.sub(r"\b(have|has|got) none(?=$| (?:yet|at all|so far)\b)", rf"\g<1> no {thing}", piece)
    if match := pattern(_ELLIPSIS).match(piece):
        return f"{match['answer'].removesuffix(' have')} {'use' if uses else 'have'} {thing}"
    return piece


def _told_of(person: str, technology: str, piece: str) -> str:
    """Restore an omitted subject: "(our CTO is swamped) and doesn't know AI"."""
    if not person:
        return _WORKS.sub(f"our {technology} ", piece, count=1) if technology else piece
    told, replaced = _PERSON.subn(person, piece)
    if replaced or _NEW_SUBJECT.match(piece) or _BARE.fullmatch(piece):
        return told
    return f"{person} {piece}"


def _continued(clause: Clause, last: Clause, told: str) -> Clause:
    """A bare item of a list shares the mood of the item before: "we don't have a CRM, a website or a CTO".

    So does a second verb in a hypothetical: "say a company had 15 people and did 2 million"."""
    if last.denials and _NOT_SEEN.search(told):
        return replace(clause, denials=(0,))
    if (
        _AND.search(told)
        and _VERB.match(clause.text)
        and last.supposed_from is not None
        and last.supposed_from < _EARLY
    ):
        return replace(clause, supposed_from=0)
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
    """A denied verb reaches over commas ("don't have a CRM, a website"), a bare "no" does not ("no CRM, a website").

    Nor does an answer, which denies what stands before it: "CRM? Nope. Website …"."""
    after = [clause.text[denial:] for denial in clause.denials]
    return any(not re.match(r"(?:no|zero|without)\b", text) and not pattern(_ANSWER).fullmatch(text) for text in after)
