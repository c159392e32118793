"""What prospects ask of whoever calls them: how, when and with whom, in their own sentences.

Nothing loses a prospect as fast as a call to the number that they asked not to be called at.
"""

from __future__ import annotations

import re

from assistant.briefing.sentences import sentences
from assistant.contacts.contact import Contact
from assistant.dossier import Asked

_WAY = (
    r"(?:calls?\b(?! cent)|calling\b|phon(?:e|ing)\b(?! sys)|ring\b|voice ?mails?\b|texts?\b|texting\b|sms\b|whatsapp\b"
    r"|e-?mails?\b(?! (?:list|market))|contact(?:ing)?\b|reach out\b|copy\b|cc\b)"
)
_NOT = r"(?:do not|don'?t|never|not|avoid|rather than|instead of)"
_TERMS = (
    rf"(?:^|[,;:.!()-]\s*|\b(?:please|but|and|so)\s+)no\s+(?:[\w']+\s+)?{_WAY}",
    rf"(?:^|[,;:.!()-]\s*|\b(?:please|but|and|so)\s+){_NOT}\s+(?:[\w']+\s+){{0,4}}{_WAY}",
    r"\b(?:contact|reach out|calls?|e-?mails?|texts?)\b[^.?!]*\b"
    r"(?:only (?:with|through|by|via|to)|preferred|works best)\b",
    r"\b(?:e-?mails?|mail|texts?|sms|phone|calls?|me) (?:only|first)\b",
    r"\bprefer\b[^.?!]*\b(?:call|phone|text|e-?mail|mail|zoom|teams|video|in person)\b",
    r"(?:^|[,;:]\s*|\b(?:please|but|and)\s+)(?:only|just) (?:(?:by|via|through|to|use) )?(?:my )?"
    r"(?:e-?mail|mail|text|sms|phone|call|write|whatsapp)\b(?! me [A-Z])",
    r"\bonly me\b(?! and)|\b(?:text|whatsapp|ping) me\b|\bask for me\b|\bthrough me\b",
    r"\b(?:join|joins|in on|part of) (?:the|a|this|our|that|any) (?:call|meeting|conversation)\b",
    r"\b(?:can|could|may|should|want|like) (?!who)[^.?!]{1,30} on (?:the|that|this) call\b",
    r"\bcall (?:[\w']+ ){0,2}with\b",
    r"\b(?:has|have|needs?|wants?) to be (?:on it|on the call|there|in the room|included)\b",
    r"\bkeep (?:this|it|that|our|the conversation)\b[^.?!]*\b(?:private|confidential|quiet|between|from)\b",
    r"\b(?:private|confidential|secret)\b[^.?!]*\bfrom (?:him|her|them|my)\b|\b(?:stays?|just|strictly) between us\b",
    r"(?:^|[,;:.!()-]\s*|\b(?:please|but|and|so|you)\s+)(?:please )?"
    r"(?:don'?t|do not|can'?t|cannot|mustn'?t|shouldn'?t) (?:tell|mention|let|loop in) (?:him|her|them|my|our|any)",
    r"\b(?:doesn'?t|don'?t|does not|do not) know (?:that )?(?:i'm|i am|we're|about this)\b",
)
_SAYS_TERMS = re.compile("|".join(_TERMS), re.I)
_LEFT_OUT = "…"  # stands for a contact detail that is not to be seen
_LONGEST_TIME = 20  # words
_TIMES = re.compile(
    r"\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sat|sun)(?:day)?s?\b|mornings?|afternoons?|evenings?|noon|weeks?"
    r"|weekends?|today|tomorrow|tonight|anytime|whenever|\d{1,2}(?::\d\d)? ?(?:am|pm)|(?:after|before) \d)",
    re.I,
)
_LIMITS = re.compile(r"\b(?:no|not|never|don'?t|only|except|until|unless|instead)\b", re.I)
_WANTED = re.compile(f"{_SAYS_TERMS.pattern}|{_LIMITS.pattern}", re.I)
_ROLES = re.compile(r"\b(?:c[a-z]o|founder|owner|partner|president|director|manager|assistant|vp|head of)\b", re.I)

_SAYS_ROLE = re.compile(
    rf"(?:so |and |well |hello[!,.]? |hi[!,.]? )?(?:i'm|im|i am) (?:[\w-]+ ){{0,3}}{_ROLES.pattern}", re.I
)


def terms_in(one: Asked, contact: Contact) -> list[str]:
    """What a message says on how, when or with whom to talk: whole sentences, or clauses beside contact details."""
    found = []
    for sentence in sentences(one.text) if one.typed or one.gives_contact else ():
        left = _without_details(sentence, contact)
        if _SAYS_TERMS.search(left) or (one.gives_contact and _LIMITS.search(left)):
            found.append(sentence if left == sentence else _clauses(left, _WANTED))
    return found


def times_in(one: Asked, contact: Contact) -> str:
    """The clauses of a message with contact details that say when to call; nothing if they miss the time in them."""
    if not one.gives_contact:
        return ""
    clauses = [clause.strip(" .") for clause in re.split(r"[,;]|(?<=[.?!])\s", one.text)]
    found = ", ".join(one for one in clauses if _TIMES.search(one) and _without_details(one, contact) == one)
    return found if (contact.when or "") in found and len(found.split()) <= _LONGEST_TIME else ""


def role_in(one: Asked, contact: Contact) -> str | None:
    """What a message says that the visitor is: "CFO" beside the contact details, or "I'm the CFO of a bakery."."""
    for sentence in sentences(one.text) if one.typed or one.gives_contact else ():
        left = _without_details(sentence, contact)
        if one.gives_contact and contact.name and contact.name in sentence and _ROLES.search(left):
            return _clauses(left, _ROLES)
        if _SAYS_ROLE.match(sentence):
            return sentence
    return None


def holds_details(sentence: str, contact: Contact) -> bool:
    """Whether there are contact details in a sentence, or marks that stand for some."""
    return _LEFT_OUT in sentence or any(detail in sentence for detail in contact.known.values())


def _clauses(sentence: str, wanted: re.Pattern[str]) -> str:
    """The clauses of a sentence without its details in which these words are; all of them if they are in none."""
    clauses = [one.strip(f" .{_LEFT_OUT}") for one in re.split(r"[,;]", sentence)]
    return ", ".join(one for one in clauses if wanted.search(one)) or ", ".join(filter(None, clauses))


def _without_details(sentence: str, contact: Contact) -> str:
    """A sentence without the contact details in it, which stand in lines of their own."""
    for detail in filter(None, (contact.name, contact.email, contact.phone, contact.company)):
        sentence = sentence.replace(detail, _LEFT_OUT)
    return sentence
