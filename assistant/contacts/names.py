"""People's names in a message: with which a visitor introduces themselves, or that stand by their address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.contacts.detail import Claim, Detail, presented
from assistant.contacts.lexicon import known_names, listed
from assistant.nlu.spelling import EVERYDAY, commonest

_SURELY = re.compile(
    r"\b(?:my (?:full |first |real )?name(?:'s| is| =|:)|(?<!company )(?<!firm )(?<!business )(?<!his )(?<!her )(?<!their )(?:full |first |your |contact )?name(?:'s| is| was| ?[:=-])|name(?= (?-i:[A-Z]))|(?:talking|speaking) (?:to|with)(?= (?-i:[A-Z]))|tell (?:him|her|them|(?:your|the) (?:team|boss|people))(?= (?-i:[A-Z]))|put me down as|mi nombre es|ich hei(?:ß|ss)e|меня зовут|me llamo|calls? me|i'm called|i am called|i go by"
    r"|attn:?|my (?:contact )?(?:details|info)(?: are)?[.:]|(?:for the )?attention of|contact person:?|contact:|ansprechpartner(?: bin ich)?[:,]?|mein name ist|je m'appelle|moi,? c'est|mi chiamo|il mio nome è|(?:meu|o meu) nome é|(?:eu )?me chamo|ik heet|mijn naam is|j[ae]g (?:heter|hedder)|mitt namn är|nazywam się|mam na imię)\s(?:is )?(?:spelled |spelt )?",
    re.I,
)
_LIKELY = re.compile(
    r"\b(?P<i>i'm|im|i am|ich bin|je suis|soy|sono|myself,?|it's me,?|(?:that's|thats) me,?|is me[.,]|still|me is)\s|\b(?P<it>this is|it's|its|it is|here is|here's|that's)\s(?:(?:u[hm]+|er+m?),? )?",
    re.I,
)
_HERE = re.compile(
    r"(?:^|[.,;!?\n])[!, ]{0,3}(?:(?:hi|hey|hiya|hello|there|all|yes|yeah|so|ok|okay|well|sure|um|good (?:morning|afternoon|evening|day))\b[!, ]{1,3}){0,3}(?P<name>[^\W\d_][^\n.,;!?@:\d]{0,40}?),?(?: from [^\n.,;!?@:\d]{1,30}?)? (?:here|speaking|calling|again|(?:on )?this side)\b(?!'s)",
    re.I,
)
_GREETING = re.compile(
    r"^(?:hi|hey|hello|good (?:morning|afternoon|evening|day))(?: there| all)?[,.!] (?P<name>[A-Z][\w'-]{1,30}(?: [A-Z][\w'-]{1,30}){1,2}), (?=(?:i|we|i'm|i've|we're|my|our)\b)",
    re.I,
)
_FROM_COMPANY = re.compile(
    r"^(?:(?i:hi|hey|hello)(?: [A-Z]\w+)?[,.!]? )?(?P<name>[A-Z][\w'-]{1,30}(?: [A-Z][\w'-]{1,30}| [A-Z]\.)?) (?:from|of|on behalf of) (?:the )?[A-Z][\w'&-]*(?: (?:&|and|[A-Z][\w'&-]*)){0,4}(?: again)?(?:[.,!?;\n]|$)"
)
_WORD = re.compile(r"(?:[^\W\d_]\.){1,3}(?!\w)|[^\W\d_]+(?:['-][^\W\d_]+)*")
_REJECTED = re.compile(r"\bnot $", re.I)
_FROM = re.compile(
    r",? (?:from|at|of|with(?! (?:an? |one |two )?\w\b)|hos|bei|von|chez|@) | (?:or (?:whoever|anyone|someone)|on behalf|here|speaking|again|writing|calling|e-?mail|phone|cell|mobile|mob|tel|ph|number|contact|and I|is my|CEO|CTO|COO|CFO|CIO|VP|Head|Director|Founder|Owner|President|Manager)\b|,? \("
)
_NAMED = re.compile(
    r"(?:^|[.,;!?\n] ?)(?P<name>[^\W\d_][^\n.,;!?@:\d']{0,40}?)(?: is|'s) (?:my|the) name\b(?! (?:of|for)\b)", re.I
)
_REQUESTED = re.compile(
    r"\b(?:call(?: back)?|contact|ring(?: back)?|phone|text|e-?mail|write(?: to)?|message|reach(?: out to)?|speak (?:to|with)|talk (?:to|with)|attention|for|to) (?=(?-i:[A-Z]))"
    r"|\b(?P<ask>ask(?:ing)? for|demander|it'?s for) (?=\w)",
    re.I,
)
_FAMILY = re.compile(r"\b(?:last|family|sur) ?name(?: is|'s|:)? (?!is\b|first\b)([^\W\d_][\w'-]{1,30})", re.I)
_NICKNAME = re.compile(
    r"(?P<given>[A-Z][\w'-]{1,30}) [(\"](?P<nick>[A-Z][\w'-]{1,30})[)\"] (?P<family>[A-Z][\w'-]{1,30})"
)
_BESIDE = re.compile(
    r"(?<![\w'])([A-Z][\w-]{1,30}(?: [A-Z][\w-]{1,30})?)(?: at| on| is|'s [a-z-]{4,8}(?: is| at)?)?[\s,:(<]{1,3}$"
)
_PAIR = re.compile(r"(?<![\w'.@-])(?=([^\W\d_]{2,30}) ([^\W\d_][\w-]{1,30})(?![\w'@]))")
_ENDS = re.compile(r"[,.;!\n]|$| (?:from|at|here|and (?:i|my)|with)\b", re.I)
_IN_DOUBT = re.compile(r",? ?(?:right|isn't it|ok|correct)? ?\?", re.I)
_FOLLOWED = re.compile(r" (?:here|speaking|on behalf|from|at|with|of|over at)\b|,? ?\(|, (?:from|with|at)\b", re.I)
_RANK = r"(?:sgt|lt|cpt|capt|cmdr|rev)\b\.?(?: (?:major|colonel|commander|general|col|gen|cmdr)\b)?"
_HONORIFIC = re.compile(
    rf"(?:(?:(?:prof|herr|frau)\b\.? )?(?:mr|mrs|ms|miss|mx|prof|sir|lic|pastor|coach|sister|rabbi|herr|frau|mme|señora?|dr|{_RANK})\b\.?|(?:col|gen|maj|hon|fr)\.)\)? ?(?:\(ret(?:\.|ired)?\) )?",
    re.I,
)
_TITLE = re.compile(r"\b(?P<title>(?:(?i:Dr|Prof)|Mr|Mrs|Ms)\b\.?) $")
_SEPARATORS = re.compile(
    r"[\n,;|()<>•·*=\"]+|(?<!\bA)/|/(?!S\b)|\s[-–]+\s|(?:(?<=\w\w)|(?<=\d))(?<!\b[DMdmSs][rspt])(?<!\b[Mm]rs)(?<!\b[Pp]rof)\.(?=\s|$)|[:!?]+(?=\s|$)|\s--?(?=\w)|^-+"
)
_TAIL = re.compile(r"(?<= )[A-Z][\w'-]{1,30}(?: [A-Z][\w'-]{1,30}){0,2}$")
_LEADS_IN = re.compile(
    r"(?:(?:many |kind |best |warm )?(?:thanks|signed|yours|thank you|thx|ty|cheers|regards|best|ta|rgds|it's|its|ask for|anyway|anyways|hi|hello|hey|and|so|ok|okay|sure|yes|yep|me|mine)[,!:]? ){1,2}(?=\w)",
    re.I,
)
_SIGN_OFF = re.compile(
    r"\b(?:thanks|thank you|thx|cheers|regards|best|sincerely|yours|rgds|br|merci|danke|gracias|saludos|grüßen|cordialement)[\s,!.:]*$",
    re.I,
)
_CLOSING = re.compile(
    r"(?:\b(?:regards|sincerely|faithfully|truly|wishes|grüßen|grüße|cordialement|saludos)|(?:^|\n|[.!?] )(?:all the best|best|cheers|rgds|br|thanks|many thanks|thank you|thx|ta|xx?|love|yours))[ ,!.]{0,3}\n{1,4}(?P<name>[^\n]{2,60})(?=\n|$)"
    r"|(?:^|\n|[.!?] )(?:(?:kind |best |warm )?regards|all the best|best|cheers|rgds), (?P<beside>[^\W\d_][^\n,.:;!?@]{1,40})(?=\n|$)"
    r"|(?:^|\n)(?-i:[A-Z])[^\n.,;:!?]{2,30},\n{1,4}(?P<last>(?-i:[A-Z])[^\n\d@]{2,40})(?=\n|$)|(?:^|\n)sent from [^\n]{2,30}\n+(?P<own>[^\n\d@]{2,40})$"
    r"|(?:^|\n|[.!?] )(?:--?|—|–|~) ?(?P<dash>(?-i:[A-Z])[^\n\d@(,]{2,40}?)(?=\n| \(|,|$)|[.!] (?P<full>(?-i:[A-Z])[^\W\d_]+ (?-i:[A-Z])[\w'-]+)$",
    re.I,
)
_SPELLED = re.compile(r"[^\W\d_](?:-[^\W\d_]){2,20}")
_INITIAL = re.compile(r"(?!w$)(?:[^\W\d_]\.){2,3}|(?!w$)[^\W\d_]?\.?")
_SHAPE = re.compile(r"(?:[^\W\d_]\.){2,3}|[^\W\d_]+(?:['-][^\W\d_]+)*\.?")
_FAMILIAR = 10_000  # of the commonest English words: none is a name by its capital alone
_LABELED = re.compile(
    r"\b(?:co|company|firm|org|organi[sz]ation|title|role|city|topic|subject|re|employer) ?[:=-] ?$|\b(?:business|company|firm|agency|practice|shop|start-?up), ?$",
    re.I,
)
_REACH = 30  # characters before a name that tell what it is
_LEAD = re.compile(
    r"\W*(?:(?:sure|ok|okay|yes|yeah|well|hi|it's|its|it is|i'm|i am|im|this is|that's|just|my name is|name is|the name's)\b[\s,:]*){0,4}",
    re.I,
)
_SWAPPED = re.compile(r"([A-Z][\w'-]{1,30}), ([A-Z][\w'-]{1,30})\.?(?: \((?:Mrs?|Ms|Miss|Mx|Dr|Prof)\.?\))?")
_MOST = 5  # words
_TELLING = 4  # letters of a name that are no coincidence in an address
_ADJECTIVE = re.compile(r"(?:ly|ian|ish|ese)$")  # of unknown words: "Hypothetically speaking", "I'm Swabian"
_ACRONYM_FIRST = re.compile(r"[A-Z]{2,}-")
_ACRONYM = 3  # letters, as of a country
_SHORT = 2  # letters of what is no name in small letters, unless it is known
_OF_COMPANIES = ("company_words", "legal_forms")
_NO_PEOPLE = ("no_names", *_OF_COMPANIES)
_ROLE_AFTER = re.compile(r", (?:the )?(?:(?:co-?)?owner|(?:co-?)?founder|director|president|manager|c[a-z]o)\b", re.I)
_GAP = 12  # characters between a name and the address to reach it at
_NEAR = 3  # segments between a name and the address that it belongs to


def introduced(text: str) -> Detail | None:
    """The name with which a visitor introduces themselves: "I'm Jane", "this is Tom from …"."""
    found = _introduced(text)
    return in_full(text, found) if found else None


def in_full(text: str, found: Detail) -> Detail:
    """A name that is said again in full: "I'm O'Brien. Declan O'Brien.", "Anders, surname Holm"."""
    if " " in found.value:
        return found
    for nick in _NICKNAME.finditer(text):
        if found.value in (nick["given"], nick["nick"]):
            return Detail("name", f"{nick['given']} {nick['family']}", *nick.span())
    family = _FAMILY.search(text)
    if family and family[1].lower() != found.value.lower():
        return Detail("name", f"{found.value} {family[1]}", found.start, found.end)
    once, word = re.escape(found.value), r"[^\W\d_][\w'-]{1,30}"
    for again in re.finditer(
        rf"(?<![\w'])(?:[A-Z][\w'-]{{1,30}} {once}|(?i:{once})(?: {word}){{1,2}})(?=[.,;!\n)]|$)", text
    ):
        if again.end() != found.end and _is_name(again.group()):
            return _detail(text, *again.span())
    return found


def _introduced(text: str) -> Detail | None:
    for match in _SURELY.finditer(text):
        if found := _name_at(text, match.end(), sure=True):
            return found
    for match in _LIKELY.finditer(text):
        if (found := _name_at(text, match.end(), sure=False)) and _introduces(text, found, it=match["it"] is not None):
            return found
    for match in _NAMED.finditer(text):
        if _is_name(match["name"]):
            return _detail(text, *match.span("name"))
    for match in (*_HERE.finditer(text), *_GREETING.finditer(text)):
        found = _name_at(text, match.start("name"), sure=False)
        if found and found.end == match.end("name") and _is_person(text[found.start : found.end]):
            return found
    opening = _FROM_COMPANY.match(text)
    if opening and _is_known(opening["name"].split()[0].lower()):
        return _detail(text, *opening.span("name"))
    for match in _CLOSING.finditer(text):
        place = match.span(match.lastgroup or 0)
        words = text[slice(*place)].split()
        if _is_name(" ".join(words)) and (match.lastgroup != "full" or _is_known(words[0].lower())):
            return _detail(text, *place)
    return None


def _is_person(name: str) -> bool:
    """Whether what stands before "here" is no "Everybody" or "Finance"."""
    words = [word for part in name.split() for word in part.lower().split("-")]
    if any(map(_is_known, words)):
        return True
    return not _ADJECTIVE.search(name) and (
        len(name) > _ACRONYM and not any(word in commonest(EVERYDAY) for word in words)
    )


def signed(text: str, details: Sequence[Detail], others: frozenset[str]) -> Detail | None:
    """The name that stands by a visitor's own address or number, or under the message."""
    own = [one for one in details if one.claim]
    places = [_after_lead(text, *place) for place in segments(text, details)]
    whole = [place for place in places if _is_name(text[slice(*place)]) and not _is_labeled(text, place[0])]
    heads = [
        (head.start, head.end)
        for start, end in places
        if (head := _name_at(text, start, sure=True))
        and head.end < end
        and _is_name(head.value)
        and _FROM.match(text, head.end)
    ]
    tails = [(tail.start(), end) for start, end in places if (tail := _TAIL.search(text, start, end))]
    in_address = [place for place in places + tails if _is_in_address(text[slice(*place)], own)]
    in_address += _confirmed(text, own)
    best = max(
        (
            place
            for place in [*in_address, *whole, *heads]
            if (place in in_address or _stands_by(text, *place, own))
            and not _by_others(text, *place, details)
            and not presented(text, place[0])
            and not _REJECTED.search(text, 0, place[0])
            and others.isdisjoint(text[slice(*place)].lower().split()[:2])
        ),
        key=lambda place: (place in in_address, _has_known(text[slice(*place)])),
        default=None,
    )
    return _detail(text, *best) if best else None


