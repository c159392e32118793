"""A short reply to a question just asked: "4 mil", "just the website", "none of them", "everything but a CRM".

The question gives such words their meaning, so this module only says what was picked and how much was named; the
interview, which knows its question, makes the fact of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from .clauses import Clause, clauses
from .industry import sold_by_trade
from .lexicon import Topic, lexicon, pattern
from .normalized_text import NormalizedText, normalize
from .presence import FIELDS, is_leaving, is_trade, stated_of, taken_back
from .quantities import Quantity
from .revenue import is_all, is_monthly_suffix, is_something_else
from .statements import read_statements

Reply = dict[str, int | float | str | bool | list[str]]

_EXCEPT = re.compile(
    r"\b(?P<scope>everything|all|any of them|nothing|none|no)(?: of (?:them|it|those|these|that))?,? "
    r"(?:but(?: not)?|except(?: for)?|bar|besides|minus|apart from|other than|save for|excluding|aside from)\b"
)
_ONLY_BEFORE = re.compile(r"\b(?:just|only|nothing but)(?: [\w'-]+){0,3} $")
_ONLY_AFTER = re.compile(r"^,? (?:only|alone|and (?:nothing else|that's it)|that's (?:it|all))\b")
_SMALL_COUNT = re.compile(
    r"(?:(?:just|only|about|maybe|we have|we've got|there's|the) )*(one|zero|none yet|a couple|single)"
    r"(?: (?:AI|projects?|initiatives?|pilots?|PEOPLE))*\W*$"
)
_LEAD_IN = r"^\W*(?:(?:oh|well|h+m+|um+|uh|ok|okay|so|sorry|i think|i guess|i'd say)[,.]* )*"
_YES = _LEAD_IN + r"(?:{says_yes}|{says_yes_alone}[ ,.!]*$)"
_NO = _LEAD_IN + r"(?:{says_no}|{says_no_alone}(?: {answer_end})*\W*(?:$|[,.;!] ))(?P<more>.*)"
# "no, that's wrong, there is a plan": a statement of its own, of something that may not have been asked
_STATES = (
    r"^[\s,.;:!-]*(?:(?:and|but|sorry|well|because|actually|wait)[,.]* )*(?!{says_no_alone}(?: {answer_end})*\W*$)"
    r"(?:(?:i|we|you|i'm|i've|we're|we've|that|that's|this|there|there's|people|everyone|everybody|somebody|someone"
    r"|(?:our|my|the|your) [\w'-]+|PEOPLE) [\w']+"
    r"|(?:AI|AITOOL|CTO|CAIO|DEVS|competitors) (?:is|are|do|does|has|have|can)\b)"
)
_STATED = (
    *("tech_works", "tech_upgrades_needed", "custom_tech_needed", "competitors_gaining", "build_vs_buy_pending"),
    *("ai_strategy", "warn_cannot_keep_up"),
)
"""What can be named, and is also a fact of which a turn of phrase may say more."""
_FACTS = {"ai_strategy": "ai_strategy_exists"}
"""Facts whose names differ from what they are called in a reply: the command line's contract."""
_OF_ONE_QUESTION = {"at_once", "wait", "it_person", "other_business", "service"}  # "none right now" names nothing else
_FIGURE = re.compile(r"(?<!\ball )(?<!\bal )(?<!\bfirst )(?<!\blast )(?<!option )(?<!\bnumber )\bNUM\b")
_NOT_BEFORE = re.compile(r"(?:\bnot|n't)(?: (?:really|quite|have|use|got|do|has|had|exactly))* $")
_USED = re.compile(r"\b(?:use|uses|using|used|have|has|with|on|need|want|buy|bought)\b(?! to)")
_AUDIENCE = re.compile(r"\b(?:for|to|with|from|by) ")  # "bookkeeping for restaurants"
_COUNTS = {"one": 1, "single": 1, "zero": 0, "none yet": 0, "a couple": 2}


def read_reply(text: str) -> Reply:
    """What a reply names: a number or an amount, things of the question (`mentioned`, `negated`), a `scope`.

    Where it begins with a yes or a no, `says` is that; it is "other" where a no only leads to a statement of its own.

    A thing is in `mentioned` or in `negated`, never in both; `only` is set where the reply leaves the rest out.
    """
    normalized = normalize(text, years=False)
    reply: Reply = {**_figure(normalized)}
    mentioned: list[str] = []
    negated: list[str] = []
    exception = _EXCEPT.search(normalized.text)
    for name, affirmed in _picked(normalized, exception):
        chosen, other = (mentioned, negated) if affirmed else (negated, mentioned)
        if name not in chosen and name not in other:
            chosen.append(name)
    _correct(mentioned, negated, read_statements(clauses(normalized), normalized))
    if mentioned:
        reply["mentioned"] = mentioned
    if negated:
        reply["negated"] = negated
    if mentioned and _only(normalized):
        reply["only"] = True
    if said := _says(normalized.text):
        reply["says"] = said
    scope = _scope(normalized, named=bool({*mentioned, *negated} - _OF_ONE_QUESTION), exception=exception is not None)
    return {**reply, "scope": scope} if scope else reply


def _correct(mentioned: list[str], negated: list[str], stated: Mapping[str, bool | int]) -> None:
    """What a turn of phrase says of a thing counts more than that it is named: "build or buy is settled"."""
    for name in _STATED:
        for chosen, other, told in ((mentioned, negated, True), (negated, mentioned, False)):
            if stated.get(_FACTS.get(name, name)) is told and name in other:
                other.remove(name)
                chosen.append(name)


