"""Extracts yearly or monthly revenue. Profit, funding, prices and other amounts are not revenue."""

from __future__ import annotations

import re

from assistant.nlu.budget import check

from .clauses import Clause
from .lexicon import pattern
from .normalized_text import NormalizedText
from .quantities import Quantity

_YEARLY, _MONTHLY, _OTHER_PERIOD = r"^[ ,]*{yearly}", r"^[ ,]*{monthly}", r"^[ ,]*{other_period}"
_EARN = r"{earn}(?: {hedge})* $"
_AMOUNT_ENDS = r"^(?:$|[,;)/-]| \(| {after_amount})"
_BARE_BEFORE, _BARE_AFTER = r"^(?:{bare_amount_before} )*$", r"^(?: {bare_amount_after})*$"
_COMPANY = re.compile(
    r"\b(?:we|we're|our|my|me|i|i'm|PEOPLE|year|firm|company|agency|business|startup|practice|CRM|CTO)\b"
)
_BARRIER = re.compile(r"[,;]|\bNUM\b|\b(?:and|with|on|but|when|while)\b")
_BEYOND_BARRIER = 40  # characters that a barrier counts for
_REACH = 120  # characters on either side in which a number is explained
_MINUS = re.compile(r"(?:^|\s)(?:-|\u2212|minus |negative |loss of |down )$")
_SHOULD_BE = re.compile(r"\bshould (?:be|come to) (?:at |about |around )*$")
_ALONE = (
    r"(?:(?:{hedge}|i think|i guess|i'd say|let's say|say|probably|so|it's|we're|we are at),? ){0,6}"
    r"NUM(?: {bare_amount_after}| {yearly}| {monthly}|,? (?:i think|i guess|or so|roughly|maybe)){0,4}\W*"
)
_SMALLEST_ALONE = 100_000  # a plain number that nothing is said of may be anything below this
_SMALLEST_PLAIN = 10_000  # below this, a bare number beside "revenue" is more likely a count or millions left out


def read_revenue(clauses: list[Clause], normalized: NormalizedText) -> dict[str, int | float | str]:
    found: dict[str, int | float | str] = {}
    other_money = False
    for clause in clauses:
        if not found and clause.own and not clause.question and _has_none(clause):
            found = {"annual_revenue_usd": 0}
        for match in re.finditer(r"\bNUM\b", clause.text):
            check()
            quantity = normalized.quantities.get(clause.offset + match.start())
            if quantity is None or not (
                _is_revenue(clause, match, quantity, normalized, other_money)
                or is_all(normalized, quantity, plain=False)
            ):
                continue
            if not found or found == {"annual_revenue_usd": 0} or pattern("{correction}").search(clause.text):
                monthly = _is_monthly(clause.text[: match.start()], clause.text[match.end() :])
                found = named(quantity, monthly=monthly)
        other_money = bool(pattern("{not_revenue}").search(clause.text)) and not pattern("{revenue}").search(
            clause.text
        )
    return found


def named(quantity: Quantity, *, monthly: bool) -> dict[str, int | float | str]:
    """The amount keyed by field name. Other currencies are not converted."""
    period = "monthly_" if monthly else ""
    if quantity.currency in (None, "USD"):
        name = "monthly_revenue_usd" if monthly else "annual_revenue_usd"
        return {f"{name}{end}": value for end, value in quantity.amounts().items()}
    amounts = {f"{period}revenue_amount{end}": value for end, value in quantity.amounts().items()}
    return {"revenue_currency": str(quantity.currency), **amounts}


def is_monthly_suffix(after: str) -> bool:
    return pattern(_MONTHLY).match(after) is not None


def is_all(normalized: NormalizedText, quantity: Quantity, *, plain: bool) -> bool:
    """Whether a message is nothing but an amount of money: "around 12 million?"; if `plain`, "7,500,000" is one too."""
    is_money = bool(quantity.currency) or quantity.scaled or plain
    large = (quantity.high or quantity.low or 0) >= (_SMALLEST_ALONE if plain else _SMALLEST_PLAIN)
    return is_money and large and pattern(_ALONE).fullmatch(normalized.text) is not None


