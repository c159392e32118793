"""The questions of a message, each classified: what it is divided into, and which of them stand for themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice, zip_longest
from typing import NamedTuple

from assistant.nlu.fallback import FALLBACK, FAQ, Choice, intent_of
from assistant.nlu.roles import ROLES, Mentions
from assistant.nlu.utterance_splitter import Segment, halves

_MAX_QUESTIONS = 6  # classified separately per message; each costs one encoder run
QUESTIONS = ("faq", "not_in_article")
OTHER_SUBJECT = "out_of_scope"
_OTHER_ROLE = "ask_other_role"
_NOT_OURS = ("not_in_article", OTHER_SUBJECT)
_SURE = 0.38  # confidence from which a segment is a question of its own
_SURE_UNASKED = 0.8  # the same where only the question after it has the form of one: "CTO or CAIO first, and what …?"
_LIKELIER = 0.4  # probability of a second question, which is more often one that nothing answers
_MISSING = 0.5  # probability that a question is about what the article does not have
_DOUBTFUL = 0.5  # confidence below which a question is no request: "which of the two should sit on the board?"
_SURE_PART = 0.82  # probability from which a part of a message is what it seems, whatever is around it
_ELSEWHERE = 0.65  # the same of a message about something else, where hardly a question of ours comes near
_STORY = 40  # words
_MAX_HALVES = 3  # places where a message is tried to be divided; each costs two encoder runs
_NAME = 2  # words
_WHOLE_QUESTION = 3  # words: a shorter one says little by itself
_COURTESY = 2  # words: "Hello!", "Many thanks."
_LONGEST_NAMED = 20  # words: a longer one is a story, and too much to say back
WHO_TO_HIRE = ("ask_for_advice", f"{FAQ}/first", f"{FAQ}/need", f"{FAQ}/start", "not_in_article/hiring")
"""What every answer leads on to, so that asking it besides leaves nothing unanswered."""
_OF_THE_ADVICE = ("ask_for_advice", "ask_verdict_now", "why_not")
"""What a last sentence asks for whatever is told before it: "they use AI without a plan. What do you recommend?"."""
_OF_A_NAME = f"{FAQ}/definition"
"""What a role asks for whose name stands alone: it belongs to what goes before."""
_COST_OF_THAT = "ask_cost_of_that"
_ELLIPTICAL = re.compile(
    r"(?:and )?(?:what|which|who|how|where) (?:about|for|under|of|in|on|with)\b"
    r"|(?:and )?how (?:is|are|do|does) (?:that|this|it|they)\b"
    r"|(?:and )?what (?:am i|are we|do i|do we) (?:\w+ )?(?:get|getting) (?:for|out of) (?:that|it|this)\b"
    r"|(?:and )?(?:which|who|what) (?:should|can|do|does|is|are)(?:n'?t)?\W*$",
    re.I,
)
"""Asks the same of something else, which the answer tells too: "which should get AI, and which shouldn't?"."""
_POINTS_BACK = re.compile(r"(?:so )?(?:which|what)(?: one)? is (?:it|that|this|right|true|correct)\b", re.I)
"""Asks of what was just said: "it's 8 to 12 thousand in one spot and 6 to 12 in another. Which is it?"."""
_OF_HIRING = re.compile(r"\b(?:do|should|would) (?:we|i) (?:hire|get|bring in)\b", re.I)
_RHETORICAL = re.compile(
    r"(?:so )?(?:what am i missing|am i (?:wrong|right|crazy|missing something)|does (?:that|this) make sense"
    r"|is that (?:normal|right|crazy)|can you (?:give|send|write) me (?:something|a) (?:short|quick|brief)"
    r"|can you (?:give|send) me (?:(?:some|the|a few) )?(?:numbers?|figures?)(?: (?:that )?(?:i|we) can\b.*)?\W*$)\b",
    re.I,
)
"""Wants no answer of its own."""
_AND = re.compile(r"^(?:and|but|also|plus|then) ", re.I)


class Classified(NamedTuple):
    """A text, or one segment of it: the choice, what it names, and the probabilities, most likely label first."""

    choice: Choice
    mentions: Mentions
    probabilities: dict[str, float]


Classify = Callable[[str], Classified]


def is_elsewhere(text: str, whole: Classified) -> bool:
    """Whether a message is surely about something else, whatever its sentences resemble: "… Should I worry?"."""
    if _OF_HIRING.search(text):  # "so what do I tell the dentists, who do we hire first?"
        return False
    return whole.choice.intent == OTHER_SUBJECT and _probability(whole) >= _ELSEWHERE and not whole.mentions.any_role


def is_story(text: str) -> bool:
    """Whether a sentence is long enough to tell a story: who is named in it is no part of what it asks."""
    return len(text.split()) >= _STORY


def divided(segments: list[Segment], classify: Classify) -> Iterator[Segment]:
    """Divide questions, or a single segment, that surely ask for two things: "duties, plus a typical day"."""
    content = [one for one in segments if len(one.text.split()) > _COURTESY]
    single = [one for one in segments if (one.asks or content == [one]) and not is_story(one.text)]
    places = ((one, *sides) for one in single for sides in halves(one.text))
    found: dict[Segment, list[Segment]] = {}
    for one, left, right in islice(places, _MAX_HALVES):
        whole = classify(one.text)
        sides = [of_the_role(side, classify(side), whole, classify) for side in (left, right)]
        topics = {side.choice.label for side in sides if _is_sure_question(side)}
        if len(topics) > 1 and one not in found:
            found[one] = [Segment(left, asks=True), Segment(right, asks=True)]
    for one in segments:
        yield from found.get(one, [one])


def introduced(parts: list[Segment], whole: Classified, classify: Classify) -> Iterator[tuple[Segment, Classified]]:
    """Classify each question, with the statements right before it if only these tell what it is about."""
    questions = questions_in(parts)
    told: list[str] = []
    for part in parts:
        if part not in questions:
            told.append(part.text)
            continue
        found = classify(part.text)
        clear = _is_sure_question(found) or surely_asks_whom(found) or is_of_the_advice(part, found, parts)
        if told and not clear:
            with_statements = classify(" ".join([*told, part.text]))
            found = with_statements if _is_sure_question(with_statements) else found
        yield part, of_the_role(part.text, found, whole, classify)
        told = []


def of_the_role(text: str, found: Classified, whole: Classified, classify: Classify) -> Classified:
    """What a part asks, read as if it named the role of the message if it is unclear otherwise."""
    role = whole.mentions.role
    if role not in ROLES or found.mentions.any_role or _is_sure_question(found):
        return found
    named = classify(f"{role}: {text}")
    return named._replace(mentions=found.mentions) if _is_sure_question(named) else found


def about_a_role(found: Classified, whole: Classified, *, alone: bool = True) -> Classified:
    """Resolve "what does it cost?" to the role that the same message names; alone it may mean our last answer."""
    if found.choice.intent != _COST_OF_THAT or (alone and not whole.mentions.any_role):
        return found
    cost = {f"{FAQ}/cost": found.probabilities[_COST_OF_THAT]}
    return found._replace(
        choice=Choice(FAQ, f"{FAQ}/cost", found.choice.confidence), probabilities={**found.probabilities, **cost}
    )


def answerable(classified: list[tuple[Segment, Classified]]) -> list[tuple[Segment, Classified]]:
    """The questions of their own among the segments; of a second one more is wanted than of the first."""
    several = sum(part.asks for part, _ in classified) > 1
    questions = [
        (part, found)
        for (part, found), before in zip(classified, [None, *(part for part, _ in classified)], strict=False)
        if _is_question(part, found)
        and not (several and (_is_name(part, found) or _RHETORICAL.match(part.text)))
        and not (_goes_on_telling(part, before) and _probability(found) < _SURE_PART)
    ]
    return questions[:1] + [(part, found) for part, found in questions[1:] if _probability(found) >= _LIKELIER]


def _is_question(part: Segment, found: Classified) -> bool:
    least = _SURE if part.asks else _SURE_UNASKED
    return found.choice.intent in QUESTIONS and found.choice.confidence >= least


def _goes_on_telling(part: Segment, before: Segment | None) -> bool:
    """Whether a part may belong to the statement before it: "the money passes through, and what stays depends"."""
    return before is not None and not before.asks and _AND.match(part.text) is not None and "?" not in part.text


def _is_name(part: Segment, found: Classified) -> bool:
    """Whether a part is a name that the question before it goes on with: "what would you do? CAIO? Fractional?"."""
    return found.choice.label == _OF_A_NAME and len(part.text.split()) <= _NAME


def is_of_the_advice(part: Segment, found: Classified, parts: list[Segment]) -> bool:
    """Whether a part is a sentence of its own, and surely about the advice."""
    if _POINTS_BACK.match(part.text):
        return False
    before = parts[parts.index(part) - 1]
    probability = sum(found.probabilities[intent] for intent in _OF_THE_ADVICE)
    return part != parts[0] and before.text.endswith((".", "?", "!")) and probability >= _SURE_PART


def names_another_role(asked: tuple[Segment, Classified], others: list[Segment], classify: Classify) -> bool:
    """Whether what else is asked means the same of the other role: "…, and is that the same for a CTO?"."""
    named = [classify(part.text) for part in others if part.asks]
    roles = {found.mentions.role for found in named if found.choice.intent == _OTHER_ROLE}
    return bool(roles - {None, asked[1].mentions.role})


def is_sure(found: Classified) -> bool:
    """Whether a part is surely what it seems, and about us."""
    return found.choice.intent != OTHER_SUBJECT and _probability(found) >= _SURE_PART


def asks_whom(found: Classified) -> float:
    """How likely a text asks whom to hire, from 0 to 1."""
    return sum(found.probabilities.get(label, 0.0) for label in WHO_TO_HIRE)


def surely_asks_whom(found: Classified) -> bool:
    """Whether a text surely asks whom to hire, whatever is around it."""
    return asks_whom(found) >= _SURE_PART


def unplaced(classified: list[tuple[Segment, Classified]], answered: list[Segment]) -> dict[str, list[str]]:
    """The first question that is not among those answered, and surely is no request of its own.

    It is ``unplaced`` if it likely asks for what the article does not have, otherwise ``unclear``. One that is
    likeliest about the same as an answered one is answered with it.
    """
    about = {next(iter(found.probabilities)) for part, found in classified if part in answered}
    beginnings = {_beginning(part) for part in answered}  # "who deals with vendors, and who deals with …?"
    left = (
        (part, found)
        for part, found in classified
        if part.asks
        and not part.text.lower().startswith("or ")  # which asks the same in other words
        and not _ELLIPTICAL.match(part.text)
        and not _RHETORICAL.match(part.text)
        and _beginning(part) not in beginnings
        and part not in answered
        and (found.choice.intent in (FALLBACK, *QUESTIONS) or found.choice.confidence < _DOUBTFUL)
        and next(iter(found.probabilities)) not in {*about, *WHO_TO_HIRE}
    )
    first = next(((part, found) for part, found in left if _is_whole_question(part)), None)
    if first is None:
        return {}
    part, found = first
    missing = sum(share for label, share in found.probabilities.items() if intent_of(label) in _NOT_OURS)
    return {"unplaced" if missing >= _MISSING else "unclear": [_AND.sub("", part.text)]}


def topics_of(questions: list[tuple[Segment, Classified]]) -> dict[str, Mentions]:
    """The answers that questions ask for, each with what it names; for two terms it is the answer for either."""
    found: dict[str, Mentions] = {}
    for _, (choice, mentions, _) in questions:
        before = found.get(choice.answer, mentions)
        if mentions.engagement != before.engagement:  # "what a part-time CAIO costs and what a full-time one costs"
            mentions = replace(mentions, role=mentions.role or before.role, engagement=None)
        found[choice.answer] = mentions
    return found


def addresses(topics: dict[str, Mentions], whole: Mentions) -> list[str]:
    """The cells that several questions ask for.

    One that names no role is about the role of the one before, the first about the only one of the message.
    """
    cells, last = [], Mentions(role=whole.role if whole.role in ROLES else None)
    for topic, mentions in topics.items():
        last = mentions if mentions.any_role or mentions.engagement else last
        cells.append(last.address(topic))
    return cells


def questions_in(parts: list[Segment]) -> list[Segment]:
    """Distinct questions, limited to the number answered in one turn; also what an "and …?" continues."""
    asked = (part for part, after in zip_longest(parts, parts[1:]) if part.asks or (after and _goes_on(after)))
    return list(dict.fromkeys(asked))[:_MAX_QUESTIONS]


def _goes_on(part: Segment) -> bool:
    return part.asks and _AND.match(part.text) is not None


def _is_sure_question(found: Classified) -> bool:
    right = found.choice.intent in QUESTIONS and found.choice.label != _OF_A_NAME
    return right and _probability(found) >= _SURE_PART


def _beginning(part: Segment) -> tuple[str, ...]:
    return tuple(_AND.sub("", part.text).lower().split()[:2])


def _is_whole_question(part: Segment) -> bool:
    return _WHOLE_QUESTION <= len(part.text.split()) <= _LONGEST_NAMED


def _probability(found: Classified) -> float:
    return found.probabilities.get(found.choice.label, 0.0)
