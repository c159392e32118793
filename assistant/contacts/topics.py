"""Where words tell what something is about: "talk about …", "regarding …". What is about what is not asked here."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TALK = (
    r"call|talk|talking|chat|speak|ring|phone|meet|meeting|discussion|conversation|questions?(?:'s)?|infos?|informations?|details|message|know|hear|learn|ask|asking|write|email|reach|contact|curious"
    r"|enquir\w+|inquir\w+|intro|demo|advice|consultation|session|callback|word|thinking|wondering|it's|its|this is|mostly|mainly|consult|someone|somebody|go|help"
)
_SUBJECT = r"questions?|talk|infos?|informations?|opinions?|feedback|perspective|sanity check|pointers|advice|help|chat|conversation|discussion|session|workshop|intro|introduction|consultation|guidance|input|thoughts|someone|somebody|more|proposal|quote|call|speak|meeting"
_ABOUT = re.compile(
    rf"(?<!if )(?<!whether )\b(?:{_TALK})\b(?: (?!if\b)[^\s.!?\n,;]+){{0,12}}? (?:about|regarding|re:?|concerning) (?:(?:u[hm]+|er+m?),? )?(?!\d|us\b|you\b|it\b|that\b|this\b|half\b|me\b|my (?:cell|phone|mobile)|monday|tuesday|wednesday|thursday|friday|the phone)",
    re.I,
)
_VERB = re.compile(
    rf"\b(?:discuss(?:ing)?|(?<=\n)re|^re|my question(?: is)?:?|(?:can|could) (?:someone|somebody|you) explain|what (?:i|we) need is|(?:thema|tema|topic|betrifft|betreff|asunto|oggetto|objet|subj|subject|reason|purpose):|(?:discussion|conversation) of|(?:someone|somebody|an? \w+|you) to explain|\bsend (?:me |us |over )?(?:[\w']+ ){{0,4}}on(?! (?:my|me|the|\w+day)\b)|(?:need|want)(?: some)?(?= (?:[\w-]+ ){{1,4}}help\b)|(?:someone|somebody|you|help us|help me|to|a fresh|fresh|take a) look (?:at|into)(?! (?:this|it|that)\b)|(?:want|wanna|like|need|love|hoping)(?: to)? talk(?! to| with|ing| about)|interested in|regarding|concerning|topic(?: is|:)?|subject(?: is|:)?|help with|(?:^|(?<=[.!?,] )|(?<=\n))about|go over|explore|looking for (?:help (?:with|on)|advice on)|pour parler de|c'est pour|to do with|(?:help|advice|support|assistance|guidance) (?:with|in|choosing|deciding|picking|figuring out|finding|hiring|understanding)|(?:figure|sort|work) out|decid(?:e|ing)(?: between| on)?|choos(?:e|ing) between|walk (?:me |us |you )?through|talk through|chat through|look(?:ing)? into|evaluat(?:e|ing)|your (?:take|opinion|view|thoughts|views) on|pick your brains? (?:on|about)|(?:know|see|ask|asking|find out|wondering|learn|understand)(?= (?:whether|if|how|what|which) )|(?:looking for|need|want|wants|seeking|like|after)(?= (?:an? |some |your )?(?:fractional|part-time|interim|cto|caio|chief|demo|quote|proposal|audit|assessment|workshop|consultation|review|second opinion|ai|roadmap|pricing|prices))|(?:purpose|reason|subject line|issue|matter|it concerns|concerns)(?: (?:is|of the call is))?:?|having to do with|to go through|talking points?:|reason:|with regards? to|in regards? to|in reference to|wrt|w\.r\.t\.?|relat(?:ed|ing) to|in connection with|(?:want|like|need|looking|hoping|planning|trying|how) to(?= (?:hire|build|buy|choose|pick|find|replace|automate|use|start|compare|plan|set up|roll out|adopt|implement|introduce)\b)|(?:to|can we|could we|let's|lets) talk(?! (?:to|with|about|on|soon|later|then|again|at|after|before|through|tomorrow|today|next|this|in|over|by|mon|tue|wed|thu|fri|sat|sun|asap|when|any|you|further|more|it))|considering|curious(?= (?:what|how|whether|if|why))|send (?:me |us |over )?(?:your |the |some |an? )?(?=pric|quote|rate|proposal|info)|(?:{_SUBJECT}) (?:on|around)(?! (?:\d|my|me|the phone|mon|tue|wed|thu|fri|sat|sun|this number|\+|\(|it|that|whatsapp)))\s+(?=\S)|\bre: ",
    re.I,
)
_END = re.compile(
    r"[.!?](?=\s|$)|[\n;()]|,? - |, (?!and |or |ai\b)|,? (?:at|on|by|from|to|and|so|but|please|pls|my|you can|we|i|i'm|preferably|preferred|thanks|thank|thx|with|via|or) ?$"
    r"|,? (?:and|so|but)? ?(?:please |pls |with (?:me|us)\b|you can |can you |just |my |i'm |i am |thanks|thank you|thx|cheers|call me|ring me|reach me|email me|text me|contact me|our budget|and uh|um )",
    re.I,
)
_SAYS_NOTHING = re.compile(
    r"(?:an? |the |your |some )?(?:questions?|help|infos?|information|call ?back|this|that|it|details|inquiry|more|stuff|things)|.*\b(?:for|to|of|with|about|on|in)",
    re.I | re.S,
)
_SHORTEST = 3


def topics_in(text: str) -> Iterator[tuple[str, int, int]]:
    """Kinds and places of what reads as a topic, in the order of the words that lead to them."""
    leads = [
        (match.end(), kind)
        for kind, pattern in (("verb", _VERB), ("about", _ABOUT))
        for match in pattern.finditer(text)
    ]
    for start, kind in sorted(leads):
        cut = _END.search(text, start)
        end = cut.start() if cut else len(text)
        value = text[start:end].strip(" ,-:>'\"")
        if len(value) >= _SHORTEST and not _SAYS_NOTHING.fullmatch(value):
            yield kind, start, end