def is_something_else(clause: Clause, start: int, end: int) -> bool:
    """Whether an amount in a short reply is profit, funding, a loss, a target or a number of things."""
    before, after = clause.text[:start], clause.text[end:]
    if _MINUS.search(before) or clause.denied(start) or _is_other_figure(before, after):
        return True
    if clause.wished(start) and not _SHOULD_BE.search(before):
        return True
    revenue, other = _nearest("{revenue}", before, after), _nearest("{not_revenue}", before, after)
    return other is not None and (revenue is None or other <= revenue)


def _has_none(clause: Clause) -> bool:
    match = pattern("{no_revenue}").search(clause.text)
    return match is not None and not clause.denied(match.start() - 1)


def _is_monthly(before: str, after: str) -> bool:
    if pattern(_YEARLY).match(after):
        return False
    if is_monthly_suffix(after) or re.match(r" (?:in|of) (?:monthly|mrr)\b", after):
        return True
    return re.search(r"\b(?:mrr|monthly)\b[^,]{0,30}$", before) is not None


def _is_revenue(
    clause: Clause, match: re.Match[str], quantity: Quantity, normalized: NormalizedText, other_money_before: bool
) -> bool:
    start = match.start()
    before, after = clause.text[max(0, start - _REACH) : start], clause.text[match.end() : match.end() + _REACH]
    if not clause.own or clause.question or clause.supposed(start) or clause.wished(start) or clause.denied(start):
        return False
    if _is_other_figure(before, after):
        return False
    revenue, other = _nearest("{revenue}", before, after), _nearest("{not_revenue}", before, after)
    if other is not None and (revenue is None or other <= revenue):
        return False
    is_money = bool(quantity.currency) or quantity.scaled
    large = (quantity.high or quantity.low or 0) >= _SMALLEST_PLAIN
    periodic = bool(pattern(_YEARLY).match(after) or pattern(_MONTHLY).match(after))
    if revenue is not None:
        return is_money or large or is_monthly_suffix(after)
    if not is_money and not (large and periodic):
        return False
    return _is_said_without_the_word(before, after, periodic, normalized, other_money_before)


def _is_said_without_the_word(
    before: str, after: str, periodic: bool, normalized: NormalizedText, other_money_before: bool
) -> bool:
    """'We make 4M', '4M a year', 'a 4M business', or a bare '4M' in a description of the company."""
    if pattern("^[ -]{sized}").match(after):
        return True
    if pattern(_EARN).search(before):
        return periodic or pattern(_AMOUNT_ENDS).match(after) is not None
    if other_money_before:
        return False
    bare = pattern(_BARE_BEFORE).match(before) and pattern(_BARE_AFTER).match(after)
    return periodic or (bool(bare) and (_COMPANY.search(normalized.text) is not None or len(normalized.quantities) > 1))


def _is_other_figure(before: str, after: str) -> bool:
    """A former size, another period than year and month, or a number of things."""
    if pattern(r"{former_size}(?: [\w-]+)? $").search(before) or pattern("{one_period}").search(before):
        return True
    if pattern(r"{counted}(?:(?: [\w-]+)? ?[:=])? ?(?:{hedge} )*$").search(before):  # "Users: 25k monthly"
        return True
    if (
        pattern("^ {in_one_period}").match(after)
        or pattern(_OTHER_PERIOD).match(after)
        or re.match(r"[ -](?:PEOPLE|DEVS)\b", after)
    ):
        return True
    return pattern("^(?: {monthly}| {yearly})?[ -](?:active |unique )?{counted}").match(after) is not None


def _nearest(words: str, before: str, after: str) -> int | None:
    """Distance in characters to the nearest match, not crossing commas, other numbers or conjunctions."""
    barriers = [barrier.end() for barrier in _BARRIER.finditer(before)]
    left = before[barriers[-1] :] if barriers else before
    distances = [len(left) - word.end() for word in pattern(words).finditer(left)]
    if not distances and barriers:
        distances = [len(before) - word.end() + _BEYOND_BARRIER for word in pattern(words).finditer(before)]
    barrier = _BARRIER.search(after)
    right = after[: barrier.start()] if barrier else after
    distances += [word.start() for word in pattern(words).finditer(right)]
    return min(distances, default=None)