def _confirmed(text: str, own: Iterable[Detail]) -> Iterator[tuple[int, int]]:
    """The places of two words that are an address before its "@": "Jane Ortiz", of jortiz@…"""
    mailboxes = {re.sub(r"[^a-z]", "", one.value.lower().partition("@")[0]) for one in own if one.field == "email"}
    for pair in _PAIR.finditer(text):
        given, family = (word.lower().replace("-", "") for word in pair.groups())
        if mailboxes & {given + family, given[0] + family, family + given} and not any(
            one.meets(*pair.span(1)) for one in own
        ):
            yield pair.start(1), pair.end(2)


def requested(text: str, details: Sequence[Detail]) -> Detail | None:
    """The name of whom to ask for at the visitor's address or number: "contact Jane Ortiz at …"."""
    for match in _REQUESTED.finditer(text):
        found = _name_at(text, match.end(), sure=False)
        if match["ask"] and found and (text[found.start].isupper() or _is_known(found.value.split()[0].lower())):
            return found
        if (
            found
            and text[found.start].isupper()
            and any(one.claim and 0 < one.start - found.end < _GAP for one in details)
        ):
            return found
    return None


def beside_others(text: str, details: Iterable[Detail]) -> Iterator[Detail]:
    """The names by which other people's addresses and numbers stand, to be masked."""
    for one in details:
        before = _BESIDE.search(text[max(one.start - 2 * _REACH, 0) : one.start])
        if not one.claim and before and before[1].split()[0].lower() in known_names():
            start = max(one.start - 2 * _REACH, 0) + before.start(1)
            yield Detail("name", before[1], start, start + len(before[1]), Claim.NONE)


