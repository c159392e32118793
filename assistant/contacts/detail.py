"""A personal detail in a message: what, where and whose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from assistant.contacts.lexicon import known_names, listed

_REACH = 80  # characters before a detail that tell whose it is
_SENTENCE_END = re.compile(r"(?<!\bmr)(?<!\bms)(?<!\bdr)(?<!\bmrs)[.!?]\s|\n", re.I)
_CLAUSE_END = re.compile(r"[,;]\s| - | but | now | so | only |(?<!n't)(?<!not)(?<!dont)(?:\s|^)(?=use )|\s(?=it'?s )")
_PEOPLE = (
    r"colleagues?|co-?workers?|boss|manager|assistant|wife|husband|spouse|partner|co-?founder|cto|ceo|cfo|coo|cio|caio|vp|intern|m\.?d"
    r"|developer|dev|admin|secretary|accountant|lawyer|attorney|friend|brother|sister|son|daughter|dad|mom|mum|director"
    r"|vendor|supplier|client|customer|landlord|(?:it|tech|ops|sales|hr) (?:guy|person|lead|team|manager)|head of \w+|lead|user|prospect|visitor"
    r"|agency|consultancy|consultant|contractor|freelancer|provider|bookkeeper|receptionist|broker|supervisor|superior|father|mother|uncle|aunt"
    r"|cousin|nephew|niece|fianc[ée]e?|girlfriend|boyfriend|in-law|neighbou?r|(?:it|web|hosting|software|marketing|phone|insurance) (?:company|firm|people|guys?)"
)
_WAYS = r"(?:e-?mail|mail|address|number|cell|phone|mobile|line|hotline|helpline|desk|account)"
_OTHERS = re.compile(
    rf"(?<!/)\b(?:his|hers?|theirs?|him)\b(?!/)|\b(?:page|website|example|e\.g|types?|invoices?|(?-i:bills?))\b"
    rf"|\b(?:my|our) (?:\w+ ){{0,2}}?(?:{_PEOPLE})\b|\b(?:the|an?) (?:vendor|supplier|client|customer|lead|user|prospect|visitor|intern)\b"
    r"|\byour (?:\w+ )?(?:e-?mail|mail|address|number|phone|line|page|site|website|team|office|inbox|company|desk|reception)\b"
    r"|\b(?:cc|bcc|cc'd|copy|copying|loop|looping|forward|forwarded|fwd)\b"
    rf"|\b(?!(?:it|that|what|here|name|mail|email|number|there|he|she|let|cell|phone|mobile|one|best|who|today|mine|line|address|work|home|me)'s)[^\W\d_]+'s(?=:? ?$|(?: is)? ?$| (?:\w+ ){{0,2}}?{_WAYS}\b)"
    rf"|\b[^\W\d_]+'s (?:\w+ ){{0,2}}?(?:{_PEOPLE})\b"
    r"|\b(?:reach|call|e-?mail|contact|text|write(?: to)?|ask|ring) (?:them|him|her)\b"
    r"|\byour (?:\w+ )?(?:guy|colleague|rep|ad|article|consultant|ceo|salesperson)\b"
    r"|\b(?:reach|call|e-?mail|contact|find|text|write(?: to)?|phone|ring) (?:you|u)(?: guys| people)?\b|\b(?:he|she|they)(?:'s|'re)?\b"
    r"|\b(?:says?|said|told (?:a|an|the|our|one) \w+) ['\"]?(?:to )?(?:call|e-?mail|text|write|dial|ring)\b|\bi (?:found|saw|see|noticed)\b"
    r"|\b(?:called|texted|e-?mailed|calling|calls) (?:me|us) (?:\w+ )?from\b|\b(?:customers?|clients?|people|users?|patients?|guests|students|suppliers?|folks|everyone|everybody|they) (?:\w+ )?(?:e-?mails?|calls?|writes?|wrote|texts?|contacts?|reach)(?: to)?(?: us)?(?: from)?\b"
    rf"|\bour (?:support|help|service|customer|orders?|billing|complaints?|public|general) ?(?:\w+ )?(?:{_WAYS}|desk|inbox|hotline|mailbox)\b|\b\d+ (?:\w+ )?(?:tickets|e-?mails|mails|calls|messages|orders|requests)\b"
    r"|\b(?:numbers?|addresses|e-?mails?|things?|values?|formats?|strings?|such as|something|anything) (?:like|as)\b|\b(?:forms?|fields?|placeholder|dummy|sample|test|format|regex|such as)\b"
    r"|\bi (?:already )?(?:wrote|e-?mailed|called|tried|texted|contacted)\b|\b(?:(?:e-?)?mails?|(?<!i'm )(?<!im )(?<!i am )calling|calls?|rings?|texts?|texting|spam|messages?|newsletter|letter|notice|voicemail) (?:me |us )?from\b|(?<!^)\bfrom ?:|\b(?:unsubscribe|block|e-?mailed)\b"
    r"|\b(?:we|they) (?:send|e-?mail|mail) (?!(?:to )?you\b)(?:[\w,'-]+ ){1,6}from\b"
    r"|\b(?:we|they|i|people|everyone|customers|clients|suppliers|staff) (?:\w+ )?(?:send|sent|forward|submit|upload|report|e-?mail) (?:[\w']+ ){1,4}?(?:in )?to\b"
    r"|\b(?:orders|complaints|claims|returns|applications|tickets|receipts) (?:\w+ )?(?:go|goes|sent|come|land|arrive) (?:in )?(?:to|at|in)\b"
    r"|\b(?:contact|address|person|guy|rep|number) there\b|\b(?:log-?in|user ?name|toll[- ]free)\b|\bbelong(?:s|ed) to\b|\b(?:sends|arrives?|comes?|came) (?:[\w-]+ ){0,4}from\b"
    r"|\bnewsletters? (?:\w+ ){1,3}from\b|\brejects?\b"
    r"|\bwho (?:recommended|referred|suggested|mentioned|introduced) (?:you|me|us)\b"
    r"|\b(?:fake|fictional|imaginary|made-up|example) (?:customers?|clients?|users?|person|contact|lead|company)\b",
    re.I,
)
_PRESENTED = re.compile(
    rf"\b(?:(?:my|our) (?:\w+ ){{0,2}}?(?:{_PEOPLE})|an? (?:friend|colleague|client|customer)|the (?:supplier|vendor)|another)[\s,(]{{1,3}}(?:(?:mr|mrs|ms|dr)\b\.? )?$",
    re.I,
)
_NAME = r"(?P<name>(?-i:[A-Z])[\w'-]+)"
_OF_THE_VISITOR = r"(?:name|names|details|info|e-?mail|mail|address|number|cell|phone|mobile|line|direct|contact|office|desk|company|firm|business|shop|is|one)\b"
_SPOKEN_OF = (
    re.compile(
        rf"(?<!i'm )(?<!im )(?<!i am )(?<!me, )\b(?:my|our|his|her|their|your|the|an?|named|called) (?!{_OF_THE_VISITOR})(?:(?!{_OF_THE_VISITOR})[\w-]+ ){{0,3}}?\(?(?:(?:mr|mrs|ms|dr)\b\.? )?{_NAME}",
        re.I,
    ),
    re.compile(
        rf"(?<!tell him )(?<!tell them ){_NAME}(?: (?-i:[A-Z])[\w'-]+)?(?: (?:at|from|of|in|over at)(?: (?-i:[A-Z])[\w'&-]+)+)? (?:still |also |already |never |who |just )?(?:said|says|told|recommend\w*|referred|suggested|mentioned|introduced|gave|left|quit|handles|runs|owns|keeps|thinks|wants|claims|does|uses|set|built|made|sent|passed|retired|has|was|will|would)\b",
        re.I,
    ),
    re.compile(rf"{_NAME}(?: (?-i:[A-Z])[\w'-]+)?(?: is|,)? \(?(?:my|our) (?!{_OF_THE_VISITOR})\w", re.I),
)
"""Others by name: "our clerk Brenda", "Jerry at Foundry Labs said", "Martha (my wife)"."""
_ASKING = re.compile(r"(?:who|how|why|what|which|where|is|are|does|did|should)\b(?! about)[^,;:(]*$", re.I)
_OWN = re.compile(
    r"\b(?:me|mine|myself|i use|i check|use|try|i'm|i am|this is)\b(?: (?:just |only |also )?(?:his|her|their|the|an?|[^\W\d_]+'s) (?:\w+ )?[^\W\d_]+)?"
    r"|\btell (?:him|her|them) (?:[\w']+ ){1,3}(?:says|said|wants|asks)(?: (?:to )?(?:a )?call)?"
    rf"|\bmy (?!old|former)(?:[\w-]+ ){{0,2}}?(?:{_WAYS}|inbox|contact|info|details|name|#)",
    re.I,
)
_OWN_AFTER = re.compile(r"\)?,? (?:\()?(?:(?:that's|thats|that is|is|which is|it's|=) )?me(?: too)?\b(?! at| on)", re.I)
_REJECTED = re.compile(
    r"\b(?:(?<!why )(?<!if )not(?! (?:(?:in|at) (?:the |my )?(?:office|desk|home|work)|sure|urgent|only|a problem|available|around)\b)"
    r"|(?:don't|dont|do not)(?! (?:hesitate|forget|worry|mind|be shy|have)\b)|never(?! mind)|isn't|isnt|wasn't|instead of|rather than|no longer|(?<!year )(?<!years )(?<!yr )old|former|formerly"
    r"|previous|used to be|dead|bounces|stop using|ignore|(?<!n't )(?<!dont )(?<!not )forget|except(?! (?:on|at|in|for|between|after|before|during|lunch|(?:mon|tue|wed|thu|fri|sat|sun)\w*|\w+s)\b)|fax)\b|^ ?was:? $",
    re.I,
)
_REJECTED_AFTER = re.compile(
    r"[)>\s,.:;-]{0,3}(?:\(?(?:don't|dont|do not|never|please don't) use|(?:oh )?(?:wait|no|sorry|oops|actually)\b[^.!?\n]{0,20}\b(?:old|wrong|former)"
    r"|(?:that one|that|which|this one|it)?(?:'s| is| was| got| has been)? ?(?:now )?(?:dead|my old|the old|old|wrong|bounces|bouncing|no longer|any ?more|any longer|outdated|not mine|blocked|locked|disabled|closed|suspended|hacked|before(?=[,;.]| ?$)|should (?:be|have been|read|say))\b|(?:nah |no |actually |but )?(?:never ?mind|forget|scratch) (?:it|that|the (?:phone|number|call|mail|email))\b|told|says?|said|sent|wrote|keeps|asked|\(fax\))"
    r"|[)\s,.]{0,3}(?:(?:from|as of|after|on) \w+,? )?(?:(?:that|this) one|which) (?:dies|expires|goes away|stops working)\b|\)? (?:is|was) (?:only )?for (?:junk|spam)\b"
    r"|[)\s,]{1,3}i (?:never|rarely|hardly(?: ever)?|don't|no longer) (?:read|check|use|open|answer)\b"
    r"|,? (?:but |and )?(?:it's )?now:? (?=[\w.+-]{1,64}@|[+(]?\d{3})"
    r"|,?(?: last \w+)? but (?:he|she|they)(?:'s|'ve| has| have)? (?:left|quit|retired|moved on)\b"
    r"|\s(?:is |are |was )?(?:(?:listed )?on your|from your|yours|his|hers|theirs|fails|(?:doesn't|does not|isn't|is not) |belongs|called (?:me|us)|(?:the|our|just an?|an?) (?:format|example|placeholder|test)|as an example|for example|or (?:whatever|similar))\b"
    rf"|[\s,(?.-]{{1,3}}(?:(?:that's |thats |which is |is |= )(?:my|our) (?:\w+ )?(?:{_PEOPLE})\b|(?:my|our) (?:\w+ )?(?:{_PEOPLE})\s*(?:[).,;!?\n]|$))",
    re.I,
)
_PREFERRED_AFTER = re.compile(
    r"[)\s,]{0,2}(?:<-+ ?|← ?)?(?:(?:is|works) )?(?:the |my )?(?:better|best|preferred|main|this one)\b", re.I
)
_CORRECTED = re.compile(
    r"\b(?:sorry|oops|correction|i mean|i meant|typo|rather|should (?:be|have been|read|say)|make that)\b[^.!?\n]{0,20}$",
    re.I,
)
_CHOICE = re.compile(
    r"\b(?:use|take|prefer|go with|pick|stick to|stick with|so(?= (?:cell|mobile|landline)\b)) (?:the |my )?(?P<which>first|second|latter|last|work|business|office|company|private|personal|home|gmail|outlook|hotmail|yahoo|icloud|cell|mobile|landline)\b",
    re.I,
)
_PLACES = {"first": 0, "second": 1, "latter": -1, "last": -1}
_LABEL = 14  # characters before a detail that tell which one it is
_LINKS = frozenset(
    [
        "'s",
        "mr",
        "mrs",
        "ms",
        "dr",
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
        "account",
        "direct",
        "work",
        "him",
        "her",
        "them",
        "hotline",
        "helpline",
        "handles",
        "uses",
        "would",
        "be",
        "into",
        "-",
        "and",
        "can",
        "has",
        "have",
        "reached",
        "reachable",
        "call",
        "called",
        "was",
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
    if _REJECTED_AFTER.match(text, end) or (text.count('"', 0, start) % 2 and text[start - 1] != '"'):
        return Claim.NONE
    if _OWN_AFTER.match(text, end):
        return Claim.SAID
    begin = max([start - _REACH, 0, *(one.end for one in earlier if one.end <= start)])
    sentence = _SENTENCE_END.split(text[begin:start])[-1]
    if _REJECTED.search(_CLAUSE_END.split(sentence)[-1]):
        return Claim.NONE
    others = max(
        (match.end() for match in _OTHERS.finditer(sentence) if _leads_to(sentence[match.end() :])), default=-1
    )
    corrected = _CORRECTED.search(sentence) is not None
    asking = _ASKING.match(sentence.lstrip()) is not None and not corrected
    own = max((match.end() for match in _OWN.finditer(sentence)), default=-1)
    if own < others or (asking and own < 0):
        return Claim.NONE
    if _PREFERRED_AFTER.match(text, end) or corrected:
        return Claim.PREFERRED
    return Claim.SAID if own >= 0 else Claim.UNSAID


def presented(text: str, start: int) -> bool:
    """Whether a name here is somebody else's: "a friend, …", "our accountant (Mrs. …"."""
    return _PRESENTED.search(text[max(start - _REACH, 0) : start]) is not None


