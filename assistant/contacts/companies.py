"""The company that a visitor says they are from. It is never guessed from an address: many write from a provider's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from assistant.contacts.detail import Claim, Detail, presented
from assistant.contacts.lexicon import known_names, listed
from assistant.contacts.names import segments
from assistant.nlu.spelling import EVERYDAY, commonest

_ROLE = (
    r"ceo|cto|coo|cfo|cio|caio|cmo|cro|vp|founder|co-?founder|owner|president|director|manager|mgr|treasurer|supervisor|partner|principal|head|chief|officer|lead"
    r"|engineer|developer|consultant|ops|operations|marketing|sales|assistant|analyst|administrator|admin|chair|md|coordinator|controller"
)
_DEPARTMENT = (
    r"(?:transformation|operations|ops|marketing|sales|finance|engineering|products?|technology|tech|it|people|data|growth|strategy|digital|innovation|procurement|hr"
    r"|human|business|customer|research|r&d|security|ai|analytics|legal|partnerships|communications|development|software|infrastructure|programs?)"
)
_FIRM = (
    r"(?:company|firm|business|start-?up|agency|practice|shop|store|clinic|school|bakery|restaurant|studio|charity|nonprofit|cafe|farm|brewery"
    r"|consultancy|group|outfit|workshop|salon|gym|hotel|manufacturer|distributor|retailer|wholesaler|foundation|church|dealership)"
)
_RENAMED = r"(?:it )?\b(?:was|were|formerly|used to be) (?-i:[A-Z])[^.,;\n]{1,40}, now(?: called)?"
"""What leads to a company's new name: "was Dunlin Software, now …"."""
_SAID = re.compile(
    r"(?:(?:(?:^|[.,;!?\n(|-] ?|\band )|\b(?:my|our|the) )(?:company|firm|business|employer|org|organi[sz]ation)(?: name)?(?: is called| is named|'s called|'s| is| ?[:=-])|\b(?:company|firm)(?= (?-i:[A-Z]))|\b(?:company|org|organi[sz]ation|firm|employer)(?: ?:| -| ?=)|(?<=[.,;\n|/] )co(?:\. ?:?| ?:)|\b(?:company|firm|business|agency|nonprofit|charity|startup|practice),(?= (?-i:[A-Z]))"
    r"|(?:company|firm|business|agency|group|shop|practice|startup) (?:called|named)|(?:my|our) (?:[a-z-]+ )?(?:company|firm|business|startup|agency|practice|shop|store|clinic|school|bakery|restaurant|studio|charity|nonprofit),?(?= (?-i:[A-Z]))|we're called|we are called|we trade as|trading as"
    r"|(?:i|we)(?:'m| am)? (?:work|employed|manage|handle|lead|head|run|do|look after|take care of|oversee|responsible for|in charge of)(?: [a-z&]+){0,3} (?:at|for|with)|i represent|representing|employed (?:at|by)|\ban? (?:[\w-]+ ){0,2}"
    rf"{_FIRM} (?:called|named)|(?:i|we)(?:'m|'re| am| are| have| own| run) (?:an? |the |my )?(?:[a-z-]+ ){{0,3}}(?-i:{_FIRM}),?(?= (?-i:[A-Z]))|i(?:'ve| have)? (?:just |recently )?joined(?= (?-i:[A-Z])))\s",
    re.I,
)
_SHOWN = re.compile(
    rf"\b(?:(?:i'm|im|i am|we're|we are|here|soy|ich bin) (?:calling |writing |coming )?(?:with|from|at|over at|von)|\b(?:{_ROLE})(?: [\w&]+){{0,3}}?,? (?:of|at|for|with|from|@)"
    r"|i (?:run|own|founded|lead|chair|co-?own|manage|started)|we are|we're|(?<!used to )work(?:ing)? (?:at|for)|on behalf of(?: my company)?|here at|over at|(?:writing|calling|reaching out|getting in touch)(?: to you)? from)\s",
    re.I,
)
_BY_NAME = re.compile(
    r",? ?(?:here |calling |writing )?,?\(?(?:(?:from|at|with|w|of|over at|on behalf of|de|von|bei)\b|@|-) ?(?:la |the )?",
    re.I,
)
_STATED = re.compile(
    rf"(?:^|[.;!?\n] ?|\b(?:hi|hello|hey|so|and),? )(?:we're|we are|i'm (?:with|from|at)|im (?:with|from|at)|i am (?:with|from|at)|i work (?:for|at)|i (?:run|own|chair|manage|founded)|(?:our|my) (?:company|firm|business) is(?: called)?)\s|{_RENAMED}\s",
    re.I,
)
_CALLED = re.compile(
    rf"(?:(?:^|\n)(?:company|firm|employer|organi[sz]ation)(?: name)? ?[:=]|\b(?:our|my) {_FIRM} is (?:called|named)|\b(?:we're|we are) called|\bon behalf of|(?:^|[.,;:!?\n] ?|\band )(?:i'm|im|i am) (?:the |an? )?(?:[\w-]+ )?(?:(?P<leads>(?:c[a-z]o|(?:co-?)?founder|owner|president|md) (?:of|at))|(?:{_ROLE})(?: of (?:{_DEPARTMENT}))? (?:at|for|with))|(?:^|[.!?\n] ?|\b(?:i'm|i am|i've been) )(?:currently |now )?working (?:for|at)|\bi(?:'m| am)? (?:responsible for|in charge of|look after|take care of|handle|manage|run|oversee|work in) (?:\w+ ){{1,3}}(?:at|for)|(?:writing|calling) (?:to you )?from)\s",
    re.I,
)
_DESCRIBED = re.compile(r", an? ", re.I)
_AT = re.compile(r"(?<![\w@])(?:at|from) (?=[^\W\d_a-z])")
_POSSESSIVE = re.compile(
    rf"(?:\b(?:i'm|i am|this is|im) |^)(?P<company>(?-i:[A-Z])[\w&.-]{{1,30}})(?='s (?:{_ROLE}|new|head)\b)", re.I
)
_ELSEWHERE = re.compile(
    r"\b(?:saw|met|look|looked|meet|heard|read|spoke|talked|know|is|was|are|do you|got|get|name|number|coming|came|used to (?:be|work)|worked|previously|once|moved|switched|quote|offer|proposal|invoice|bid|bought|hired|left|formerly|ex|migrat\w+|down|up) (?:\w+ ){0,2}$",
    re.I,
)
_LEADS_TO = re.compile(
    r"(?:^|\s)(?:at|from|with|of|for|is|are|it's|we're|now|called|named|@|hos|bei|von|der|dem|für|chez|de|la|own as|(?:trade|trading) as) $",
    re.I,
)
_OF_OTHERS = re.compile(
    r"\b(?:(?:quotes?|offers?|proposals?|invoices?|bids?) from|our|your|their|his|her|not|longer|was|were|saw|met|read|heard|spoke|know|competitors?|vendors?|clients?|customers?|used to|bought|using|by|part|owned|acquired|subsidiary|formerly|ex)\b",
    re.I,
)
_WITH_ROLE = re.compile(rf"\b(?:{_ROLE}|faculty)\b", re.I)
_ENDS = re.compile(r"[.,;!\n]|$| (?:and|with|but) (?:i|we|i'm|we're|want|need|\d+)\b", re.I)
_ARTICLE = re.compile(r"(?:[Tt]he|a|la|der|die) (?=[A-Z])")
_AFTER_COMMA = re.compile(r", (?P<form>[^\W\d_][\w.]{1,10})(?![\w-])")
_TOKEN = re.compile(r"\S+")
_WORD = re.compile(r"(?:[AI]/S\b|[^\W_][\w'+*-]*(?:\.[^\W_][\w'-]*)*\.?|&|\+)")
_INNER = frozenset({"&", "sp.", "and", "of", "the", "+", "y", "de", "et", "und", "z", "for", "del", "la"})
_FOREIGN = frozenset({"&", "z", "de", "y", "et", "und"})
_FUNCTION = re.compile(rf"{_DEPARTMENT}\b", re.I)
_ASK = re.compile(r"(?:ask for|attn|contact|call)", re.I)
_TIME = re.compile(r"\d{1,2}(?::\d\d)? ?(?:[ap]m\b|$)|noon|\d+ (?:people|employees)", re.I)
_ALIKE = 0.8  # of a place that is misspelled: "bulgary"
_PLACE_SIZE = 2  # words; "New York Life" is a company
_ABBREVIATED = re.compile(r"(?:\b(?:inc|ltd|co|corp|pvt|pty|bros|teo|sp)|\.\w)\.$", re.I)
_TELLING = 4  # letters that are no coincidence in a domain
_GAP = 4  # characters between the parts of a card
_A_LINE = 60  # characters
_ABBREVIATION = 4  # letters with its full stop
_MOST = 8  # words
_ROLE_SIZE = 4  # words, as of "I'm the COO"
_REFUSED = re.compile(
    r"\s*(?:no|none|nope|n/?a|skip|pass|not|don't|i'd rather|rather|why|what|who|how|prefer|just me|self|between|i don't|do|does|is|can|an?|the moment|i'm (?!with|at|from)|i am (?!with|at|from))\b|.*\?\s*$",
    re.I,
)
_LEAD = re.compile(
    rf"(?:(?:it's|its|it is|we're|we are|i'm with|i'm at|i work (?:at|for)|sure|ok|yes|that's|that would be|called|with|at|from|the company is|company is|my company is|i run|i own|we trade as|trading as|(?-i:the)|{_RENAMED})[\s,:]+){{0,3}}",
    re.I,
)


