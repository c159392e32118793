"""The nearest example of each label, in the directions in which the examples of a content differ most.

Every message is compared with every example. In a quarter of the directions that takes a fraction of the time and a
quarter of the memory, and tells the labels apart as well (docs/measurements.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.nlu.encoder import Vectors

_KEPT = 96
_FEW = 10_000  # examples: so many are compared in all directions
_STORED = np.float16  # halves the model, which is unpacked at every start


@dataclass(frozen=True)
class Nearest:
    """Examples along their main directions, as unit vectors, and the rows of each label: ``rows`` from ``first`` on."""

    directions: Vectors  # the columns of an orthonormal matrix
    examples: Vectors
    rows: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]

    @classmethod
    def among(cls, meaning: Vectors, rows: Sequence[npt.NDArray[np.int64]]) -> Nearest:
        """Prepare examples for comparison.

        Args:
            meaning: their embeddings, a row each.
            rows: for each label, the rows of its examples; an example may have several labels.
        """
        directions = rounded(_main_directions(meaning))
        first = np.cumsum([0, *map(len, rows[:-1])])
        return cls(directions, rounded(_along(directions, meaning)), np.concatenate(rows), first)

    def similarity(self, meaning: Vectors) -> Vectors:
        """The highest cosine of an embedding to an example of each label; of several embeddings, a row each."""
        cosines = _along(self.directions, meaning) @ self.examples.T
        highest: Vectors = np.maximum.reduceat(cosines[..., self.rows], self.first, axis=-1)
        return highest

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What ``stored`` reads, under names of their own."""
        vectors = {"nearest_directions": self.directions, "nearest_examples": self.examples}
        stored: dict[str, npt.NDArray[Any]] = {name: one.astype(_STORED) for name, one in vectors.items()}
        return {**stored, "nearest_rows": self.rows, "nearest_first": self.first}

    @classmethod
    def stored(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Nearest:
        """The same examples from ``arrays``."""
        directions, examples = (arrays[f"nearest_{name}"].astype(np.float32) for name in ("directions", "examples"))
        return cls(directions, examples, arrays["nearest_rows"], arrays["nearest_first"])


def _main_directions(examples: Vectors) -> Vectors:
    if len(examples) <= _FEW:
        return np.eye(examples.shape[1], dtype=np.float32)
    _, vectors = np.linalg.eigh(examples.T @ examples)
    return np.ascontiguousarray(vectors[:, : -_KEPT - 1 : -1], dtype=np.float32)


def _along(directions: Vectors, meaning: Vectors) -> Vectors:
    """What is left of embeddings in these directions, as unit vectors: their product is still a cosine."""
    left = meaning @ directions
    unit: Vectors = left / np.maximum(np.linalg.norm(left, axis=-1, keepdims=True), np.finfo(np.float32).tiny)
    return unit


def rounded(vectors: Vectors) -> Vectors:
    """Weights or vectors as they are after they were stored in half precision."""
    return vectors.astype(_STORED).astype(np.float32)
