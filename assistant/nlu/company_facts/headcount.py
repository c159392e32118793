"""Extracts the company's headcount; counts of customers, new hires or single departments are ignored."""

from __future__ import annotations

import re

from assistant.nlu.budget import check

from .clauses import Clause
from .lexicon import pattern
from .normalized_text import NormalizedText
from .quantities import Quantity

# A number before people ("40 full-time employees"), after a place ("team of 12") or alone ("we are about 40").
_PEOPLE_AFTER = r"^(?:[ -]{people_adjective})*[ -]{people_noun}|^ on (?:PEOPLE|(?:the )?(?:payroll|team|books))\b"
_IN_ALL = r"^ (?!DEVS)(?:(?!{counted}|and NUM)[\w/-]+ ){0,5}?{all_counted}(?=$|,)"
_PLACE_BEFORE = (
    r"{workplace}(?: (?:size|count|total|strength))?"
    r"(?: of| is| are| has| have| counts| numbers|:| ?=|'s| size is| at| stands at| sits at)* ?(?:at |of )?$"
)
_WE_ARE_A_TEAM = (
    r"(?:^|{self} )(?:an? |the )?(?:[\w-]+ )?(?:team|crew|group|bunch|staff|band|shop|company|outfit) of (?:{hedge} )*$"
)
_WE_ARE = r"{we_are}(?: {hedge})* $"
_ENDS = r"$|,| (?:and )?not (?:a )?NUM\b|[ -]{in_all}| with (?:no|neither|an?|our)\b"
_WHOLE_BEFORE = r"{whole_company},? (?:{total_is} )?(?:{hedge} )*$|^hr (?:[\w']+ ){0,3}(?:it's |we're )*$"
_WITH_PARTNER = (
    r"\bmy {partner} and (?:i|me|myself)"
    r"(?:$|[.,;!]| (?:run it|own it|are the only|do (?:it|everything))\b)"
)
_ONLY_ME = re.compile(r"\b(?:just|only) (?:me|myself)\b")
_NOW = re.compile(r" (?:right now|now|today|currently|at the moment|at present|as of today)")
_SUMS_UP = re.compile(r"\b(?:so|makes|total|totals)[,:]? (?:(?:that's|it's|we're) )*$")  # "28 guys and me, so 29"
_CLIENT_BEFORE = r"{serving} [\w -]{0,50}$"
_AND_I = re.compile(
    r"\b(?:me|myself)(?:,? (?:and|plus|\+|&)| \+| with) (?:my |the )?(?:other )?$"
)  # "me plus six" are seven
_AND_ONE_MORE = re.compile(  # "me and my wife"
    r"\b(?:me and (?:my|one|an?)|my (?:\w+ ){1,2}and (?:me|i|myself)|(?:me|myself) (?:plus|\+|&) (?:my|one|an?))\b"
    r"(?! (?:team|staff|crew|NUM|PEOPLE\b(?!$)))"
)
_GROWN = re.compile(r"\bfrom NUM(?:[ -](?:PEOPLE|person))? (?:\w+ ){0,3}to $")
# What makes it a number of other people.
_VERB_BEFORE = r"{headcount_verbs_not}(?: (?!of\b|with\b)[\w'-]+){0,2} $"
_DEPARTMENT_BEFORE = (
    r"{departments}(?: (?:team|department|dept|crew|staff|group|side|org))?(?: (?:of|is|has|with|are))* ?$"
)
_DEPARTMENT_AFTER = (
    r"^(?: who work| working|,)? (?:in|on|doing|for|handling|from) (?:the |our )?{departments}"
    r"(?! (?:firm|company|agency|industry|business|space))|^ of (?:them|whom|those)\b|^ (?:on|in) (?:the|our) \w+ team"
)
_OTHERS_AFTER = r"[ -]DEVS|-?(?:companies|firms|businesses)| {some_of_them}"
_EACH = r"[^,.]{0,25}{each}"

_REACH = 120  # characters on either side in which a number is explained
_LARGEST = 5_000_000  # no employer has more


