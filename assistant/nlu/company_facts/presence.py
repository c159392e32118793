"""What a company has or lacks: website, CRM, cloud, developers, CTO, CAIO."""

from __future__ import annotations

import re

from .clauses import Clause
from .gist import Gist
from .lexicon import pattern

FIELDS = {
    "WEBSITE": "has_website",
    "CRM": "has_crm",
    "CLOUD": "has_cloud",
    "DEVS": "has_dev_team",
    "CTO": "has_cto",
    "CAIO": "has_caio",
}
_TAG = re.compile(r"\b(?:" + "|".join(FIELDS) + r")\b")
_ROLES = {"CTO", "CAIO"}
_WRITER = re.compile(r"\b(?:we|we're|our|i|my|us)\b")

# What stands right before the thing, up to its name.
_OFFERED = r"{offer}(?: (?!the\b|our\b|my\b|in\b|on\b|with\b|use\b|using\b|have\b)[\w'-]+){0,3} $"
_SOUGHT = r"{seek}(?: (?!another\b|new\b|second\b|replacement\b)[\w-]+){0,3} $"
_GONE_BEFORE = r"(?<!'ve )(?<!have )(?<!has )(?<!never )(?<!n't ){gone_before}(?: {determiner})*(?: [\w-]+)? $"
_TITLE = r"(?:[ ,]*{title})*[ ,]*$"
_HELD_ROLE, _LISTED_ROLE = r"{held}" + _TITLE, r"(?:^|\b(?:and|plus|with)\b|,)" + _TITLE
_SOMETHING_ELSE = re.compile(  # "don't use our CRM", "I'm not a CTO", "no budget for a CTO"
    r"\b(?:use|like|love|trust|update|maintain|touch|sell|build|know) (?:our|the|that) $|"
    r"(?:i'm|i am|he's|she's|is) not (?:a|an|the|really a) $|(?<!there )isn't (?:a|an|the) $|"
    r"\b(?:budget|money|time|plans?|point|reason|interest)\b"
)
_SEAT_EMPTY = re.compile(r"\b(?:have|got|nobody|no one) (?:\w+ ){0,3}in (?:the|a|that) $")
# What stands right after it.
_GONE_AFTER = r"^(?: [\w-]+){0,2}? {gone_after}(?! and we)"
_NO_AFTER = r"^(?: in place)?\s*(?:[:=-]|is|are|,)?\s*{no_after}\W*(?: {no_end})*$"
_YES_AFTER = r"^\s*(?:[:=-]|is|are|,)?\s*{yes_after}"
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
_LET_GO = re.compile(r"\blet (?:our|the|my)(?: \w+)? $")
_TIME_SPENT = re.compile(r" (?:for |about )?(?:NUM|one|[\w-]+) (?:days?|hours?)\b")
_IN_A_LIST = r"^(?:{bare_before}[ ,]*|(?:WEBSITE|CRM|CLOUD|CTO|DEVS)[ ,/&]*)*$"
_LIST_GOES_ON = r"^\s*$|^(?:'s)? {standing}|^\s*[:=&,/+]| {bare_after}"


def read_presence(clauses: list[Clause], gist: Gist) -> dict[str, bool]:
    """Which of the six things the text says are there or missing; the last word counts."""
    facts: dict[str, bool] = {}
    about_software = pattern("{software_talk}").search(gist.text) and not pattern("{other_engineering}").search(
        gist.text
    )
    describes = _WRITER.search(gist.text) is not None or len(gist.kinds) > 1
    for clause in clauses:
        if not clause.own or clause.question:
            continue
        for match in _TAG.finditer(clause.text):
            kind = gist.kinds.get(clause.offset + match.start(), "")
            if kind == "maybe" and not about_software:
                continue
            stated = stated_of(clause, match, product=kind == "product", describes=describes)
            field = FIELDS[match[0]]
            if stated is False and kind == "product" and facts.get(field):
                continue  # "we use HubSpot, we dropped Salesforce"
            if stated is not None:
                facts[field] = stated
    return facts


def stated_of(clause: Clause, match: re.Match[str], *, product: bool, describes: bool) -> bool | None:
    """True or False where this mention says so, None where it only speaks of the thing."""
    before, after, start = clause.text[: match.start()], clause.text[match.end() :], match.start()
    role = match[0] in _ROLES
    if pattern("{former} $").search(before) or clause.supposed(start):
        return None
    if _SWAPPED.search(before) and not clause.wished(start):
        return True
    if pattern(_SOUGHT).search(before):
        return False if role and " or " not in clause.text else None
    offered = pattern(_OFFERED).search(before) and not (product and _ALSO_USED.search(before))
    if offered or pattern("^ {traded}").match(after) or clause.wished(start):
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
    in_a_list = describes and pattern(_IN_A_LIST).match(before) is not None
    return in_a_list and (product or pattern(_LIST_GOES_ON).match(after) is not None)
