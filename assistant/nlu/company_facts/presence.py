"""What a company has or lacks: website, CRM, cloud, developers, CTO, CAIO."""

from __future__ import annotations

import re

from .clauses import Clause
from .lexicon import any_of, lexicon, pattern
from .normalized_text import NormalizedText

FIELDS = {
    "WEBSITE": "has_website",
    "CRM": "has_crm",
    "CLOUD": "has_cloud",
    "DEVS": "has_dev_team",
    "CTO": "has_cto",
    "CAIO": "has_caio",
}
_ALL_TOLD = re.compile(
    r"\W*(?:(?:about|only|just|we have|we've got) )*NUM DEVS(?: (?:in[- ]house|on staff|now|total))?\W*"
)
_TAG = re.compile(r"\b(?:" + "|".join(FIELDS) + r")\b")
_OURS = r"{works_on} our (?:own )?$"  # "an agency built our website"
_ROLES = {"CTO", "CAIO"}
_WRITER = re.compile(r"\b(?:we|we're|our|i|my|us)\b")

# What stands right before the thing, up to its name.
_OFFERED = r"{offer}(?: (?!the\b|our\b|my\b|in\b|on\b|with\b|use\b|using\b|have\b)[\w'-]+){0,3} $"
_SOUGHT = r"{seek}(?: (?!another\b|new\b|second\b|replacement\b)[\w-]+){0,3} $"
_GONE_BEFORE = (
    r"(?<!'ve )(?<!have )(?<!has )(?<!never )(?<!n't ){gone_before}"
    r"(?:(?: {determiner})* (?:WEBSITE|CRM|CLOUD|CTO|CAIO|DEVS) (?:and|or|nor)){0,3}(?: {determiner})*(?: [\w-]+)? $"
)
# "we set up Salesforce for manufacturers": theirs, and what we sell; but "we use HubSpot for clients"
_SET_UP = r"{sets_up}(?: (?!our\b|my\b)[\w'-]+){0,3} $"
_FOR_OTHERS = (
    r"^(?: [\w-]+){0,3}? for (?:(?:our|my|other|small|local|big|mid-?size) )*(?:[\w-]+ )?(?:{companies}|{served})"
)
_TITLE = r"(?:[ ,]*{title})*[ ,]*$"
_HELD_ROLE, _LISTED_ROLE = r"{held}" + _TITLE, r"(?:^|\b(?:and|plus|with)\b|,)" + _TITLE
_SOMETHING_ELSE = re.compile(  # "don't use our CRM", "I'm not a CTO", "no budget for a CTO"
    r"\b(?:use|like|love|trust|update|maintain|touch|sell|build|know) (?:our|the|that) $|"
    r"(?:i'm|i am|he's|she's|is) not (?:a|an|the|really a) $|(?<!there )isn't (?:a|an|the) $|"
    r"\b(?:budget|money|time|plans?|point|reason|interest)\b"
)
_SEAT_EMPTY = re.compile(r"\b(?:have|got|nobody|no one) (?:\w+ ){0,3}in (?:the|a|that) $")
# What stands right after it.
_GONE_AFTER = (
    r"^(?: (?:and|or)(?: {determiner})* (?:WEBSITE|CRM|CLOUD|CTO|CAIO|DEVS))?(?: [\w-]+){0,2}? {gone_after}(?! and we)"
)
_NO_AFTER = r"^(?: in place)?\s*(?:(?:[:=-]|is|are|,)\s*)?(?:{no_after}|isn't|neither)\W*(?: {no_end})*$"
_YES_AFTER = r"^\s*(?:(?:[:=-]|is|are|,|'s)\s*)?(?:{yes_after}|there$)"
_NOT_A_PERSON = r"^(?:s|'s)? ?{not_a_person}"
_ROLE_GOES_ON = r"^(?:$|,|'s| \(| {after_role})"
_ANY_ONE = re.compile(
    r"(?:^|\b(?:and|but|that) )(?:an?|any|every) $"
)  # "a CTO runs technology" tells of no CTO of ours
_ACTS = re.compile(r" (?:is|has|does|handles|runs|leads|owns|covers|oversees|doubles|wears|manages|reports)\b")
_SWAPPED = re.compile(  # "we ditched Salesforce for Pipedrive"
    r"\b(?:ditched|dropped|swapped|left|replaced|switched|moved|traded|changed)(?: from| our)? \w+ (?:for|to|with|by) $"
)
_ALSO_USED = re.compile(r"\bfor [\w ]{1,20} and $")  # "we use Monday for projects and Pipedrive for sales"
_COUNTED = re.compile(
    r"(?:^|\b(?:plus|and) )(?:(?:about|only|just) )*NUM (?:(?!outside|freelance)\w+ )?$"
)  # "5 engineers"
_ENDS = re.compile(r"$|,| (?:in house|in-house|on staff|and|plus)\b")
_LET_GO = re.compile(r"\blet (?:our|the|my)(?: \w+)? $")
_LEAVING = r"^(?: [\w-]+)?{leaving}|^(?: [\w-]+)? {leaving}"
_TRADE = re.compile(r"\b(?:we're|we are|i'm|i am|as|it's) (?:just )?an? (?:[\w-]+ ){0,2}$")
_TIME_SPENT = re.compile(r" (?:for |about )?(?:NUM|one|[\w-]+) (?:days?|hours?)\b")
_IN_A_LIST = r"^(?:{bare_before}[ ,]*|(?:WEBSITE|CRM|CLOUD|CTO|DEVS)[ ,/&]*)*$"
_LIST_GOES_ON = r"^\s*$|^(?:'s)? {standing}|^\s*[:=&,/+]| {bare_after}"


