"""From a message and the open question to the facts that it states, and whether the question must be asked again."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from advisor.fields import DECLINED, UNKNOWN, fields
from assistant.nlu.company_facts.amounts import amounts
from assistant.nlu.company_facts.classifier import DECLINED as SAYS_DECLINED
from assistant.nlu.company_facts.classifier import NOTHING
from assistant.nlu.company_facts.classifier import UNKNOWN as SAYS_UNKNOWN
from assistant.nlu.company_facts.figures import UNCLEAR, Revenue, declines_revenue, headcount_in
from assistant.nlu.company_facts.gathered import Gathered
from assistant.nlu.company_facts.heard import Clause, Heard, Sentence
from assistant.nlu.company_facts.names import (
    denied_or_had,
    is_bought,
    is_denied,
    is_spoken_of,
    is_wanted,
    listed_systems,
    mentioned,
    named_fields,
    named_things,
    trade_in,
)
from assistant.nlu.company_facts.own import Figures, is_own
from assistant.nlu.company_facts.replies import (
    as_value,
    comment,
    denials,
    ends_telling,
    is_ellipsis,
    is_yes_or_no,
    left_topic,
    read_short,
    rest_said,
)
from assistant.nlu.company_facts.reply_model import A_NUMBER, NOT_SAID, as_said
from assistant.nlu.company_facts.subjects import is_named

# Probabilities that were chosen on sentences which are not held out.
_ASKED = 0.4  # of a value of an asked field, among the values of asked fields
_ASKED_BUSINESS = 0.65  # the same of what is sold, where a list of systems may be meant
_VOLUNTEERED = 0.92  # of a value that nobody asked for
_TRADE = 0.7  # of services or goods, in a message that speaks of the company
_OPENING_TRADE = 0.8  # the same at the beginning of one that names nobody: "wholesale nursery, 300 acres of plants"
_DESCRIBED = 0.7  # the same where the message has stated something of the company already
_OF_THE_CTO_LEAST = 0.6  # the same of the CTO in words like "she" and "her"
_TAKEN_BACK = 0.5  # the same where the next clause takes it back
_BESIDE_THE_ANSWER = 0.93  # the same in an answer that does not say whom it speaks of
_ANOTHER = 0.85  # of a value of another field than those asked for, above which a clause is no short reply
_SUPPOSED = 0.5  # the same in a "what if"
_LEFT = 0.35  # of not knowing or not telling
LEAST = 0.25  # of any value, whatever was asked: below it a clause is too vague
LEAST_DOUBTFUL = 0.7  # the same in a message that is likelier something else than an answer
_LEAST_SCRAP = 0.8  # the same in one or two words of a longer message
_ABOUT = 0.15  # of a field, of all its values together, in a clause of few words
_UNREAD = 0.5  # the same, above which a clause that gave no fact is named
_MUTE = 0.9  # of nothing, above which the names in a clause tell nothing
_A_SENTENCE = 3  # words: less is no statement that was missed
_A_NAME = 3  # words: a shorter piece of a description is the name of what the company has
_OTHER_WEIGHT = 0.12  # of what nobody asked about, while a question is open
_CLEAR = 2.0  # times as likely as any other value of its field
_DESCRIPTION = 2  # facts: in a description of the company an amount of money is its revenue
_A_COUNT = 5  # words
_PRONOUNS = 3  # words: a shorter reply that names nothing stands for what was asked
_READ = 2.0  # log-odds that what was read clause by clause, or that nothing was, is right
_REPLIED = 0.65  # share of a value that only the message as a whole says, against that nothing was read
_CONTRADICTED = 0.8  # the same against another value that was read
_DENIED, _REPLIED_DENIAL = 0.4, 0.8  # of a denial, in a clause and in the message as a whole
_LEAST_REPLY = 0.02  # probability of what was read, where the whole says nothing of the kind
_BY_RULE, _BY_NAME, _BY_MENTION = 0.99, 0.9, 0.7  # how sure a fact is that no probability belongs to

_LEFT_OPEN = {SAYS_UNKNOWN: UNKNOWN, SAYS_DECLINED: DECLINED}
_REPLY = SAYS_UNKNOWN.partition("=")[0]
_AFTER_CTO = "cto_"
_OF_A_LEADER = ("leadership", _AFTER_CTO, "warn_", "daily_hands_on_cto")
_CAIO, _LEADERSHIP, _BUSINESS, _SERVICE = "caio", "leadership", "business", "service"
_PRODUCTS = ("software_product", "ai_product")
_REVENUE = "revenue_band"
_NOBODY = f"{_LEADERSHIP}=none"

_DESCRIPTIVE = {
    *("business", "leadership", "has_website", "has_crm", "has_cloud", "tech_works", "dev_team"),
    *("leveraging_ai", "ai_strategy", "generic_tools_no_strategy"),
}
"""Fields that a description of a company states in passing; others need a clearer statement."""
_SEEMING = {
    "daily_hands_on_cto": "leadership",
    "ai_full_time_scale": "leveraging_ai",
    "ai_strategy_needed_now": "ai_strategy",
    "dev_team": "business",
}
"""Fields that an answer about another one only seems to state: "CTO yes, every day", "AI no", "I run their standup"."""
_OWNED = {"business", "leadership", "dev_team", "has_website", "has_crm", "has_cloud"}
_LACKING = {"none", "false"}
_PRONOUN = re.compile(r"\b(?:it|them|they|they're|one|ones|that|those|none|he|she|her|his)\b", re.I)
_NO_SUBJECT = re.compile(
    r"(?:also |still |only )?(?:is|isn't|has|hasn't|does|doesn't|can|can't|knows|codes|writes|works|spends|gets)\b",
    re.I,
)
_GOES_ON = re.compile(r"^(?:and|but|also)\W+", re.I)
_A_CTO = re.compile(r"\bctos?\b|\bchief technology\b|\b(?:tech|technology|engineering) (?:chief|head|lead)", re.I)
_NO_TITLE = re.compile(
    r"\b(?:isn't|not|never) (?:really |exactly )?(?:called |titled |a |an |our |the )*(?:cto|caio|chief)\b", re.I
)
_WE_ARE = re.compile(r"\bwe(?:'re| are| sell| make| grow)\b", re.I)
_TAKES_BACK = re.compile(
    r"(?:but |and )?(?:that|which|this|it)(?:'s| is| was) (?:just |actually |plain |all |completely )?"
    r"(?:wrong|not (?:right|true|correct)|no longer true|incorrect|(?:a|my) mistake|false|outdated)\b[\w ,.!]{0,12}",
    re.I,
)
_A_PLAN = re.compile(r"(?:we|i)(?:'ll| will| plan)\b(?! not\b)", re.I)
_OF_THE_CTO = re.compile(r"\b(?:he|she|her|his|our cto|the cto)\b", re.I)

Likely = Mapping[str, float]


@dataclass(frozen=True)
class Answer:
    """What a message gives.

    ``facts`` are fields with their values; ``ask_back`` says that nothing of the open question was answered; ``unread``
    are the clauses that state something which was not understood, with the field that they are about; ``stated_in``
    are the words that state each fact, as far as it is not a figure or a short reply; ``people`` (least and most) and
    ``revenue`` are the figures as said.
    """

    facts: Mapping[str, Any]
    ask_back: bool
    unread: Mapping[str, str] = field(default_factory=dict)
    stated_in: Mapping[str, str] = field(default_factory=dict)
    people: tuple[float, float] | None = None
    revenue: Revenue | None = None


def read_answer(heard: Heard, asked: Sequence[str], least: float = LEAST, *, supposed: bool = False) -> Answer:
    """What a message means in the light of the fields that were asked for; none of them outside the interview.

    Args:
        heard: the message.
        asked: the open fields of the question that is open, if one is.
        least: the least probability that a clause states a value.
        supposed: whether the message says what it supposes of the company, and so speaks of it for certain.
    """
    short = read_short(heard.text, asked) if asked else None
    if short is not None and not any(_is_about_another(one.whole, asked) for one in heard.sentences):
        return Answer(short, ask_back=not short)
    replied = _replies(heard.sentences, asked)
    figures = Figures.of(heard, asked)
    reading = _Reading(heard, asked, least, supposed=supposed)
    beside = [name for name in reading.gathered.facts if name not in asked]
    if not supposed and (len(beside) >= _DESCRIPTION if asked else figures.facts or beside):
        reading = _Reading(heard, asked, least, describes=True)  # whoever describes the company goes on doing so
        figures = Figures.of(heard, asked, describes=True)
    reading.leave_open(replied)
    settled = reading.gathered.settled
    told = {**settled, **replied} if len(asked) > 1 else {**replied, **settled}  # a list of things leaves no doubt
    doubtful = [name for name in asked if name not in reading.taken_back]
    weighed = {**_as_replied(told, heard, doubtful, least), **figures.facts}  # amounts are rules
    for name in denials(asked) - replied.keys():
        if weighed.get(name) is False and not _is_denied(name, heard):
            del weighed[name]  # a "no" with something else is no to the list, and not the denial in it
    rest = [name for name in asked if name not in weighed]
    said_of_rest = {name: said for one in heard.clauses for name, said in rest_said(one.text, rest, asked).items()}
    facts = _fitting({**weighed, **said_of_rest}, asked, heard.text)
    if _REVENUE in asked and _REVENUE not in facts and declines_revenue(heard.text):
        facts[_REVENUE] = DECLINED
    answered = any(name in facts and facts[name] != UNCLEAR for name in asked)
    words = {name: _words_about(name, heard) for name in asked if name in facts}
    stated_in = {name: said for name, said in {**words, **reading.gathered.stated_in}.items() if name in facts}
    ask_back = bool(asked) and not answered
    unread = {words: name for words, name in reading.unread.items() if name not in facts}
    return Answer(facts, ask_back, unread, stated_in, figures.people, figures.revenue)


@dataclass
class _Reading:
    """One pass over the clauses of a message."""

    heard: Heard
    asked: Sequence[str]
    least: float  # probability that a clause states a value
    describes: bool = False  # whether the message is known to describe the company
    supposed: bool = False  # whether it says what it supposes of it
    gathered: Gathered = field(default_factory=Gathered)
    left: list[tuple[str, Likely]] = field(default_factory=list)  # what is left open, and what the clause is about
    unread: dict[str, str] = field(default_factory=dict)
    taken_back: set[str] = field(default_factory=set)  # fields of which a clause said the opposite, and was corrected
    before: Clause | None = None
    context: str = ""  # the words that "it", or no subject at all, may stand for, and those of the clause
    ours: bool = False  # whether the clauses so far went from the writer's company to nobody else
    asks: bool = False  # whether a question came before the clause

    def __post_init__(self) -> None:
        self.own = is_own(self.heard)
        self.seeming = {_SEEMING[name] for name in self.asked if name in _SEEMING} - {*self.asked}
        clauses = self.heard.clauses
        self._opening = clauses[0] if len(clauses) > 1 else None
        for sentence in self.heard.sentences:
            self._sentence(sentence)

    def leave_open(self, replied: Mapping[str, Any]) -> None:
        """Who answers one thing and does not know another says which; who answers nothing leaves all of it open."""
        facts = self.gathered.facts
        answered = [name for name in self.asked if name in facts or name in replied]
        if len(facts) >= _DESCRIPTION and not answered:
            return  # whoever tells other things has no idea of something else
        if not answered and self.left:
            value = max(self.left, key=lambda one: max(one[1].values()))[0]
            facts.update(dict.fromkeys(self.asked, value))
            return
        for value, likely in self.left:
            rest = [name for name in self.asked if name not in answered]
            shares = {name: _share(likely, name) for name in rest}
            about = [name for name in rest if shares[name] > 0.05 and shares[name] == max(shares.values())]
            facts.update(dict.fromkeys(about, value))
            answered += about

    def _sentence(self, sentence: Sentence) -> None:
        clauses = sentence.clauses or (sentence.whole,)
        given = [self._clause(clause) for clause in clauses]  # all of them are read, not only up to the first
        if self.gathered.facts.get(_LEADERSHIP) == "cto" and sentence.whole.likely.get(_NOBODY, 0.0) > _DESCRIBED:
            self.gathered.correct(_LEADERSHIP, "none", sentence.whole.text)  # "the technical founder was it, and left"
        listed = self._listed(sentence.whole)
        if listed or (sentence.clauses and not any(given) and self._clause(sentence.whole)):
            return
        if self.own or self.asked:
            told = zip(clauses, given, strict=True)
            self.unread |= {clause.text: name for clause, read in told if not read and (name := _unread(clause))}

    def _listed(self, whole: Clause) -> bool:
        """Take up the systems that a sentence lists: "website, CRM, cloud are there"."""
        speaks_of_us = self.asked or (self.own and self.describes)
        if not speaks_of_us or whole.question or not whole.states("has_website"):
            return False
        listed, work = listed_systems(whole.text)
        for name in [*listed, *(["tech_works"] if work else [])]:
            self.gathered.add(name, True, _BY_NAME, whole.text)
        return bool(listed)

    def _clause(self, clause: Clause) -> bool:
        """Read a clause, and say whether it gave anything."""
        goes_on = _PRONOUN.search(clause.text) or _NO_SUBJECT.match(clause.text)
        self.context = f"{self.context if goes_on else ''} {clause.text}"
        self.asks = self.asks or clause.question
        if clause.question or not clause.likely:
            return False
        self.ours = (self.ours or clause.own) and not clause.foreign
        before = self.before
        if before and _TAKES_BACK.fullmatch(clause.text):
            return self._take_back(before)
        if before is None or not is_ellipsis(clause.text):
            self.before = clause
        if self.asked and (self._reply(clause, before) or self._left_open(clause)):
            return True
        named = set(self._names(clause))
        given = [self._label(clause, *value) for value in _likeliest(self._weighted(clause), named)]
        return bool(named) or any(given)

    def _take_back(self, said: Clause) -> bool:
        """Read the opposite of a clause that surely says yes or no: "I said no developers, that's wrong"."""
        label = max(said.likely, key=lambda one: said.likely[one], default="")
        name, _, value = label.partition("=")
        if value not in ("true", "false") or said.likely[label] <= _TAKEN_BACK:
            return False
        self.gathered.correct(name, value == "false", said.text)
        self.taken_back.add(name)
        return True

    def _reply(self, clause: Clause, before: Clause | None) -> bool:
        """What a clause says of a topic that it names, or that the clause before it was about."""
        said: bool | str | None
        if before and is_ellipsis(clause.text):
            said, about = False, before
        else:
            said, about = left_topic(clause.text) or comment(clause.text), clause
        name = None if said is None else _topic(about.likely, self.asked) or _named(about.text, self.asked)
        if said is None or name is None or (value := as_value(name, said)) is None:
            return False
        self.gathered.correct(name, value, clause.text)
        return True

    def _left_open(self, clause: Clause) -> bool:
        weighted = self._weighted(clause)
        label = max(_LEFT_OPEN, key=lambda one: weighted.get(one, 0.0))
        least = max(_LEFT * sum(weighted.values()), self.least)
        if weighted.get(label, 0.0) <= least or len(clause.text.split()) < 3 or _A_PLAN.match(clause.text):
            return False
        self.left.append((_LEFT_OPEN[label], clause.likely))
        return True

    def _names(self, clause: Clause) -> Iterator[str]:
        """Take up what the names in a clause say: of products, of trades, and of what a company has or lacks."""
        nothing = clause.likely.get(NOTHING, 0.0)
        for noun, owned in denied_or_had(clause.text).items() if nothing < _MUTE else ():
            name = _LEADERSHIP if noun == _CAIO else noun
            if self._may_state(clause, name):
                if (value := _as_had(noun, owned=owned)) is not None:
                    self.gathered.add(name, value, _BY_RULE, clause.text)
                yield name
        tells = nothing < _MUTE or (not self.asked and len(clause.text.split()) <= _A_NAME)
        for name, value in mentioned(clause.text).items():
            of_a_leader = name == _LEADERSHIP  # whose title leaves no doubt
            if self._may_state(clause, name) and (of_a_leader or (tells and name not in self.asked)):
                self.gathered.add(name, _typed(value), _BY_MENTION, clause.text)
                yield name
        if not tells:
            return
        for name in named_fields(clause.text):
            if self._may_state(clause, name):
                self.gathered.add(name, True, _BY_NAME, clause.text)
        trade = trade_in(clause.text, asked=_BUSINESS in self.asked)
        sells_software = clause.likely.get(f"{_BUSINESS}=software_product", 0.0) >= _ASKED
        stated = trade and self._may_state(clause, _BUSINESS) and not self._is_said(clause, trade)
        if trade and stated and not (trade == _SERVICE and sells_software):
            self.gathered.add(_BUSINESS, trade, _BY_NAME, clause.text)
            yield _BUSINESS

    def _label(self, clause: Clause, name: str, value: str, share: float) -> bool:
        """Take up what the classifier makes of a clause, if it is sure enough."""
        likely = clause.likely[f"{name}={value}"]
        a_scrap = len(clause.text.split()) < 3 and clause.text != self.heard.text
        if self._seems(clause, name) or not clause.states(name) or likely < (_LEAST_SCRAP if a_scrap else self.least):
            return False
        if name in _OWNED and name not in self.asked and value not in _LACKING and is_denied(clause.text):
            return False  # "we sell hours, not software"
        if name not in self.asked and is_spoken_of(name, clause.text):
            return False
        if name == _LEADERSHIP and value not in _LACKING and (is_wanted(clause.text) or _NO_TITLE.search(clause.text)):
            return False  # "we need a CTO and a CAIO", "she isn't called CTO"
        if name == _BUSINESS and value != _SERVICE and name not in self.asked and is_bought(clause.text):
            return False  # "we use an app for rosters"
        if name == _BUSINESS and self._is_said(clause, value):
            return False
        sure = share if name in self.asked else likely
        least = _ASKED_BUSINESS if name == _BUSINESS and not clause.own else _ASKED
        if name in self.asked:
            stated = sure > least
        elif name == _BUSINESS and value not in _PRODUCTS and not self.asked and (self.own or clause is self._opening):
            stated = likely > (_TRADE if self.own else _OPENING_TRADE) and not clause.foreign
        else:
            stated = self._is_volunteered(clause, name, likely)
        if not stated:
            return False
        self.gathered.add(name, _typed(value), sure, clause.text)
        return True

    def _is_volunteered(self, clause: Clause, name: str, likely: float) -> bool:
        """Whether a clause states what nobody asked for: of the writer's company, and surely enough."""
        if len(clause.text.split()) <= _A_COUNT and headcount_in(clause.text) is not None:
            return False  # "we're only 12 people" says how many, and nothing else
        of_the_cto = name.startswith((_AFTER_CTO, "warn_")) and (
            _OF_THE_CTO.search(clause.text) is not None
            or (self.gathered.facts.get(_LEADERSHIP) == "cto" and not clause.own)  # "there's a CTO, completely swamped"
        )
        if not of_the_cto and not is_named(name, self.context):
            return False
        goes_on = self.describes and (name in _DESCRIPTIVE or bool(self.asked)) and name != _BUSINESS
        least = _SUPPOSED if self.supposed else _DESCRIBED if goes_on else _VOLUNTEERED
        if of_the_cto and self.asked and not clause.foreign:
            return likely > _OF_THE_CTO_LEAST
        if self.ours if self.asks else self.own:
            return likely > least
        if not self.asked or clause.foreign or self.asks:
            return False
        # Whoever answers speaks of the company.
        return likely > (least if goes_on or name in _DESCRIPTIVE else _BESIDE_THE_ANSWER)

    def _is_said(self, clause: Clause, kind: str) -> bool:
        """Whether a description has said what the company sells: then only a clear word of its own adds to it."""
        if _BUSINESS in self.asked or _BUSINESS not in self.gathered.facts:
            return False
        likely = clause.likely.get(f"{_BUSINESS}={kind}", 0.0)
        return not (kind in _PRODUCTS and clause.own and likely > _VOLUNTEERED)

    def _may_state(self, clause: Clause, name: str) -> bool:
        ours = name in self.asked or (self.own and not clause.foreign)
        return ours and not self._seems(clause, name) and clause.states(name)

    def _seems(self, clause: Clause, name: str) -> bool:
        """Whether a clause says something of the field that was asked for, and so not what it resembles."""
        return name in self.seeming and not (name == _BUSINESS and _WE_ARE.search(clause.text))

    def _weighted(self, clause: Clause) -> Likely:
        """Probabilities in the light of the open question: what it did not ask for weighs less."""
        if not self.asked:
            return clause.likely
        asked_or_none = {*self.asked, NOTHING, _REPLY}
        return {
            label: share * (1.0 if label.partition("=")[0] in asked_or_none else _OTHER_WEIGHT)
            for label, share in clause.likely.items()
        }


