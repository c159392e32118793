"""How many people work at the writer's company: not its customers, its new hires or one of its departments."""

from __future__ import annotations

import re

from .clauses import Clause
from .gist import Gist
from .lexicon import pattern
from .quantities import Quantity

# A number before people ("40 full-time employees"), after a place ("team of 12") or alone ("we are about 40").
_PEOPLE_AFTER = r"^(?:[ -]{people_adjective})*[ -]{people_noun}|^ on (?:PEOPLE|(?:the )?(?:payroll|team|books))\b"
_PLACE_BEFORE = (
    r"{workplace}(?: (?:size|count|total|strength))?"
    r"(?: of| is| are|:| ?=|'s| size is| at| stands at| sits at)* ?(?:at |of )?$"
)
_WE_ARE = r"{we_are}(?: {hedge})* $"
_ENDS = r"$|,|[ -]{in_all}"
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


def read_headcount(clauses: list[Clause], gist: Gist) -> dict[str, int | float]:
    found: dict[str, int | float] = {}
    for clause in clauses:
        if not clause.own:
            continue
        if not found and not clause.question and pattern("{alone}").search(clause.text):
            found = {"headcount": 1}
        for match in re.finditer(r"\bNUM\b", clause.text):
            quantity = gist.quantities.get(clause.offset + match.start())
            if quantity is None or not _is_headcount(clause, match, quantity):
                continue
            if not found or pattern("{correction}").search(clause.text):
                found = {f"headcount{end}": value for end, value in quantity.amounts().items()}
    return found


def _is_headcount(clause: Clause, match: re.Match[str], quantity: Quantity) -> bool:
    start = match.start()
    before, after = clause.text[max(0, start - _REACH) : start], clause.text[match.end() : match.end() + _REACH]
    if quantity.currency or not 1 <= (quantity.high or quantity.low or 0) < _LARGEST:
        return False
    presupposed = re.search(r"\b(?:our|my) $", before) is not None  # "what should our 35-person firm do?"
    if (clause.question or clause.wished(start) or clause.supposed(start)) and not presupposed:
        return False
    if not _counts_people(before, after, quantity):
        return False
    if pattern(_VERB_BEFORE).search(before) and not presupposed:
        return False
    return not (_counts_others(before, after) or _is_past(before))


def _counts_people(before: str, after: str, quantity: Quantity) -> bool:
    if pattern(_PEOPLE_AFTER).match(after) or ("PEOPLE" in before and _GROWN.search(before)):
        return True
    if quantity.scaled or after.startswith((" strong", "-strong")):
        return not quantity.scaled
    ends = pattern(_ENDS).match(after) is not None
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
    return bool(pattern(_DEPARTMENT_AFTER).match(rest) or pattern(_OTHERS_AFTER).match(rest))


def _is_past(before: str) -> bool:
    if _GROWN.search(before) or re.search(r"\b(?:since|founded|started in)\b", before):
        return False
    return bool(pattern("{past_size}").search(before)) and not pattern("{correction}").search(before)
