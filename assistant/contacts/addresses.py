"""E-mail addresses in a message, also spelled out or mistyped."""

from __future__ import annotations

import re
from difflib import get_close_matches

from email_validator import EmailNotValidError, validate_email

from assistant.contacts.detail import Detail
from assistant.contacts.lexicon import known_names, listed
from assistant.contacts.said import SAID, said_digits
from assistant.nlu.spelling import EVERYDAY, commonest

# Quantifiers are bounded and start only where a word does, so that matching stays linear.
_WORD = r"[^\W_](?:[\w+%'-]{0,63})"
_POINT = r" (?:point|period) (?=(?:com|net|org|info|edu|gov|io|co|ai|fr|be|ch|ca|eu|uk|lu|de)\b)"  # "at this point one" is none
_DOT = rf"(?:\.| ?\. ?(?=(?:com|net|org)\b)| \. | (?:dot|punto|punkt) |{_POINT}| hyphen | dash | minus | ?[(\[{{<](?:\.|dot|punkt|punto)[)\]}}>] ?)"
_SIGN = r"(?: (?:dot|punto|punkt|point|period) | underscore | dash | minus | hyphen | plus |\.| ?[(\[{<](?:dot|punkt|punto|underscore|dash|hyphen|[._-])[)\]}>] ?)"
_AT = r"(?P<at> ?@ ?| ?[(\[{<](?:at|@|a|klammeraffe|arroba)[)\]}>] ?| (?:at sign|at the rate(?: of)?|at|arroba|arobase|-at-|\(a\)) )"
_DIGITS = rf"(?: (?:\d{{1,4}}|{SAID}(?![^\W\d_]))){{1,8}}(?= at )"  # said after a word: "park seventy two at"
_SPACED = r"[^\W_](?: [^\W_]){1,30}(?![^\W_])"  # letters with spaces between them
_LABEL = rf"(?:{_SPACED}|[\w-]{{1,63}})"
_ADDRESS = re.compile(
    rf"(?<![\w.+%'@-])(?P<local>[^\W_](?: [^\W_]){{2,20}}|{_WORD}(?:{_SIGN}{_WORD}){{0,3}}(?P<digits>{_DIGITS})?){_AT}(?P<domain>{_LABEL}(?:{_DOT}{_LABEL}){{1,4}})(?!\w|[\w.-]{{0,64}}@)",
    re.I,
)
_SEVERAL_WORDS = re.compile(
    rf"(?<![\w.+%'@-])(?P<local>{_WORD}(?:{_SIGN}{_WORD}){{0,3}}) at (?!sign )(?P<domain>\w{{1,30}}(?: (?!(?:at|or|and|is|on)\b)\w{{1,30}}){{1,3}}?)(?P<one>,? (?:all )?(?:one word|together|no spaces))? dot (?P<top>\w{{2,10}}(?: dot \w{{2,10}})?)(?P<after>(?=[^.\n]{{0,30}}\b(?:one word|together|no spaces)))?",
    re.I,
)
"""A domain of words that are to be joined: "sam at the barn dot farm, all one word"."""
_MISPLACED_COMMA = re.compile(r"(?<![\w.+%'@-])[\w.+%'-]{1,64}@[\w-]{1,63},(?:com|net|org|io|co)\b")
_UNFINISHED = re.compile(r"(?<![\w.+%'@-])[\w.+%'-]{1,64}@[\w.-]{1,255}")
_SPELLED = {
    " dot ": ".",
    " punto ": ".",
    " punkt ": ".",
    " point ": ".",
    " period ": ".",
    " underscore ": "_",
    " dash ": "-",
    " minus ": "-",
    " hyphen ": "-",
    " plus ": "+",
}
_LETTERS = re.compile(r"(?<![\w-])\w(?:-\w){2,30}(?![\w-])|(?<=\.)\w-\w$")  # spelled out, as in k-a-t-e
_BRACKETED = re.compile(r" ?[(\[{<]([._-]|\w+)[)\]}>] ?")
_SPELLED_DOT = re.compile(r" (?:dot|punto|punkt|point|period) ", re.I)
_SMALL_WORDS = frozenset(["at", "or", "and", "is", "on", "a", "my", "the", "in", "for", "to", "of"])
_NOT_LOCAL = re.compile(
    r"(?:you|look|looking|looked|work|working|works|worked|me|us|him|her|them|it|be|available|i|we|is|was|am|are|meet|here"
    r"|people|someone|somebody|site|website|page|go|arrive|stay|stop|check|live|lives|chat|talk|hosted|found|reach|that|this)",
    re.I,
)
_CUE = re.compile(r"(?:\b(?:is|at|to|e-?mail|mail|address|on|use|try|via|it's|by)|:|=|-|^) ?$", re.I)
_LIKE_A_PROVIDER = {"ymail.com", "mail.com", "email.com", "cloud.com", "gmx.com", "rocketmail.com", "outlook.de"}
"""Domains of their own, however near to a provider's."""
_ALIKE = 0.86
_SHORTEST = 9  # characters of a domain that can be told from a firm's
_MISTYPED_COM = re.compile(r"\.(?:con|cmo|ocm|vom|xom|comm|coom|cim|c0m|clm|cpm|dom|om)$")


