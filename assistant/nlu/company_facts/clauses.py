"""Cuts a message into clauses, and says of each whether it can state a fact of the writer's company.

The parse finds what "and" joins and who a clause is about; questions, wishes, suppositions, the past and other people's
companies state nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from spacy.tokens import Doc, Span, Token

from assistant.nlu.budget import check
from assistant.nlu.company_facts.heard import Clause, Sentence
from assistant.nlu.company_facts.parser import parser
from assistant.nlu.company_facts.replies import is_comment

_OWN = re.compile(
    r"\b(?:we|we're|we've|we'll|our|ours|us|i|i'm|i've|my|me|myself|mine|this company|here|client|imagine)\b", re.I
)
_OUR_PEOPLE = re.compile(
    r"(?:and |but |while )*(?:the )?(?:purchasing|accounting|sales|marketing|finance|operations|ops|hr|office|shop|team|staff"
    r"|management|dispatch|front desk|warehouse)\b",
    re.I,
)
"""How a clause begins that comes back from others to the company: "our customers ask, and purchasing tries tools"."""
_RELATION = (
    r"(?:brother|sister|cousin|nephew|niece|friend|buddy|neighbou?r|wife|husband|ex|ex-husband|ex-wife|son|daughter|uncle|aunt|dad|mom|father|mother|"
    r"boss|roommate|in-law|classmate|barber|dentist|accountant|landlord|buddies|friends|kid|kids|ex-colleague|ex-boss|mate|pal|grandson)"
)
_FOREIGN = re.compile(
    r"\b(?:my|our|one of (?:my|our)) (?:[\w-]+ )?(?:partner|investor|board member|consultant)s?\b(?! and (?:i|me)\b)"
    r"(?! (?:has |just |recently |already )*(?:hired|brought in|signed up)\b)|"
    rf"(?<!with )(?<!from )(?<!and )(?<!by )(?<!including )(?<!counting )(?<!asked )(?<!asking )\b(?:my|our|a|the|his|her|their|some) (?:[\w-]+ )?{_RELATION}(?:[- ]in[- ]law)?(?:'?s)?\b"
    r"(?! (?:phone|laptop|computer|desk|head|notebook|garage|inbox)\b)(?! (?:and (?:i|me)|who works (?:here|for us)|(?:runs|handles|manages|does|oversees|looks after|fixes|sets? up|takes care of|keeps) (?:our |the |all |most of )?"
    r"(?:operations|ops|it|tech\w*|computers?|sales|marketing|dispatch|finance|hr|admin|office|books|systems|website|everything)\b|(?:says?|said|thinks|reminds me|tells me|told me) (?:that )?(?:we|our)\b))|"
    r"\b(?:my|our|the|his|her|their) (?:[\w-]+ )?(?<!food )(?:bank|vendor|supplier)(?:'?s)?\b|"
    r"\b(?:last|previous|old|former|sister|parent) (?:company|job|firm|business|employer|shop|place|owners?)\b|"
    r"\b(?:the|an?|our) (?:[\w-]+ )?(?:agency|provider|msp|consultanc?y|vendor|franchisor|franchise|headquarters|holding|manufacturer) (?:(?:that|who|we|which) |has\b|have\b)|"
    r"\b(?:guy|woman|company|firm|place|shop|outfit) (?:before me|across|down the|next door|over in|i know|i read|i saw)\b|"
    r"\b(?:a|another|one) (?:client|customer|vendor|competitor) of (?:mine|ours)\b|"
    r"\b(?:our|a|the|my) (?:[\w-]+ ){0,2}(?:(?:customer|competitor|vendor|supplier|rival)s?|clients|(?<!my )client)(?:'s)? (?:is|are|has|have|just|told|sells?|uses?|makes?|does|do|website)\b"
    r"(?! (?:all |now |already |been |also )*(?:asking|demanding|pushing|expecting|requesting|begging)\b)|"
    r"\b(?:an?|the|some|this|that) [\w-]+ (?:i|we)(?: once| just)? (?:met|know|knew|saw|talked to|spoke (?:to|with))\b|"
    r"^competitors?:|\bi (?:saw|read|heard|watched)\b|\bthey say\b|\byou said\b|\bsupposedly\b|\bsomeone (?:told|said)\b|\barticle\b|\bjournal\b|\bon (?:linkedin|cnbc|cnn|tv|youtube|tiktok)\b|\bthe news\b|\b(?:on|in) (?:a|the|some|that) podcast\b|\bpodcast (?:said|says|guest|host)\b|\bthe speaker\b|"
    r"(?<!like )(?<!for )\b(?:every|any|some) (?:company|firm|business|retailer|bank|startup|employer|chain)\b|"
    r"\bi (?:worked|was working|used to work) (?:for|at|in)\b",
    re.I,
)
_FAMOUS = re.compile(
    r"\b(?:amazon|google|microsoft|apple|meta|tesla|openai|siemens|klarna|walmart|netflix|nvidia|jpmorgan|uber|ibm)(?:'s)? "
    r"(?:has|have|had|is|are|was|built|did|does|uses?|runs?|ran|just|hired|says?|made|makes|earned|sold)\b|\b(?:the )?(?:radio|tv|papers?|news|article) (?:said|says|wrote)\b|\bwas an? [\w ]{2,20} once\b",
    re.I,
)
_SUPPOSED = re.compile(
    r"^(?:and |but |so |or |ok |well )*(?:if(?! anything)|what if|suppose|supposing|say|let's say|hypothetically|assume|assuming|imagine(?! (?:a|an|my|our) (?:firm|company|business|shop|agency))|unless|whether|in case|once|when(?!.*\balways\b)|as soon as)\b|\bhypothetical|"
    r"^(?:everybody|everyone|people|some|they|consultants?|sales(?:men|man|people)|(?:a|the|some) [\w-]+|somebody|someone|we(?:'ve| have)? been|i(?:'ve| have)? been|i'm|we're) "
    r"(?:keeps? |always |even |just )?(?:tell(?:s|ing)? (?:me|us)|told|says?(?! (?:we|our)\b)|claims?|wants? (?:us|me) to|wanted (?:us|me) to|thinks? (?:that )?(?:competitors|everyone))\b",
    re.I,
)
_WISHED = re.compile(
    r"\b(?:might|may(?!be)|(?:we|i|it|they|that|he|she)(?:'ll| will)(?! (?:never|not))|intend(?:s|ing)?|about to|sold on|convinced (?:of|that we)|roll(?:ing)? out|in the process of|would (?:love|like|be nice|want|consider)|we consider|want (?:to )?know|'d (?:love|like|want)|hop(?:e|ing) to|plan(?:s|ning)? to|thinking (?:about|of)|(?<!that we )(?<!which we )want(?:s)? to|wish|"
    r"going to|gonna|considering|looking (?:at|into)|dream\w*|some ?day|one day|next (?:year|month|quarter|spring|summer|fall|winter)|eventually|will (?:hire|get|buy|have|be)|perhaps|talking about|"
    r"(?:not|n't) (?:really )?(?:sure|certain|know) (?:if|whether|that|we|i|what|who|which|anyone|anybody)|unsure (?:if|whether)|no (?:idea|clue) (?:if|whether|what|who|about)|"
    r"hard to (?:say|tell)|doubt|wonder(?:ing)?)\b",
    re.I,
)
_PAST = re.compile(
    r"\b(?:used to|years? ago|back in|in (?:19\d\d|20[01]\d|202[0-3])\b|previously|back when|before (?:covid|the merger)|formerly|once had|had [^.,;]{3,30} once|in the (?:early |late )?(?:seventies|eighties|nineties)|i made it sound|i (?:said|told you|wrote|answered|put down)(?! (?:so|it|that|this|yes|no)\b\W*$)|last (?:year|month)'s)\b",
    re.I,
)
_QUESTION = re.compile(
    r"^(?:(?:and|but|so|ok|well|hi|hello|hey|also|then|now|just|please)[ ,]+)*(?:what(?! we| i know)|why|how|who(?:'s|se)?|which|(?:when|where)(?! (?:we|i|it|he|she|they|the|our|my) )|do(?:es)?|should|could|would|can|is|are|am|will|did|has|tell me|explain)\b(?! (?:we do|matters|i can|(?:(?:about|around|roughly|over|almost) )?\W?\d))(?!n?'t (?!(?:you|we|i|they|it|he|she|the|a|this|that)\b))",
    re.I,
)
_STOP_AFTER_AMOUNT = re.compile(r"(\d ?(?:m|mm|mil|k|bn))\.(?=\s)", re.I)  # the parser takes "6M." for one word
_SHORT_QUESTION = 5  # words
_OF_A_ROLE = re.compile(r"\b(?:cto|caio|who|which|officer)\b", re.I)
_PEOPLE = re.compile(
    r"(?:and )?(?:an?|our|no|one|two|three|four|five|six|seven|eight|nine|ten|\d+|nobody|no one)\b(?: [\w-]+){0,3}? ?"
    r"(?<=[ y])(?:cto|developers?|devs?|engineers?|programmers?|coders?|technical)\b",
    re.I,
)
"""Whom a company has: "with a CTO and a team of seven developers" is a clause for each."""
_ONE_OF_THEM = r"(?:an? )?(?:(?:cto|caio)|(?:tech|technology|it|ai) (?:guy|gal|person|man|woman|chief|officer|lead))"
_A_CHOICE = re.compile(
    rf"(?:so )?{_ONE_OF_THEM} or {_ONE_OF_THEM}\W*|(?:so )?(?:who|which|whom) (?:do|should) (?:i|we)\b.*", re.I
)
"""A question without its sign: "who do I bring in, a tech guy or an AI guy"."""
_VERSUS = re.compile(r"\b(?:vs|versus)\b", re.I)
_OR = re.compile(r"\bor\b", re.I)
"""What a question chooses from, before it: "HubSpot or Salesforce, which one do you like better?"."""
_A_PARTICLE = 2  # words with its sign: "so?" asks nothing
_CONJUNCTIONS = {"and", "so", "&"}
_CUTS = {",", ";", ":", "-", "(", ")", "–", "—", "/", "|", "•", "·"}


def sentences_of(text: str) -> list[Sentence]:
    """The sentences of a message in its order."""
    found = []
    for line in text.split("\n"):
        if line.strip():
            check()
            for span in _sentences(_parsed(_STOP_AFTER_AMOUNT.sub(r"\1 .", line))):
                asks = span.text.rstrip().endswith("?") or _QUESTION.match(span.text) is not None
                asks = (asks and not is_comment(span.text)) or _VERSUS.search(span.text) is not None
                asks = asks and (len(span) > _A_PARTICLE or _OF_A_ROLE.search(span.text) is not None)
                texts = list(_with_comments(_cut(span)))
                whole = _clause(span.text, asks)
                found.append(Sentence(whole, tuple(_clauses(texts, whole)) if len(texts) > 1 else ()))
    return found


def _clauses(texts: Sequence[str], whole: Clause) -> Iterator[Clause]:
    """The clauses of a sentence; one that names nobody is about whom the clause before it is about."""
    foreign = False
    short = len(texts[-1].split()) <= _SHORT_QUESTION and _OF_A_ROLE.search(texts[-1]) is not None
    asks_last = len(texts) - 1 if short else 0  # "law firm, 5m, CAIO or CTO?"
    asking = next((place for place, text in enumerate(texts) if _QUESTION.match(text)), asks_last)
    for place, text in enumerate(texts):
        asks = whole.question and place >= asking and not _answers_itself(text)  # "we are 40 people, do we need a CTO?"
        asks = asks or _A_CHOICE.fullmatch(text) is not None
        asks = asks or (whole.question and place == asking - 1 and _OR.search(text) is not None)
        clause = _clause(text, asks, whole)
        ours = _OWN.search(text) or _OUR_PEOPLE.match(text)
        foreign = clause.foreign or (foreign and not ours)
        yield replace(clause, foreign=foreign)


def _with_comments(texts: Iterable[str]) -> Iterator[str]:
    """A topic and what is said of it are one clause: "spare time, none", "decision: no"."""
    waiting: str | None = None
    for text in texts:
        if waiting is not None and is_comment(f"{waiting}, {text}"):
            yield f"{waiting}, {text}"
            waiting = None
            continue
        if waiting is not None:
            yield waiting
        waiting = text
    if waiting is not None:
        yield waiting


def _parsed(line: str) -> Doc:
    """The line in words, and parsed where a conjunction may join clauses: the parse takes longer than all the rest."""
    doc = parser().make_doc(line)
    asks = _QUESTION.match(line) is not None and line.endswith("?")
    return parser()(doc) if not asks and any(token.lower_ in _CONJUNCTIONS for token in doc) else doc


def _sentences(doc: Doc) -> Iterator[Span]:
    """Sentences as their signs end them: the parse would also cut where a message has none."""
    start = 0
    for token in doc:
        if token.text in (".", "!", "?", "...", "..", "!!", "??", "?!") and token.i + 1 > start:
            if token.i + 1 < len(doc) and doc[token.i + 1].text in (".", "!", "?"):
                continue
            end = _after_comment(doc, start, token.i + 1)
            yield doc[start:end]
            start = end
    if start < len(doc):
        yield doc[start:]


def _after_comment(doc: Doc, start: int, end: int) -> int:
    """Where a sentence ends that asks itself and answers: "upgrades? nope.", "website? yes we do"."""
    if doc[end - 1].text != "?":
        return end
    for stop in range(end + 1, min(len(doc), end + 5) + 1):
        if is_comment(doc[start:stop].text) and (stop == len(doc) or doc[stop].is_punct):
            return min(stop + 1, len(doc))
    return end


def _answers_itself(part: str) -> bool:
    return re.match(r"^(?:yes|no|nope|none|we)\b", part, re.I) is not None


def _cut(span: Span) -> Iterator[str]:
    start = span.start
    for token in span:
        if token.i <= start:
            continue
        if (token.text in _CUTS and _is_loose(token) and token.i - start >= 2 and span.end - token.i > 2) or (
            _joins_clauses(token, span) or _adds_people(token, span)
        ):
            yield span.doc[start : token.i].text.strip(" ,;:-()")
            start = token.i + 1
    if start < span.end:
        yield span.doc[start : span.end].text.strip(" ,;:-()")


def _is_loose(token: Token) -> bool:
    """Whether a sign stands between words, and not inside of one: "8-10 people", "a 26-person firm", "CTO/CAIO"."""
    return token.text not in ("-", "/") or (token.i > 0 and bool(token.doc[token.i - 1].whitespace_))


def _joins_clauses(token: Token, span: Span) -> bool:
    """Whether a conjunction joins two clauses, and not two words of one."""
    if token.lower_ == "but" and token.i - span.start >= 1 and span.end - token.i > 2:
        return span.doc[token.i - 1].lower_ not in ("all", "nothing", "anything", "everything", "none")
    if token.lower_ in ("though", "although", "while", "whereas", "plus"):
        return token.i - span.start > 2 and span.end - token.i > 2
    if token.dep_ != "cc" or token.lower_ not in _CONJUNCTIONS or _shares_its_object(token):
        return False
    return any(
        right.dep_ == "conj"
        and right.i > token.i
        and (right.pos_ in ("VERB", "AUX") or any(child.dep_.startswith("nsubj") for child in right.children))
        for right in token.head.children
    )


def _adds_people(token: Token, span: Span) -> bool:
    """Whether a "with" or "and" goes on with people of the company."""
    if token.lower_ not in ("with", "and", "plus"):
        return False
    return _PEOPLE.match(span.doc[token.i + 1 : span.end].text) is not None


def _shares_its_object(token: Token) -> bool:
    """Whether a conjunction joins two verbs with one object: "we make and sell software"."""
    before = token.doc[token.i - 1] if token.i else token
    return (
        before == token.head
        and before.tag_ in ("VB", "VBP", "VBZ", "VBG")
        and token.i + 1 < len(token.doc)
        and token.doc[token.i + 1].tag_ == before.tag_
    )


def _clause(text: str, question: bool, whole: Clause | None = None) -> Clause:
    supposed = _SUPPOSED.search(text) is not None
    return Clause(
        text=text,
        question=question,
        supposed=supposed or (whole is not None and whole.supposed),
        wished=_WISHED.search(text) is not None,
        past=_PAST.search(text) is not None
        and re.search(r"\b(?:since|now|gone|left|sold|shut|quit)\b", text, re.I) is None,
        foreign=_FOREIGN.search(text) is not None or _FAMOUS.search(text) is not None,
        own=_OWN.search(text) is not None,
    )
