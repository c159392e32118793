"""Decides whether to act on a prediction, offer topics to choose from, or fall back.

Confusion between two answerable topics is no reason to reject a message. So intents are compared first, by the
summed probability of their topics, and topics are compared only within the chosen intent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from assistant.nlu.topics import Prediction

FALLBACK = "nlu_fallback"
FAQ = "faq"
MAX_OFFERS = 3
_MIN_OFFER_PROBABILITY = 0.03
_STRICT_INTENTS, _STRICT_MARGIN = ("stop", "start_over"), 0.15  # intents that end a conversation need more confidence


@dataclass(frozen=True)
class Thresholds:
    """Fitted by ``calibrate.py``, which documents the trade-offs.

    ``accept``: the minimum confidence to act on a message.
    ``offer``: the minimum confidence to offer the most likely topics instead.
    ``ratio``: how many times more likely than the runner-up a topic must be to be answered.
    ``same_family_ratio``: the same ratio if both topics belong to one family.
    """

    accept: float
    offer: float
    ratio: float
    same_family_ratio: float


@dataclass(frozen=True)
class Choice:
    """The chosen intent, its full label, and topics to offer instead of or in addition to an answer."""

    intent: str
    label: str
    confidence: float
    offers: tuple[str, ...] = ()


def intent_of(label: str) -> str:
    """The intent of a label; retrieval topics are written ``intent/topic``."""
    return label.partition("/")[0]


def choose(prediction: Prediction, families: Mapping[str, str], thresholds: Thresholds) -> Choice:
    """Choose the intent of a message.

    Args:
        prediction: output of the topic model.
        families: the family of each topic label; confusion within a family matters less.
        thresholds: as fitted.
    """
    sums: dict[str, float] = {}
    for label, probability in prediction.probabilities.items():
        sums[intent_of(label)] = sums.get(intent_of(label), 0.0) + probability
    intent = max(sums, key=lambda name: sums[name])
    ranked = [label for label in prediction.probabilities if intent_of(label) == intent]
    similarity = max(prediction.similarity[label] for label in ranked[:MAX_OFFERS])
    confidence = (sums[intent] ** 0.5) * max(similarity, 0.0)
    if confidence < thresholds.accept + (_STRICT_MARGIN if intent in _STRICT_INTENTS else 0.0):
        likely = [label for label in prediction.probabilities if intent_of(label) == FAQ]
        worth_it = intent == FAQ and confidence >= thresholds.offer
        return Choice(FALLBACK, FALLBACK, confidence, tuple(likely[:MAX_OFFERS]) if worth_it else ())
    best, likelihood = ranked[0], prediction.probabilities
    if intent == FAQ:
        for rival in ranked[1:MAX_OFFERS]:
            same_family = families.get(rival) == families.get(best)
            if likelihood[best] < likelihood[rival] * (
                thresholds.same_family_ratio if same_family else thresholds.ratio
            ):
                return Choice(FALLBACK, best, confidence, tuple(ranked[:MAX_OFFERS]))
    return Choice(intent, best, confidence, _other_topics(prediction, best) if "/" in best else ())


def without_fallback(choice: Choice) -> Choice:
    """The choice with an ambiguity resolved to the most likely topic; used for messages with several segments."""
    if choice.intent == FALLBACK and choice.label in choice.offers:
        return Choice(intent_of(choice.label), choice.label, choice.confidence)
    return choice


def _other_topics(prediction: Prediction, answered: str) -> tuple[str, ...]:
    """Other likely topics, offered below the answer."""
    likely = (label for label in prediction.probabilities if intent_of(label) == FAQ and label != answered)
    return tuple(
        label for label in islice(likely, MAX_OFFERS - 1) if prediction.probabilities[label] >= _MIN_OFFER_PROBABILITY
    )
