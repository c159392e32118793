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
_NOT = r"(?:do not|don'?t|never|not|no|avoid|rather than|instead of)"
_TERMS = (
    rf"(?:^|[,;:.!()-]\s*|\b(?:please|but|and|so)\s+){_NOT}\s+(?:[\w']+\s+){{0,4}}{_WAY}",
    r"\b(?:contact|reach out|calls?|e-?mails?|texts?)\b[^.?!]*\b"
    r"(?:only (?:with|through|by|via|to)|preferred|works best)\b",
    r"\b(?:e-?mails?|mail|texts?|sms|phone|calls?|me) only\b",
    r"\bprefer\b[^.?!]*\b(?:call|phone|text|e-?mail|mail|zoom|teams|video|in person)\b",
    r"(?:^|[,;:]\s*|\b(?:please|but|and)\s+)(?:only|just) (?:(?:by|via|through|to|use) )?(?:my )?"
    r"(?:e-?mail|mail|text|sms|phone|call|write|whatsapp|me)\b",
    r"\b(?:text|whatsapp|ping) me\b|\bask for me\b|\bthrough me\b",
    r"\b(?:on|join|joins|in on|part of) (?:the|a|this|our|that|any) (?:call|meeting|conversation)\b",
    r"\bcall (?:[\w']+ ){0,2}with\b|\b(?:has|have|needs?|wants?) to be (?:on it|there|in the room|included)\b",
    r"\bkeep (?:this|it|that|our|the conversation)\b[^.?!]*\b(?:private|confidential|quiet|between|from)\b",
    r"\b(?:private|confidential|secret)\b[^.?!]*\bfrom (?:him|her|them|my)\b|\bbetween us\b",
    r"\b(?:don'?t|do not|can'?t|cannot|mustn'?t|shouldn'?t) (?:tell|mention|let|loop in) (?:him|her|them|my|our|any)",
    r"\b(?:doesn'?t|don'?t|does not|do not) know (?:that )?(?:i'm|i am|we're|about this)\b",
)
_SAYS_TERMS = re.compile("|".join(_TERMS), re.I)
_LIMITS = re.compile(r"\b(?:no|not|never|don'?t|only|except|until|unless|instead)\b", re.I)
_ROLES = re.compile(r"\b(?:c[a-z]o|founder|owner|partner|president|director|manager|assistant|vp|head of)\b", re.I)


def terms_in(one: Asked, contact: Contact) -> list[str]:
    """The sentences of a message that say how, when or with whom to talk."""
    found = []
    for sentence in sentences(one.text) if one.typed else ():
        left = without_details(sentence, contact)
        if _SAYS_TERMS.search(left) or (one.gives_contact and _LIMITS.search(left)):
            found.append(sentence)
    return found


def signature_in(one: Asked, contact: Contact) -> str | None:
    """The sentence in which a message with contact details says what the visitor is: "Jane Miller, CFO"."""
    for sentence in sentences(one.text) if one.typed and one.gives_contact else ():
        if contact.name and contact.name in sentence and _ROLES.search(without_details(sentence, contact)):
            return sentence
    return None


def without_details(sentence: str, contact: Contact) -> str:
    """A sentence without the contact details in it, which stand in lines of their own."""
    for detail in contact.known.values():
        sentence = sentence.replace(detail, "")
    return sentence
