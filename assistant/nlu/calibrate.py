"""Fits the thresholds of ``choice.py`` on questions that are kept for it (``make thresholds``).

They lie in tests/calibration/: never trained on, and never used to judge. What is fitted is a weighing of outcomes: a
wrong answer costs more than a right one is worth, and a choice that holds the right topic is worth half of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import yaml

from assistant.nlu.choice import ANSWERED, NOT_UNDERSTOOD, Choice, Thresholds, choose, intent_of
from assistant.nlu.questions import families, read_files
from assistant.nlu.topics import Reading, TopicModel

ROOT = Path(__file__).parent.parent.parent
_TRAINING = ("strength", "directions", "rounds")

_KEPT_OUT = 0.97
_WORTH = {
    "right": 1.0,
    "offered": 0.5,
    "offered besides": 0.0,
    "asked back": -0.25,
    "refused": -0.5,
    "led astray": -0.5,
    "neighbour": 0.0,
    "wrong": -1.5,
}


def outcome(label: str, choice: Choice, family: dict[str, str]) -> str:
    """How a choice serves a message of this label; the outcomes are the names in ``_WORTH``."""
    intent = intent_of(label)
    if choice.intent == NOT_UNDERSTOOD:
        if label in choice.offers:
            return "offered"
        if intent == ANSWERED:
            return "refused"
        if choice.offers:
            return "led astray"
        return "right" if intent == "out_of_scope" else "asked back"
    if choice.label == label or (intent in ("not_in_article", "out_of_scope") and choice.intent == intent):
        return "right"
    if label in choice.offers:
        return "offered besides"
    return "neighbour" if family.get(choice.label, "") == family.get(label) else "wrong"


def worth(readings: list[tuple[str, Reading]], family: dict[str, str], thresholds: Thresholds) -> float:
    """The mean worth of all outcomes, every kind of message counting alike."""
    kinds: dict[str, list[float]] = {}
    for label, reading in readings:
        result = outcome(label, choose(reading, family, thresholds), family)
        kind = intent_of(label) if "/" in label or label in ("not_in_article", "out_of_scope") else "other"
        kinds.setdefault(kind, []).append(_WORTH[result])
    return float(np.mean([np.mean(values) for values in kinds.values()]))


def keeps_out(readings: list[tuple[str, Reading]], family: dict[str, str], thresholds: Thresholds) -> bool:
    """Whether as much of what is none of our business is turned away as we promise."""
    foreign = [outcome(label, choose(reading, family, thresholds), family) for label, reading in readings]
    return float(np.mean([result == "right" for result in foreign])) >= _KEPT_OUT


def candidates() -> Iterator[Thresholds]:
    """The grid that is searched; offering begins below accepting."""
    ratios = (1.0, 1.5, 2.0, 3.0, 4.0)
    for accept, offer, ratio, neighbour in product(
        np.arange(0.25, 0.6, 0.03), np.arange(0.1, 0.5, 0.05), ratios, ratios
    ):
        if offer <= accept and neighbour <= ratio:
            yield Thresholds(round(float(accept), 2), round(float(offer), 2), ratio, neighbour)


def main() -> None:
    """Train, fit and print the lines for config.yml."""
    trained = read_files(ROOT / "data")
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    settings = next(part for part in config["pipeline"] if part["name"].endswith(".TopicClassifier"))
    training = {name: settings[name] for name in _TRAINING}
    model = TopicModel.fit([one.text for one in trained], [one.label for one in trained], **training)
    family = families(ROOT / "data")
    seen = {one.text.lower() for one in trained}
    kept = [one for one in read_files(ROOT / "tests" / "calibration") if one.text.lower() not in seen]
    readings = [(one.label, model.read(one.text)) for one in kept]
    foreign = [(label, reading) for label, reading in readings if label == "out_of_scope"]
    fit = [thresholds for thresholds in candidates() if keeps_out(foreign, family, thresholds)]
    scored = [(worth(readings, family, thresholds), thresholds) for thresholds in fit]
    score, chosen = max(scored, key=lambda found: (round(found[0], 2), -found[1].ratio, -found[1].neighbour))
    print(f"{len(kept)} questions, mean worth {score:.3f}; for config.yml:")
    for name in ("accept", "offer", "ratio", "neighbour"):
        print(f"    {name}: {getattr(chosen, name)}")


if __name__ == "__main__":
    main()
