"""A short reply to a question just asked: "4 mil", "just the website", "none of them", "everything but a CRM".

The question gives such words their meaning, so this module only says what was picked and how much was named; the
interview, which knows its question, makes the fact of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .clauses import Clause, clauses
from .gist import Gist, gist_of
from .lexicon import lexicon
from .money import is_monthly_suffix
from .presence import FIELDS, stated_of
from .quantities import Quantity

Reply = dict[str, int | float | str | bool | list[str]]

_EXCEPT = re.compile(
    r"\b(?P<scope>everything|all|any of them|nothing|none|no)(?: of (?:them|it|those|these|that))?,? "
    r"(?:but(?: not)?|except(?: for)?|bar|besides|minus|apart from|other than|save for|excluding|aside from)\b"
)
_ONLY_BEFORE = re.compile(r"\b(?:just|only|nothing but)(?: [\w'-]+){0,3} $")
_ONLY_AFTER = re.compile(r"^,? (?:only|alone|and (?:nothing else|that's it)|that's (?:it|all))\b")
_SMALL_COUNT = re.compile(
    r"(?:(?:just|only|about|maybe|we have|we've got|there's) )*(one|zero|none yet|a couple|single)"
    r"(?: (?:AI|projects?|initiatives?|pilots?|PEOPLE))*\W*$"
)
_LEAD_IN = r"^(?:(?:oh|well|h+m+|um+|uh|ok|okay|so|i think|i guess|i'd say),? )*"
_YES = re.compile(
    _LEAD_IN
    + r"(?:(?:yes|yeah|yea|yep|yup|sure|of course|certainly|absolutely|definitely|correct|true|right(?! now))\b"
    r"|(?:we|it|they|he|she) (?:do|does|have|has|are|is)(?: (?:one|it|that|so))?[ ,.!]*$)"
)
_NO = re.compile(
    _LEAD_IN + r"(?:(?:no(?=\W*$|[,.;:!]| (?:we|it|they|he|she|i|not)\b)|nope|nah|not (?:really|yet|at all)|never)\b"
    r"|(?:we|it|they|he|she) (?:don't|doesn't|haven't|hasn't|aren't|isn't|do not|does not|have not)\b"
    r"(?! (?:know|have a clue)))"
)
_COUNTS = {"one": 1, "single": 1, "zero": 0, "none yet": 0, "a couple": 2}


def read_reply(text: str) -> Reply:
    """What a reply names: a number or an amount, things of the question (`mentioned`, `negated`), a `scope`.

    Where it begins with a yes or a no, `says` is that.

    A thing is in `mentioned` or in `negated`, never in both; `only` is set where the reply leaves the rest out.
    """
    gist = gist_of(text, years=False)
    reply: Reply = {**_figure(gist)}
    mentioned: list[str] = []
    negated: list[str] = []
    exception = _EXCEPT.search(gist.text)
    for name, affirmed in _picked(gist, exception):
        chosen, other = (mentioned, negated) if affirmed else (negated, mentioned)
        if name not in chosen and name not in other:
            chosen.append(name)
    if mentioned:
        reply["mentioned"] = mentioned
    if negated:
        reply["negated"] = negated
    if mentioned and _only(gist):
        reply["only"] = True
    if said := "yes" if _YES.match(gist.text) else "no" if _NO.match(gist.text) else None:
        reply["says"] = said
    scope = _scope(gist, named=bool(mentioned or negated), exception=exception is not None)
    return {**reply, "scope": scope} if scope else reply


def named_things(text: str) -> list[str]:
    """What a message names, in its order, whatever it says of it: "and for a CTO?", "the website answer was wrong"."""
    gist = gist_of(text)
    found = ((topic.pattern.search(gist.text), name) for name, topic in lexicon().topics.items())
    return [name for _, name in sorted((match.start(), name) for match, name in found if match)]


def _picked(gist: Gist, exception: re.Match[str] | None) -> Iterator[tuple[str, bool]]:
    """The topics in the order in which they are named, each with whether it is affirmed."""
    found: list[tuple[int, str, bool]] = []
    for clause in clauses(gist):
        if clause.question and not clause.text.startswith(("which tool", "what tool")):
            continue
        for name, topic in lexicon().topics.items():
            for match in topic.pattern.finditer(clause.text):
                position = clause.offset + match.start()
                if exception and position >= exception.end():
                    affirmed: bool | None = exception["scope"] in {"nothing", "none", "no"}
                else:
                    affirmed = True if topic.stands else _affirmed(clause, match, gist.kinds.get(position, ""))
                if affirmed is not None:
                    found.append((position, name, affirmed))
    if any(name == "ai_product" for _, name, _ in found):  # "an AI app" is not a second, plain software product
        found = [item for item in found if item[1] != "software_product" or _apart(item[0], found)]
    for _, name, affirmed in sorted(found):
        yield name, affirmed


def _apart(position: int, found: list[tuple[int, str, bool]]) -> bool:
    return all(abs(position - other) > 15 for other, name, _ in found if name == "ai_product")


def _affirmed(clause: Clause, match: re.Match[str], kind: str) -> bool | None:
    if match[0] in FIELDS:
        if stated_of(clause, match, product=kind == "product", describes=True) is False:
            return False
        if clause.wished(match.start()) or clause.supposed(match.start()):
            return None
    after = clause.text[match.end() :]
    if re.match(r"\s*(?:[:=,-]|is|are)?\s*(?:no|nope|not yet|none|not really|n't)\b", after):
        return False
    return not clause.denied(match.start())


def _only(gist: Gist) -> bool:
    spots = [match for topic in lexicon().topics.values() for match in topic.pattern.finditer(gist.text)]
    return any(
        _ONLY_BEFORE.search(gist.text[: spot.start()]) or _ONLY_AFTER.match(gist.text[spot.end() :]) for spot in spots
    )


def _scope(gist: Gist, *, named: bool, exception: bool) -> str | None:
    for name, pattern in lexicon().scopes.items():
        match = pattern.search(gist.text)
        if match and (
            not named or exception or name not in {"none", "all"} or re.match(r"all (?:three|of|NUM|the)", match[0])
        ):
            return name
    return None


def _figure(gist: Gist) -> dict[str, int | float | str | bool]:
    for match in re.finditer(r"(?<!\ball )(?<!\bfirst )(?<!\blast )(?<!option )(?<!\bnumber )\bNUM\b", gist.text):
        return _named(gist.quantities[match.start()], gist.text[match.end() :])
    count = _SMALL_COUNT.match(gist.text)
    return {"number": _COUNTS[count[1]]} if count else {}


def _named(quantity: Quantity, after: str) -> dict[str, int | float | str | bool]:
    """People are a number, also by the thousand ("2k people"); other thousands and currencies are an amount."""
    amounts = quantity.amounts()
    if not (quantity.currency or quantity.scaled) or re.match(r"[ -](?:PEOPLE|DEVS)\b", after):
        monthly: dict[str, bool] = {"monthly": True} if is_monthly_suffix(after) else {}
        return {**{f"number{end}": value for end, value in amounts.items()}, **monthly}
    named: dict[str, int | float | str | bool] = {}
    if quantity.currency in (None, "USD"):
        named.update({f"amount_usd{end}": value for end, value in amounts.items()})
    else:
        named.update({f"amount{end}": value for end, value in amounts.items()}, currency=str(quantity.currency))
    if is_monthly_suffix(after):
        named["monthly"] = True
    return named
