"""When a visitor wants to be called, in their own words: it is for a person to read, so no time is calculated."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.contacts.detail import Detail

_DAY = (
    r"(?:mon(?! (?:portable|num|t[ée]l|mail|adresse|e-mail|nom))|tues?|wed|wednes|thurs?|thu|fri|sat|satur|sun)(?:days?)?|(?:the )?day after tomorrow|tomm?orr?ow|tmrw|tmw|2nite|tomoz|2mrw|2morrow|tonight|today|weekdays?|weekends?|any ?day"
    r"|montags?|dienstags?|mittwochs?|donnerstags?|freitags?|morgens?|vormittags?|nachmittags?|mittags|abends?|lundi|mardi|mercredi|jeudi|vendredi|lunes|martes|miércoles|jueves|viernes|wtorek"
)
_PART = (
    r"(?:early |late |mid[- ]?)?(?:mornings?|afternoons?|evenings?|arvo|lunch(?:time)?|noon|midday|nights?|matin|après-midi|soir|tardes?|mañanas?)|first thing|(?:end|start|close) of (?:the |next |this )?(?:day|week|month|business)"
    r"|(?:post|pre) lunch|forenoon|teatime|dinner(?:time)?|midnight|(?:first|second) half|(?:the )?week after next|in a fortnight|(?:after|before) (?:work|hours|school|lunch|dinner|breakfast)|noon-?ish|later (?:today|this week)|early (?:next|this) week|business hours|office hours|work(?:ing)? hours|eod|cob"
)
_CLOCK = r"\d{1,2}(?:[:.]\d\d)? ?(?:[ap]\.?m\b\.?|h\b|uhr|o'clock|(?<=\d\d )hrs\b|(?<=\d\d)hrs\b)|\d{1,2} o clock|\d{1,2}:\d\d|\d{1,2}h\d\d|\d{4} ?(?:hrs|hours)|\d{1,2} ?[ap]\b(?! (?:second|minute|hour|day|night|week|month|quarter|year|head|person|piece)\b)|\d{1,2}-?ish|half (?:past )?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)|(?:half past|quarter (?:to|past)) \w{1,6}|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) (?:o'clock|thirty|[ap]\.?m\b\.?)"
_MONTH = r"(?:jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}\.?"
_DATE = rf"(?:the )?\d{{1,2}}(?:st|nd|rd|th)(?: of (?:{_MONTH}|may))?(?! (?:choice|time|option|floor|hire|call|contact|year|line|step|party|largest|place|round|person|gen|quarter|most)\b)|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}} {_MONTH}|\d{{1,2}}/\d{{1,2}}|in (?:january|february|march|april|may|june|july|august|september|october|november|december)"
_SPAN = r"(?:next|this|the following) (?:week|month|quarter)|(?:the )?week of (?:the )?\w+|in (?:an?|half an|the next|about|a couple of|a few|two|three|\d{1,2}) ?(?:\w+ )?(?:min(?:ute)?s?|hours?|days?|weeks?)|any ?time|whenever|asap|as soon as possible|as soon as you can|right now|immediately|(?:in )?the (?:next few|coming) days|over the weekend|during (?:the )?(?:day|week|lunch)|dopo (?:pranzo|cena)|(?:outside |during )?(?:office|business|working) hours|(?:after|before) (?:the )?(?:holidays?|ramadan|shabbat|christmas|new year|easter|thanksgiving|weekend)|in the new year|mid-? ?(?:week|january|february|march|april|june|july|august|september|october|november|december)|daytime|when(?:ever)? (?:it )?suits(?: you)?|at (?:your|the) (?:earliest )?convenience|(?:first|second|third|last|1st|2nd|3rd) week of \w+|(?:end|start|middle|later|sometime) (?:of )?next (?:week|month)|the sooner the better|on or after \w+ \d{1,2}|within the hour|when(?:ever)? you (?:get a chance|have a (?:minute|moment|sec)|can\b|like|are free|'re free)|(?:no|not|nothing) (?:earlier|later|sooner) than \d{1,2}(?::\d\d)?|(?:mon|m) ?- ?(?:fri|f)|(?:tue|t)/(?:thu|th)|a\.s\.a\.p\.?|right away"
_PREPOSITION = r"after|before|past|until|till|til|by|around|between|btwn|btw|from|at|ab|nach|vor|po|après|avant|dès|depois das|dopo le"
_HOUR = rf"(?:(?:{_PREPOSITION}) |@ ?)(?:about |around )?(?:\d{{1,2}}(?:[:.]\d\d)?|[012]\d[0-5]\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?: thirty)?\b)(?![\d%]|[.,:]\d| ?(?:years?|months?|weeks?|days|people|employees|users|k|m|million|percent|developers?|attempts|of|sites|stores)\b)(?: ?(?:-|to|and|&|or|till|until) ?\d{{1,2}}(?::\d\d)?)?"
_ZONE = r"(?: \(?(?:[ecmp][sd]?t|gmt|bst|cet|cest|utc|ist|hst|akst|aest|sgt|jst|(?:us )?(?:eastern|central|pacific|mountain|new york|london)|(?:my|your|local|uk|london|berlin|(?-i:[A-Z])\w+(?: (?-i:[A-Z])\w+)?) time)\)?(?: time)?(?!\w))?"
_LEAD = rf"(?:(?:please )?(?:(?:don't|dont|do not|never|can't|cannot) (?:call|ring|phone|text|contact|disturb|talk|answer)(?: me)?|no calls?) (?=til|before|after|between|during|until|on) ?)?(?:(?:any ?time|sometime|some time|somewhere|early|late|only|on|in the|in|this(?! (?:before|after|by))|next|nxt|the|every|most|any|not|during|earliest is|b4|por las?|am|le|we|at(?! this)|@|{_PREPOSITION}) ){{0,3}}"
_UNIT = rf"(?:{_DAY}|{_PART}|{_CLOCK}|{_DATE}|\d{{1,2}}(?:[:.]\d\d)? ?(?:-|to|till|until) ?\d{{1,2}}(?:[:.]\d\d)? ?[ap]\.?m\b\.?|\d{{1,2}} ?(?:-|to|till|until) ?\d{{1,2}}(?= (?:in the|on|mon|tue|wed|thu|fri|[ecmp][sd]?t\b)|[.!]?$)|{_SPAN}|{_HOUR})"
_TIME = re.compile(
    rf"(?<![\w@.:/-]){_LEAD}{_UNIT}(?!\w)(?: ?-? ?[ap]\.?m\b\.?)?(?: (?:onwards?|or later|or earlier|or so|ish|sharp)\b)?{_ZONE}(?:(?:,? (?:and |or |to |but |except |through |thru )?| ?[-/&] ?)(?:{_LEAD}{_UNIT}|\d{{1,2}} ?(?:-|to|till|until) ?\d{{1,2}}(?:[ap]m)?)(?!\w){_ZONE}){{0,5}}",
    re.I,
)
_CUE = re.compile(
    r"\b(?:call|calls|ring|phone|reach|contact(?:ez)?|contactez-moi|rappelez|anrufen|rufen|talk|speak|chat|free|available|availability|works?|best|better|good|meet|slot|prefer|preferably|preferred|schedule|book|callback|text|email"
    r"|mail|write|back|time|times|bitte|chamar|chame|ligar|ligue|rispondo|can do|suits?|ideally|try|ping|around|catch|get me|i'm in|rückruf|rappeler|dzwonić|open|easier|any|discuss|do|suits?|ok|okay|fine|let's|can we|could|would|only|please|pls|connect|answer|pick up|home|desk|not|hours|go|mtg|meeting|see|convenient|happy|good)\b",
    re.I,
)
_STARTS = re.compile(
    r"(?:any|after|before|between|whenever|mornings|evenings|afternoons|weekday|not before|asap|por la|till|until)",
    re.I,
)
_PAST = re.compile(
    r"\b(?:last|ago|since|yesterday|i leave|left|founded|launched|was|were|went|webinar|renewals?|deadline|an answer by|decid\w+|migrat\w+|did|started|again|go live|closes|due|look(?:ing)? (?:at|into)|ready|finish\w*|opening hours|(?:is|are) \w+(?:ed|ing)|(?:saw|heard|watched|attended) (?:[\w']+ ){1,3}(?:talk|session|keynote|presentation|video)(?=[^,;]{0,30}$))\b|\b(?:don't|dont|do not|never|not) (?:call|ring|phone|text|reach)",
    re.I,
)
_AGO = re.compile(r" (?:ago|was|went|i'm (?:on|away|out|off|busy))\b", re.I)
_OF_SOMETHING = re.compile(
    r"(?:(?:the |in the )?(?:night|morning|evening|afternoon|weekend|lunch|holiday) (?!(?:only|please|pls|is|are|works?|or|and|but|before|after|between|at|on|in|by|around|time|best|if|would|suits?|for|this|next|from|until|till|to|any|i|my|your|thanks|is)\b)[a-z])"
)
_OWN_TIME = re.compile(
    r"(?:^|(?<=[.!?,;(\n-] )|(?<=\n))(?:but |and )?(?:not |only )?(?:after|before|once|during|b4|until after|outside)\s(?!(?:that|this|it|we|you|i|reading|seeing|watching|hearing|using|trying|talking|looking|losing|years|months|all)\b)[^.!?,;\n()]{3,50}(?:, so [^.,!?;]{2,15})?(?=\s*(?:[.!?;\n)]|,,|,?$))",
    re.I,
)
"""A time of the visitor's own, as they say it beside an address: "after milking", "once the kids are in bed"."""
_GREETING = re.compile(
    r"\b(?:good|guten|bonne?|buenas?|happy|have a (?:good|great|nice)) ?$|\bwork(?:ing)? $|(?<!\bit)'s? $|(?:^|[.,;\n(] ?|\b(?:we're|we are|shop is|office is|store is) )open(?:ing hours)?:? $",
    re.I,
)
_HELLO = re.compile(
    r"(?:morning|afternoon|evening)(?:!| (?:all|there|folks|team|everyone)\b|, (?:this is|it's|i'm|my name)\b)", re.I
)
_CALL = re.compile(
    r"\b(?:call|ring|phone|reach|talk|speak|chat|free|available|best|better|text|contact|callback|slot|prefer\w*|try)\b",
    re.I,
)
_CLAUSE = re.compile(r"[,;]\s| (?:but|so) | - ")
_REACH = 80  # characters around a time that tell what it is for
_NEAR = 35  # characters before it that tell that it is past
_TAKEN = ","
"""What stands for the letters of other details: nothing is read across it."""
_SENTENCE = re.compile(r"[.!?](?=\s|$)|\n")


