"""The topic model of the assistant, for all tests that evaluate it."""

from __future__ import annotations

import tarfile
from typing import Any

import pytest
import yaml

from assistant.nlu.fallback import Thresholds
from assistant.nlu.topic_classifier import TopicClassifier
from assistant.nlu.topics import TopicModel
from assistant.training import trained_model
from tests.content import ROOT


@pytest.fixture(scope="session")
def settings() -> dict[str, Any]:
    """The settings of the classifier in config.yml."""
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    found: dict[str, Any] = next(part for part in config["pipeline"] if part["name"].endswith(".TopicClassifier"))
    return found


@pytest.fixture(scope="session")
def topic_model(tmp_path_factory: pytest.TempPathFactory) -> TopicModel:
    """The topics of the assistant's model, which is trained first if the content changed."""
    folder = tmp_path_factory.mktemp("model")
    with tarfile.open(trained_model(ROOT, print)) as archive:
        archive.extractall(folder)  # ours: its checksum was compared
    [weights] = folder.rglob("weights.npz")
    return TopicModel.load(weights.parent)


@pytest.fixture(scope="session")
def thresholds(settings: dict[str, Any]) -> Thresholds:
    return Thresholds(accept=settings["accept"], offer=settings["offer"])


@pytest.fixture(scope="session")
def classifier(topic_model: TopicModel, settings: dict[str, Any]) -> TopicClassifier:
    """The classifier as Rasa's pipeline has it."""
    return TopicClassifier(settings, None, None, topic_model)  # type: ignore[arg-type]
