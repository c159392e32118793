"""What prospects said of where this goes: their dates, how they decide, and what they made of the recommendation."""

from __future__ import annotations

import re

from actions.turn import ASKING
from assistant.briefing.case import Case
from assistant.briefing.opening import openings
from assistant.briefing.owed import owed
from assistant.briefing.sentences import is_in
from assistant.dossier import Quote

_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december"
_SEASON = "(?:spring|summer|fall|autumn|winter)"
_DAY = r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow|\d+(?:st|nd|rd|th)"
_THANKS = re.compile(r"\bthank(?:s| you)\b", re.I)
_NUMBER = r"(?:a|an|one|two|three|four|five|six|nine|ten|twelve|fourteen|eighteen|\d+)"
_AHEAD = re.compile(
    rf"\b(?:overdue|deadline|on the \d+(?:st|nd|rd|th)|this {_SEASON}|in q[1-4]|year[- ]end"
    rf"|(?<!wait )(?:by|before|until|till) (?:the |this |next )?(?:end of|{_MONTH}|{_SEASON}|{_DAY}|20\d\d|q[1-4])"
    rf"|(?<!wait till )(?<!wait until )next (?:{_SEASON}|{_MONTH}|{_DAY}|month|quarter|year)"
    rf"|in {_NUMBER} (?:days?|weeks?|months?)\b(?! ago)"
    rf"|(?:is|are|ends?|starts?|gets?|expires?|retir\w+|up|comes?|due)\b[^.?!]{{0,25}}"
    rf"\b(?:in|on|until) (?:{_MONTH}|20\d\d))\b",
    re.I,
)
_DECIDES = re.compile(
    r"\b(?:decides?\b(?! (?:if|whether|what|which|to|between|on)\b)|approv(?:es?|al)|signs? off"
    r"|(?:must|has to|have to|needs? to) (?:agree|approve|say yes)|(?:'ll|will|might|would) say (?:no|yes)"
    r"|last word|final say|owns half|co-?owns?"
    r"|(?:does|controls|holds) the (?:books|budget|purse))\b",
    re.I,
)
_MOST = 2


def dates(case: Case) -> list[Quote]:
    """The sentences with a date that lies ahead, the newest last."""
    quoted = _quoted_first(case)
    return [one for one in case.statements if _AHEAD.search(one.words) and not is_in(one.words, quoted)][-_MOST:]


def deciding(case: Case) -> list[Quote]:
    """The sentences on how the decision is made, or by whom."""
    quoted, dated = _quoted_first(case), dates(case)
    found = [one for one in case.statements if _DECIDES.search(one.words) and one not in dated]
    return [one for one in found if not is_in(one.words, quoted)][-_MOST:]


def reactions_begin(case: Case) -> int:
    """The event of the recommendation, or of the message that asked for one in vain."""
    asked_for = [one.event for one in case.dossier.asked if one.intent in ASKING]
    return case.dossier.verdict.event if case.dossier.verdict else (asked_for or [case.dossier.last])[0]


def reactions(case: Case) -> list[Quote]:
    """What was said after the recommendation, or after asking for one that was not given; in its order."""
    quoted, since = _quoted_first(case), reactions_begin(case)
    elsewhere = [*dates(case), *deciding(case), case.signature]
    found = [one for one in case.statements if one.event > since and not _THANKS.search(one.words)]
    return [one for one in found if one not in elsewhere and not is_in(one.words, quoted)]


def _quoted_first(case: Case) -> str:
    """What the call opens with, and the questions that we owe an answer to."""
    return " ".join([next(openings(case)).text, *(one.words for one in owed(case))])
