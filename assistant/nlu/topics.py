"""Classifies topics and intents: logistic regression on sentence embeddings, character n-grams and the roles named.

What the regression finds likely is weighed against each label's nearest example: on sentences of a writer of whom the
model had none, the two together are right more often than either.
"""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from assistant.nlu.budget import check
from assistant.nlu.encoder import DIMENSIONS, Encoder, Vectors, encoder
from assistant.nlu.nearest import Nearest, rounded
from assistant.nlu.ngrams import Halves, Ngrams
from assistant.nlu.roles import FEATURES, Mentions, RoleNames
from assistant.nlu.spelling import Speller

ADAPTER = Path(__file__).with_name("adapter.npz")
"""Changes to the sentence encoder that set our topics apart, fitted to their examples (adapting.py)."""

_STORED = np.float16  # halves the model, which is unpacked at every start
_ROUNDED = ("meaning_weights", "spelling_weights", "role_weights")
_ROLE_WEIGHT = 0.3  # of the roles named, beside a sentence embedding of length 1
_BATCH, _LEARNING_RATE, _PENALTY = 256, 0.02, 1e-4
_NEAREST_WEIGHT = 15.0  # of the cosine to a label's nearest example, beside the regression's log-odds
_PART = 2.0  # log-odds for a subtopic: it has a twentieth of a topic's examples, but is asked for more often than that


@dataclass(frozen=True)
class Prediction:
    """Output of the model for one message.

    ``probabilities`` has every label, most likely first; ``similarity`` is each label's highest cosine to an example;
    ``subtopics`` has the likeliest subtopic of each label for which one is likelier than the label as a whole;
    ``mentions`` are the roles that the message names.
    """

    probabilities: dict[str, float]
    similarity: dict[str, float]
    subtopics: dict[str, str]
    mentions: Mentions = Mentions()


