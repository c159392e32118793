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

from assistant.nlu.examples import families, read_examples
from assistant.nlu.fallback import FALLBACK, FAQ, Choice, Thresholds, choose, intent_of
from assistant.nlu.topics import Prediction, TopicModel

ROOT = Path(__file__).parent.parent.parent
_TRAINING = ("C", "svd_components", "max_iter")

_MIN_REJECTION_RATE = 0.97
_UTILITY = {
    "right": 1.0,
    "offered": 0.5,
    "offered besides": 0.0,
    "asked back": -0.25,
    "refused": -0.5,
    "led astray": -0.5,
    "same_family_ratio": 0.0,
    "wrong": -1.5,
}


def outcome(label: str, choice: Choice, family: dict[str, str]) -> str:
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
    if label in choice.offers:
        return "offered besides"
    return "same_family_ratio" if family.get(choice.label, "") == family.get(label) else "wrong"


def mean_utility(predictions: list[tuple[str, Prediction]], family: dict[str, str], thresholds: Thresholds) -> float:
    """The mean utility of all outcomes, every kind of message counting alike."""
    kinds: dict[str, list[float]] = {}
    for label, prediction in predictions:
        result = outcome(label, choose(prediction, family, thresholds), family)
        kind = intent_of(label) if "/" in label or label in ("not_in_article", "out_of_scope") else "other"
        kinds.setdefault(kind, []).append(_UTILITY[result])
    return float(np.mean([np.mean(values) for values in kinds.values()]))


def rejects_enough(predictions: list[tuple[str, Prediction]], family: dict[str, str], thresholds: Thresholds) -> bool:
    """Whether the rejection rate of off-topic messages reaches the required minimum."""
    off_topic = [outcome(label, choose(prediction, family, thresholds), family) for label, prediction in predictions]
    return float(np.mean([result == "right" for result in off_topic])) >= _MIN_REJECTION_RATE


def candidates() -> Iterator[Thresholds]:
    """The search grid; ``offer`` never exceeds ``accept``."""
    ratios = (1.0, 1.5, 2.0, 3.0, 4.0)
    for accept, offer, ratio, same_family_ratio in product(
        np.arange(0.25, 0.6, 0.03), np.arange(0.1, 0.5, 0.05), ratios, ratios
    ):
        if offer <= accept and same_family_ratio <= ratio:
            yield Thresholds(round(float(accept), 2), round(float(offer), 2), ratio, same_family_ratio)


def main() -> None:
    """Train the model, fit the thresholds and print them for config.yml."""
    trained = read_examples(ROOT / "data")
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    settings = next(part for part in config["pipeline"] if part["name"].endswith(".TopicClassifier"))
    training = {name: settings[name] for name in _TRAINING}
    model = TopicModel.fit([one.text for one in trained], [one.label for one in trained], **training)
    family = families(ROOT / "data")
    training_texts = {one.text.lower() for one in trained}
    calibration = [
        one for one in read_examples(ROOT / "tests" / "calibration") if one.text.lower() not in training_texts
    ]
    predictions = [(one.label, model.predict(one.text)) for one in calibration]
    off_topic = [(label, prediction) for label, prediction in predictions if label == "out_of_scope"]
    fit = [thresholds for thresholds in candidates() if rejects_enough(off_topic, family, thresholds)]
    scored = [(mean_utility(predictions, family, thresholds), thresholds) for thresholds in fit]
    score, chosen = max(scored, key=lambda found: (round(found[0], 2), -found[1].ratio, -found[1].same_family_ratio))
    print(f"{len(calibration)} questions, mean utility {score:.3f}; for config.yml:")
    for name in ("accept", "offer", "ratio", "same_family_ratio"):
        print(f"    {name}: {getattr(chosen, name)}")


if __name__ == "__main__":
    main()