def spoken_of(text: str) -> frozenset[str]:
    """The given names, in lower case, of people of whom the visitor speaks."""
    names = {match["name"].lower() for pattern in _SPOKEN_OF for match in pattern.finditer(text)}
    return (known_names() | listed("words_and_names")) & names


def of_others(details: Iterable[Detail], others: frozenset[str]) -> list[Detail]:
    """Addresses, without a claim to those before whose "@" another's name stands: steve@… after "our developer Steve"."""
    return [
        replace(one, claim=Claim.NONE)
        if others.intersection(re.split(r"[._+-]", one.value.lower().partition("@")[0]))
        else one
        for one in details
    ]


def _leads_to(words: str) -> bool:
    """Whether nothing but a name and small words stand here."""
    return all(
        word in _LINKS or not word[0].islower() or word in known_names() for word in re.findall(r"[\w'-]+", words)
    )


def chosen(details: Iterable[Detail]) -> Detail | None:
    """The detail that is most clearly the visitor's own; of equals, the first, and of corrections the last."""
    best = max(
        details, key=lambda one: (one.claim, one.start if one.claim is Claim.PREFERRED else -one.start), default=None
    )
    return best if best and best.claim else None


def with_choice(text: str, details: Sequence[Detail]) -> list[Detail]:
    """Details of one field, and which of them the visitor says to use: "use the work one"."""
    own = [one for one in details if one.claim]
    wish = _CHOICE.search(text) if len(own) > 1 else None
    if wish is None or any(one.meets(*wish.span()) for one in details):
        return list(details)
    word = wish["which"].lower()
    preferred = (
        own[_PLACES[word]] if word in _PLACES else next((one for one in own if word in _around(text, one, own)), None)
    )
    return [replace(one, claim=Claim.PREFERRED) if one is preferred else one for one in details]


def _around(text: str, detail: Detail, others: Sequence[Detail]) -> str:
    """A detail with the label by it: "work: jane@acme.com", "jane@acme.com (work)"."""
    begin = max([detail.start - _LABEL, 0, *(one.end for one in others if one.end <= detail.start)])
    before = text[begin : detail.start] if text[begin : detail.start].rstrip().endswith((":", "-", "is", "=")) else ""
    after = re.match(r" ?\([^)\n]{0,20}\)", text[detail.end :])
    return f"{before}{detail.value}{after.group() if after else ''}".lower()
