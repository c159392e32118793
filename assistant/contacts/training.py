"""Fits the tagger to the messages of data/contacts (``make contacts``)."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from assistant.contacts.contact import EXTENSION, Contact
from assistant.contacts.features import BITS, features
from assistant.contacts.reader import plain
from assistant.contacts.tagger import FIELDS, NOT, OUTSIDE, PATH, TAGS, USE, Floats, Tagger, allowed, marginals
from assistant.contacts.tokens import Token, tokens
from assistant.nlu.examples import read_examples

_DATA = Path(__file__).parents[2] / "data"
_ROUNDS = 10  # of all messages; the weights of the later half are averaged
_BATCH = 32  # messages
_RATE = 0.1
_RESTRAINT = 4.0  # of large weights
_EXCHANGED = 0.6  # of the details, in a varied message
_LOWERED = 0.25  # of the varied messages
_STATEMENTS, _QUESTIONS, _REPLIES = 2, 8, 40  # every so many of them teaches what is no contact

Row = dict[str, Any]


def examples() -> list[Row]:
    """Messages with what a careful person would save of them, some without anything."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((_DATA / "contacts").glob("*.jsonl"))]
    return [*(json.loads(line) for text in texts for line in text.splitlines()), *_without_contact()]


def _without_contact() -> Iterator[Row]:
    asked = cycle(Contact.__dataclass_fields__)
    for text in (*_statements("declined"), *_statements("unknown")):
        yield {"asked": next(asked), "text": text, "contact": {}}
    questions = [one.text for one in read_examples(_DATA / "faq", _DATA / "not_in_article")]
    for text in (*_statements("nothing")[::_STATEMENTS], *questions[::_QUESTIONS], *_replies()[::_REPLIES]):
        yield {"asked": None, "text": text, "contact": {}}


def _statements(kind: str) -> list[str]:
    content = yaml.safe_load((_DATA / "statements" / f"{kind}.yml").read_text(encoding="utf-8"))
    texts: list[str] = content["examples"]
    return texts


def _replies() -> list[str]:
    """What people say of their company when the interview asks."""
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((_DATA / "replies").glob("*.yml"))]
    return [one["says"] for file in files for one in file["replies"]]


def _given(rows: Iterable[Row]) -> dict[str, list[str]]:
    return {field: [row["contact"][field] for row in rows if field in row["contact"]] for field in FIELDS}


def _exchanged(row: Row, given: dict[str, list[str]], choice: random.Random) -> Row:
    text, contact = plain(row["text"]), {field: plain(value) for field, value in row["contact"].items()}
    for field in FIELDS:
        if field in contact and choice.random() < _EXCHANGED and (old := _pattern(contact[field])).search(text):
            new = plain(choice.choice(given[field]))
            new = new.lower() if contact[field].islower() else new
            text = old.sub(lambda _, new=new: new, text)  # type: ignore[misc]
            contact[field] = new
    return {"asked": row["asked"], "text": text.lower() if choice.random() < _LOWERED else text, "contact": contact}


def tagged(found: Sequence[Token], text: str, contact: dict[str, str]) -> list[int]:
    """The tags of a message's tokens, by what was saved of it."""
    tags = [OUTSIDE] * len(found)
    for number, one in enumerate(found):
        if one.detail:
            same = _comparable(one.detail.value) == _comparable(contact.get(one.detail.field, ""))
            tags[number] = USE if same else NOT
    for field in FIELDS:
        for place in _pattern(plain(contact[field])).finditer(text) if field in contact else ():
            inside = [n for n, one in enumerate(found) if one.start < place.end() and place.start() < one.end]
            if all(tags[number] == OUTSIDE for number in inside):
                tags[inside[0] : inside[-1] + 1] = [f"B {field}", *[f"I {field}"] * (len(inside) - 1)]
    return list(map(TAGS.index, tags))