def read_headcount(clauses: list[Clause], normalized: NormalizedText) -> dict[str, int | float]:
    found: dict[str, int | float] = {}
    alone = False
    for clause in clauses:
        if not clause.own:
            continue
        if not found and not clause.question and not clause.supposed(0) and _AND_ONE_MORE.search(clause.text):
            found = {"headcount": 2}
        elif not clause.question and pattern("{alone}").search(clause.text):
            alone = True
        for match in re.finditer(r"\bNUM\b", clause.text):
            check()
            quantity = normalized.quantities.get(clause.offset + match.start())
            if quantity is None:
                continue
            sums_up = not (quantity.scaled or quantity.currency) and _sums_up(normalized, clause, match)
            if not (sums_up or _is_headcount(clause, match, quantity)) or pattern(_CLIENT_BEFORE).search(
                clause.text[: match.start()]
            ):
                continue
            if not found or sums_up or _corrects(clause.text, match.start(), match.end()):
                employees = re.match(
                    r"[ -]PEOPLE", clause.text[match.end() :]
                )  # "me and four employees" names these alone
                more = (
                    1
                    if _AND_I.search(clause.text[: match.start()]) and (not employees or _ONLY_ME.search(clause.text))
                    else 0
                )
                found = {f"headcount{end}": value + more for end, value in quantity.amounts().items()}
    if not found and pattern(_WITH_PARTNER).search(normalized.text) and clauses and clauses[0].own:
        return {"headcount": 2}
    return found or ({"headcount": 1} if alone else {})  # a number wins: "just me on the phones, we're 30"


def _sums_up(normalized: NormalizedText, clause: Clause, match: re.Match[str]) -> bool:
    """Whether a bare number stands for people spoken of: "28 guys and me, so 29", "soon 50 people, 47 right now"."""
    before, after = normalized.text[: clause.offset + match.start()], clause.text[match.end() :]
    if _NOW.fullmatch(after) and match.start() == 0:
        return "PEOPLE" in before
    return after == "" and bool(_SUMS_UP.search(before[-20:]) and re.search(r"\b(?:NUM|me)\b", before))


def _corrects(text: str, start: int, end: int) -> bool:
    """A total, or a number taken back, stands for the numbers told before it."""
    return bool(
        pattern("{correction}").search(text)
        or pattern(_WHOLE_BEFORE).search(text[:start])
        or pattern(_IN_ALL).match(text[end:])
    )


def _is_headcount(clause: Clause, match: re.Match[str], quantity: Quantity) -> bool:
    start = match.start()
    before, after = clause.text[max(0, start - _REACH) : start], clause.text[match.end() : match.end() + _REACH]
    if quantity.currency or not 1 <= (quantity.high or quantity.low or 0) < _LARGEST:
        return False
    presupposed = re.search(r"\b(?:our|my) $", before) is not None  # "what should our 35-person firm do?"
    if (clause.question or clause.wished(start) or clause.supposed(start)) and not presupposed:
        return False
    if not _counts_people(before, after, quantity) or re.search(r"\b(?:not|n't)(?: (?:a|have))? $", before):
        return False
    if pattern(_VERB_BEFORE).search(before) and not presupposed:
        return False
    return not (_counts_others(before, after) or _is_past(before))


def _counts_people(before: str, after: str, quantity: Quantity) -> bool:
    if pattern(_PEOPLE_AFTER).match(after) or ("PEOPLE" in before and _GROWN.search(before)):
        return True
    if re.search(r"^at $", before) and re.match(r" (?:we|there's|it's|i|that's|it)\b", after):
        return not quantity.scaled
    if pattern(_IN_ALL).match(after) and not quantity.scaled:
        return True
    if quantity.scaled or after.startswith((" strong", "-strong")):
        return not quantity.scaled
    if re.search(r"\b(?:numbers?|totals?|counts?) (?:about |around )?$", before) and "PEOPLE" in before:
        return True
    if pattern(_WE_ARE_A_TEAM).search(before) and re.match(r" \w+ing\b", after):  # "a team of 9 building apps"
        return True
    ends = pattern(_ENDS).match(after) is not None
    if pattern(_WHOLE_BEFORE).search(before) or _AND_I.search(before):
        return ends or after.startswith((" other", " more")) or pattern(r"^ {after_size}").match(after) is not None
    if pattern(_PLACE_BEFORE).search(before):
        return ends or pattern("^ {after_size}").match(after) is not None
    if re.search(r"\bemploy(?:s|ing)? $", before):
        return True
    return ends and not after.startswith(",") and pattern(_WE_ARE).search(before) is not None


def _counts_others(before: str, after: str) -> bool:
    """One department, "20 people each", "people who use our app"."""
    if pattern(_DEPARTMENT_BEFORE).search(before) or pattern(_EACH).match(after):
        return True
    people = pattern(_PEOPLE_AFTER).match(after)
    rest = after[people.end() :] if people else after
    return bool(pattern(_DEPARTMENT_AFTER).match(rest)) or bool(
        pattern(_OTHERS_AFTER).match(rest)
        and not re.search(r"\b(?:of|all) (?:our|my) $", before)  # "3 of our 60 staff use"
    )


def _is_past(before: str) -> bool:
    if _GROWN.search(before) or re.search(r"\b(?:since|founded|started in)\b", before):
        return False
    return bool(pattern("{past_size}").search(before)) and not pattern("{correction}").search(before)
