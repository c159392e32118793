"""The topic model of the assistant, trained once for all tests that evaluate it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from assistant.nlu.examples import read_examples, read_synonyms
from assistant.nlu.fallback import Thresholds
from assistant.nlu.topics import TopicModel
from tests.content import ROOT


@pytest.fixture(scope="session")
def settings() -> dict[str, Any]:
    """The settings of the classifier in config.yml."""
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    found: dict[str, Any] = next(part for part in config["pipeline"] if part["name"].endswith(".TopicClassifier"))
    return found


@pytest.fixture(scope="session")
def topic_model(settings: dict[str, Any]) -> TopicModel:
    """A model trained on everything in data/, in about twenty CPU seconds."""
    examples = read_examples(ROOT / "data")
    return TopicModel.fit(
        [example.text for example in examples],
        [example.label for example in examples],
        read_synonyms(ROOT / "data"),
        svd_components=settings["svd_components"],
        steps=settings["steps"],
    )


@pytest.fixture(scope="session")
def thresholds(settings: dict[str, Any]) -> Thresholds:
    return Thresholds(accept=settings["accept"], offer=settings["offer"])
