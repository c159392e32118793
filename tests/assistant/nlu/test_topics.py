"""A small topic model: accuracy, prediction format, and persistence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.nlu.topics import TopicModel

EXAMPLES = {
    "faq/cost": ["what does a caio cost", "how much is it", "what are your prices", "price of a fractional caio"],
    "faq/hours": [
        "how many hours a month",
        "how much time does a caio work",
        "hours per month",
        "how many days a week",
    ],
    "greet": ["hello", "hi there", "good morning", "hey", "greetings"],
    "out_of_scope": ["what is the weather", "tell me a joke", "who won the match", "book me a flight"],
}
SYNONYMS = {"caio": "caio", "chief ai officer": "caio", "cto": "cto", "chief technology officer": "cto"}
MESSAGES = ["waht does it csot", "hours?", "morning", "weather tomorrow", "", "$$$ 👩‍💻", "cto and caio", "x" * 2_000]


@pytest.fixture(scope="module")
def model() -> TopicModel:
    texts = [text for examples in EXAMPLES.values() for text in examples]
    labels = [label for label, examples in EXAMPLES.items() for _ in examples]
    return TopicModel.fit(texts, labels, SYNONYMS, svd_components=20, steps=200)


@pytest.mark.parametrize(("label", "text"), [(label, text) for label, texts in EXAMPLES.items() for text in texts])
def test_training_examples_are_classified_correctly(model: TopicModel, label: str, text: str) -> None:
    prediction = model.predict(text)
    assert next(iter(prediction.probabilities)) == label
    assert prediction.similarity[label] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("is it expensive", "faq/cost"),
        ("the pirces please", "faq/cost"),
        ("how many horus of work", "faq/hours"),
        ("hiya", "greet"),
        ("will it rain today", "out_of_scope"),
    ],
)
def test_unseen_messages_are_classified_by_meaning_and_spelling(model: TopicModel, text: str, label: str) -> None:
    assert next(iter(model.predict(text).probabilities)) == label


@pytest.mark.parametrize("text", MESSAGES)
def test_prediction_ranks_all_labels_with_probabilities_that_sum_to_one(model: TopicModel, text: str) -> None:
    prediction = model.predict(text)
    values = list(prediction.probabilities.values())
    assert set(prediction.probabilities) == set(prediction.similarity) == set(EXAMPLES)
    assert sum(values) == pytest.approx(1, abs=1e-5)
    assert values == sorted(values, reverse=True)
    assert all(-1.001 <= cosine <= 1.001 for cosine in prediction.similarity.values())


def test_likeliest_answer_is_a_subtopic_or_the_topic_as_a_whole() -> None:
    divided = {
        **EXAMPLES,
        "faq/cost.a_day": ["what does a day of a caio cost", "day rate of a caio"],
        "faq/cost.for_both": ["price of a caio and a cto together", "what do both cost"],
    }
    texts = [text for examples in divided.values() for text in examples]
    labels = [label for label, examples in divided.items() for _ in examples]
    model = TopicModel.fit(texts, labels, SYNONYMS, svd_components=20, steps=200)
    for text, nearest in (("cost of both together", "faq/cost.for_both"), ("daily rate", "faq/cost.a_day")):
        found = model.predict(text)
        assert next(iter(found.probabilities)) == "faq/cost"
        assert set(found.probabilities) == set(found.similarity) == set(EXAMPLES)
        assert found.subtopics == {"faq/cost": nearest}
        assert sum(found.probabilities.values()) == pytest.approx(1, abs=1e-5)
    assert model.predict("what does a caio cost").subtopics == {}


def test_role_abbreviation_and_full_name_are_equivalent(model: TopicModel) -> None:
    assert model.predict("what does a CAIO cost") == model.predict("what does a Chief AI Officer cost")
    assert model.predict("two CTOs") == model.predict("two chief technology officers")


def test_saved_model_predicts_the_same(model: TopicModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    first, second = TopicModel.load(tmp_path), TopicModel.load(tmp_path)
    for text in [*MESSAGES, *EXAMPLES["faq/cost"]]:
        before, after = model.predict(text), first.predict(text)
        assert list(after.probabilities) == list(before.probabilities)
        assert after.probabilities == pytest.approx(before.probabilities, abs=1e-6)
        assert after.similarity == before.similarity
        assert second.predict(text) == after


def test_saved_model_contains_no_executable_data(model: TopicModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    assert {path.suffix for path in tmp_path.iterdir()} == {".npz", ".json"}
    with np.load(tmp_path / "weights.npz", allow_pickle=False) as stored:
        assert all(stored[name].dtype.kind in "fi" for name in stored.files)


def test_training_is_deterministic(model: TopicModel) -> None:
    texts = [text for examples in EXAMPLES.values() for text in examples]
    labels = [label for label, examples in EXAMPLES.items() for _ in examples]
    twin = TopicModel.fit(texts, labels, SYNONYMS, svd_components=20, steps=200)
    for text in MESSAGES:
        assert twin.predict(text).probabilities == pytest.approx(model.predict(text).probabilities, abs=1e-5)
