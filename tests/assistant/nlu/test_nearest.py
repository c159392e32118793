"""Examples are compared along the main directions of their embeddings, and the nearest one stays the nearest."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.nlu.encoder import DIMENSIONS, Vectors
from assistant.nlu.nearest import Nearest

MANY, FEW = 12_000, 500
GROUPS = 60


@pytest.fixture(scope="module")
def examples() -> Vectors:
    """Unit vectors around some centers, as sentences lie around their topics."""
    chance = np.random.default_rng(0)
    centers = chance.normal(size=(GROUPS, DIMENSIONS))
    around = centers[np.arange(MANY) % GROUPS] + 0.6 * chance.normal(size=(MANY, DIMENSIONS))
    unit: Vectors = (around / np.linalg.norm(around, axis=1, keepdims=True)).astype(np.float32)
    return unit


@pytest.fixture(scope="module")
def nearest(examples: Vectors) -> Nearest:
    return grouped(examples[FEW:])


def grouped(examples: Vectors) -> Nearest:
    """Every group is a label."""
    numbers = (np.arange(len(examples)) + FEW) % GROUPS
    return Nearest.among(examples, [np.flatnonzero(numbers == group) for group in range(GROUPS)])


def test_few_examples_are_compared_in_all_directions(examples: Vectors) -> None:
    few = examples[FEW : 2 * FEW]
    assert np.allclose(grouped(few).examples, few, atol=1e-3)


def test_many_examples_are_compared_in_a_quarter_of_the_directions(nearest: Nearest) -> None:
    directions = nearest.directions
    assert directions.shape == (DIMENSIONS, DIMENSIONS // 4)
    assert np.allclose(directions.T @ directions, np.eye(DIMENSIONS // 4), atol=1e-3)
    assert np.allclose(np.linalg.norm(nearest.examples, axis=1), 1, atol=1e-3)


def test_nearest_example_of_a_message_is_of_its_label(nearest: Nearest, examples: Vectors) -> None:
    found = nearest.similarity(examples[:FEW]).argmax(axis=1)
    assert (found == np.arange(FEW) % GROUPS).mean() > 0.99


def test_one_message_is_compared_as_several_are(nearest: Nearest, examples: Vectors) -> None:
    assert np.allclose(nearest.similarity(examples[0]), nearest.similarity(examples[:2])[0], atol=1e-6)


def test_embedding_without_any_of_the_directions_is_like_no_example(nearest: Nearest) -> None:
    assert not nearest.similarity(np.zeros(DIMENSIONS, np.float32)).any()


def test_examples_are_the_same_after_they_were_stored(nearest: Nearest, examples: Vectors) -> None:
    again = Nearest.stored(nearest.arrays())
    assert np.array_equal(again.similarity(examples[:FEW]), nearest.similarity(examples[:FEW]))
