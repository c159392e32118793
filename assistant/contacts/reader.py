"""Reads a visitor's contact from a message, and masks it.

Addresses and numbers are found by rules, because their forms are regular; whose they are, and what else is the
visitor's, was learned from examples.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.contacts.addresses import suggestion
from assistant.contacts.contact import Contact
from assistant.contacts.detail import Detail
from assistant.contacts.lexicon import known_names
from assistant.contacts.reading import Reading
from assistant.contacts.tagger import Span, tagger
from assistant.contacts.tokens import Token, tokens
from assistant.nlu.budget import readable
from assistant.nlu.company_facts.plain_text import plain_letters

_MASKED = ("name", "email", "phone", "company")
_TITLE = re.compile(
    r"(?:(?:(?:mr|mrs|ms|miss|mx|dr|prof|professor|rev|sr|sgt|lt|capt|captain|cpt|colonel|pastor|father|sister|rabbi|judge"
    r"|chief|coach|herr|frau|mme|señora?|it's|its)\b\.?|(?:gen|col|hon|fr|maj|ret)\.),? |\(ret\.\) )+",
    re.I,
)
_AFTER_NAME = re.compile(r",? (?:cpa|esq|phd|md|rn|dds|pe|mba|hr|it|c[a-z]o|vp)\b\.?$|'s$", re.I)
_HESITATION = re.compile(r"^(?:u[hm]+|er+m?),? ", re.I)
_SWAPPED = re.compile(r"([^\W\d_][\w'-]+), ([^\W\d_][\w'-]+)")
_SPELLED = re.compile(r"[^\W\d_](?:-[^\W\d_]){2,20}")
_ABBREVIATED = re.compile(r"(?:\b(?:inc|ltd|co|corp|pvt|pty|bros|teo|sp)|\.\w)\.$", re.I)
_BESIDE = re.compile(
    r"(?<![\w'])([A-Z][\w-]{1,30}(?: [A-Z][\w-]{1,30})?)(?: at| on| is|'s [a-z-]{4,8}(?: is| at)?)?[\s,:(<]{1,3}$"
)
_EDGE = 100  # tokens: each costs a tenth of a millisecond
_REACH = 60  # characters before an address in which its owner's name stands


def read(text: str, asked: str | None = None) -> Reading:
    """The contact in a message.

    Args:
        text: the message.
        asked: the field of ``Contact`` that the open question asks for, if one does.
    """
    said = plain(text)
    found = tokens(said, asked)
    spans = _spans(said, found, asked)
    own = [_detail(said, found, one) for one in sorted(spans, key=_preference)]
    contact = Contact(**{one.field: one.value for one in own})
    reachable = [one.detail for one in found if one.detail]
    personal = [*reachable, *(one for one in own if one not in reachable)]
    if not personal:
        return Reading(contact, text)
    beside = [one for one in _beside(said, reachable) if not any(one.meets(d.start, d.end) for d in personal)]
    return Reading(contact, _masked(said, [*personal, *beside]), suggestion(contact.email) if contact.email else None)


def plain(text: str) -> str:
    """The message in plain letters, on lines without doubled spaces."""
    return re.sub(r"[^\S\n]+", " ", plain_letters(readable(text))).strip()


def _spans(text: str, found: Sequence[Token], asked: str | None) -> list[Span]:
    """What is the visitor's: of a long message in its beginning and end, where people introduce themselves and sign."""
    if len(found) <= 2 * _EDGE:
        return tagger().spans(text, found, asked) if found else []
    head, tail = found[:_EDGE], found[-_EDGE:]
    begin, skipped = tail[0].start, len(found) - _EDGE
    signed = [replace(one, start=one.start - begin, end=one.end - begin) for one in tail]
    last = tagger().spans(text[begin:], signed, None)
    return [
        *tagger().spans(text[: head[-1].end], head, asked),
        *(replace(one, first=one.first + skipped, last=one.last + skipped) for one in last),
    ]


def _preference(span: Span) -> tuple[float, int]:
    """Of several details of a field, the last in this order counts."""
    return span.probability, -span.first


def _detail(text: str, found: Sequence[Token], span: Span) -> Detail:
    if one := found[span.first].detail:
        return one
    start, end = found[span.first].start, _word_end(text, found[span.last - 1].end)
    if span.field == "name":
        return _name(text, start, end)
    value = _HESITATION.sub("", text[start:end].strip(" ,;:-"))
    return Detail(span.field, value if _ABBREVIATED.search(value) else value.rstrip("."), start, end)


def _word_end(text: str, end: int) -> int:
    """Where the word ends of which a token is a part: "the 14" of "the 14th"."""
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return end


def _name(text: str, start: int, end: int) -> Detail:
    """The name at this place, in capitals as names have them, without titles."""
    title = _TITLE.match(text, start, end)
    start = title.end() if title else start
    value = _AFTER_NAME.sub("", text[start:end].strip(" ,-"))
    value = _SWAPPED.sub(r"\2 \1", value if value[-2:-1].isupper() else value.rstrip("."))
    if _SPELLED.fullmatch(value):
        value = value.replace("-", "").title()
    elif value.islower() or (value.isupper() and len(value) > 3):
        value = value.title()
    return Detail("name", value, start, end)


def _beside(text: str, details: Iterable[Detail]) -> Iterator[Detail]:
    """The names beside addresses and numbers, to be masked although they are somebody else's."""
    for one in details:
        begin = max(one.start - _REACH, 0)
        before = _BESIDE.search(text[begin : one.start])
        if before and before[1].split()[0].lower() in known_names():
            yield Detail("name", before[1], begin + before.start(1), begin + before.end(1))


def _masked(text: str, details: Iterable[Detail]) -> str:
    """The text without its personal details, also where it repeats a name."""
    personal = [one for one in details if one.field in _MASKED]
    for one in sorted(personal, key=lambda one: one.start, reverse=True):
        text = f"{text[: one.start]}[{one.field}]{text[one.end :]}"
    for one in personal:
        if one.field in ("name", "company"):
            text = re.sub(rf"(?<![\w\[]){re.escape(one.value)}(?!\w)", f"[{one.field}]", text)
    return text