def _pattern(value: str) -> re.Pattern[str]:
    """Where a detail is in a message; of a name, the last word may stand first: "Ortiz, Jane"."""
    given, _, family = value.rpartition(" ")
    swapped = rf"|{re.escape(family)}, {re.escape(given)}" if given else ""
    return re.compile(rf"(?<!\w)(?:{re.escape(value)}{swapped})(?!\w)", re.I)


def _comparable(value: str) -> str:
    return value.casefold() if "@" in value else re.sub(r"\D", "", value.partition(EXTENSION)[0])


class _Batch:
    """Messages of like lengths, ready for the sums."""

    def __init__(self, messages: Sequence[tuple[list[Token], NDArray[np.int64], list[int]]]) -> None:
        self.lengths = np.array([len(found) for found, _, _ in messages])
        self.valid = np.arange(self.lengths.max()) < self.lengths[:, np.newaxis]
        self.rows = np.concatenate([rows for _, rows, _ in messages])
        self.allowed = np.zeros((*self.valid.shape, len(TAGS)))
        self.allowed[self.valid] = np.concatenate([allowed(found) for found, _, _ in messages])
        self.gold = np.zeros_like(self.allowed)
        self.gold[self.valid] = np.eye(len(TAGS))[np.concatenate([tags for _, _, tags in messages])]
        self.gold_pairs = _pairs(self.gold)

    def gradient(self, weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """Of the weights of features and, below them, of transitions."""
        scores = self.allowed.copy()
        scores[self.valid] += weights[self.rows].sum(axis=1)
        found, pairs = marginals(scores, self.lengths, weights[-len(TAGS) :].astype(float))
        wrong = (found - self.gold)[self.valid]
        places, each = self.rows.ravel(), self.rows.shape[1]
        of_features = [np.bincount(places, np.repeat(of_tag, each), 1 << BITS) for of_tag in wrong.T]
        gradient: Floats = np.concatenate([np.transpose(of_features), pairs - self.gold_pairs])
        return gradient.astype(np.float32)


def _pairs(gold: Floats) -> Floats:
    pairs: Floats = np.einsum("nti,ntj->ij", gold[:, :-1], gold[:, 1:])
    return pairs


def _batches(rows: Iterable[Row]) -> Iterator[_Batch]:
    messages = []
    for row in rows:
        text = plain(row["text"])
        if found := tokens(text, row["asked"]):
            messages.append((found, features(found, row["asked"]), tagged(found, text, row["contact"])))
    messages.sort(key=lambda message: len(message[0]))
    for start in range(0, len(messages), _BATCH):
        yield _Batch(messages[start : start + _BATCH])


def fit(rows: Sequence[Row]) -> Tagger:
    """A tagger for these messages, their details as bare replies, and other variations a round (averaged AdaGrad)."""
    given, choice, order = _given(rows), random.Random(0), np.random.default_rng(0)
    replies = [{"asked": field, "text": one, "contact": {field: one}} for field in FIELDS for one in given[field]]
    as_written = list(_batches([*rows, *replies]))
    weights = np.zeros(((1 << BITS) + len(TAGS), len(TAGS)), np.float32)
    squares, total = np.full_like(weights, 1e-3), np.zeros_like(weights)
    for number in range(_ROUNDS):
        batches = [*as_written, *_batches(_exchanged(row, given, choice) for row in rows if row["contact"])]
        for batch in order.permutation(len(batches)):
            gradient = batches[batch].gradient(weights) + np.float32(_RESTRAINT / len(batches)) * weights
            squares += gradient**2
            weights -= np.float32(_RATE) * gradient / np.sqrt(squares)
        if number >= _ROUNDS // 2:
            total += weights / np.float32(_ROUNDS - _ROUNDS // 2)
    return Tagger(total[: -len(TAGS)], total[-len(TAGS) :].astype(float))


if __name__ == "__main__":
    fit(examples()).save(PATH)