def stated(text: str) -> Detail | None:
    """The company of somebody who says no more of themselves, where its name cannot be anything else."""
    for match in _STATED.finditer(text):
        found = _at(text, match.end(), ())
        if not found:
            continue
        words = found.value.split()
        bare = not _ARTICLE.match(text, match.end())
        described = bare and not _is_lower(words[0]) and _DESCRIBED.match(text, found.end)
        belongs = bare or text.startswith("the ", match.end())
        named = (
            bare
            and _is_on_card(words)
            and _ENDS.match(text, found.start + len(found.value))
            and not _is_known(words[0])
        )
        if len(words) > 1 and (described or named or (belongs and _is_in_full(words))):
            return found
    for match in _CALLED.finditer(text):
        found = None if _FUNCTION.match(text, match.end()) else _at(text, match.end(), ())
        words = found.value.split() if found else []
        if (
            len(words) > 1
            and words[0][1:].islower()
            and (match["leads"] or any(map(_is_rare, words)) or _is_in_full(words))
        ):
            return found
    return None


def _is_in_full(words: Sequence[str]) -> bool:
    """Whether a word at the end says that the others name a company."""
    return _is_company_word(words[-1]) and (not _is_lower(words[0]) or _is_rare(words[0]))


def company_in(text: str, name: Detail | None, details: Sequence[Detail], *, asked: bool) -> Detail | None:
    """The visitor's company, by the surest of what says so."""
    return (
        _first(text, (match.end() for match in _SAID.finditer(text)), details, sure=True)
        or _confirmed(text, [*details, *([name] if name else [])])
        or (_beside(text, name, details) if name else None)
        or (_replied(text, details) if asked else None)
        or _suffixed(text, [*details, *([name] if name else [])])
        or _signed(text, name, details)
        or _first(
            text, (match.end() for match in _SHOWN.finditer(text) if not _FUNCTION.match(text, match.end())), details
        )
        or _first(
            text,
            (
                match.end()
                for match in _AT.finditer(text)
                if not _ELSEWHERE.search(text[max(match.start() - 60, 0) : match.start()])
            ),
            details,
        )
    )