def replied(text: str) -> Detail | None:
    """The name in the reply to the question for it."""
    lead = _LEAD.match(text)
    start = lead.end() if lead else 0
    swapped = _SWAPPED.fullmatch(text, start)
    if swapped and not any(word.lower() in listed("no_names") for word in swapped.groups()):
        return Detail("name", f"{swapped[2]} {swapped[1]}", *swapped.span())
    found = _name_at(text, start, sure=True)
    after = text[found.end :].lstrip() if found else ""
    ends = not after or not after[0].isalnum() or (found is not None and _FOLLOWED.match(text, found.end) is not None)
    return found if found and (ends or found.value.split()[0].lower() in known_names()) else None


def segments(text: str, details: Iterable[Detail] = ()) -> Iterator[tuple[int, int]]:
    """The places of what separators and details part, as in a signature."""
    cuts = sorted([*(match.span() for match in _SEPARATORS.finditer(text)), *((one.start, one.end) for one in details)])
    begin = 0
    for start, end in [*cuts, (len(text), len(text))]:
        piece = text[begin:start]
        if piece.strip(" .\n"):
            left = begin + len(piece) - len(piece.lstrip(" .\n"))
            yield left, begin + len(piece.rstrip())
        begin = max(begin, end)


def _after_lead(text: str, start: int, end: int) -> tuple[int, int]:
    """A segment without the thanks or the greeting before a name."""
    lead = _LEADS_IN.match(text, start, end)
    return (lead.end() if lead else start), end


