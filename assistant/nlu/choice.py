"""What to do with a reading: answer, ask back, or say that we did not understand.

Confusion between two questions that we can answer is no reason to refuse, so it is the sum of all answerable topics
that decides whether a message is a question for us; only then the topics are compared with each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from assistant.nlu.topics import Reading

NOT_UNDERSTOOD = "nlu_fallback"
ANSWERED = "faq"
OFFERED = 3
_FAIRLY_LIKELY = 0.03
_WEIGHTY, _MORE_SURE = ("stop", "start_over"), 0.15  # what would end a talk by mistake must be said clearly


@dataclass(frozen=True)
class Thresholds:
    """Fitted by ``calibrate.py``; see there for what they trade.

    ``accept``: the least confidence at which a message is taken as understood.
    ``offer``: the least confidence at which the likeliest topics are worth offering instead.
    ``ratio``: how many times likelier than the next topic a topic must be to be answered at once.
    ``neighbour``: the same, where the next topic is of its family: then an answer serves half the other question too.
    """

    accept: float
    offer: float
    ratio: float
    neighbour: float


@dataclass(frozen=True)
class Choice:
    """The intent, the full label behind it, and topics to offer: instead of an answer, or besides one."""

    intent: str
    label: str
    confidence: float
    offers: tuple[str, ...] = ()


def intent_of(label: str) -> str:
    """The intent of a label: retrieval topics are written ``intent/topic``."""
    return label.partition("/")[0]


def choose(reading: Reading, families: Mapping[str, str], thresholds: Thresholds) -> Choice:
    """Choose the intent of a message.

    Args:
        reading: what the topic model says.
        families: the family of each topic label; neighbours in a family need not be told apart.
        thresholds: as fitted.
    """
    sums: dict[str, float] = {}
    for label, probability in reading.probabilities.items():
        sums[intent_of(label)] = sums.get(intent_of(label), 0.0) + probability
    intent = max(sums, key=lambda name: sums[name])
    ranked = [label for label in reading.probabilities if intent_of(label) == intent]
    nearness = max(reading.nearness[label] for label in ranked[:OFFERED])
    confidence = (sums[intent] ** 0.5) * max(nearness, 0.0)
    if confidence < thresholds.accept + (_MORE_SURE if intent in _WEIGHTY else 0.0):
        likely = [label for label in reading.probabilities if intent_of(label) == ANSWERED]
        worth_it = intent == ANSWERED and confidence >= thresholds.offer
        return Choice(NOT_UNDERSTOOD, NOT_UNDERSTOOD, confidence, tuple(likely[:OFFERED]) if worth_it else ())
    best, likelihood = ranked[0], reading.probabilities
    if intent == ANSWERED:
        for rival in ranked[1:OFFERED]:
            neighbours = families.get(rival) == families.get(best)
            if likelihood[best] < likelihood[rival] * (thresholds.neighbour if neighbours else thresholds.ratio):
                return Choice(NOT_UNDERSTOOD, best, confidence, tuple(ranked[:OFFERED]))
    return Choice(intent, best, confidence, _besides(reading, best) if "/" in best else ())


def settled(choice: Choice) -> Choice:
    """The choice without asking back: where a message says several things, the likeliest topic is answered."""
    if choice.intent == NOT_UNDERSTOOD and choice.label in choice.offers:
        return Choice(intent_of(choice.label), choice.label, choice.confidence)
    return choice


def _besides(reading: Reading, answered: str) -> tuple[str, ...]:
    """Topics that may have been meant as well: they are offered below the answer."""
    likely = (label for label in reading.probabilities if intent_of(label) == ANSWERED and label != answered)
    return tuple(label for label in islice(likely, OFFERED - 1) if reading.probabilities[label] >= _FAIRLY_LIKELY)