def _likeliest(weighted: Likely, settled: set[str]) -> Iterator[tuple[str, str, float]]:
    """Of every field its likeliest value and its share; none where two values are about as likely."""
    whole = sum(weighted.values())
    ranked: dict[str, list[tuple[float, str]]] = {}
    for label, share in weighted.items():
        name, _, value = label.partition("=")
        if name in fields() and name not in settled:
            ranked.setdefault(name, []).append((share, value))
    for name, values in ranked.items():
        (share, value), *others = sorted(values, reverse=True)
        if all(share > _CLEAR * other for other, _ in others):
            yield name, value, share / whole


def _is_about_another(clause: Clause, asked: Sequence[str]) -> bool:
    """Whether a clause surely states a field that was not asked for: "no AI strategy" is no "no"."""
    if len(clause.text.split()) <= _PRONOUNS and not named_things(clause.text):
        return False  # "none of them"
    label = max(clause.likely, key=lambda one: clause.likely[one], default="")
    name = label.partition("=")[0]
    return name in fields() and name not in asked and clause.likely[label] > _ANOTHER and " " in clause.text


def _share(likely: Likely, name: str) -> float:
    """How likely a clause is about a field, whatever it says of it."""
    return sum(share for label, share in likely.items() if label.startswith(f"{name}="))


