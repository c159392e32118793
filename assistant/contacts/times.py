"""Expressions of time in a message, and of what may be a time of the visitor's own. What they are for is not asked here."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
_QUANTITY = r"(?: ?(?:-|to|and|or) ?\d{1,3}(?:[.,]\d+)?)? ?(?:%|(?:years?|months?|weeks?|days|people|employees|staff|users|seats|k|m|mil|million|billion|percent|dollars|developers?|attempts|of|sites|stores)\b)"
"""What is counted after a number, or after two: "between 10 and 20 million"."""
_HOUR = rf"(?:(?:{_PREPOSITION}) |@ ?)(?:about |around )?(?:\d{{1,2}}(?:[:.]\d\d)?|[012]\d[0-5]\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?: thirty)?\b)(?![\d%]|[.,:]\d|{_QUANTITY})(?: ?(?:-|to|and|&|or|till|until) ?\d{{1,2}}(?::\d\d)?)?"
_ZONE = r"(?: \(?(?:[ecmp][sd]?t|gmt|bst|cet|cest|utc|ist|hst|akst|aest|sgt|jst|(?:us )?(?:eastern|central|pacific|mountain|new york|london)|(?:my|your|local|uk|london|berlin|(?-i:[A-Z])\w+(?: (?-i:[A-Z])\w+)?) time)\)?(?: time)?(?!\w))?"
_LEAD = rf"(?:(?:please )?(?:(?:don't|dont|do not|never|can't|cannot) (?:call|ring|phone|text|contact|disturb|talk|answer)(?: me)?|no calls?) (?=til|before|after|between|during|until|on) ?)?(?:(?:any ?time|sometime|some time|somewhere|early|late|only|on|in the|in|this(?! (?:before|after|by))|next|nxt|the|every|most|any|not|during|earliest is|b4|por las?|am|le|we|at(?! this)|@|{_PREPOSITION}) ){{0,3}}"
_UNIT = rf"(?:{_DAY}|{_PART}|{_CLOCK}|{_DATE}|\d{{1,2}}(?:[:.]\d\d)? ?(?:-|to|till|until) ?\d{{1,2}}(?:[:.]\d\d)? ?[ap]\.?m\b\.?|\d{{1,2}} ?(?:-|to|till|until) ?\d{{1,2}}(?= (?:in the|on|mon|tue|wed|thu|fri|[ecmp][sd]?t\b)|[.!]?$)|{_SPAN}|{_HOUR})"
_TIME = re.compile(
    rf"(?<![\w@.:/-]){_LEAD}{_UNIT}(?!\w)(?: ?-? ?[ap]\.?m\b\.?)?(?: (?:onwards?|or later|or earlier|or so|ish|sharp)\b)?{_ZONE}(?:(?:,? (?:and |or |to |but |except |through |thru )?| ?[-/&] ?)(?:{_LEAD}{_UNIT}|\d{{1,2}} ?(?:-|to|till|until) ?\d{{1,2}}(?:[ap]m)?)(?!\w){_ZONE}){{0,5}}",
    re.I,
)
_OWN_TIME = re.compile(
    r"(?:^|(?<=[.!?,;(\n-] )|(?<=\n))(?:but |and )?(?:not |only )?(?:after|before|once|during|b4|until after|outside)\s(?!(?:that|this|it|we|you|i|reading|seeing|watching|hearing|using|trying|talking|looking|losing|years|months|all)\b)[^.!?,;\n()]{3,50}(?:, so [^.,!?;]{2,15})?(?=\s*(?:[.!?;\n)]|,,|,?$))",
    re.I,
)
"""A time of the visitor's own: "after milking", "once the kids are in bed"."""


def times_in(text: str) -> Iterator[tuple[str, int, int]]:
    """Kinds and places of what reads as a time; those of a kind do not overlap."""
    for kind, pattern in (("own", _OWN_TIME), ("time", _TIME)):
        for match in pattern.finditer(text):
            yield kind, match.start(), match.end()
