"""What names in a clause tell: products and systems that a company has or lacks, its trade, the people it takes for granted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from advisor.content import DATA, Model, load, parse
from advisor.fields import fields
from assistant.nlu.company_facts.replies import label_words

_DENIED = re.compile(
    r"\b(?:no|not|n't|never|without|nor|neither|hate|left|dropped|cancell?ed|ditched|instead of)\b|n't\b", re.I
)

_FOR_OTHERS = re.compile(
    r"\b(?:for|to|sell|sells|help|helps|serve|serving|with|by|make|build|our (?:clients?|customers?)|their|these|those|like)\b|\b(?:clients?|customers?) (?:is|are)\b",
    re.I,
)
_IS = re.compile(
    r"\b(?:we're|we are|i'm|i am|i run|i own|we run|this is|it's|own|run|runs|here at|manager at|work at|at|(?:founder|owner|ceo|manager) of)"
    r"(?: (?:a|an|the))?(?: [\w-]+){0,3} ?$",
    re.I,
)
_A_SCRAP = re.compile(r"^\W*(?:an? )?(?:(?!the|my|our|your|this|that|some|every|no|good)[\w-]+ ){0,3}$", re.I)
_ENDS = re.compile(
    r"^(?: firm| company| business| startup)?(?:\W*$|,| (?:in|with|of|for|based|here|outside|near|from)\b)", re.I
)
_BOUGHT = re.compile(
    r"\b(?:we|i|they|staff) (?:\w+ )?(?:use|bought|buy|pay for|rent|license|distribute|resell)\b|\b(?:made|sold|run|hosted) by\b|"
    r"\bour (?:\w+ )?(?:software|platform|app|system|tool)s? (?:for [\w ]+ )?(?:is|are|comes?) (?:by|from|(?-i:[A-Z])\w+)\b",
    re.I,
)
_ABOUT_A_PRODUCT = re.compile(
    r"(?:'s)? (?:or|called|calls|was|were|is(?! (?:our|the|what))|are|stock|shares?|costs?|bill|keeps?|sales|rep|salesman|people|wants?|ads?)\b",
    re.I,
)

_LACKING = re.compile(
    r"\b(?:looking for|offer(?:s|ed|ing)?|appl(?:y|ied|ying)|candidates?|need|hire|hiring|find|quit|retired|resigned|fired|seeking|recruit|wish|used to|former|interviewing|vacant|empty|clients?|customers?|should|would)\b",
    re.I,
)

_REACH = 25  # characters before a name in which a denial concerns it
_A_LIST = 2
_WORK = re.compile(r"\b(?:ok|okay|fine|works?|working|solid|running)\b", re.I)
_PIECES = re.compile(r"[,;.]|\bbut\b")
_VOUCHED = re.compile(
    r"\b(?:ok|okay|fine|good|great|works?|working|there|in place|yes|exists?|all set|do what they should|solid|running|up and|covered)\b"
    r"|^\s*(?:and )?an? ",
    re.I,
)
_NOT_THE_THING = (
    r"(?:software|costs?|role|who|that|agency|strateg|plan|roadmap|officer|leader|expert|polic|product|skills|people|team|"
    r"projects?|initiatives?|pilots?|budget)"
)
"""What makes another thing of a noun before it: "CTO role", "CRM software"."""
_AI, _LEADERSHIP, _NOBODY = "leveraging_ai", "leadership", "none"
_AT_ALL = r"(?:at all|whatsoever|to speak of|yet|here|in|so far|today|anywhere|for|stuff|tools?|either)\b"
_VACANT = r"(?:vacant|empty|open|unfilled)"
_A_NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)"
_SYSTEMS = ("has_website", "has_crm", "has_cloud")
_ROLES = {
    "cto": re.compile(r"\bcto\b|\bchief technology officer\b"),
    "caio": re.compile(r"\bcaio\b|\bchief ai officer\b|\bhead of ai\b"),
}


class _Names(Model):
    version: str
    products: dict[str, tuple[str, ...]]
    trades: dict[str, tuple[str, ...]]
    nouns: dict[str, tuple[str, ...]]
    mentions: dict[str, dict[str, tuple[str, ...]]]


def named_fields(text: str) -> list[str]:
    """The systems whose products a clause names without denying them, or speaking of them: "HubSpot called me"."""
    if _DENIED.search(text):
        return []
    found = {field: pattern.search(text) for field, pattern in _products().items()}
    return [field for field, match in found.items() if match and not _ABOUT_A_PRODUCT.match(text, match.end())]


def is_spoken_of(field: str, text: str) -> bool:
    """Whether a clause names a product of a field only to speak of it: "HubSpot called me"."""
    match = _products()[field].search(text) if field in _products() else None
    return match is not None and _ABOUT_A_PRODUCT.match(text, match.end()) is not None


def products_in(text: str) -> dict[str, str]:
    """The products that a message names, as it writes them, by the field that whoever uses one has."""
    found = {field: match for field, pattern in _products().items() if (match := pattern.search(text))}
    return {
        field: match.group()
        for field, match in found.items()
        if not _DENIED.search(text[max(match.start() - _REACH, 0) : match.start()])
    }


def is_denied(text: str) -> bool:
    """Whether a clause denies something."""
    return _DENIED.search(text) is not None


def is_bought(text: str) -> bool:
    """Whether a clause speaks of software that the company uses: others made it."""
    return _BOUGHT.search(text) is not None


def named_things(text: str) -> list[str]:
    """What a message names, roles first, whatever it says of it: "and for a CTO?", "the website answer was wrong"."""
    lowered = text.lower()
    found = [(-1, name) for name, pattern in _ROLES.items() if pattern.search(lowered)]
    for name in fields():
        places = [lowered.find(word) for word in label_words(name) if len(word) > 2]
        if places and min(places) >= 0:
            found.append((min(places), name))
    return [name for _, name in sorted(found)]


def denied_or_had(text: str) -> dict[str, bool]:
    """Whether a clause says that the company has what a noun names, or that it has not: "no CRM", "we have a website"."""
    told = {}
    for field, (lacks, has) in _nouns().items():
        if lacks.search(text):
            told[field] = False
        elif has.search(text) and not _LACKING.search(text):
            told[field] = True
    return told


def listed_systems(text: str) -> tuple[list[str], bool]:
    """The systems that a sentence lists, or of which it says that they are there, and whether it says that they work.

    "Website, CRM and cloud work fine, no developers" lists three; "no CRM, no cloud, website is ok" vouches for one.
    """
    listed: list[str] = []
    vouched = denied = False
    for piece in _PIECES.split(text):
        named = [name for name, pattern in _systems().items() if pattern.search(piece)]
        named += [name for name in named_fields(piece) if name in _SYSTEMS and name not in named]  # "website, HubSpot"
        if _DENIED.search(piece) or _LACKING.search(piece):
            denied = denied or bool(named)
        elif _VOUCHED.search(piece) or not denied:
            listed += named
            vouched = vouched or (bool(named) and _VOUCHED.search(piece) is not None)
    if not vouched and len(listed) < _A_LIST:
        return [], False
    return listed, vouched and len(listed) > _A_LIST and _WORK.search(text) is not None


def is_wanted(text: str) -> bool:
    """Whether a clause says that somebody or something is missing or looked for: "we need a CTO"."""
    return _LACKING.search(text) is not None


_CTO_DESCRIBED = re.compile(
    r"^\W*(?:(?:and|our|the|my) )*cto(?:'s| (?:is|was|has|with|does|doesn't|runs|handles|can't|says|knows|came))\b",
    re.I,
)


def mentioned(text: str) -> dict[str, str]:
    """What a clause takes for granted of the company, as field and value: "our CTO wants to go full throttle"."""
    described = {_LEADERSHIP: "cto"} if _CTO_DESCRIBED.match(text) and not _is_missing(text) else {}
    found = {one: match for one, pattern in _mentions().items() if (match := pattern.search(text))}
    told = {
        field: value
        for (field, value), match in found.items()
        if value == _NOBODY or not _is_missing(_around(text, field, match))
    }
    return {**described, **told}


def _is_missing(text: str) -> bool:
    return _DENIED.search(text) is not None or _LACKING.search(text) is not None


def _around(text: str, field: str, match: re.Match[str]) -> str:
    """The words that can deny a mention: of who leads technology those close to it, otherwise all of them.

    "My CTO says we don't need an AI officer" takes a CTO for granted.
    """
    return text[max(match.start() - _REACH, 0) : match.end() + _REACH // 2] if field == _LEADERSHIP else text


_WORKS_FOR_US = re.compile(
    r" (?:does|do|did|buil[td]s?|runs?|handles?|ma[dk]es?|manages?|hosts?|looks?|keeps?|fixes)\b", re.I
)


def trade_in(text: str, *, asked: bool) -> str | None:
    """The kind of business that the company's trade is, if a clause names it; of others' trades it says nothing."""
    for kind, pattern in _trades().items():
        match = pattern.search(text)
        if match is None or _WORKS_FOR_US.match(text, match.end()):
            continue
        before = text[: match.start()]
        if _DENIED.search(before) or _FOR_OTHERS.search(before):
            continue
        if asked or _IS.search(before) or (_A_SCRAP.search(before) and _ENDS.match(text[match.end() :])):
            return kind
    return None


@cache
def _names() -> _Names:
    place = "statements/products.yml"
    return parse(_Names, load(DATA / place), place)


def _any_of(phrases: Iterable[str], ending: str = "") -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))}){ending}\b", re.I)


@cache
def _products() -> dict[str, re.Pattern[str]]:
    return {field: _any_of(products) for field, products in _names().products.items()}


@cache
def _systems() -> dict[str, re.Pattern[str]]:
    return {field: _any_of(_names().nouns[field], "s?") for field in _SYSTEMS}


@cache
def _mentions() -> dict[tuple[str, str], re.Pattern[str]]:
    return {
        (field, value): _any_of(phrases)
        for field, values in _names().mentions.items()
        for value, phrases in values.items()
    }


@cache
def _trades() -> dict[str, re.Pattern[str]]:
    others = r"(?! (?:software|app|platform|tool|saas|product|supplies|equipment|companies|firms))"
    return {
        kind: re.compile(rf"{_any_of(trades, '(?:s|es)?').pattern}{others}\b", re.I)
        for kind, trades in _names().trades.items()
    }


@cache
def _nouns() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    found = {}
    for field, nouns in _names().nouns.items():
        named = "|".join(map(re.escape, nouns))
        noun = rf"(?:{named})\b(?! {_NOT_THE_THING})"
        if field == _AI:
            noun = rf"(?:{named})\b(?=\W*$| {_AT_ALL})"  # "no AI lead" says nothing of its use
        lacks = (
            rf"\b(?:no|without(?: an?| any)?|have not|zero|never had an?|(?:don't|doesn't|didn't|do not|does not) (?:really )?(?:have|own|use|employ)(?: an?| any| our own)?|"
            rf"haven't got(?: an?| any)?|aren't any|isn't an?|not on the|not in the|not have an?|neither(?: an?)?|nor(?: an?)?)"
            rf"(?:(?: [\w-]+){{1,3}} n?or(?: even)?(?: an?| any)?){{0,2}}(?: (?:in-house|real|actual|proper|dedicated|own))? {noun}(?! (?:problems?|issues?))|"
            rf"\b(?:our|the|last) {noun} (?:just )?(?:quit|left|retired|resigned|walked|departed)\b|"
            rf"\b(?:{named}) (?:role|position|seat|job|post) (?:is |stands |has been )?(?:still )?{_VACANT}\b|"
            rf"^\W*(?:{named})(?: is|[?:,=-])* (?:no|none|nope|zero|{_VACANT})\W*$"
        )
        has = (
            rf"\b(?:we|i)(?: (?:do |already |actually |also )?(?:have|got|own|employ|run)(?: got)?|'ve(?: got)?)(?: (?:an?|our|our own|{_A_NUMBER}))?(?: (?!former|ex\b|future|possible|potential|new|no\b|not\b)[\w-]+)? {noun}|"
            rf"^\W*(?:{named})(?: is|[?:,=-])* (?:yes|yep|in place)\W*$"
        )
        counted = rf"(?:^|\bwith |\bteam of )(?:and )?(?:{_A_NUMBER}|a few|several) (?:in-house |full-time )?{noun}"
        found[field] = re.compile(lacks, re.I), re.compile(rf"{has}|{counted}", re.I)
    return found
