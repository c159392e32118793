"""Extracts the company's industry and whether it sells services."""

from __future__ import annotations

import re
from functools import cache

from .clauses import Clause
from .lexicon import Industry, any_of, lexicon, pattern

_NOT_OURS = r"{not_our_industry}(?: (?!our\b|my\b)[\w'-]+){0,3} $"
_SAYS_SO = r"(?:(?:{self}|{self_at})(?: [\w-]+){0,4}|^(?:(?:NUM|PEOPLE|{describing})[ -]?)*) ?$"
_OUR_OWN = (
    r"(?:\b(?:our|my)(?: own)?(?: [\w-]+){0,2}|{self}(?: [\w-]+){0,5}"
    r"|^(?:[\w-]+ ){0,3}?(?:of|at) (?:an? |the )?[\w -]{0,15}|^(?:(?!the |another |some )[\w-]+ ){0,3}[\w-]*) ?$"
)
_OPEN = (
    r"(?:(?:{self}|{head_of}) (?:an?|the) |^(?:an? )?NUM[- ]PEOPLE |NUM[- ]PEOPLE )"
    r"(?P<words>(?:[a-z][\w&'-]* ){1,5}?){open_head}(?!')"
)
_SELLS = r"(?:{self}(?: [\w-]+){0,4} |NUM[- ]PEOPLE (?:[\w-]+ ){0,3}|^(?:(?:a|an|small) )?)$"
_GREETS = re.compile(r"^(?:(?:hi|hey|hello|i'm|this is|it's)[ ,]*)*(?:\w+ )?(?:here )?from (?:an? |the )?(?:[\w-]+ )?$")
_TRADE_LAST = r"(?:(?!{own}|{wish}|{have}|{negation}|{not_revenue}|in|for|at|the)[a-z&-]+ ){1,3}(?P<trade>[\w-]+)"
_MERELY = re.compile(r"^(?:(?:just|only|mostly|mainly|purely|all) )+")
_NO_NAME = re.compile(r"(?:based|owned|sized|backed|funded|led)$")

Facts = dict[str, str | bool]


def read_industry(clauses: list[Clause]) -> Facts:
    facts: Facts = {}
    for clause in clauses:
        if not clause.own:
            continue
        if "industry" not in facts:
            facts.update(_known(clause) or _alone(clause) or _open(clause))
        if "industry" not in facts and len(clauses) > 1:
            facts.update(_bare(clause))
        if _sells_services(clause):
            facts["service_business"] = True
    return facts


@cache
def _with_head() -> tuple[tuple[re.Pattern[str], Industry], ...]:
    """Each industry's words before a noun ("law firm") or said outright ("we're in construction")."""
    heads = any_of(lexicon().heads, literal=True)
    found = []
    for industry in lexicon().industries:
        name = any_of(industry.words, literal=True)
        forms = (
            rf"{name}(?: (?:and|&|/) [\w-]+)?[ -](?:services )?(?P<head>{heads})",
            rf"(?:{{in_business}}|^)(?: \w+)? ?in (?:the )?{name}(?: {{sector}})?",
            rf"\bwe do {name}(?! (?:team|budget|on|in-house|our))",
            rf"(?P<label>{{sector_label}} ?[:=-] ?(?:in )?|\bindustry(?: is)? ){name}",
            rf"^(?:{{we_are}} )?NUM[ -]PEOPLE(?P<people> (?:in|doing) )(?!{{departments}}(?! {{sector}}))"
            rf"(?:the )?{name}(?: {{sector}}| work| jobs)?(?=$|,| and\b)",
        )
        found.append((pattern("|".join(forms)), industry))
    return tuple(found)


@cache
def _with_noun() -> tuple[tuple[re.Pattern[str], Industry], ...]:
    """Nouns that say the industry alone: "nonprofit"."""
    return tuple(
        (re.compile(any_of(entry.nouns, literal=True)), entry) for entry in lexicon().industries if entry.nouns
    )


@cache
def _with_place() -> tuple[tuple[re.Pattern[str], Industry], ...]:
    """Words for a business of the trade, which also "our" makes ours: "my consultancy", but not "my accountants"."""
    return tuple(
        (re.compile(any_of(entry.places, literal=True)), entry) for entry in lexicon().industries if entry.places
    )