def read_presence(clauses: list[Clause], normalized: NormalizedText) -> dict[str, bool]:
    """Which of the six things the text says are there or missing; the last word counts."""
    facts: dict[str, bool] = {}
    about_software = pattern("{software_talk}").search(normalized.text) and not pattern("{other_engineering}").search(
        normalized.text
    )
    describes = _WRITER.search(normalized.text) is not None or len(normalized.kinds) > 1
    for clause in clauses:
        if clause.question:
            continue
        for match in _TAG.finditer(clause.text):
            if not (clause.own or pattern(_OURS).search(clause.text[: match.start()])):
                continue
            kind = normalized.kinds.get(clause.offset + match.start(), "")
            if kind == "maybe" and (
                is_trade(clause, match) or not (about_software or _ALL_TOLD.fullmatch(normalized.text))
            ):
                continue
            stated = stated_of(clause, match, product=kind == "product", describes=describes)
            if stated and match[0] in _ROLES and taken_back(normalized, clause, match):
                stated = None
            field = FIELDS[match[0]]
            if stated is False and kind == "product" and facts.get(field):
                continue  # "we use HubSpot, we dropped Salesforce"
            if stated is not None:
                facts[field] = stated
    return facts


def is_trade(clause: Clause, match: re.Match[str]) -> bool:
    """Whether a contractor is what the company is, and no writer of code: "HVAC contractor", "we're a contractor"."""
    before = clause.text[: match.start()]
    trades = (word for industry in lexicon().industries if industry.name != "software" for word in industry.words)
    return _TRADE.search(before) is not None or re.search(any_of(trades, literal=True) + "[ -]$", before) is not None


def taken_back(normalized: NormalizedText, clause: Clause, match: re.Match[str]) -> bool:
    """Whether a title is taken back after it was told: "I'm a CTO. Sorry, no, she's Head of Product"."""
    return pattern("{title_taken_back}").search(normalized.text, clause.offset + match.end()) is not None


def is_leaving(clause: Clause, match: re.Match[str]) -> bool:
    return match[0] in _ROLES and pattern(_LEAVING).match(clause.text[match.end() :]) is not None


def stated_of(clause: Clause, match: re.Match[str], *, product: bool, describes: bool) -> bool | None:
    """True or False where this mention says so, None where it only speaks of the thing."""
    before, after, start = clause.text[: match.start()], clause.text[match.end() :], match.start()
    role = match[0] in _ROLES
    if pattern("{former} $").search(before) or clause.supposed(start) or is_leaving(clause, match):
        return None
    if _SWAPPED.search(before) and not clause.wished(start):
        return True
    if pattern(_SOUGHT).search(before):
        return False if role and " or " not in clause.text else None
    offered = pattern(_OFFERED).search(before) and not (product and _ALSO_USED.search(before))
    for_others = pattern(_SET_UP).search(before) and pattern(_FOR_OTHERS).match(after)
    if offered or for_others or pattern("^ {traded}").match(after) or clause.wished(start):
        return None
    if pattern(_NO_AFTER).match(after):
        return False
    if clause.denied(start):
        return _denied(before, after, product)
    if _LET_GO.search(before) and after.startswith(" go"):
        return False
    if pattern(_GONE_BEFORE).search(before) or pattern(_GONE_AFTER).match(after):
        return False
    if role:
        return True if _role_in_place(before, after, describes) else None
    if pattern(_YES_AFTER).match(after):
        return True
    return True if _in_use(clause, before, after, product, describes) else None


def _denied(before: str, after: str, product: bool) -> bool | None:
    """A denied product does not deny the thing, and a denial may be of something else."""
    if _SEAT_EMPTY.search(before):
        return False
    if product or _SOMETHING_ELSE.search(before):
        return None
    if pattern(_NOT_A_PERSON).match(after) and not after.startswith(" or"):
        return None
    return False


def _role_in_place(before: str, after: str, describes: bool) -> bool:
    """Roles are much spoken of, so only possession counts: "our CTO", "and a CTO" in a list, "CTO two days a week"."""
    if pattern(_YES_AFTER).match(after) or pattern("^ {joined}").match(after):
        return True
    if pattern(_NOT_A_PERSON).match(after):
        return False
    if pattern(_HELD_ROLE).search(before):
        return True
    if _ANY_ONE.search(before) and _ACTS.match(after):
        return False
    goes_on = (describes and pattern(_ROLE_GOES_ON).match(after)) or _TIME_SPENT.match(after)
    return bool(goes_on and pattern(_LISTED_ROLE).search(before))


def _in_use(clause: Clause, before: str, after: str, product: bool, describes: bool) -> bool:
    if re.search(r"\bor\b", clause.text) and not re.search(r"\b(?:our|we|have|use)\b", before):
        return False
    if pattern("{have}").search(before):
        return True
    if _COUNTED.search(before) and _ENDS.match(after):
        return True
    in_a_list = describes and pattern(_IN_A_LIST).match(before) is not None
    return in_a_list and (product or pattern(_LIST_GOES_ON).match(after) is not None)