def _first(text: str, positions: Iterable[int], details: Sequence[Detail], *, sure: bool = False) -> Detail | None:
    return next((found for position in positions if (found := _at(text, position, details, sure=sure))), None)


def _confirmed(text: str, details: Sequence[Detail]) -> Detail | None:
    """The capitalized words with which the domain of the visitor's address begins: "Bayou Cranes Ltd", of bayoucranes.com."""
    words = [word for word in _WORD.finditer(text) if not any(one.meets(*word.span()) for one in details)]
    for number, first in enumerate(words):
        run = [word.group() for word in words[number : number + _MOST]]
        if first.group()[0].isupper() and any(_in_domain(run[:length], details) for length in range(2, len(run))):
            return _at(text, first.start(), details, sure=True)
    return None


def _beside(text: str, name: Detail, details: Sequence[Detail]) -> Detail | None:
    match = _BY_NAME.match(text, name.end)
    if not match:
        return None
    if found := _at(text, match.end(), details):
        return found
    rare = _WORD.match(text, match.end())
    return _at(text, match.end(), details, sure=True) if rare and _is_rare(rare.group()) else None


def _is_rare(word: str) -> bool:
    plain = word.lower()
    return not (plain in commonest(EVERYDAY) or _is_known(plain)) and word.isalpha()


def _is_known(word: str) -> bool:
    """Whether a word names people or places."""
    return word.lower() in known_names() or word.lower() in listed("places")


