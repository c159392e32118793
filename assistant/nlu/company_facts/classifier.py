"""Classifies clauses into what they state: logistic regression on sentence embeddings and n-grams of words.

As for topics, what the regression finds likely is weighed against each label's nearest example.

A label is ``field=value``, ``reply=unknown``, ``reply=declined`` or ``nothing``. The examples are in ``data/fields``,
one file a field, and in ``data/statements``.
"""

from __future__ import annotations

import json
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from advisor.content import DATA, Model, load, parse
from advisor.fields import fields
from assistant.nlu.budget import check
from assistant.nlu.company_facts.adapter import adapted
from assistant.nlu.encoder import Vectors
from assistant.nlu.nearest import Nearest
from assistant.nlu.ngrams import Halves, Ngrams
from assistant.nlu.speaker import in_first_person

NOTHING = "nothing"
UNKNOWN = "reply=unknown"
DECLINED = "reply=declined"
_FILES = {NOTHING: NOTHING, "unknown": UNKNOWN, "declined": DECLINED}
_LEADING = re.compile(
    r"^(?:(?:and|but|also) )*(?:(?:(?:she|he|they|(?:our|the|my) cto) )?"
    r"(?:says?|tells? me|told me|thinks?|claims?) (?:that )?(?=(?:she|he|they)(?:'s|'re)?\b))?",
    re.I,
)
_NAMES = (
    (re.compile(r"\bcaio\b", re.I), "chief AI officer"),
    (re.compile(r"\bcto\b", re.I), "chief technology officer"),
)
_C, _COMPONENTS, _ITERATIONS = 20.0, 200, 120
_STORED = np.float16  # halves the weights of n-grams
_WEIGHTS = ("meaning_weights", "ngram_weights", "bias")
_ENOUGH = 60  # examples of a label
_NEAREST_WEIGHT = 5.0  # of the cosine to a label's nearest example, beside the regression's log-odds


class _Examples(Model):
    version: str
    examples: tuple[str, ...]


def examples() -> list[tuple[str, str]]:
    """Sentence and label of every example.

    Raises:
        ContentError: a file in data/statements is wrong.
    """
    found = [
        (text, f"{name}={value}")
        for name, field in fields().items()
        for value, texts in field.examples.items()
        for text in texts
    ]
    for name, label in _FILES.items():
        place = f"statements/{name}.yml"
        found += [(text, label) for text in parse(_Examples, load(DATA / place), place).examples]
    return found + list(_own_clauses())


def _own_clauses() -> Iterator[tuple[str, str]]:
    """How we say facts back: "you have no CRM". Whoever repeats it is understood."""
    for name, field in fields().items():
        responses: Mapping[str, Any] = load(DATA / "fields" / f"{name}.yml").get("responses", {})
        for value in field.examples:
            variations = responses.get(f"utter_{name}_{value}", ())
            for variation in (one for one in variations if "speaker" not in one.get("metadata", {})):
                yield in_first_person(variation["text"]), f"{name}={value}"


@dataclass(frozen=True)
class StatementModel:
    """Weights of the labels, for embeddings and for n-grams, and the examples of each."""

    labels: list[str]
    ngrams: Ngrams
    meaning_weights: Vectors
    ngram_weights: Halves
    bias: Vectors
    nearest: Nearest

    @classmethod
    def fit(cls, told: Sequence[tuple[str, str]]) -> StatementModel:
        """Learn from sentences and their labels."""
        texts, labels = [expanded(text) for text, _ in told], [label for _, label in told]
        meaning = adapted().encode_all(texts)
        ngrams, spelling, projection = Ngrams.fit(texts, _COMPONENTS)
        seen = np.hstack([meaning, spelling]).astype(np.float32)
        with threadpool_limits(1), warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # stopping early is intended
            regression = LogisticRegression(C=_C, max_iter=_ITERATIONS, tol=1e-3).fit(
                seen, labels, sample_weight=_weights(labels)
            )
        weights = regression.coef_.T.astype(np.float32)
        width = meaning.shape[1]
        known = list(map(str, regression.classes_))
        return cls(
            labels=known,
            ngrams=ngrams,
            meaning_weights=weights[:width],
            ngram_weights=(projection @ weights[width:]).astype(_STORED),
            bias=regression.intercept_.astype(np.float32),
            nearest=Nearest.among(meaning, [np.flatnonzero(np.equal(labels, label)) for label in known]),
        )

    def predict(self, text: str) -> Mapping[str, float]:
        """The probability of every label."""
        [likely] = self.predict_all([text])
        return likely

    def predict_all(self, texts: Sequence[str]) -> list[Mapping[str, float]]:
        """The same for several texts: all of them are compared with the examples at once."""
        if not texts:
            return []
        read = [expanded(text) for text in texts]
        meaning = np.array([_encoded(text) for text in read])
        scores = meaning @ self.meaning_weights + self.bias + _NEAREST_WEIGHT * self.nearest.similarity(meaning)
        scores = scores + np.array([self.ngrams.scores(text, self.ngram_weights) for text in read])
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares = likely / likely.sum(axis=1, keepdims=True)
        return [dict(zip(self.labels, row, strict=True)) for row in shares.tolist()]

    def save(self, folder: Path) -> None:
        """Write the model as plain arrays and JSON: loading it runs no code."""
        arrays = {name: getattr(self, name) for name in _WEIGHTS}
        np.savez(folder / "statements.npz", idf=self.ngrams.idf, **arrays, **self.nearest.arrays())
        words = {"labels": self.labels, "ngrams": self.ngrams.vocabulary}
        (folder / "statements.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> StatementModel:
        """Read a model that ``save`` wrote."""
        words = json.loads((folder / "statements.json").read_text(encoding="utf-8"))
        with np.load(folder / "statements.npz") as stored:
            arrays = {name: stored[name] for name in stored.files}
        return cls(
            labels=words["labels"],
            ngrams=Ngrams.stored(words["ngrams"], arrays["idf"]),
            nearest=Nearest.stored(arrays),
            **{name: arrays[name] for name in _WEIGHTS},
        )


def _encoded(text: str) -> Vectors:
    check()
    return adapted().encode(text)


def _weights(labels: Sequence[str]) -> list[float]:
    """A label with few examples weighs as much as one with enough, so that a new field is read from a handful."""
    counts = Counter(labels)
    return [max(1.0, _ENOUGH / counts[label]) for label in labels]


def expanded(text: str) -> str:
    """Role abbreviations in words, which the encoder knows better, and without "and" or "she says" before a clause."""
    text = _LEADING.sub("", text)
    for pattern, name in _NAMES:
        text = pattern.sub(name, text)
    return text.strip().rstrip(".!").lower()