def _is_labeled(text: str, start: int) -> bool:
    """Whether a label says that what starts here is something else."""
    return _LABELED.search(text[max(start - _REACH, 0) : start]) is not None


def _has_known(segment: str) -> bool:
    return any(word.lower() in known_names() for word in segment.split())


def _is_in_address(segment: str, details: Sequence[Detail]) -> bool:
    """Whether a short capitalized segment has a word of an address before its "@", as names do."""
    words = segment.split()
    if not 0 < len(words) <= _MOST or not all(_SHAPE.fullmatch(word) for word in words):
        return False
    mailboxes = [one.value.lower().partition("@")[0] for one in details if one.field == "email"]
    if any(word.lower() in listed("no_names") for word in words):
        return False
    if not all(word[0].isupper() or word in listed("particles") for word in words):
        return len(words) == 1 and any(words[0] in re.split(r"[._+-]", mailbox) for mailbox in mailboxes)
    return any(
        word.lower() in re.split(r"[._+-]", mailbox) or (len(word) >= _TELLING and word.lower() in mailbox)
        for word in words
        for mailbox in mailboxes
    )


def _introduces(text: str, found: Detail, *, it: bool) -> bool:
    """Whether it is a name for certain: known, or rare and followed as names are."""
    words = found.value.lower().split()
    if text[found.end : found.end + 2] == "'s" or _IN_DOUBT.match(text, found.end):
        return False
    followed = _FOLLOWED.match(text, found.end) is not None
    if words[0] in known_names() or (words[0] in listed("words_and_names") and text[found.start].isupper()):
        return True
    rare = words[0] not in commonest(EVERYDAY)
    if len(words) == 1 and _ADJECTIVE.search(words[0]):
        return False
    if it:
        several = len(words) > 1 and any(_is_known(word) or word not in commonest(EVERYDAY) for word in words)
        ends = re.match(r"\W*$|[.,] ", text[found.end :]) is not None
        unusual = followed and words[0] not in commonest(_FAMILIAR)
        return (
            (text[found.start].isupper() and (followed or several or (rare and ends))) or (several and ends) or unusual
        )
    return text[found.start].isupper() and (rare or followed or len(words) > 1)


