"""What prospects ask to leave out when they let the rest of the conversation go out to the firm."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from assistant.dossier import Asked, Dossier, Quote

_SENDING = ("send_contact",)  # the intents of a message that lets it go out
_LEAVES_OUT = re.compile(
    r"\b(?:leav(?:e|ing) out|except(?: for)?|but not|without|don'?t (?:include|send|pass on))\b", re.I
)
_THINKS_AGAIN = re.compile(r"\bactually\b|\bnever mind\b|\binclude it\b", re.I)
_WORD = re.compile(r"\w{4,}")
_TELL_NOTHING = {"about", "anything", "from", "part", "said", "story", "that", "thing", "this", "what", "with"}


def only_sends(one: Asked) -> bool:
    """Whether a message only lets the contact details go out, with or without the rest."""
    return one.intent in _SENDING


def left_out_of(one: Asked) -> str:
    """What such a message asks to leave out; nothing if the visitor thinks again."""
    found = _LEAVES_OUT.search(one.text)
    return one.text[found.end() :] if found and not _THINKS_AGAIN.search(one.text) else ""


def without_left_out(dossier: Dossier) -> Dossier:
    """A dossier without the messages on what the visitor asked to leave out, when letting the rest go out."""
    telling = [left_out_of(one) for one in dossier.asked if only_sends(one)]
    names = {word.casefold() for words in telling for word in _WORD.findall(words)} - _TELL_NOTHING
    kept = [
        one
        for one in dossier.asked
        if only_sends(one) or names.isdisjoint({*map(str.casefold, _WORD.findall(one.text))})
    ]
    if len(kept) == len(dossier.asked):
        return dossier
    events = {one.event for one in kept}

    def quoted(held: Mapping[str, Quote]) -> Mapping[str, Quote]:
        return {name: one for name, one in held.items() if one.event in events}

    return replace(
        dossier,
        asked=tuple(kept),
        quotes=quoted(dossier.quotes),
        words=quoted(dossier.words),
        touched=quoted(dossier.touched),
    )