_SENTENCES = re.compile(r"[^\s.!?][^.!?\n]*(?:[.!?](?!\s|$)[^.!?\n]*)*")
_LEADS_IN = re.compile(
    r"(?:(?:scratch that|no|sorry|ok|okay|yes|yeah|yep|yup|sure|maybe|perhaps|or|how about|how's|what about|make it|book me|let's (?:do|try)|say|try|my day off is|(?:best|ideally|preferably|prefer)(?: times?)?(?: is| are)?|(?:i'm|im|i am|we're|we are)(?: usually| generally| mostly| only)? (?:free|available|around|open|reachable|good|in the office)|(?:i|we) (?:could|can|prefer)(?: do)?|could do|can do|i can do(?: a (?:call|zoom))?|i mean|let's say|actually|then)[,:]? )*",
    re.I,
)
_LEADS_OUT = re.compile(
    r",? (?:works?|suits?|instead|then|again|please|pls|only|would|for me|if possible|if you can|(?:is|are) (?:good|fine|ok|okay|best|better|perfect|great))\b(?! on\b| with\b| at\b)(?! (?:for|as) (?!me|us|a call|a chat))",
    re.I,
)
_BEGINS = re.compile(r"(?:any|after|before|not|between|until|from|weekday|no )", re.I)
_BUSY = re.compile(
    r"\b(?:i'm|im|i am|he's|she's|i) (?!(?:\w+ )?(?:free|available|around|home|here|up|in|reachable|open|awake)\b)[^.,;!?]{2,40} $",
    re.I,
)
_UNTIL = re.compile(r"(?:until|till|til)\b", re.I)
_EXACT = re.compile(rf"\b(?:{_DAY}|{_PART}|{_CLOCK}|(?:{_PREPOSITION}) \d{{1,2}})(?!\w)", re.I)
_PRECISE = re.compile(
    rf"(?:{_DAY}) (?:{_PART}|[ap]m\b|(?:at )?{_CLOCK}|at \d)|\b(?:between|after|before) (?:{_CLOCK})|(?:{_CLOCK})(?: on)? (?:{_DAY})",
    re.I,
)
"""What a time for a call has, and what tells little of other things: "next quarter"."""


