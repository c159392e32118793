"""What the amounts of a message count: the company's revenue in a year, its people, its AI projects."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from itertools import zip_longest

from advisor.company import band_of
from assistant.nlu.company_facts.amounts import Amount, amounts
from assistant.nlu.company_facts.corrections import corrected

_MONTHS = {"month": 12, "quarter": 4, "week": 52}
_PEOPLE = (
    r"(?:peoples?|ppl|persons?|personnel|men(?: and women)?|women|crew|employee?s?|emp|faculty|staff(?:ers)?(?! meeting)|attorneys|lawyers|folks?|heads|ftes?|of us|workers?|team members|guys|full[- ]timers|"
    r"man|strong|souls|humans|on payroll|on the payroll|on staff|founders(?=,? (?:and |but )?no (?:other )?(?:employees|staff))|in the (?:company|team|office|business))"
)
_PERSONS_NAMED = (
    r"(?:techs?|technicians|girls|boys|ladies|gals|cleaners|nurses|doctors|dentists|teachers|lawyers|attorneys|architects|mechanics|electricians|"
    r"plumbers|carpenters|agents|brokers|admins?|clerks|assistants|paralegals|partners|consultants|designers|drivers|"
    r"closers|processors|cooks|caregivers|accountants|founders|owners|foremen|welders|machinists|salespeople|reps)"
)
_PEOPLE_AFTER = re.compile(rf"^[ -]?(?:(?!million|thousand)[\w-]+ ){{0,2}}?{_PEOPLE}\b")
_PEOPLE_BEFORE = re.compile(
    r"\b(?:(?:headcount|workforce|employees|staff|people|ftes?|team|size|heads)\??:?|(?:team|staff|crew|office|startup|studio|practice|group|agency|headcount|workforce|employees|company|firm|shop) (?:size )?(?:of|is|are|at|stands at)|we're|we are|employ|employing|employs) "
    r"(?:about |around |roughly |only |just |over |some |nearly |almost |now |currently |today |up to |at least |more than |fewer than |less than |under |close to |approximately )*$"
)
_COUNT_OF_PEOPLE = re.compile(rf"\b(?:we are|we're|we have|with|there are)?(?: \w+)? ?\b\d+ {_PEOPLE}\b")
_ONE_PERSON = re.compile(
    r"^[ -]person\b(?! (?:[\w-]+ )?(?:company|firm|team|shop|business|outfit|agency|practice|studio))"
)
_INITIATIVES = re.compile(r" (?:different |small |big )?ai (?:initiatives?|projects?|pilots?|use cases?)\b")
_ALONE = re.compile(
    r"\b(?:just me(?! and)|only me|it's me alone|solo|one[- ]man (?:shop|show|band)|one[- ]woman|myself and nobody|no employees but me|i work alone)\b"
)
_ROLES = re.compile(
    rf"^ (?:full[- ]time|part[- ]time|in the office|field|warehouse|factory|shop|office|sales|guys|{_PERSONS_NAMED})\b[\w -]*? (?:and|plus) (?:about |around |another |an office of )?$"
)
"""What stands between two numbers of people that add up."""
_BECAME = re.compile(
    r"\b(?:it's|its|we're|are|now|today|down to|up to|left with|to|there's|have|'ve got|'ve)(?: at| about| around| only| just| now| over)* $"
)
_WERE = re.compile(
    r"\b(we were|there were)(?: only| just| about)* $|\b(?:said|started|began|opened)\b[^.,;]{0,20}$|\b(?:was|used to)\b[^.,;]{0,20}$|"
    r"\b(?:went|gone|gr[eo]wn?|down|fell|dropped|cut|shrank|shrunk) from $"
)
"""Before a number of people of another time, or of a wrong one: "we were 9", "said 20 on the form"."""
_PLACE = re.compile(r"^ (?:on the road|outside|remote|in the (?:field|shop|warehouse|kitchen|back|plant|factory))\b")
_LEFT = re.compile(r"^ (?:now|today|after|since|left|remain|remaining|still here)\b")
_OF_US = re.compile(
    r"\b(?:we have|we've got|we got|we are|we're|i've got|i have|i employ)(?: about| around| only| just| over)* $"
)
_SUM = re.compile(
    r"(?:=|\b(?:so|so that's|that's|that makes|makes(?: it| us)?|making(?: it| us)?|call it|total(?: of)?:?|totall?ing|altogether))"
    r"(?: about| around| roughly| like| just| only)*(?: now)?:? ?$"
)
"""Before a number that adds up what was counted: "so 68", "that's 14 all in"."""
_SUMMED = re.compile(
    r"^(?: (?:people|employees|staff|heads|of us))?(?: now)?,? (?:altogether|in total|total|all told|in all|all in|all together|with me|including me|counting me)\b"
)
_A_SUM = re.compile(rf"^[ -]?(?:{_PEOPLE}|with|if you count|counting)\b|{_SUMMED.pattern}")
_AND_ME = re.compile(r"^ (?:(?!with |me |i )[\w-]+ ){0,4}(?:and|plus|&) (?:me|myself)\b(?! and\b)")
_PERSONS = re.compile(
    rf"^[ -](?:[\w-]+ )?(?:{_PEOPLE}|{_PERSONS_NAMED}|developers|engineers|in the (?:warehouse|shop|field|kitchen|back))\b"
)
"""What is counted where the numbers of parts come before their sum."""
_DEVELOPERS = re.compile(
    r"^[ -](?:[\w-]+ )?(?:developers?|devs?|engineers?|programmers?|coders?)\b"
    r"|^ (?:of us |people |guys |folks )(?:who )?(?:can )?(?:program|code|write (?:code|software)|develop)\b"
)
_A_TEAM = re.compile(
    r"\b(?:dev\w*|engineering|software|tech\w*|it|data|ai|product|design|marketing|sales|support|r&d) (?:team|staff|crew|group|department|shop) (?:size )?"
    r"(?:of|is|are|at)(?: about| around| roughly| only| just| over| some)* $"
    r"|\b(?:cto|caio|head of|manager|director|lead)\b[^.;]*, (?:with )?(?:an? |his |her )?team of $"
)
"""A part of the company: "our dev team of nine", "Head of IT is Moira, team of three"."""
_AT_MOST = re.compile(r"^ (?:[\w-]+ ){0,2}?(?:at (?:the )?(?:very )?most|max(?:imum)?|tops)\b")
_SEASON = re.compile(
    r"\b(?:(?:in|off|peak|high|low|busy|slow)[- ]season|(?:at )?(?:the )?peak|winters?|summers?|harvest|the holidays)\b"
)
_A_PAIR = re.compile(
    r"\b(?:just|only|it's|it is|we are|we're) (?:(?:me|myself) and (?:my|one|an?) (?:business )?\w+|my \w+ and (?:me|i|myself))\b"
    r"(?<!team)(?<!crew)(?<!staff)(?<!guys)(?<!s)(?! (?:and|plus|team|crew|run|own)\b)"
)
_EACH = re.compile(r"^[^,.;]{0,25}\b(?:each|apiece|per (?:site|location|store|shop|office|team))\b")
_YR = re.compile(r"\byr\b")
_NO_REVENUE = re.compile(r"\b(?:pre[- ]?revenue|no revenue(?: yet)?|zero revenue)\b")
_HEDGES = re.compile(
    r"\b(?:about|around|roughly|approx\w*|circa|ca|maybe|probably|say|like|some|somewhere|almost|nearly|not quite|close to|just|"
    r"well|hair|bit|little|tad|touch|slightly|barely|over|under|above|below|north of|shy of|up to|upwards of|more|less|than|between|from|or|so|and|but|for the first time|i'd guess|i guess|give or take|now|today|currently|"
    r"it's|that's|at|the|a|an|in|us|usd|dollars?|bucks|annual(?:ly)?|per|year|years?|last|this|yearly|range|total|ish)\b"
)
_WORDS = re.compile(r"[^\W\d_]")
_MOST_BARE = 2000  # people: a larger number alone counts something else
_TOTAL = re.compile(
    r"\b(?:altogether|in total|total|all told|overall|in all|all in|everybody|everyone|with me|including me)\b"
)
_OTHERS_COUNTED = re.compile(
    r"^(?:(?! and\b)[^.,;]){0,17}\b(?:clients?|customers?|users?|patients?|serve|place|seats?|conference|families|students|volunteers|(?<!team )(?<!staff )members)\b"
    r"|^ (?:it|i\.t\.|tech|computer) (?:guys?|people|persons?|folks|staff|men|women)\b"
    r"|^[ -](?:\w+ )?(?:trucks?|locations?|offices?|stores?|years?(?![- ]round)|months?|million|percent|%|hours?|days?)\b"
    r"|^ (?:[\w-]+ ){0,2}(?:(?:under|below|reporting to) (?:him|her|them|our|the|my)|on (?:his|her|their) team)\b"
)
_THINGS_COUNTED = re.compile(
    r"^\+?[ -](?:[\w-]+ )?(?:volunteers|members|customers|clients|users|patients|students|years|yrs)\b"
)
"""No money, however large: "a couple thousand volunteers", "20+ years"."""
_OTHER_MONEY = re.compile(
    r"\b(?:profit|margin|ebitda|net income|raised?|raising|funding|seed|series [a-d]|valuation|valued|worth|costs?|paid|pay(?:s|ing)?|spen[dt]|budget|loan|"
    r"debt|assets|aum|under management|portfolio|orders?|deals?|invest\w*|bought|quoted?|price[ds]?|grants?|offer(?:s|ed|ing)?|donat\w+|gift|settlement|salary|salaries|building|fundraise|backed|wants?|asking|bonus|deal|contract for|wages|payroll|rent"
    r"|a lot|too (?:much|expensive|pricey|steep)|expensive|pricey|steep|afford\w*)\b"
)
_NONPROFIT = re.compile(r"\b(?:non-?profit|charity|food ?bank|foundation|church|museum|shelter|ngo|501)\b")
_PRICE_FOR = re.compile(
    r"(?: ?(?:an?|per|each|/) ?(?:mo|month|year|week|quarter))? for (?:an?|one|two|three|both|people|part|half|some(?:one|body)|him|her|them|that)\b"
)
"""What follows an amount that somebody or something costs: "$8k a month for two people"."""
_NOT_NOW = re.compile(
    r"\b(?:goal|target|hop(?:e|ing)|aim(?:ing)?|want to|would|could|plan(?:ning)?|expect\w*|forecast|projected|on (?:track|course) (?:for|to)|budgeted|"
    r"next year|by (?:christmas|year end|20\d\d|the end)|used to|before (?:covid|that|the)|years? ago|until (?:last|this|20|the)|back (?:in|when)|love to|in (?:19\d\d|20[01]\d|202[0-3])|(?:my|the|our) (?:last|previous|old|former|sister) "
    r"(?:company|job|firm|business|shop|employer)|was (?:19|20)\d\d|the year before|year before last|started (?:as|with|out)|began|lost|let go|laid off|peak(?:ed)?|dream\w*|if (?!you (?:count|include)\b))\b"
)
_TODAY = re.compile(
    r"\b(?:now|today|currently|these days|right now|at the moment|this year|lately|this one|last year)\b"
)
_CORRECTED = re.compile(
    r"\b(?:wait,? no|no,? wait|no wait|scratch that|sorry,? (?:i meant|make that|no)|i mean(?:t)?|make that|correction|or rather|actually no|no,? actually|no, (?=\d|one|two|three|four|five|six|seven|eight|nine|ten))\b"
)
_TAKEN_BACK = re.compile(r"\b(?:and )?not \$?\d[\d.,]*(?: ?(?:k|m|mil|mill|million))?\b")  # "1.2 million, not 12"
_NOW = re.compile(r"\b(?:now|today|currently)\b")
_DECLINED = re.compile(
    r"\b(?:revenues?|turnover|sales)(?: is| -| –)?[ ,:]*(?:(?:is|i'd|we'd|i|we|that's) )*"
    r"(?:rather not|prefer not|private|confidential|none of your|no comment|won't (?:say|share|tell)|not (?:saying|telling|sharing))"
)
_REVENUE = re.compile(
    r"\b(?:revenues?|rev|sales|turnover|turn over|arr|mrr|gross(?:ed|ing|es)?|top line|topline|billings?|bill|collections|fees|commissions?|takings|income|came in at|closed at|back (?:up )?to|pull(?:ed|s)? in|takes? in|took in|brings? in|brought in|we (?:still )?(?:do|did|make|made)|(?:^\W*|and (?:we )?)(?:make|made|earn|earned|do|did)|earn(?:s|ed|ing)|we(?:'re| are) at|"
    r"doing|does|did|make about|annual(?:ly)?|(?:a|per)(?: (?:good|decent|normal|typical|bad|slow))? (?:year|month|quarter)|/ ?(?:yr|year|mo|month)|receipts)\b"
)
_CLAUSE = re.compile(
    r"[.;!?\n]+(?!\d)|,(?!\d)| - |\b(?:but|while|though|although|whereas)\b|\band (?=(?:we|i|it|now|this|last|want|hope|plan|aim)\b)"
)
_A_FIRM_OF = re.compile(
    r"\b(?:we're|we are|i'm|i am|i run|i own|we run|run|own|it's|this is) an? (?:about |roughly |small )?$"
)
_IN_MILLIONS = re.compile(r"\((?:in )?millions?\)|\b(?:in )?millions?,? (?:i mean|obviously|sorry)\b|\bin millions\b")
_COUNTED = re.compile(
    r"^ (?!million|thousand|a year|a month|per|dollars|usd|last|this|in|now|right|today|these|lately|or|to|so|give|ish|give|and|but|this|annual|for|at|with|range|max|tops|plus|total|roughly|depending|on|if|yet|gross|net|of revenue)[a-z]{3,}"
)

UNCLEAR = "unclear"


@dataclass(frozen=True)
class Revenue:
    """Revenue as said: a span in a period and a currency; None of either where none was said."""

    low: float
    high: float
    period: str | None
    currency: str | None

    @property
    def band(self) -> str:
        """The band that every reading falls into, or "unclear"."""
        if self.currency not in (None, "USD"):
            return UNCLEAR
        factor = _MONTHS.get(self.period or "", 1)
        low, high = self.low * factor, self.high * factor
        if math.isinf(high):
            high = low * 1.9
        if factor > 1:
            low, high = low * 0.95, high * 1.05
        bands = {band_of(low), band_of(high - 1 if high > low else high)}  # "under a million" leaves the million out
        return bands.pop() if len(bands) == 1 else UNCLEAR


def declines_revenue(text: str) -> bool:
    """Whether a message keeps the revenue to itself, whatever else it tells: "Revenue: rather not say"."""
    return _DECLINED.search(text.lower()) is not None


def revenue_in(text: str, *, asked: bool, described: bool = False) -> Revenue | None:
    """The company's revenue of today.

    Args:
        text: what is said of the company.
        asked: whether revenue was asked for. Otherwise the text has to call it so,
        described: unless it describes the company: then an amount of money is its revenue.
    """
    lowered = corrected(_YR.sub("year", text.lower()))
    found = [one for one in amounts(lowered) if not one.is_year]
    if _NO_REVENUE.search(lowered) or (asked and re.search(r"\b(?:zero so far|nothing yet)\b", lowered)):
        return Revenue(0, 0, None, None)
    in_millions = _IN_MILLIONS.search(lowered) is not None
    scaled = in_millions or any(one.scaled and one.high >= 1e6 for one in found)
    told: list[tuple[Amount, str, bool]] = []
    for one in found:
        clause, after = _clause(lowered, one), lowered[one.end : one.end + 30]
        money = one.scaled or one.currency is not None or one.high >= 10_000
        if not money and (
            not (asked or in_millions)
            or not scaled
            or _COUNTED.match(after)
            or after.startswith(" of ")
            or one.high >= 1000
        ):
            continue
        if _PEOPLE_AFTER.match(after) or re.match(r"^ ?%| percent", after) or _is_other_money(lowered, one):
            continue
        called = _REVENUE.search(clause) is not None or (one.period is not None and money)
        called = called or (money and _A_FIRM_OF.search(lowered[: one.start]) is not None)
        called = called or (bool(told) and _NOW.search(clause) is not None and _is_bare(lowered, one))
        if not (asked or called or (described and _is_bare(lowered, one))):
            continue
        if not one.currency and not one.scaled and _COUNTED.match(after) and not _REVENUE.search(after):
            continue
        if _PRICE_FOR.match(after) or (not one.currency and _THINGS_COUNTED.match(after)):
            continue
        told.append((one if money else _scaled(one), clause, called))
    named = any(called for *_, called in told)  # an amount that is called revenue leaves no other in question
    now = [(one, clause) for one, clause, called in told if called >= named and not _NOT_NOW.search(clause)]
    if not now:
        return None
    if len(now) > 1:
        present = [(one, clause) for one, clause in now if _TODAY.search(clause)]
        now = present[-1:] if len(present) >= 1 else now
    if len({_of(one).band for one, _ in now}) > 1:
        low, high = min(one.low for one, _ in now), max(one.high for one, _ in now)
        return Revenue(low, high, None, None)
    currency = next((one.currency for one, _ in now if one.currency), None)
    one = now[0][0]
    return Revenue(one.low, one.high, one.period, currency)


def _of(one: Amount) -> Revenue:
    return Revenue(one.low, one.high, one.period, one.currency)


def _scaled(one: Amount) -> Amount:
    return Amount(one.low * 1e6, one.high * 1e6, one.start, one.end, one.currency, one.period, scaled=True)


def _clause(text: str, one: Amount) -> str:
    start = 0
    for cut in _CLAUSE.finditer(text):
        if cut.start() >= one.end:
            return text[start : cut.start()]
        if cut.end() <= one.start:
            start = cut.end()
    return text[start:]


def _is_other_money(text: str, one: Amount) -> bool:
    """Whether the words close to an amount say that it is no revenue; the budget of a nonprofit is."""
    found = _OTHER_MONEY.search(_near(text, one))
    return found is not None and not (found[0] == "budget" and _NONPROFIT.search(text))


def _is_bare(text: str, one: Amount) -> bool:
    """Whether an amount stands alone in its clause: "bakery, about 4M"."""
    rest = _clause(text, one).replace(text[one.start : one.end], " ", 1)
    return not _WORDS.search(_HEDGES.sub("", _COUNT_OF_PEOPLE.sub("", rest)))


def _near(text: str, one: Amount) -> str:
    """The words close to an amount in its clause, which say what it is."""
    clause = _clause(text, one)
    place = text.find(clause)
    start, end = max(0, one.start - place - 28), one.end - place + 22
    return clause[start:end]


def headcount_in(text: str, beside: str = "") -> tuple[float, float] | None:
    """The people of the company, least and most.

    Args:
        text: what is said of the company.
        beside: the whole message; where it counts people, a bare number counts them too.
    """
    lowered = corrected(text.lower())
    found: list[tuple[Amount, str]] = []
    counted = [one for one in amounts(lowered) if not ((one.scaled and one.high >= 1e6) or one.currency or one.is_year)]
    persons = _counts_persons(lowered) or (bool(beside) and _counts_persons(beside.lower()))
    adding = False  # whether the last numbers counted persons
    were = False  # whether the people of another time were counted
    parts = 0.0  # people counted so far that the next number adds to: "four doctors and 21 staff"
    for one, following in zip_longest(counted, counted[1:]):
        after, before = lowered[one.end : one.end + 45], lowered[max(0, one.start - 45) : one.start]
        clause = _clause(lowered, one)
        bare = re.match(r"^(?:[^\w\s]|$| (?:at|and|now|today|in)\b)", after) is not None
        if following is not None and _ROLES.match(lowered[one.end : following.start]):
            parts, adding = parts + one.low, True
            continue
        if _OTHERS_COUNTED.match(after) or _EACH.match(after) or _is_one_of_many(one, after):
            parts, adding = 0.0, adding and one.high == 1
            continue
        if _DEVELOPERS.match(after) or _A_TEAM.search(before):
            adding = True
            continue
        small = one.high < _MOST_BARE
        summed = small and adding and (_SUMMED.match(after) or _SUM.search(before))
        counts = _PEOPLE_AFTER.match(after) or (_PEOPLE_BEFORE.search(before) and bare and small)
        adding = _is_of_persons(after) or bool(counts)
        ours = small and (_AND_ME.match(after) or (persons and bare and _OF_US.search(before)))
        if (past := _WERE.search(before)) or (counts and _NOT_NOW.search(clause)):
            were = were or bool(counts) or persons or (bare and past is not None and past[1] is not None)
        elif summed and (bare or _A_SUM.match(after)):
            return one.low, one.high
        elif (
            counts
            or ours
            or (were and ((bare and _BECAME.search(before)) or _LEFT.match(after)))
            or (parts and _PLACE.match(after))
        ):
            extra = parts + (_AND_ME.match(after) is not None)
            low = 0 if _AT_MOST.match(after) else one.low
            found.append((replace(one, low=low + extra, high=one.high + extra), clause))
        parts = 0.0
    if (seasons := [one for one in counted if _is_of_a_season(lowered, one)])[1:]:
        return min(one.low for one in seasons), max(one.high for one in seasons)
    if not found:
        if _A_PAIR.search(lowered):
            return 2, 2
        return (1, 1) if _ALONE.search(lowered) else None
    whole = (one for pattern in (_TOTAL, _NOW) for one, clause in found if pattern.search(clause))
    best = next(whole, found[0][0])
    if best.low != int(best.low):
        return None
    return best.low, best.high


def _counts_persons(text: str) -> bool:
    return any(
        not (one.scaled or one.currency) and _is_of_persons(text[one.end : one.end + 45]) for one in amounts(text)
    )


def _is_of_persons(after: str) -> bool:
    return (_PERSONS.match(after) or _AND_ME.match(after)) is not None


def _is_of_a_season(text: str, one: Amount) -> bool:
    """Whether an amount is the people of a part of the year: "30 guys in season, 8 in the winter"."""
    clause, after = _clause(text, one), text[one.end :]
    bare = re.match(r"(?: (?:in|at|during|for)\b|\W*(?:[,;.]|$))", after) is not None
    return _SEASON.search(clause) is not None and (bare or _PEOPLE_AFTER.match(after) is not None)


def _is_one_of_many(one: Amount, after: str) -> bool:
    """Whether "one" counts nobody: "give it to one person", "one PC in the office"; "a one-person shop" does."""
    return one.high == 1 and (
        _ONE_PERSON.match(after) is not None or not re.match(r"^[ -](?:person|man|woman|employee)", after)
    )


def count_in(text: str) -> int | None:
    """How many AI projects a reply to that question names; None where it could be this many or that."""
    lowered = re.sub(
        r"\bone person\b|\b(?:the|this|that|no|every|each) one\b|\bone (?:day|of these)\b|\bq[1-4]\b",
        "",
        corrected(text.lower().replace("just the one", "one")),
    )
    if (found := list(_NOW.finditer(lowered))) and amounts(lowered[found[-1].end() :]):
        lowered = lowered[found[-1].end() :]
    counted = [
        one
        for one in amounts(lowered)
        if not (one.scaled or one.currency or one.is_year or one.period)
        and one.low == int(one.low)
        and not re.match(
            r"^[ -](?:developers?|people|engineers?|years?|employees|months|weeks|percent|%|of us|hours|guys|locations|offices)",
            lowered[one.end :],
        )
        and not re.search(r"\b(?:sister|last|other|rival|competitor)\b[^.;,]*$", lowered[: one.start])
    ]
    none = re.search(
        r"\b(?:none|zero|nothing|no (?:ai )?(?:projects?|initiatives?|pilots?)|0|not (?:a single )?(?:one|any)|nil|nada|zip|zilch)\b",
        lowered,
    )
    if not counted:
        return 0 if none else None
    if len(counted) == 1:
        one = counted[0]
        if one.hedge == "over" or one.low == one.high:
            return int(one.low)
        return int(one.low) if (one.low < 5) == (one.high < 5) else None
    if len(counted) == 2 and not any(one.is_range for one in counted):
        first, second = (int(one.low) for one in counted)
        between = lowered[counted[0].end : counted[1].start]
        if re.search(r"\b(?:killed|dropped|cancel\w*|stopped|shelved|scrapped|lost)\b", between):
            return first - second if first >= second else None
        if re.search(
            r"\bmore\b|\bplanned\b|\b(?:and|plus)\b|\bin the (?:works|pipeline)\b", lowered[counted[0].end :]
        ) and not re.search(r"\b(?:one|two|\d+) (?:of (?:them|those|which)|is|are) ", lowered[counted[1].start :]):
            return first + second
        return first if "of them" in lowered else None
    return None


def initiatives_in(text: str) -> int | None:
    """How many AI initiatives a text names as such: "we run five AI pilots"."""
    lowered = text.lower()
    for one in amounts(lowered):
        if not one.scaled and one.low == one.high == int(one.low) and _INITIATIVES.match(lowered, one.end):
            return int(one.low)
    return None
