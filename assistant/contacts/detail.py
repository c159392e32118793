"""A personal detail in a message: what, where and whose."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

_REACH = 80  # characters before a detail that tell whose it is
_SENTENCE_END = re.compile(r"[.!?]\s|\n")
_CLAUSE_END = re.compile(r"[,;]\s| - | but | now | so |(?<!n't)(?<!not)(?<!dont)(?:\s|^)(?=use )")
_PEOPLE = (
    r"colleagues?|co-?workers?|boss|manager|assistant|wife|husband|spouse|partner|co-?founder|cto|ceo|cfo|coo|cio|caio|vp|intern|m\.?d"
    r"|developer|dev|admin|secretary|accountant|lawyer|attorney|friend|brother|sister|son|daughter|dad|mom|mum|director"
    r"|vendor|supplier|client|customer|landlord|(?:it|tech|ops|sales|hr) (?:guy|person|lead|team|manager)|head of \w+|lead|user|prospect|visitor"
)
_WAYS = r"(?:e-?mail|mail|address|number|cell|phone|mobile|line|desk)"
_OTHERS = re.compile(
    rf"(?<!/)\b(?:his|hers?|theirs?|him)\b(?!/)|\b(?:page|website|example|e\.g|types?|invoices?|(?-i:bills?))\b"
    rf"|\b(?:my|our) (?:\w+ )?(?:{_PEOPLE})\b|\b(?:the|an?) (?:vendor|supplier|client|customer|lead|user|prospect|visitor|intern)\b"
    r"|\byour (?:\w+ )?(?:e-?mail|mail|address|number|phone|line|page|site|website|team|office|inbox|company|desk|reception)\b"
    r"|\b(?:cc|bcc|cc'd|copy|copying|loop|looping|forward|forwarded|fwd)\b"
    rf"|\b(?!(?:it|that|what|here|name|mail|email|number|there|he|she|let|cell|phone|mobile|one|best|who|today)'s)[^\W\d_]+'s(?=:? ?$| (?:\w+ ){{0,2}}?{_WAYS}\b)"
    r"|\bi (?:already )?(?:wrote|e-?mailed|called|tried|texted|contacted)\b|\b(?:e-?mail|call|text|spam|message) from\b|(?<!^)\bfrom ?:|\b(?:unsubscribe|block|e-?mailed)\b"
    r"|\bbelong(?:s|ed) to\b",
    re.I,
)
_ASKING = re.compile(r"(?:who|how|why|what|which|where|is|are|does|did|should)\b(?! about)[^,;:(]*$", re.I)
_OWN = re.compile(
    r"\b(?:me|mine|myself|i use|i check|use|try|i'm|i am|this is)\b(?: (?:just |only |also )?(?:his|her|their|the|an?|[^\W\d_]+'s) (?:\w+ )?[^\W\d_]+)?"
    rf"|\bmy (?!old|former)(?:[\w-]+ ){{0,2}}?(?:{_WAYS}|inbox|contact|info|details|name|#)",
    re.I,
)
_REJECTED = re.compile(
    r"\b(?:not|don't|dont|do not|never|instead of|rather than|no longer|old|former|formerly|previous|used to be|dead|bounces|stop using|ignore|forget|except|fax)\b",
    re.I,
)
_REJECTED_AFTER = re.compile(
    r"[)>\s,.:;-]{0,3}(?:\(?(?:don't|dont|do not|never|please don't) use|(?:oh )?(?:wait|no|sorry|oops|actually)\b[^.!?\n]{0,20}\b(?:old|wrong|former)"
    r"|(?:that one|that|which|this one|it)?(?:'s| is| was)? ?(?:now )?(?:dead|my old|the old|old|wrong|bounces|bouncing|no longer|outdated|not mine)\b|told|says?|said|sent|wrote|keeps|asked|\(fax\))",
    re.I,
)
_PREFERRED_AFTER = re.compile(
    r"[)\s,]{0,2}(?:<-+ ?|← ?)?(?:(?:is|works) )?(?:the |my )?(?:better|best|preferred|main|this one)\b", re.I
)
_CORRECTED = re.compile(
    r"\b(?:sorry|oops|correction|i mean|i meant|typo|rather|should be|make that)\b[^.!?\n]{0,20}$", re.I
)
_LINKS = frozenset(
    [
        "'s",
        "s",
        "at",
        "is",
        "are",
        "on",
        "via",
        "to",
        "in",
        "under",
        "of",
        "our",
        "the",
        "address",
        "e-mail",
        "email",
        "mail",
        "number",
        "phone",
        "cell",
        "mobile",
        "line",
        "contact",
        "direct",
        "work",
        "him",
        "her",
        "them",
        "handles",
        "uses",
        "would",
        "be",
        "into",
        "-",
        "and",
    ]
)
"""What may stand between the words for somebody else and their address, beside names."""


class Claim(IntEnum):
    """How clearly a detail is the writer's own, and to be used."""

    NONE = 0  # somebody else's, or not to be used
    UNSAID = 1
    SAID = 2
    PREFERRED = 3


@dataclass(frozen=True)
class Detail:
    """A personal detail in a message."""

    field: str  # of Contact
    value: str
    start: int
    end: int
    claim: Claim = Claim.UNSAID

    def meets(self, start: int, end: int) -> bool:
        """Whether it shares a character with this place."""
        return self.start < end and start < self.end


def claim(text: str, start: int, end: int, earlier: Iterable[Detail]) -> Claim:
    """Whose a detail at this place is, by the words around it."""
    if _REJECTED_AFTER.match(text, end):
        return Claim.NONE
    begin = max([start - _REACH, 0, *(one.end for one in earlier if one.end <= start)])
    sentence = _SENTENCE_END.split(text[begin:start])[-1]
    if _REJECTED.search(_CLAUSE_END.split(sentence)[-1]):
        return Claim.NONE
    others = max(
        (match.end() for match in _OTHERS.finditer(sentence) if _leads_to(sentence[match.end() :])), default=-1
    )
    asking = _ASKING.match(sentence.lstrip()) is not None
    own = max((match.end() for match in _OWN.finditer(sentence)), default=-1)
    if own < others or (asking and own < 0):
        return Claim.NONE
    if _PREFERRED_AFTER.match(text, end) or _CORRECTED.search(sentence):
        return Claim.PREFERRED
    return Claim.SAID if own >= 0 else Claim.UNSAID


def _leads_to(words: str) -> bool:
    """Whether nothing but a name and small words stand here."""
    return all(word in _LINKS or word[0].isupper() for word in re.findall(r"[\w'-]+", words))


def chosen(details: Iterable[Detail]) -> Detail | None:
    """The detail that is most clearly the visitor's own; of equals, the first."""
    best = max(details, key=lambda one: one.claim, default=None)
    return best if best and best.claim else None
