"""The sentence that a call opens with: it quotes the prospect, and asks about what they said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from actions.company import clauses
from actions.turn import asks_something
from advisor.brief import Line, quotable
from assistant.briefing.case import Case, says_something
from assistant.briefing.owed import is_request, owed, questions_in
from assistant.briefing.sentences import GREETS, LONGEST_CITED, OF_THEMSELVES, cited, fitting, sentences
from assistant.dossier import Quote

PAINS: tuple[tuple[str, Any], ...] = (
    ("cto_bandwidth", False),
    ("warn_later", True),
    ("warn_cannot_keep_up", True),
    ("competitors_gaining", True),
    ("generic_tools_no_strategy", True),
    ("tech_works", False),
    ("tech_upgrades_needed", True),
    ("warn_no_metrics", True),
    ("warn_tools_first", True),
    ("build_vs_buy_pending", True),
    ("custom_tech_needed", True),
    ("ai_strategy_needed_now", True),
    ("cto_ai_expertise", False),
    ("cto_accountable", False),
    ("has_crm", False),
    ("leveraging_ai", False),
    ("leadership", "one_person_both"),
)
"""What a company suffers from, the most pressing first."""
STATES: tuple[tuple[str, Any], ...] = (("dev_team", True), ("ai_strategy", "none"), ("leadership", "none"))
"""What is no pain in itself, but worth a question."""


class Signal(NamedTuple):
    """A sort of words that makes a sentence worth opening a call with, and how much."""

    name: str
    words: re.Pattern[str]
    weight: int


def _signal(name: str, weight: int, words: str) -> Signal:
    return Signal(name, re.compile(rf"(?<!\w)(?:{words})", re.I), weight)


_WHO_ASKS = (
    r"(?:clients?|customers?|patients|partners?|board|investors?|banks?|auditors?|examiners?|regulators?|insurers?"
    r"|owners?|boss)"
)
_ASKS = r"(?:ask(?:s|ed|ing)?|wants?|demands?|expects?|push(?:es|ing)?|requires?)"
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"

SIGNALS = (
    _signal(
        "burned",
        5,
        r"burned by|burnt by|vanished|disappeared|ripped off|snake oil|wasted\b|let us down|unfinished|never finished"
        r"|for nothing\b",
    ),
    _signal(
        "too_much", 7, r"(?:sounds|seems|feels) like (?:a lot|too much)|overkill|too (?:much|big|expensive) for|afford"
    ),
    _signal(
        "doubt",
        3,
        r"hype\b|i suspect|skeptical|sceptical|not (?:convinced|sold)|don't (?:trust|believe)|trust is|wary\b",
    ),
    _signal("asked", 5, rf"{_WHO_ASKS} (?:[\w-]+ ){{0,6}}{_ASKS}\b"),
    _signal("puzzle", 5, r"(?:no idea|don't know|not sure|unsure) (?:what|how|where|whether|if) (?:to|we)\b"),
    _signal(
        "risk",
        5,
        r"paste[sd]?\b|leak|confidential|privacy|complian|breach|lawsuit|sued\b|found out|hacked|ransom",
    ),
    _signal(
        "deadline",
        4,
        r"retir(?:e|es|ing|ement)\b|deadline|runs out|expires?\b|end of life"
        rf"|(?:by|due|until) (?:the |this )?(?:end of|{_MONTHS}|spring|summer|fall|autumn|year-?end)\b",
    ),
    _signal(
        "decision",
        7,
        r"rewrite\b|cold feet|ready to sign|offer letter|proposal from|quoted us"
        r"|(?:told|offered) us (?:that |our |we |\$?\d)",
    ),
    _signal(
        "loss",
        6,
        r"(?:sales|revenue|orders|traffic)(?: (?:are|is|were|was))? down\b|lost\b|losing\b(?! track)"
        r"|left (?:us )?for\b|kill(?:ed|ing)\b",
    ),
    _signal(
        "failure",
        6,
        r"broke\b|break(?:s|ing)?\b|crash|fail|outages?|garbage|goes down|go down|down every|stops\b|miss(?:es|ed)?\b"
        r"|retype|burn(?:s|ing)? (?:cash|money|hours|time)|crawls?\b|freez(?:es|ing)"
        r"|neither runs|half working|(?:do|does|did)(?:n't| not) (?:exist|work|speak|talk)|out of date|mess\b|wrong"
        r"|(?:nobody|no one) can\b|chaos|by hand\b",
    ),
    _signal("worry", 4, r"worr|afraid|scare[sd]?\b|fear|concern|upset|keeps? me up|nervous|pressure|or we die"),
    _signal(
        "strain",
        4,
        r"pain\b|pain points?|hurt|struggl|stuck|swamped|overwhelm|alone\b|no way to know"
        r"|(?:real|big|larger|main) problem|problems? (?:is|are)|ignores?\b|nobody knows|behind\b|ahead\b"
        r"|nothing to show",
    ),
    _signal("wish", 3, r"(?:i|we)(?:'d| would) (?:love|like)|i want|we want|wanna|hope|wish|need to\b"),
    _signal(
        "people",
        2,
        r"(?:nobody|no one) (?:is|runs|leads|owns|knows|measures)\b|left in\b|left us|only one person",
    ),
    _signal("money", 2, r"pay(?:ing)?\b|paid\b|spen[dt](?:ing)?\b|fees?\b|budget|invest|subscriptions?"),
    _signal(
        "subject",
        1,
        r"ai\b|chatgpt|claude|copilot|midjourney|llm|machine learning|strategy"
        r"|systems?\b|software|website|data\b|apps?\b|server|cloud|tools?\b|tech",
    ),
)
"""In the order in which they decide what to ask."""
_TROUBLE = ("asked", "puzzle", "risk", "decision", "loss", "failure", "deadline", "worry", "strain")
_DOUBT = ("burned", "too_much", "doubt")
_STRONG = 4  # what is weaker is worth less than a question that had no answer

_SHORTEST = 5  # words of a sentence that is worth quoting
_SHORTEST_FIRST = 6  # words of a first message that tells what it is about: not "is this a bot"
_NEEDS_MORE = re.compile(
    r"(?:hi|hello|hey|yo|good (?:morning|afternoon|evening)|thank|sorry|(?:that|this|it|he|she|they)(?:'s)?)\b", re.I
)
_TO_US = re.compile(r"\byou\b", re.I)
_INTRODUCES = re.compile(
    r"(?:so )?(?:i'm|im|i am|i own|i run|i direct|i sit|we're an?|we are an?|founder|c[a-z]o here)\b", re.I
)
_INTRODUCTION = 3  # how much less it is worth to open with one


def openings(case: Case) -> Iterator[Line]:
    """Every first sentence that there could be, the best one first."""
    text, wording, answers = case.wording.text, case.wording, case.dossier.answers
    strong = [one for one in troubles(case) if strength(one.words) >= _STRONG]
    yield from (_about(case, one) for one in strong)
    for quote in owed(case):
        words = fitting(" ".join(questions_in(sentences(quote.words))) or quote.words, LONGEST_CITED)
        marked = words if words.endswith((".", "?", "!")) else f"{words}?"
        yield Line(text("utter_brief_opening_owed", words=quotable(marked, LONGEST_CITED)), (quote.event,))
    if came := came_with(case):
        only_asks = all(map(asks_something, sentences(came.words)))
        response = "utter_brief_opening_asked" if only_asks else "utter_brief_opening_came"
        yield Line(text(response, words=quotable(came.words, LONGEST_CITED)), (came.event,))
    yield from (_about(case, one) for one in troubles(case) if one not in strong)
    for name in [name for name, value in (*PAINS, *STATES) if answers.get(name) == value]:
        fact = clauses(wording, {name: answers[name]})[0]
        question = text(f"utter_brief_opening_{name}_{str(answers[name]).lower()}")
        yield Line(text("utter_brief_opening_told", fact=fact, question=question), case.told([name]))
    for one in case.dossier.asked:
        if one.typed and one.topics and says_something(one.text) and asks_something(one.text):
            words = quotable(fitting(one.text, LONGEST_CITED)).rstrip(".")
            yield Line(text("utter_brief_opening_asked", words=words), (one.event,))
    yield Line(text("utter_brief_opening_blank"), (case.dossier.last,))


def came_with(case: Case) -> Quote | None:
    """The first message that asks for something, without its greeting, unless we still owe the answer."""
    early = [one for one in case.dossier.asked if one.typed and len(one.text.split()) >= _SHORTEST_FIRST][:1]
    asking = [one for one in early if is_request(one.text) and not one.gives_contact]
    if case.withheld or not asking or asking[0].event in [one.event for one in owed(case)]:
        return None
    said = " ".join(one for one in sentences(asking[0].text) if says_something(one) and not GREETS.match(one))
    return Quote(fitting(said, LONGEST_CITED), asking[0].event)


def _about(case: Case, quote: Quote) -> Line:
    """A first sentence about a sentence of theirs."""
    values = {"words": cited(quote), "question": question_about(case, quote)}
    return Line(case.wording.text("utter_brief_opening_quoted", **values), (quote.event,))


def question_about(case: Case, quote: Quote) -> str:
    """What to ask about a sentence of theirs."""
    return case.wording.text(f"utter_brief_opening_on_{signals_in(quote.words)[0].name}")


def troubles(case: Case) -> list[Quote]:
    """The sentences that state a problem, a worry or a wish, by plain signs of it, the strongest first."""
    found = [
        one
        for one in case.statements
        if _SHORTEST <= len(one.words.split()) <= LONGEST_CITED
        and strength(one.words) > 0
        and not _NEEDS_MORE.match(one.words)
        and (not _TO_US.search(one.words) or OF_THEMSELVES.search(one.words))
    ]
    return sorted(found, key=lambda one: -strength(one.words))


def strength(sentence: str) -> int:
    weight = sum(signal.weight for signal in signals_in(sentence))
    return weight - _INTRODUCTION if _INTRODUCES.match(sentence) else weight


def is_trouble(quote: Quote) -> bool:
    """Whether a sentence states a problem or a worry."""
    return not is_doubt(quote) and any(one.name in _TROUBLE for one in signals_in(quote.words))


def is_doubt(quote: Quote) -> bool:
    """Whether a sentence doubts the subject, or tells of a bad experience with somebody hired."""
    return any(one.name in _DOUBT for one in signals_in(quote.words))


def signals_in(sentence: str) -> list[Signal]:
    """The signals of a sentence, in their order."""
    return [one for one in SIGNALS if one.words.search(sentence)]