def _name_at(text: str, position: int, *, sure: bool) -> Detail | None:
    """The longest run of words from here that can be a name."""
    title = _HONORIFIC.match(text, position)
    position = title.end() if title else position
    words: list[re.Match[str]] = []
    while len(words) < _MOST:
        gap = words[-1].end() + 1 if words else position
        word = _WORD.match(text, gap) if not words or text[gap - 1 : gap] == " " else None
        if (
            word is None
            or not _can_be_named(word)
            or not (_goes_on(words, word, sure=sure) if words else _begins(word, sure=sure or title is not None))
        ):
            break
        words.append(word)
    while words and words[-1].group() in listed("particles"):
        words.pop()
    kinds = ("legal_forms",) if sure or not words or _is_known(words[0].group().lower()) else _OF_COMPANIES
    if any(word.group().lower().strip(".") in listed(kind) for word in words[1:] for kind in kinds):
        return None
    named = bool(words) and words[-1].end() - position > 1
    return _detail(text, position, words[-1].end()) if named else None


def _can_be_named(word: re.Match[str]) -> bool:
    """Whether a word can stand in a name; one that goes on with a sign or a digit is an address or a product."""
    text, end, plain = word.string, word.end(), word.group().lower()
    goes_on = text[end : end + 1] in ("@", "_", "&", "%") or text[end : end + 1].isdigit()
    return not (
        plain.endswith(("'s", "n't"))
        or _ACRONYM_FIRST.match(word.group())
        or plain in listed("no_names")
        or goes_on
        or (text[end : end + 1] == "." and text[end + 1 : end + 2].isalnum())
    )


