"""What to do with a reading: answer, ask back, or say that we did not understand.

Confusion between two questions that we can answer is no reason to refuse, so it is the sum of all answerable topics
that decides whether a message is a question for us; only then the topics are compared with each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.nlu.topics import Reading

NOT_UNDERSTOOD = "nlu_fallback"
ANSWERED = "faq"
OFFERED = 3


@dataclass(frozen=True)
class Thresholds:
    """Fitted by ``calibrate.py``; see there for what they trade.

    ``accept``: the least confidence at which a message is taken as understood.
    ``offer``: the least confidence at which the likeliest topics are worth offering instead.
    ``ratio``: how many times likelier than the next family's best topic a topic must be to be answered at once.
    """

    accept: float
    offer: float
    ratio: float


@dataclass(frozen=True)
class Choice:
    """The intent, the full label behind it, and the topics to offer where that says more than one answer."""

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
    if confidence < thresholds.accept:
        likely = [label for label in reading.probabilities if intent_of(label) == ANSWERED]
        worth_it = intent == ANSWERED and confidence >= thresholds.offer
        return Choice(NOT_UNDERSTOOD, NOT_UNDERSTOOD, confidence, tuple(likely[:OFFERED]) if worth_it else ())
    best = ranked[0]
    if intent == ANSWERED:
        rivals = (label for label in ranked[1:] if families.get(label) != families.get(best))
        rival = next(rivals, None)
        if rival and reading.probabilities[best] < thresholds.ratio * reading.probabilities[rival]:
            return Choice(NOT_UNDERSTOOD, best, confidence, tuple(ranked[:OFFERED]))
    return Choice(intent, best, confidence)