def _replied(text: str, details: Sequence[Detail]) -> Detail | None:
    lead = _LEAD.match(text)
    start = lead.end() if lead else 0
    if _REFUSED.match(text[start:]) or _REFUSED.match(text):
        return None
    end = min([one.start for one in details if one.start >= start] + [len(text)])
    body = re.split(r"[,;\n(!]|\.(?= )| - | but | and we | and i ", text[start:end], maxsplit=1)[0]
    legal = _AFTER_COMMA.match(text, start + len(body))
    body = _trimmed(text[start : legal.end()] if legal and _is_legal_form(legal["form"]) else body)
    if not body or len(body.split()) > _MOST or any(one.start <= start < one.end for one in details):
        return None
    return Detail("company", body, start, start + len(body))


def _at(text: str, position: int, details: Sequence[Detail], *, sure: bool = False) -> Detail | None:
    """The company's name that begins here: capitalized words, or rare ones where nothing is capitalized."""
    article = _ARTICLE.match(text, position)
    start = article.end() if article else position
    run: list[re.Match[str]] = []
    while len(run) < _MOST and (word := _next(text, run[-1].end() if run else start, first=not run)):
        if any(one.meets(*word.span()) for one in details) or not _continues(
            [one.group() for one in run], word.group()
        ):
            break
        run.append(word)
    while run and run[-1].group().lower() in _INNER:
        run.pop()
    words = [one.group() for one in run]
    if _in_domain(words, details, Claim.NONE) and not _in_domain(words, details):
        return None
    start = position if article and article.group() == "The " else start
    return _named(text, start, run[-1].end(), words, sure=sure or _in_domain(words, details)) if run else None


def _next(text: str, end: int, *, first: bool) -> re.Match[str] | None:
    """The next word of a name; only a legal form stands behind a comma: "7th & Vine, Inc."."""
    if not first and (legal := _AFTER_COMMA.match(text, end)) and _is_legal_form(legal["form"]):
        return _WORD.match(text, legal.start("form"))
    return _WORD.match(text, end + (not first and text[end : end + 1] == " "))


def _continues(words: Sequence[str], word: str) -> bool:
    """Whether a company's name that begins with these words has this one, too."""
    plain = word.strip(".").lower()
    company_word, ends_names = _is_company_word(word), plain.partition("'")[0] in listed("after_companies")
    if not words:
        return plain not in listed("after_companies")
    if words[-1].endswith(".") and not company_word:
        return plain in _FOREIGN if _is_legal_form(words[-1]) else len(words[-1]) <= _ABBREVIATION and not ends_names
    if _is_lower(words[0]):
        return plain not in listed("after_companies") or plain == "and"
    if plain in _INNER or (company_word and word[0].isupper()):
        return True
    return not ends_names and (word[0].isupper() or word[0].isdigit() or company_word)


def _is_lower(word: str) -> bool:
    return word.islower() and not any(character.isdigit() for character in word)


def _named(text: str, start: int, end: int, words: Sequence[str], *, sure: bool) -> Detail | None:
    """The company of these words, unless they name a place, a person, a role or a time."""
    plain = [word.strip(".").lower() for word in words]
    if len(text[start:end]) < 2 or text[end : end + 2] == "'s" or _TIME.match(text, start):
        return None
    if plain[0] in listed("places") and len(words) <= _PLACE_SIZE and not _is_company_word(words[-1]) and not sure:
        return None
    if (
        len(words) == 1
        and not sure
        and _is_lower(words[0])
        and get_close_matches(plain[0], listed("places"), 1, _ALIKE)
    ):
        return None
    if len(words) == 1 and (
        (plain[0] in known_names() and not sure)
        or re.fullmatch(_ROLE, plain[0])
        or _is_legal_form(plain[0])
        or (_is_lower(words[0]) and _is_company_word(plain[0]))
    ):
        return None
    if not sure and all(word in known_names() for word in plain):
        return None
    if (
        _is_lower(words[0])
        and not sure
        and not _is_company_word(words[-1])
        and not commonest(EVERYDAY).isdisjoint(plain)
    ):
        return None
    return Detail("company", _trimmed(text[start:end]), start, end) if re.search(r"[^\W\d_]", text[start:end]) else None


def _suffixed(text: str, taken: Sequence[Detail]) -> Detail | None:
    """Words of which one is as in companies' names: "Ferrous Bay Logistics Ltd"."""
    for start, end in segments(text, taken):
        words = list(_TOKEN.finditer(text, start, end))
        first, last = _suffixed_run([word.group() for word in words], taken)
        if first == last:
            continue
        begin = words[first].start()
        lead = text[start:begin]
        stands = not presented(text, begin) and (not lead or (_LEADS_TO.search(lead) and not _OF_OTHERS.search(lead)))
        if stands and not _WITH_ROLE.search(text, begin, end) and (found := _at(text, begin, taken, sure=True)):
            return found
    return None