def _says(text: str) -> str | None:
    if pattern(_YES).match(text):
        return "yes"
    refusal = pattern(_NO).match(text)
    if refusal is None:
        return None
    return "other" if pattern(_STATES).match(refusal["more"]) else "no"


def named_things(text: str) -> list[str]:
    """What a message names, in its order, whatever it says of it: "and for a CTO?", "the website answer was wrong"."""
    normalized = normalize(text)
    found = ((topic.pattern.search(normalized.text), name) for name, topic in lexicon().topics.items())
    return [name for _, name in sorted((match.start(), name) for match, name in found if match)]


def _picked(normalized: NormalizedText, exception: re.Match[str] | None) -> Iterator[tuple[str, bool]]:
    """The topics in the order in which they are named, each with whether it is affirmed."""
    found: list[tuple[int, str, bool]] = []
    for clause in clauses(normalized):
        if clause.question and not clause.text.startswith(("which tool", "what tool")):
            continue
        for name, match in _named_in(clause, normalized):
            topic = lexicon().topics[name]
            position = clause.offset + match.start()
            if exception and position >= exception.end():
                affirmed: bool | None = exception["scope"] in {"nothing", "none", "no"}
            else:
                affirmed = _affirmed(clause, match, topic, normalized)
            if affirmed is not None:
                found.append((position, name, affirmed))
    if any(name == "ai_product" for _, name, _ in found):  # "an AI app" is not a second, plain software product
        found = [item for item in found if item[1] != "software_product" or _apart(item[0], found)]
    for _, name, affirmed in sorted(found):
        yield name, affirmed


def _apart(position: int, found: list[tuple[int, str, bool]]) -> bool:
    return all(abs(position - other) > 15 for other, name, _ in found if name == "ai_product")


def _named_in(clause: Clause, normalized: NormalizedText) -> Iterator[tuple[str, re.Match[str]]]:
    audience = _AUDIENCE.search(clause.text)
    ours = clause.text[: audience.start()] if audience else clause.text
    for name, topic in lexicon().topics.items():
        for match in topic.pattern.finditer(ours if name == "other_business" else clause.text):
            yield name, match
            kind = normalized.kinds.get(clause.offset + match.start(), "")
            if name == "ai_tools" and kind == "made" and not _USED.search(clause.text[: match.start()]):
                yield "ai_product", match
    if any(lexicon().topics[name].pattern.search(clause.text) for name in ("ai_product", "software_product")):
        return  # "bookkeeping software"
    found = sold_by_trade(ours)
    if found:
        yield found


def _affirmed(clause: Clause, match: re.Match[str], topic: Topic, normalized: NormalizedText) -> bool | None:
    if topic.stands:
        return not any(phrase.search(clause.text) for phrase in topic.denied_by)
    kind = normalized.kinds.get(clause.offset + match.start(), "")
    if match[0] in FIELDS:
        if stated_of(clause, match, product=kind == "product", describes=True) is False:
            return False
        if clause.wished(match.start()) or clause.supposed(match.start()):
            return None
        if (kind == "maybe" and is_trade(clause, match)) or is_leaving(clause, match):
            return None
        if match[0] in {"CTO", "CAIO"} and taken_back(normalized, clause, match):
            return None
    if any(phrase.search(clause.text) for phrase in topic.unless):
        return None
    if any(phrase.search(clause.text) for phrase in topic.denied_by):
        return False
    after = clause.text[match.end() :]
    if re.match(r"\s*(?:(?:[:=,-]|is|are)\s*)?(?:no|nope|not yet|none|not really|n't)\b", after):
        return False
    return not clause.denied(match.start())


def _only(normalized: NormalizedText) -> bool:
    spots = [match for topic in lexicon().topics.values() for match in topic.pattern.finditer(normalized.text)]
    return any(
        _ONLY_BEFORE.search(normalized.text[: spot.start()]) or _ONLY_AFTER.match(normalized.text[spot.end() :])
        for spot in spots
    )


def _scope(normalized: NormalizedText, *, named: bool, exception: bool) -> str | None:
    for name, words in lexicon().scopes.items():
        match = words.search(normalized.text)
        if match and name in {"all", "both"} and _NOT_BEFORE.search(normalized.text[: match.start()]):
            return None  # "not all of them"
        if match and (
            not named or exception or name not in {"none", "all"} or re.match(r"all (?:three|of|NUM|the)", match[0])
        ):
            return name
    return None


def _figure(normalized: NormalizedText) -> dict[str, int | float | str | bool]:
    for match in _FIGURE.finditer(normalized.text):
        named = _named(normalized.quantities[match.start()], normalized.text[match.end() :])
        if is_all(normalized, normalized.quantities[match.start()], plain=True):  # "7,500,000"
            return {name.replace("number", "amount_usd"): value for name, value in named.items()}
        if any(name.startswith("amount") for name in named) and _is_other_money(normalized, match):
            return {}
        return named
    count = _SMALL_COUNT.match(normalized.text)
    return {"number": _COUNTS[count[1]]} if count else {}


def _is_other_money(normalized: NormalizedText, match: re.Match[str]) -> bool:
    for clause in clauses(normalized):
        start = match.start() - clause.offset
        if 0 <= start < len(clause.text):
            return is_something_else(clause, start, start + len("NUM"))
    return False


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
