"""What prospects said of where this goes: their dates, how they decide, and what they made of the recommendation."""

from __future__ import annotations

import re

from assistant.briefing.case import Case
from assistant.briefing.opening import is_opened_with
from assistant.briefing.owed import owed
from assistant.briefing.sentences import is_in
from assistant.dossier import Quote

_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december"
_SEASON = "spring|summer|fall|autumn|winter|month|quarter|year"
_NUMBER = r"(?:a|an|one|two|three|four|five|six|nine|ten|twelve|fourteen|eighteen|\d+)"
_AHEAD = re.compile(
    rf"\b(?:overdue|deadline|by (?:the )?(?:end of|{_MONTH}|{_SEASON}|\d|q[1-4])|before (?:the )?(?:{_MONTH}|\d)"
    rf"|next (?:{_SEASON}|{_MONTH})|this (?:{_SEASON})|in q[1-4]|in {_NUMBER} (?:days?|weeks?|months?|years?)\b(?! ago)"
    rf"|(?:is|are|ends?|starts?|gets?|expires?|retir\w+|up|comes?|due)\b[^.?!]{{0,25}}"
    rf"\b(?:in|on|until) (?:{_MONTH}|20\d\d))\b",
    re.I,
)
_DECIDES = re.compile(
    r"\b(?:decides?\b(?! (?:if|whether|what|which|to)\b)|approv(?:es?|al)|sign(?:s|ed)? off"
    r"|has to (?:agree|approve|say yes)|(?:say|says|saying) (?:no|yes)|last word|final say|owns half|co-?owns?"
    r"|(?:does|controls|holds) the (?:books|budget|purse))\b",
    re.I,
)
_ADVICE = ("ask_for_advice", "ask_verdict_now")  # intents
_MOST = 2


def dates(case: Case) -> list[Quote]:
    """The sentences with a date that lies ahead, the newest last."""
    asked = " ".join(one.words for one in owed(case))
    found = [one for one in case.statements if _AHEAD.search(one.words) and not is_in(one.words, asked)]
    return [one for one in found if not is_opened_with(case, one)][-_MOST:]


def deciding(case: Case) -> list[Quote]:
    """The sentences on how the decision is made, or by whom."""
    found = [one for one in case.statements if _DECIDES.search(one.words) and one not in dates(case)]
    return [one for one in found if not is_opened_with(case, one)][-_MOST:]


def reactions(case: Case) -> list[Quote]:
    """What was said after the recommendation, or after asking for one that was not given; in its order."""
    asked_for = [one.event for one in case.dossier.asked if one.intent in _ADVICE]
    since = case.dossier.verdict.event if case.dossier.verdict else asked_for[0] if asked_for else case.dossier.last
    asked = " ".join(one.words for one in owed(case))
    elsewhere = [*dates(case), *deciding(case)]
    return [
        one
        for one in case.statements
        if one.event > since and one not in elsewhere and not is_opened_with(case, one) and not is_in(one.words, asked)
    ]