_TALK = r"(?:call|talk|speak|chat|meet|phone|ring|zoom)"
_WISH = re.compile(
    rf"\b(?:can|could|may|shall|should|would) (?:i|we|you|someone|somebody|anyone|(?:one|someone|somebody) (?:of|from|on) you\w*(?: \w+)?|your \w+|an? (?:person|human|expert)) (?:[\w']+ ){{0,3}}?(?:{_TALK}|be free|book)\b"
    r"|\b(?:call|phone|ring|text|reach|contact|get back to) (?:me|us)\b(?! (?:crazy|old|mad|cynical|naive))"
    rf"|\b(?:book|schedule|arrange|set ?up|get|do|like|want|need|for) an? (?:(?!that|which|to)[\w'-]+ ){{0,3}}(?:call|talk|chat|meeting|conversation|appointment|callback)\b"
    rf"|\b(?:i|we)(?:'d| would)? (?:like|love|want|need|prefer|hope|wish|can)(?: to)? {_TALK}\b|\b(?:i|we)(?:'d| would)? (?:like|love|want|need)(?: to)? (?:discuss|go (?:over|through))\b|\bfree to {_TALK}\b|\bpossible to {_TALK}\b|\b(?:talk|speak) to (?:someone|somebody|a (?:person|human)|an expert)\b(?=.{{0,40}}\b(?:please|\w+day)\b)|^{_TALK} ",
    re.I,
)
"""That somebody is to call or to meet the visitor, who then also tells when, or what about."""


