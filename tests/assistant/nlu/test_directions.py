"""Examples are compared along the main directions of their embeddings, and the nearest one stays the nearest."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.nlu.directions import along, main_directions
from assistant.nlu.encoder import DIMENSIONS, Vectors

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


def test_few_examples_are_compared_in_all_directions(examples: Vectors) -> None:
    directions = main_directions(examples[:FEW])
    assert np.allclose(along(directions, examples[:FEW]), examples[:FEW], atol=1e-6)


def test_many_examples_are_compared_in_a_third_of_the_directions(examples: Vectors) -> None:
    directions = main_directions(examples)
    assert directions.shape == (DIMENSIONS, DIMENSIONS // 3)
    assert np.allclose(directions.T @ directions, np.eye(DIMENSIONS // 3), atol=1e-4)
    assert np.allclose(np.linalg.norm(along(directions, examples), axis=1), 1, atol=1e-4)


def test_nearest_example_of_a_message_is_of_the_same_group(examples: Vectors) -> None:
    directions = main_directions(examples)
    messages, known = along(directions, examples[:FEW]), along(directions, examples[FEW:])
    nearest = (known @ messages.T).argmax(axis=0) + FEW
    assert (nearest % GROUPS == np.arange(FEW) % GROUPS).mean() > 0.99


def test_embedding_without_any_of_the_directions_is_like_no_example(examples: Vectors) -> None:
    nothing = np.zeros(DIMENSIONS, np.float32)
    assert not along(main_directions(examples), nothing).any()