@dataclass(frozen=True)
class TopicModel:
    """Labels and their subtopics, in alphabetical order, with their weights and the examples of each."""

    speller: Speller
    roles: RoleNames
    adapted: bool
    answers: list[str]
    ngrams: Ngrams
    projection: Halves
    meaning_weights: Vectors
    spelling_weights: Vectors
    role_weights: Vectors
    bias: Vectors
    nearest: Nearest

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        synonyms: Mapping[str, str],
        *,
        svd_components: int,
        steps: int,
        adapted: bool = False,
    ) -> TopicModel:
        """Learn from examples.

        Args:
            texts: one example each.
            labels: the label of each example, or its subtopic: "faq/cost.for_both".
            synonyms: phrases that name a role, each with its value (see roles.py).
            svd_components: number of dimensions the character n-grams are reduced to.
            steps: number of batches that the regression learns from.
            adapted: whether the sentence encoder is used with the changes in ``ADAPTER``.
        """
        speller, roles = Speller.from_texts(texts, names=synonyms), RoleNames(synonyms)
        mentions, masked = zip(*(roles.read(speller.correct(text)) for text in texts), strict=True)
        meaning = _encoder(adapted).encode_all(masked)
        named = _ROLE_WEIGHT * np.array([each.features for each in mentions], np.float32)
        ngrams, spelling, projection = Ngrams.fit(masked, svd_components)
        seen = np.hstack([meaning, named, spelling]).astype(np.float32)
        regression = _regression(steps, len(texts))
        with threadpool_limits(1), warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # stopping early is intended
            regression.fit(seen, labels)
        weights = np.split(regression.coefs_[0], (DIMENSIONS, DIMENSIONS + FEATURES))
        meaning_weights, role_weights, spelling_weights = weights
        answers = list(map(str, regression.classes_))
        is_part = np.array([topic_of(answer) != answer for answer in answers])
        return cls(
            speller=speller,
            roles=roles,
            adapted=adapted,
            answers=answers,
            ngrams=ngrams,
            projection=projection.astype(_STORED),
            meaning_weights=rounded(meaning_weights),
            spelling_weights=rounded(spelling_weights),
            role_weights=rounded(_ROLE_WEIGHT * role_weights),
            bias=regression.intercepts_[0] + _PART * is_part,
            nearest=Nearest.among(meaning, [np.flatnonzero(np.equal(labels, answer)) for answer in answers]),
        )

    def predict(self, text: str, *, others_as_roles: bool = False) -> Prediction:
        """Classify one message, after correcting its spelling.

        Args:
            text: the message.
            others_as_roles: read other officers as if they were ours, to know what is asked of them.
        """
        check()
        mentions, masked = self.roles.read(self.speller.correct(text), others_as_roles=others_as_roles)
        meaning = _encoder(self.adapted).encode(masked)
        counted = self.ngrams.scores(masked, self.projection) @ self.spelling_weights
        named = np.array(mentions.features, np.float32) @ self.role_weights
        near = self.nearest.similarity(meaning)
        scores = meaning @ self.meaning_weights + counted + named + self.bias + _NEAREST_WEIGHT * near
        shares = np.exp(scores - scores.max())
        likely = np.add.reduceat(shares, self._first) / shares.sum()
        similarity = np.maximum.reduceat(near, self._first)
        order = np.argsort(-likely, kind="stable")
        return Prediction(
            probabilities={self.labels[index]: float(likely[index]) for index in order},
            similarity={self.labels[index]: float(similarity[index]) for index in order},
            subtopics=self._subtopics(shares),
            mentions=mentions,
        )

    @cached_property
    def labels(self) -> list[str]:
        """What a message is classified as, without subtopics."""
        return list(dict.fromkeys(map(topic_of, self.answers)))

    @cached_property
    def _first(self) -> list[int]:
        """Where each label begins among the answers; its subtopics follow it."""
        topics = [topic_of(answer) for answer in self.answers]
        return [topics.index(label) for label in self.labels]

    def _subtopics(self, shares: Vectors) -> dict[str, str]:
        """The subtopics that are likelier than the other answers of their label."""
        ends = [*self._first[1:], len(shares)]
        likeliest = (first + int(shares[first:end].argmax()) for first, end in zip(self._first, ends, strict=True))
        answers = dict(zip(self.labels, (self.answers[index] for index in likeliest), strict=True))
        return {label: answer for label, answer in answers.items() if answer != label}

    def save(self, folder: Path) -> None:
        """Write the model as plain arrays and JSON: loading it runs no code."""
        arrays = {name: getattr(self, name).astype(_STORED) for name in _ROUNDED}
        arrays |= {"projection": self.projection, "bias": self.bias, **self.nearest.arrays()}
        np.savez(folder / "weights.npz", idf=self.ngrams.idf, **arrays)
        words = {
            "answers": self.answers,
            "ngrams": self.ngrams.vocabulary,
            "words": self.speller.vocabulary,
            "synonyms": dict(self.roles.synonyms),
            "adapted": self.adapted,
        }
        (folder / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> TopicModel:
        """Read a model that ``save`` wrote."""
        words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz") as stored:
            arrays = {name: stored[name] for name in stored.files}
        return cls(
            speller=Speller(words["words"]),
            roles=RoleNames(words["synonyms"]),
            adapted=words["adapted"],
            answers=words["answers"],
            ngrams=Ngrams.stored(words["ngrams"], arrays["idf"]),
            projection=arrays["projection"],
            bias=arrays["bias"],
            nearest=Nearest.stored(arrays),
            **{name: arrays[name].astype(np.float32) for name in _ROUNDED},
        )


def topic_of(label: str) -> str:
    """The topic of a subtopic: "faq/cost" of "faq/cost.for_both"; any other label as it is."""
    return label.partition(".")[0]


def _encoder(adapted: bool) -> Encoder:
    return encoder(ADAPTER if adapted else None)


def _regression(steps: int, examples: int) -> MLPClassifier:
    """A logistic regression: a network without hidden layers. Its solver takes a tenth of the time of an exact one."""
    batch = min(_BATCH, examples)
    epochs = math.ceil(steps * batch / examples)
    return MLPClassifier(
        hidden_layer_sizes=(),
        alpha=_PENALTY,
        learning_rate_init=_LEARNING_RATE,
        batch_size=batch,
        max_iter=epochs,
        n_iter_no_change=epochs,
        random_state=0,
    )