def is_wished(text: str) -> bool:
    """Whether a message asks for a call or a meeting."""
    return _WISH.search(text) is not None


def time_in(text: str, details: Sequence[Detail], *, asked: bool) -> Detail | None:
    """The time at which a visitor wants to be called."""
    for one in details:
        text = f"{text[: one.start]}{_TAKEN * (one.end - one.start)}{text[one.end :]}"
    found = [
        match.span()
        for match in _TIME.finditer(text)
        if not _GREETING.search(text[max(match.start() - _REACH, 0) : match.start()])
        and (asked or _is_for_a_call(text, *match.span()))
    ]
    if not found and details:
        found = [match.span() for match in _OWN_TIME.finditer(text)]
    if not found:
        return None
    start, end = max(found, key=lambda place: _says_call(text, place[0]))
    return Detail("when", text[start:end].strip(" ,-"), start, end)


def suggested(text: str) -> Detail | None:
    """The time of a message that says no more, or that suggests it for a call: "Friday morning instead"."""
    found = None
    for sentence in _SENTENCES.finditer(text):
        start = _LEADS_IN.match(text, sentence.start()).end()  # type: ignore[union-attr]
        times = [
            match.span()
            for match in _TIME.finditer(text, sentence.start(), sentence.end())
            if _EXACT.search(text, *match.span())
        ]
        for begin, end in times:
            whole = not text[:start].strip() and not text[end:].strip(" .!?")
            alone = end == sentence.end() and (
                _PRECISE.search(text, begin, end) or (whole and _BEGINS.match(text, begin))
            )
            leads = begin == start or text.endswith(", ", 0, begin)
            answers = leads and (alone or _LEADS_OUT.match(text, end, sentence.end()))
            if answers and not _PAST.search(text, sentence.start(), begin):
                found = Detail("when", text[begin:end].strip(" ,-"), begin, end)
    return found


def _says_call(text: str, start: int) -> bool:
    """Whether the words before a time, in its own clause, are about a call."""
    sentence = _SENTENCE.split(text[max(start - _REACH, 0) : start])[-1]
    return _CALL.search(_CLAUSE.split(sentence)[-1]) is not None


def _is_for_a_call(text: str, start: int, end: int) -> bool:
    """Whether the sentence around a time is about a call, and no greeting nor about what happened then."""
    if start == 0 and _HELLO.match(text):
        return False
    before = _SENTENCE.split(text[max(start - _REACH, 0) : start])[-1]
    after = _SENTENCE.split(text[end : end + _REACH])[0]
    if (
        _PAST.search(before[-_NEAR:])
        or (_UNTIL.match(text, start) and _BUSY.search(before))
        or _AGO.match(after)
        or _OF_SOMETHING.match(text, start)
    ):
        return False
    alone = not before.strip() or before.rstrip().endswith((",", ";", "-", "(", "@", ":"))
    return alone or _STARTS.match(text, start) is not None or _CUE.search(before + text[start:end] + after) is not None