@cache
def _trades() -> tuple[tuple[re.Pattern[str], Industry], ...]:
    named = [(entry, [*entry.words, *entry.nouns, *entry.places]) for entry in lexicon().industries]
    return tuple(
        (re.compile(any_of(words, literal=True) + r"(?:'s|s)?(?!\w)"), entry) for entry, words in named if words
    )


def sold_by_trade(text: str) -> tuple[str, re.Match[str]] | None:
    """What a trade named in a short reply sells, as a topic of the lexicon: "bookkeeping", "a small bakery".

    The longest name decides; of software and of wide sectors it says nothing ("insurance" sells policies or advice)."""
    found = [(match, entry) for words, entry in _trades() for match in words.finditer(text)]
    if not found:
        return None
    match, entry = max(found, key=lambda one: (len(one[0].group()), -one[0].start()))
    if entry.wide or entry.name in {"software", "fintech"}:
        return None
    goods = pattern("{goods}").search(text) is not None
    return ("service" if entry.service and not goods else "other_business"), match


@cache
def _services() -> re.Pattern[str]:
    heads = any_of([*lexicon().service_heads, "AGENCY"], literal=True)
    return re.compile("(?:" + "|".join([heads, *lexicon().service_phrases]) + r")(?! (?:we|i|that we|which we|who) )")


def _states(clause: Clause, position: int) -> bool:
    """Also a question or a wish takes for granted what it calls ours: "what should our 20-person law firm do?"."""
    before = clause.text[:position]
    if _GREETS.search(before):
        return True
    if pattern(_NOT_OURS).search(before):
        return False
    if re.search(r"\b(?:our|my) (?:[\w-]+ ){0,4}$", before):
        return True
    return not (clause.question or clause.supposed(position) or clause.wished(position - 1) or clause.denied(position))


def _known(clause: Clause) -> Facts:
    matches = [(words.search(clause.text), industry) for words, industry in _with_head()]
    found = [(match, industry) for match, industry in matches if match and _states(clause, match.start())]
    if not found:
        return {}
    match, industry = min(found, key=lambda item: (item[0].start(), -len(item[0].group())))
    return _facts(industry, _sells(industry, match))


def _sells(industry: Industry, match: re.Match[str]) -> bool:
    """Whether the words say that services are sold: an insurance agency does, an insurance company need not."""
    head = match["head"] or ""
    if industry.wide and (head or match["label"] or match["people"]):
        return re.search(any_of(lexicon().wide_service_heads, literal=True), match[0]) is not None
    return pattern("^{goods}$").match(head) is None


def _alone(clause: Clause) -> Facts:
    for says_so, table in ((_SAYS_SO, _with_noun()), (_OUR_OWN, _with_place())):
        for words, industry in table:
            for match in words.finditer(clause.text):
                if pattern(says_so).search(clause.text[: match.start()]) and _states(clause, match.start()):
                    return _facts(industry)
    return {}


def _bare(clause: Clause) -> Facts:
    """One word between commas: "25 people, 3M, consulting"."""
    if not clause.question and not clause.denials:
        for industry in lexicon().industries:
            text = _MERELY.sub("", clause.text.strip())
            last = pattern(_TRADE_LAST).fullmatch(text)
            if text in industry.words or (last and last["trade"] == industry.name):
                return _facts(industry, not industry.wide)
    return {}


def _facts(industry: Industry, sells: bool = True) -> Facts:
    return {"industry": industry.name, **({"service_business": True} if industry.service and sells else {})}


def _open(clause: Clause) -> Facts:
    """An industry we have no word for, as the text names it: "a drone inspection company"."""
    match = pattern(_OPEN).search(clause.text)
    if match is None or not _states(clause, match.start()):
        return {}
    name: list[str] = []
    for word in reversed(match["words"].split()):
        if word in lexicon().not_industries or not word.isalpha() or _NO_NAME.search(word):
            break
        name.insert(0, word)
    return {"industry": " ".join(name)} if 0 < len(name) <= 3 else {}


def _sells_services(clause: Clause) -> bool:
    match = _services().search(clause.text)
    if match is None or not _states(clause, match.start()):
        return False
    return " " in match[0] or bool(pattern(_SELLS).search(clause.text[: match.start()]))