def _topic(likely: Likely, asked: Sequence[str]) -> str | None:
    """The asked field that a clause is about; None if it may be about several."""
    shares = {name: _share(likely, name) for name in asked}
    first, *others = sorted(asked, key=lambda name: -shares[name])
    clear = shares[first] > _ABOUT and all(shares[other] < shares[first] / _CLEAR for other in others)
    return first if clear else None


def _named(text: str, asked: Sequence[str]) -> str | None:
    """The asked field that the words of a clause name first."""
    return next((name for name in named_things(text) if name in asked), None)


def _unread(clause: Clause) -> str | None:
    """The field of which a clause states something, but not clearly which of its values."""
    if clause.supposed or clause.foreign or len(clause.text.split()) < _A_SENTENCE:
        return None  # what is planned or doubted is said not to count, though
    if amounts(clause.text) or is_bought(clause.text):
        return None
    shares = {name: _share(clause.likely, name) for name in fields() if is_named(name, clause.text)}
    name = max(shares, key=lambda one: shares[one], default=None)
    return name if name and shares[name] > _UNREAD else None


def _as_had(noun: str, *, owned: bool) -> Any:
    """The value of a field where a company has, or lacks, what its noun names; lacking a CAIO settles nothing alone."""
    if noun == _CAIO:
        return _CAIO if owned else None
    if noun == _LEADERSHIP:
        return "cto" if owned else "none"
    return as_value(noun, owned)