def addresses_in(text: str) -> list[Detail]:
    """The e-mail addresses of a message, in its order."""
    found: list[Detail] = []
    for match in _SEVERAL_WORDS.finditer(text):
        named = match["local"].lower() in known_names() or " " in match["local"]
        said = match["one"] or match["after"] is not None
        if not (said or (named and _SMALL_WORDS.isdisjoint(match["domain"].lower().split()))):
            continue
        if email := _checked(_joined(match["local"]), _joined(f"{match['domain']} dot {match['top']}")):
            found.append(Detail("email", email, *match.span()))
    for match in _ADDRESS.finditer(text):
        if any(one.meets(*match.span()) for one in found):
            continue
        if match["at"].strip().isalpha() and not _is_local(text, match):
            continue
        digits = match["digits"] or ""
        local = _joined(match["local"].removesuffix(digits)) + said_digits(digits)
        if email := _checked(local, _joined(match["domain"])):
            found.append(Detail("email", email, *match.span()))
    for match in _MISPLACED_COMMA.finditer(text):
        if not any(one.meets(*match.span()) for one in found):
            found.append(Detail("email", match.group(), *match.span()))
    for match in _UNFINISHED.finditer(text):
        if not any(one.meets(*match.span()) for one in found):
            found.append(Detail("email", match.group(), *match.span(), is_whole=False))
    return sorted(found, key=lambda one: one.start)


def suggestion(email: str) -> str | None:
    """The address that was likely meant, if its domain nearly is a well-known provider's."""
    domain, providers = email.lower().rpartition("@")[2], listed("providers")
    if domain in providers or domain in _LIKE_A_PROVIDER:
        return None
    finished = _MISTYPED_COM.sub(".com", domain.replace(",", "."))
    near = get_close_matches(finished, sorted(one for one in providers if len(one) >= _SHORTEST), n=1, cutoff=_ALIKE)
    meant = finished if finished in providers else near[0] if near else finished
    return f"{email.rpartition('@')[0]}@{meant}" if meant != domain else None


def _joined(spelled: str) -> str:
    spelled = _BRACKETED.sub(r" \1 ", spelled)
    for word, sign in _SPELLED.items():
        spelled = re.sub(word, sign, spelled, flags=re.I)
    return _LETTERS.sub(lambda letters: letters.group().replace("-", ""), spelled).replace(" ", "")


def _is_local(text: str, match: re.Match[str]) -> bool:
    """Whether the word before "at" is a mailbox: "jane at acme.com", not "look at acme.com"."""
    local = match["local"].lower()
    if _NOT_LOCAL.fullmatch(local):
        return False
    spelled = _SPELLED_DOT.search(match["domain"]) is not None
    if (
        spelled
        or local in known_names()
        or local in listed("words_and_names")
        or local in listed("mailboxes")
        or local not in commonest(EVERYDAY)
    ):
        return True
    return _CUE.search(text[max(match.start() - 12, 0) : match.start()]) is not None


def _checked(local: str, domain: str) -> str | None:
    """The address if its form is valid; whether it exists is not asked, which would tell others of it."""
    if len(domain.rpartition(".")[2]) < 2 or domain.rpartition(".")[2].isdigit():
        return None
    try:
        return str(validate_email(f"{local}@{domain}", check_deliverability=False, test_environment=True).normalized)
    except EmailNotValidError:
        return None
