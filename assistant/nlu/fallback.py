"""Decides whether to act on a prediction, offer topics to choose from, or fall back.

Confusion between two answerable topics is no reason to reject a message. So intents are compared first, by the
summed probability of their topics, and topics are compared only within the chosen intent.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from assistant.nlu.roles import Mentions
from assistant.nlu.topics import Prediction

FALLBACK = "nlu_fallback"
FAQ = "faq"
MAX_OFFERS = 3
_MIN_OFFER_PROBABILITY = 0.03
_SAME = 0.999  # cosine from which a message says the same as an example
COMPARISONS = tuple(f"{FAQ}/{aspect}" for aspect in ("difference", "first", "need", "mode", "confusion"))
"""Topics that compare our roles with whoever is named beside them."""
_ANYTHING, _NEAR = "not_in_article/details", 1 / 3
"""The topic of what the article does not go into; one that says what is missing need only be so much less likely."""
_DECLINING_INTENTS = ("not_in_article", "out_of_scope")
_TELLING = "inform"
"""What the intents begin with that state facts of the company: compared with others, they are one."""
_TALK_MARGIN = 0.04  # for a greeting, a thank-you and the like, which few messages that say something else resemble
_STRICT_INTENTS, _STRICT_MARGIN = ("stop", "start_over"), 0.15  # intents that end a conversation need more confidence


@dataclass(frozen=True)
class Thresholds:
    """Fitted by ``calibrate.py``, which documents the trade-offs.

    ``accept``: the minimum confidence to act on a message.
    ``offer``: the minimum confidence to offer the most likely topics instead.
    """

    accept: float
    offer: float


@dataclass(frozen=True)
class Choice:
    """The chosen intent, its full label, and topics to offer instead of or in addition to an answer.

    ``subtopic`` is the part of the topic that is asked for, or empty.
    """

    intent: str
    label: str
    confidence: float
    offers: tuple[str, ...] = ()
    subtopic: str = ""

    @property
    def answer(self) -> str:
        """The subtopic, or the topic."""
        return self.subtopic or self.label


def intent_of(label: str) -> str:
    """The intent of a label; retrieval topics are written ``intent/topic``."""
    return label.partition("/")[0]


def choose(prediction: Prediction, thresholds: Thresholds) -> Choice:
    """Choose the intent of a message.

    A message that equals an example gets its intent. A question is answered with the most likely topic, and its
    neighbors are offered below the answer; topics are offered instead only if nothing is close enough to answer.

    Args:
        prediction: output of the topic model.
        thresholds: as fitted.
    """
    same = [label for label, cosine in prediction.similarity.items() if cosine >= _SAME]
    if len(same) == 1:
        return _chosen(prediction, same[0], 1.0)
    sums: dict[str, float] = {}
    for label, probability in prediction.probabilities.items():
        sums[_family(label)] = sums.get(_family(label), 0.0) + probability
    family = max(sums, key=lambda name: sums[name])
    ranked = [label for label in prediction.probabilities if _family(label) == family]
    if ranked[0] == _ANYTHING and _is_near(prediction, ranked):  # "what does a CTO earn in Denver?"
        ranked = ranked[1:]
    intent = intent_of(ranked[0])
    similarity = max(prediction.similarity[label] for label in ranked[:MAX_OFFERS])
    confidence = (sums[family] ** 0.5) * max(similarity, 0.0)
    if confidence < _accept(intent, thresholds):
        likely = [label for label in prediction.probabilities if intent_of(label) == FAQ]
        worth_it = intent == FAQ and confidence >= thresholds.offer
        return Choice(FALLBACK, FALLBACK, confidence, tuple(likely[:MAX_OFFERS]) if worth_it else ())
    return _chosen(prediction, ranked[0], confidence)


def _is_near(prediction: Prediction, ranked: list[str]) -> bool:
    """Whether the second of some labels is nearly as likely as the first."""
    first, second = (prediction.probabilities[label] for label in ranked[:2])
    return second >= first * _NEAR


def _family(label: str) -> str:
    """What a label is compared as: its intent, or all those that state facts."""
    return _TELLING if label.startswith(_TELLING) else intent_of(label)


def _chosen(prediction: Prediction, label: str, confidence: float) -> Choice:
    offers = _other_topics(prediction, label) if "/" in label else ()
    return Choice(intent_of(label), label, confidence, offers, prediction.subtopics.get(label, ""))


def _accept(intent: str, thresholds: Thresholds) -> float:
    """The minimum confidence to act on an intent: more to end a conversation or for talk, less to decline an answer."""
    if intent in _STRICT_INTENTS:
        return thresholds.accept + _STRICT_MARGIN
    if intent in _DECLINING_INTENTS:
        return min(thresholds.accept, thresholds.offer)
    return thresholds.accept + (0 if intent == FAQ or intent.startswith(_TELLING) else _TALK_MARGIN)


def about_another(label: str, mentions: Mentions) -> str | None:
    """The officer or helper that a question is about and that we know nothing of, as an answer calls it.

    Of a comparison it is whoever stands beside our roles; otherwise our roles must not be named.
    """
    if not mentions.others or intent_of(label) != FAQ:
        return None
    return mentions.others[0] if label in COMPARISONS or not mentions.any_role else None


def _other_topics(prediction: Prediction, answered: str) -> tuple[str, ...]:
    """Other likely topics, offered below the answer."""
    likely = (label for label in prediction.probabilities if intent_of(label) == FAQ and label != answered)
    return tuple(
        label for label in islice(likely, MAX_OFFERS - 1) if prediction.probabilities[label] >= _MIN_OFFER_PROBABILITY
    )