def _typed(value: str) -> Any:
    return {"true": True, "false": False}.get(value, value)


def _as_replied(facts: Mapping[str, Any], heard: Heard, asked: Sequence[str], least: float) -> dict[str, Any]:
    """What was read of the asked fields, weighed against what the message likely says as a whole."""
    weighed = dict(facts)
    if ends_telling(heard.text) or all(one.question or one.supposed or one.foreign for one in heard.clauses):
        return weighed
    for name in asked:
        said, read = heard.as_reply.get(name), as_said(facts.get(name))
        if said is None or facts.get(name) == UNCLEAR:
            continue
        if read == NOT_SAID and least > LEAST:
            continue  # a message that is likelier something else than an answer gives only what its clauses state
        shares = {read: _LEAST_REPLY, **said}
        shares[read] *= math.exp(_READ)
        value = max(shares, key=lambda one: shares[one])
        if value == read:
            continue
        sure = shares[value] / sum(shares.values()) >= (_REPLIED if read == NOT_SAID else _CONTRADICTED)
        if sure and value not in (NOT_SAID, A_NUMBER) and not _tells_of_another(heard.clauses, name, asked):
            weighed[name] = json.loads(value)
        else:
            weighed.pop(name, None)
    return weighed


def _tells_of_another(clauses: Sequence[Clause], name: str, asked: Sequence[str]) -> bool:
    """Whether the clauses surely state another field than those asked for, and hardly touch this one."""
    if all(_share(one.likely, name) < _ABOUT for one in clauses):
        return any(_is_about_another(one, asked) for one in clauses)
    return False