def _suffixed_run(words: Sequence[str], taken: Sequence[Detail]) -> tuple[int, int]:
    """Which words, from the first to the last, are a company's name for one that is as in companies' names; or (0, 0)."""
    last = max((number for number, word in enumerate(words) if _is_company_word(word)), default=0)
    first = last
    while first and (
        words[first - 1][0].isupper() or words[first - 1].lower() in _INNER or not words[first - 1][0].isalpha()
    ):
        first -= 1
    while first < last and words[first].lower() in _INNER:
        first += 1
    written_small = 0 < last == len(words) - 1 < _MOST and " ".join(words).islower()
    if written_small and (_is_legal_form(words[-1]) or _in_domain(words[:1], taken)):
        return 0, last
    return (first, last) if first < last and not words[first].lower().startswith(("i'", "we'")) else (0, 0)


def _is_legal_form(word: str) -> bool:
    return word.strip(".,").lower() in listed("legal_forms")


def _is_company_word(word: str) -> bool:
    return _is_legal_form(word) or word.strip(".,").lower() in listed("company_words")


def _capitalized(words: Sequence[str]) -> bool:
    return not words[0].lower().startswith(("i'", "we'")) and all(
        word[0].isupper() or word.lower() in _INNER or not word[0].isalnum() for word in words
    )


def _signed(text: str, name: Detail | None, details: Sequence[Detail]) -> Detail | None:
    """What follows the name, or the role after it, on a card; or what stands before the name there."""
    taken = [*details, *([name] if name else [])]
    places = list(segments(text, taken))
    begin = name.end if name else next((end for start, end in places if _is_role(text, start, end)), None)
    if begin is None:
        return None
    following = [place for place in places if place[0] >= begin][:2]
    for start, end in following:
        words = text[start:end].split()
        between = text[begin:start]
        if "." in between.strip() and not between.startswith(".") or len(between) > _A_LINE:
            break
        title = len(words) == 1 and words[0].lower() in commonest(EVERYDAY) and not _in_domain(words, details)
        if title or _WITH_ROLE.search(text, start, end) or (name and text[start:end] == name.value):
            continue
        on_a_card = any(0 < one.start - end <= _GAP for one in details)
        if _in_domain(words, details) or (on_a_card and len(words) > 1 and _is_company_word(words[-1])):
            return _at(text, start, taken, sure=True)
        if _is_on_card(words) or (
            _capitalized(words) and (on_a_card or _in_domain(words, details)) and len(words) == 1
        ):
            return _at(text, start, taken)
        break
    if name and (before := [one for one in places if one[1] <= name.start and not _ASK.fullmatch(text, *one)][-1:]):
        start, end = before[0]
        if (
            not text[:start].strip()
            and _is_on_card(text[start:end].split())
            and not _WITH_ROLE.search(text, start, end)
        ):
            return _at(text, start, taken)
    return None


def _is_on_card(words: Sequence[str]) -> bool:
    """Whether these are several capitalized words, of which none begins anything but names."""
    return (
        len(words) > 1
        and _capitalized(words)
        and not any(word.strip(".,").lower() in listed("no_names") for word in words[words[0] == "The" :])
    )


def _is_role(text: str, start: int, end: int) -> bool:
    """Whether a segment is the visitor's role: "I'm the COO"."""
    found = _WITH_ROLE.search(text, start, end) is not None and not _OF_OTHERS.search(text, start, end)
    return found and len(text[start:end].split()) <= _ROLE_SIZE


def _in_domain(words: Sequence[str], details: Sequence[Detail], claim: Claim | None = None) -> bool:
    """Whether the visitor's address, or one of a claim, confirms that these words name its owner's company."""
    together = "".join(filter(str.isalnum, "".join(words[words[:1] == ["The"] :]).lower()))
    domains = [
        one.value.rpartition("@")[2].replace("-", "")
        for one in details
        if one.field == "email" and (one.claim if claim is None else one.claim is claim)
    ]
    return len(together) >= _TELLING and any(domain.startswith(together) for domain in domains)


def _trimmed(value: str) -> str:
    value = value.strip(" ,;")
    return value if _ABBREVIATED.search(value) else value.rstrip(".")
