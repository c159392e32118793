"""Classifies whole replies by what they answer: logistic regression on sentence embeddings and n-grams for each field.

A clause like "functional" or "not before spring" states nothing by itself; its meaning depends on the question. So
replies to each question are collected in ``data/replies``, one file a question. As for statements, what the regression
finds likely is weighed against each answer's nearest example.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from advisor.content import DATA, Model, load, parse
from advisor.errors import ContentError
from advisor.fields import DECLINED, UNKNOWN, fields
from assistant.nlu.budget import check
from assistant.nlu.company_facts.adapter import adapted
from assistant.nlu.company_facts.classifier import expanded
from assistant.nlu.encoder import DIMENSIONS, Vectors
from assistant.nlu.nearest import Nearest
from assistant.nlu.ngrams import Halves, Ngrams

NOT_SAID = ""
A_NUMBER = "a number"
_C, _COMPONENTS, _ITERATIONS = 10.0, 150, 100
_STATED = 0.1  # weight of a statement beside a reply
_BESIDES, _A_SENTENCE = 40, 6  # of so many replies to other questions one is taken, if it has so many words
_NEAREST_WEIGHT = 10.0  # of the cosine to an answer's nearest example, beside the regression's log-odds
_STORED = np.float16  # halves the model, which is unpacked at every start
_LEAST = 0.02  # probability: less than this changes no reading

Said = Mapping[str, Mapping[str, float]]
"""Field -> its value as JSON, or NOT_SAID -> how likely a reply gives it."""


class _Reply(Model):
    says: str
    gives: dict[str, Any]


class _Replies(Model):
    version: str
    fields: tuple[str, ...]
    replies: tuple[_Reply, ...]


@dataclass(frozen=True)
class Example:
    """A reply to a question about some fields, and the answers that it gives."""

    text: str
    asked: tuple[str, ...]
    gives: Mapping[str, Any]
    weight: float = 1.0


def reply_examples() -> list[Example]:
    """The replies to all questions.

    Raises:
        ContentError: a file in data/replies is wrong.
    """
    return [
        Example(reply.says, read.fields, reply.gives)
        for path in sorted((DATA / "replies").glob("*.yml"))
        for read in [_checked(parse(_Replies, load(path), f"replies/{path.name}"), path.name)]
        for reply in read.replies
    ]


def replies_as_learned() -> list[tuple[str, dict[str, str]]]:
    """All replies, and some to other questions, with what each says of the fields that it is asked for."""
    replies = reply_examples()
    told = [*replies, *_besides(replies, [*dict.fromkeys(one.asked for one in replies)])]
    return [(one.text, {name: as_said(one.gives.get(name)) for name in one.asked}) for one in told]


def _checked(read: _Replies, name: str) -> _Replies:
    for reply in read.replies:
        for field, value in reply.gives.items():
            if field not in read.fields or not (value in (UNKNOWN, DECLINED) or fields()[field].takes(value)):
                raise ContentError(f"replies/{name}: {reply.says!r} cannot give {field} = {value!r}")
    return read


@dataclass(frozen=True)
class ReplyModel:
    """Weights of the answers to all fields, for the meaning of a reply and its n-grams.

    ``answers`` are the values of every field, in the order of the columns.
    """

    answers: Mapping[str, Sequence[str]]
    ngrams: Ngrams
    meaning_weights: Vectors
    ngram_weights: Halves
    bias: Vectors
    nearest: Nearest

    @classmethod
    def fit(cls, replies: Sequence[Example], statements: Sequence[tuple[str, str]]) -> ReplyModel:
        """Learn from replies, and from statements with their labels, which are replies, too."""
        questions = [*dict.fromkeys(one.asked for one in replies)]
        told = [*replies, *_besides(replies, questions), *_as_replies(statements, questions)]
        texts = [expanded(one.text) for one in told]
        meaning = adapted().encode_all(texts)
        ngrams, spelling, projection = Ngrams.fit(texts[: len(replies)], _COMPONENTS)
        others = ngrams.vectorizer.transform(texts[len(replies) :]) @ projection
        seen = np.hstack([meaning, np.vstack([spelling, others])]).astype(np.float32)
        rows, said = _answers(told)

        def learned(field: str) -> LogisticRegression:
            regression = LogisticRegression(C=_C, max_iter=_ITERATIONS, tol=1e-3, multi_class="multinomial")
            weights = [told[row].weight for row in rows[field]]
            return regression.fit(seen[rows[field]], said[field], sample_weight=weights)

        with threadpool_limits(1), warnings.catch_warnings(), ThreadPoolExecutor(os.cpu_count()) as pool:
            warnings.simplefilter("ignore", ConvergenceWarning)  # stopping early is intended
            regressions = dict(zip(rows, pool.map(learned, rows), strict=True))
        answers = {field: list(map(str, one.classes_)) for field, one in regressions.items()}
        # Statements would not help the comparison with the nearest example, but slow it down.
        giving = [
            rows[field][(said[field] == value) & (rows[field] < len(replies))]
            for field, values in answers.items()
            for value in values
        ]
        table = np.hstack([one.coef_.T for one in regressions.values()]).astype(np.float32)
        return cls(
            answers=answers,
            ngrams=ngrams,
            meaning_weights=table[:DIMENSIONS],
            ngram_weights=(projection @ table[DIMENSIONS:]).astype(_STORED),
            bias=np.concatenate([one.intercept_ for one in regressions.values()]).astype(np.float32),
            nearest=Nearest.among(meaning[: len(replies)], giving),
        )

    def predict(self, text: str) -> Said:
        """What a text says of each field if it replies to the question about it."""
        check()
        read = expanded(text)
        meaning = adapted().encode(read)
        scores = meaning @ self.meaning_weights + self.bias + _NEAREST_WEIGHT * self.nearest.similarity(meaning)
        scores = scores + self.ngrams.scores(read, self.ngram_weights)
        sizes = [len(values) for values in self.answers.values()]
        first = np.cumsum([0, *sizes[:-1]])
        likely = np.exp(scores - np.repeat(np.maximum.reduceat(scores, first), sizes))
        shares = iter((likely / np.repeat(np.add.reduceat(likely, first), sizes)).tolist())
        return {
            field: {value: round(share, 2) for value in values if (share := next(shares)) >= _LEAST}
            for field, values in self.answers.items()
        }

    def save(self, folder: Path) -> None:
        """Write the model as plain arrays and JSON: loading it runs no code."""
        arrays = {name: getattr(self, name) for name in ("ngram_weights", "bias")}
        arrays["meaning_weights"] = self.meaning_weights.astype(_STORED)
        np.savez(folder / "replies.npz", idf=self.ngrams.idf, **arrays, **self.nearest.arrays())
        words = {"answers": self.answers, "ngrams": self.ngrams.vocabulary}
        (folder / "replies.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> ReplyModel:
        """Read a model that ``save`` wrote."""
        words = json.loads((folder / "replies.json").read_text(encoding="utf-8"))
        with np.load(folder / "replies.npz") as stored:
            arrays = {name: stored[name] for name in stored.files}
        return cls(
            answers=words["answers"],
            ngrams=Ngrams.stored(words["ngrams"], arrays["idf"]),
            meaning_weights=arrays["meaning_weights"].astype(np.float32),
            ngram_weights=arrays["ngram_weights"],
            bias=arrays["bias"],
            nearest=Nearest.stored(arrays),
        )


def _answers(
    told: Sequence[Example],
) -> tuple[dict[str, npt.NDArray[np.int64]], dict[str, npt.NDArray[np.str_]]]:
    """For each field the examples that reply to its question, and what they say of it."""
    names = dict.fromkeys(name for one in told for name in one.asked)
    rows = {name: np.array([place for place, one in enumerate(told) if name in one.asked]) for name in names}
    return rows, {name: np.array([as_said(told[row].gives.get(name)) for row in rows[name]]) for name in names}


def _besides(replies: Sequence[Example], questions: Sequence[tuple[str, ...]]) -> Iterator[Example]:
    """Some replies to each question as replies to the others, which they do not answer: people tell what they like."""
    for place, asked in enumerate(questions):
        for number, one in enumerate(replies):
            if one.asked != asked and number % _BESIDES == place % _BESIDES and len(one.text.split()) >= _A_SENTENCE:
                yield Example(one.text, asked, {})


def _as_replies(statements: Sequence[tuple[str, str]], questions: Sequence[tuple[str, ...]]) -> Iterator[Example]:
    """Each statement as a reply to the question about its field: "we have no CTO"."""
    for asked in questions:
        for text, label in statements:
            field, _, value = label.partition("=")
            if field in asked:
                yield Example(text, asked, {field: _value(field, value)}, _STATED)


def _value(field: str, value: str) -> Any:
    return [value] if fields()[field].type == "kinds" else {"true": True, "false": False}.get(value, value)


def as_said(value: Any) -> str:
    """A value as an answer of the model; numbers are read as figures, and here only whether one is given."""
    if value is None:
        return NOT_SAID
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return A_NUMBER
    return json.dumps(sorted(value) if isinstance(value, list) else value)