def _begins(word: re.Match[str], *, sure: bool) -> bool:
    """Whether a name can begin with this word; in small letters, only a known or a rare one."""
    plain = word.group().lower()
    if not (word.group().islower() or word.string.isupper()) or _is_known(plain):
        return True
    following = _WORD.match(word.string, word.end() + 1)
    if plain in listed("particles") and following and following.group().istitle():  # "de Vries"
        return True
    long_enough = len(plain) > _SHORT
    return (
        plain not in commonest(EVERYDAY) and long_enough and (sure or _ENDS.match(word.string, word.end()) is not None)
    )


def _goes_on(words: Sequence[re.Match[str]], word: re.Match[str], *, sure: bool) -> bool:
    """Whether a name that begins with these words has this one, too."""
    plain, text = word.group().lower(), word.string
    lower = words[0].group().islower() or text.isupper()
    if plain in listed("particles"):
        following = _WORD.match(text, word.end() + 1)
        return bool(
            following and following.group().lower() not in listed("no_names") and not following.group().isupper()
        )
    if plain in known_names() or words[-1].group().lower() in listed("particles") or len(plain.strip(".")) == 1:
        return True
    if lower:
        ends = _ENDS.match(text, word.end()) is not None
        return plain not in commonest(EVERYDAY) or (ends and (sure or plain not in commonest(_FAMILIAR)))
    return not word.group().islower() or plain in listed("words_and_names")


def _is_name(segment: str) -> bool:
    """Whether a whole segment has the shape of a name."""
    title = _HONORIFIC.match(segment)
    segment = segment[title.end() :] if title else segment
    words = [word for word in segment.split() if word not in listed("particles") and not _is_initial(word)]
    if not 0 < len(words) <= len(segment.split()) <= _MOST or not all(map(_SHAPE.fullmatch, words)):
        return False
    first, *others = (word.strip(".").lower() for word in words)
    if any(word in listed(kind) for word in (first, *others) for kind in _NO_PEOPLE):
        return False
    if title:
        return True
    if segment.isupper() and len(segment) <= _ACRONYM:
        return False
    if segment.islower():
        if len(words) > 1 and all(word not in commonest(EVERYDAY) for word in (first, *others)):
            return True
        rare = all(_is_known(word) or word not in commonest(EVERYDAY) for word in others)
        return (_is_known(first) and rare) or (first not in commonest(EVERYDAY) and any(map(_is_known, others)))
    return all(word[0].isupper() for word in words) and (_is_known(first) or first not in commonest(_FAMILIAR))


def _is_initial(word: str) -> bool:
    return _INITIAL.fullmatch(word) is not None and word.strip(".").lower() not in listed("legal_forms")


def _is_known(word: str) -> bool:
    return word in known_names() or word in listed("words_and_names")


def _stands_by(text: str, start: int, end: int, own: Sequence[Detail]) -> bool:
    """Whether a segment is next to a detail or a role, after a sign-off, or the last."""
    if not text[end:].strip(" .!)\n") or _SIGN_OFF.search(text[max(start - _REACH, 0) : start]):
        return True
    if _ROLE_AFTER.match(text, end):
        return True
    for one in own:
        between = text[end : one.start] if end <= one.start else text[one.end : start]
        if len(between) < 160 and len(_SEPARATORS.findall(between)) <= _NEAR + between.count("\n") * 2:
            return True
    return False


def _by_others(text: str, start: int, end: int, details: Sequence[Detail]) -> bool:
    """Whether the next detail is somebody else's."""
    following = next((one for one in details if one.start >= end), None)
    return following is not None and not following.claim and following.start - end < 4


def _detail(text: str, start: int, end: int) -> Detail:
    """The name at this place; a title belongs to it only where the given name is missing."""
    honorific = _HONORIFIC.match(text, start, end)
    start = honorific.end() if honorific else start
    start += len(text[start:end]) - len(text[start:end].lstrip(" .,-"))
    value = text[start:end].strip()
    if _SPELLED.fullmatch(value):
        value = value.replace("-", "").title()
    elif value.islower() or (value.isupper() and len(value) > 3):
        value = value.title()
    before = text[max(start - _REACH, 0) : start]
    if " " not in value and (title := _TITLE.search(before)):
        start, value = start - len(title.group()), f"{title['title'].capitalize()} {value}"
    return Detail("name", value, start, end)
