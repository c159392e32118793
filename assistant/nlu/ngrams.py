"""Character n-grams of a text, weighted by TF-IDF: what the classifiers read beside the meaning of a sentence.

For training they are reduced by SVD; the projection is folded back into the weights, so that a prediction takes one
sparse product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from threadpoolctl import threadpool_limits

from assistant.nlu.encoder import Vectors

_SHARED = 10_000  # an n-gram is in more than one of so many texts, and in two at least

Halves = npt.NDArray[np.float16]


@dataclass(frozen=True)
class Ngrams:
    """The n-grams of the texts that a classifier learned from."""

    vectorizer: TfidfVectorizer

    @classmethod
    def fit(cls, texts: Sequence[str], components: int) -> tuple[Ngrams, Vectors, Vectors]:
        """The n-grams of these texts, the texts reduced to so many dimensions, and the projection that reduced them."""
        vectorizer = _vectorizer(least=max(2, len(texts) // _SHARED))
        counted = vectorizer.fit_transform(texts)
        reduction = TruncatedSVD(min(components, counted.shape[1] - 1), n_iter=2, random_state=0)
        with threadpool_limits(1):
            reduced = reduction.fit_transform(counted)
        return cls(vectorizer), reduced, reduction.components_.T

    @classmethod
    def stored(cls, vocabulary: dict[str, int], idf: npt.NDArray[np.float64]) -> Ngrams:
        """N-grams whose ``vocabulary`` and ``idf`` were stored."""
        vectorizer = _vectorizer(vocabulary)
        vectorizer.idf_ = idf
        return cls(vectorizer)

    @property
    def vocabulary(self) -> Mapping[str, int]:
        """Each n-gram with its number."""
        return {gram: int(index) for gram, index in self.vectorizer.vocabulary_.items()}

    @cached_property
    def idf(self) -> npt.NDArray[np.float64]:
        """The inverse document frequency of each n-gram."""
        idf: npt.NDArray[np.float64] = self.vectorizer.idf_
        return idf

    def scores(self, text: str, weights: Halves) -> Vectors:
        """What the n-grams of a text add to the score of each label.

        Args:
            text: the text.
            weights: of each n-gram for each label, in half precision, because most of them are never looked at.
        """
        # TfidfVectorizer.transform does the same, but spends most of its time on checks and sparse products.
        row = CountVectorizer.transform(self.vectorizer, [text])
        weighted = (1 + np.log(row.data)) * self.idf[row.indices]
        unit = weighted / max(np.linalg.norm(weighted), np.finfo(np.float32).tiny)
        scores: Vectors = unit.astype(np.float32) @ weights[row.indices].astype(np.float32)
        return scores


def _vectorizer(vocabulary: dict[str, int] | None = None, least: int = 1) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), min_df=least, sublinear_tf=True, vocabulary=vocabulary, dtype=np.float32
    )