def _is_denied(name: str, heard: Heard) -> bool:
    """Whether words of its own deny a field, and not a mere "no"."""
    by_clause = max((one.likely.get(f"{name}=false", 0.0) for one in heard.clauses), default=0.0)
    return by_clause > _DENIED or heard.as_reply.get(name, {}).get("false", 0.0) > _REPLIED_DENIAL


def _words_about(name: str, heard: Heard) -> str:
    """The clause that is likeliest about a field."""
    return max(heard.clauses, key=lambda one: _share(one.likely, name)).text


def _replies(sentences: Sequence[Sentence], asked: Sequence[str]) -> Mapping[str, Any]:
    """Short replies as parts of a longer message: "None of the above. We have a phone."."""
    replied: dict[str, Any] = {}
    for sentence in sentences if asked else ():
        said = None if _is_about_another(sentence.whole, asked) else read_short(sentence.whole.text, asked)
        for clause in () if said is not None else sentence.clauses:
            # "no, it doesn't do its job": the rest says what, as it does in "and no, AI isn't in his objectives"
            bare = _GOES_ON.sub("", clause.text)
            alone = is_yes_or_no(bare) and (denials(asked) or bare != clause.text)
            if not alone and not is_ellipsis(clause.text) and not _is_about_another(clause, asked):
                said = {**(said or {}), **(read_short(clause.text, asked) or {})}
        replied.update(said or {})
    return replied


def _fitting(facts: dict[str, Any], asked: Sequence[str], text: str) -> dict[str, Any]:
    """Without facts that another one makes meaningless, and with the CTO that other facts take for granted.

    Whoever is "stretched thin" may be anybody, unless the text names a CTO or the question is about one.
    """
    if _LEADERSHIP not in facts and not any(name.startswith(_OF_A_LEADER) for name in asked):
        of_the_cto = [name for name in facts if name.startswith(_AFTER_CTO)]
        if of_the_cto and _A_CTO.search(text):
            facts.update({} if asked else {_LEADERSHIP: "cto"})
        else:
            facts = {name: value for name, value in facts.items() if name not in of_the_cto}
    if facts.get(_LEADERSHIP) == "none":
        facts = {name: value for name, value in facts.items() if not name.startswith(_AFTER_CTO) or name in asked}
    return facts
