"""Fits the thresholds of ``fallback.py`` by grid search on the calibration set (``make thresholds``).

The set, tests/calibration/, is used neither for training nor for evaluation. The objective is the mean utility of the
outcomes: a wrong answer costs more than a right one gains, and offering the right topic counts half.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import yaml

from assistant.nlu.examples import read_examples, read_synonyms
from assistant.nlu.fallback import FALLBACK, FAQ, Choice, Thresholds, choose, intent_of
from assistant.nlu.topics import Prediction, TopicModel

ROOT = Path(__file__).parent.parent.parent
_TRAINING = ("svd_components", "steps", "adapted")

_MIN_REJECTION_RATE = 0.97
_UTILITY = {
    "right": 1.0,
    "offered": 0.5,
    "offered besides": 0.0,
    "asked back": -0.25,
    "refused": -0.5,
    "led astray": -0.5,
    "wrong": -1.5,
}


def outcome(label: str, choice: Choice) -> str:
    """Classify a choice given the true label, as one of the keys of ``_UTILITY``."""
    intent = intent_of(label)
    if choice.intent == FALLBACK:
        if label in choice.offers:
            return "offered"
        if intent == FAQ:
            return "refused"
        if choice.offers:
            return "led astray"
        return "right" if intent == "out_of_scope" else "asked back"
    if choice.label == label or (intent in ("not_in_article", "out_of_scope") and choice.intent == intent):
        return "right"
    return "offered besides" if label in choice.offers else "wrong"


def mean_utility(predictions: list[tuple[str, Prediction]], thresholds: Thresholds) -> float:
    """The mean utility of all outcomes, every kind of message counting alike."""
    kinds: dict[str, list[float]] = {}
    for label, prediction in predictions:
        result = outcome(label, choose(prediction, thresholds))
        kind = intent_of(label) if "/" in label or label in ("not_in_article", "out_of_scope") else "other"
        kinds.setdefault(kind, []).append(_UTILITY[result])
    return float(np.mean([np.mean(values) for values in kinds.values()]))


def rejects_enough(predictions: list[tuple[str, Prediction]], thresholds: Thresholds) -> bool:
    """Whether the rejection rate of off-topic messages reaches the required minimum."""
    off_topic = [outcome(label, choose(prediction, thresholds)) for label, prediction in predictions]
    return float(np.mean([result == "right" for result in off_topic])) >= _MIN_REJECTION_RATE


def candidates() -> Iterator[Thresholds]:
    """The search grid; ``offer`` never exceeds ``accept``."""
    for accept, offer in product(np.arange(0.25, 0.6, 0.03), np.arange(0.1, 0.5, 0.05)):
        if offer <= accept:
            yield Thresholds(round(float(accept), 2), round(float(offer), 2))


def main() -> None:
    """Train the model, fit the thresholds and print them for config.yml."""
    trained = read_examples(ROOT / "data")
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    settings = next(part for part in config["pipeline"] if part["name"].endswith(".TopicClassifier"))
    training = {name: settings[name] for name in _TRAINING}
    texts, labels = [one.text for one in trained], [one.label for one in trained]
    model = TopicModel.fit(texts, labels, read_synonyms(ROOT / "data"), **training)
    training_texts = {one.text.lower() for one in trained}
    calibration = [
        one for one in read_examples(ROOT / "tests" / "calibration") if one.text.lower() not in training_texts
    ]
    predictions = [(one.label, model.predict(one.text)) for one in calibration]
    off_topic = [(label, prediction) for label, prediction in predictions if label == "out_of_scope"]
    fit = [thresholds for thresholds in candidates() if rejects_enough(off_topic, thresholds)]
    score, chosen = max(
        ((mean_utility(predictions, thresholds), thresholds) for thresholds in fit), key=lambda found: found[0]
    )
    print(f"{len(calibration)} questions, mean utility {score:.3f}; for config.yml:")
    print(f"    accept: {chosen.accept}\n    offer: {chosen.offer}")


if __name__ == "__main__":
    main()
