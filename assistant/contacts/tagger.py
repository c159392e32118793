"""Tells which tokens of a message are details of the visitor: the sentence encoder and a conditional random field.

The encoder has an adapter of its own, and is told the features of each token beside its words. What it makes of a
token is scored for each tag, and the likeliest order of tags is found. All is fitted to data/contacts
(``make contacts``).
A detail is taken only where the model is sure of it: a detail that is missed is asked for, one that is wrong is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.contacts.features import features
from assistant.contacts.pieces import firsts, owners, pieces_of
from assistant.contacts.tokens import BREAK, Token
from assistant.nlu.encoder import Encoder, Vectors, encoder

OUTSIDE, USE, NOT = "O", "use", "not"
FIELDS = ("name", "company", "when", "topic")
TAGS = (OUTSIDE, USE, NOT, *(f"{part} {field}" for field in FIELDS for part in ("B", "I")))
"""Nothing; an address or number to use, or not; the beginning or the inside of another detail."""
PATH, ADAPTER = (Path(__file__).with_name(f"{name}.npz") for name in ("tagger", "adapter"))
_SURE = {"name": 0.8, "company": 0.85, "when": 0.65, "topic": 0.7, "email": 0.5, "phone": 0.6}
"""The least probability of a detail that is taken."""
_LOOSE = ("when", "topic")
"""Fields of which some of the words are as good as all."""
_NEVER = -30.0

Floats = NDArray[np.float64]


def _follows(before: str, after: str) -> bool:
    return after[0] != "I" or before[2:] == after[2:]


FOLLOWING: Floats = np.array([[0.0 if _follows(before, after) else _NEVER for after in TAGS] for before in TAGS])
STARTING: Floats = np.array([_NEVER if tag[0] == "I" else 0.0 for tag in TAGS])


def allowed(tokens: Sequence[Token]) -> Floats:
    """Scores that forbid tags for each token."""
    fit = [[tag in _fitting(one) for tag in TAGS] for one in tokens]
    return np.where(np.array(fit), 0.0, _NEVER)


def _fitting(one: Token) -> tuple[str, ...]:
    if one.detail:
        return (USE, NOT) if one.detail.is_whole else (NOT,)
    if one.text == BREAK:
        return (OUTSIDE,)
    begins = one.text[0].isalnum()  # no sign does
    return (OUTSIDE, *(tag for tag in TAGS[TAGS.index(NOT) + 1 :] if begins or tag[0] == "I"))


@dataclass(frozen=True)
class Span:
    """Tokens that are a detail of the visitor, from the first to before the last."""

    field: str  # of Contact
    first: int
    last: int
    probability: float


@dataclass(frozen=True)
class Weights:
    """What was fitted beside the encoder's adapter.

    Args:
        known: the features that count, in the order of the rows.
        beside: what each of them adds to what a word means by itself; in the last row, nothing.
        by_feature: the score of each of them for each tag; in the last row, none.
        by_state: the scores of what the encoder makes of a token; in the last row, of any token.
        transitions: the score of a tag after another.
    """

    known: tuple[str, ...]
    beside: Vectors
    by_feature: Vectors
    by_state: Vectors
    transitions: Vectors

    def save(self, path: Path) -> None:
        """Writes the weights, in half precision."""
        tables = {name: table.astype(np.float16) for name, table in vars(self).items() if name != "known"}
        np.savez_compressed(path, known=np.array(self.known), **tables)

    @classmethod
    def load(cls, path: Path) -> Weights:
        """What ``save`` wrote."""
        with np.load(path) as stored:
            tables = {name: stored[name].astype(np.float32) for name in stored.files if name != "known"}
            return cls(tuple(stored["known"].tolist()), **tables)


class Tagger:
    """Reads the tokens of messages with an encoder and the weights that were fitted with it."""

    def __init__(self, encoder: Encoder, weights: Weights) -> None:
        self._encoder = encoder
        self._weights = weights
        self._row = {feature: row for row, feature in enumerate(weights.known)}

    def spans(self, text: str, tokens: Sequence[Token], asked: str | None) -> list[Span]:
        """What is surely the visitor's, in the order of the message.

        Args:
            text: a plain message.
            tokens: its tokens, of which there are some.
            asked: the field that the open question asks for, if one does.
        """
        found = _spans(tokens, self._probabilities(text, tokens, asked))
        return [one for one in found if one.probability >= _SURE[one.field]]

    def _probabilities(self, text: str, tokens: Sequence[Token], asked: str | None) -> Floats:
        """Of the tags of each token."""
        rows = [[self._row.get(feature, -1) for feature in its] for its in features(tokens)]
        beside = np.array([*(self._weights.beside[its].sum(axis=0) for its in rows), self._weights.beside[-1]])
        read = [(window, owners(window, tokens, asked)) for window in pieces_of(text, asked)]
        states = np.concatenate([self._encoder.states(window, beside[its]) for window, its in read])
        states = states[firsts(np.concatenate([its for _, its in read]), len(tokens))]
        scores = states @ self._weights.by_state[:-1] + self._weights.by_state[-1] + allowed(tokens)
        scores += [self._weights.by_feature[its].sum(axis=0) for its in rows]
        return marginals(scores, self._weights.transitions)


@cache
def tagger() -> Tagger:
    """The process-wide tagger."""
    return Tagger(encoder(ADAPTER), Weights.load(PATH))


def _spans(tokens: Sequence[Token], probabilities: Floats) -> Iterator[Span]:
    path = _best_path(np.log(probabilities + 1e-9))
    for number, tag in enumerate(path):
        if (one := tokens[number].detail) is not None:
            yield Span(one.field, number, number + 1, probabilities[number, TAGS.index(USE)])
        elif tag[0] == "B":
            field = tag[2:]
            last = number + 1 + len(list(takewhile(f"I {field}".__eq__, path[number + 1 :])))
            begins = TAGS.index(tag)
            inside = probabilities[number:last, begins : begins + 2].sum(axis=1)
            yield Span(field, number, last, inside.max() if field in _LOOSE else inside.min())


def _best_path(scores: Floats) -> list[str]:
    """The likeliest tags in an order that may be (Viterbi)."""
    best, previous = scores[0] + STARTING, []
    for score in scores[1:]:
        paths = best[:, np.newaxis] + FOLLOWING
        previous.append(paths.argmax(axis=0))
        best = paths.max(axis=0) + score
    path = [int(best.argmax())]
    for step in reversed(previous):
        path.append(int(step[path[-1]]))
    return [TAGS[number] for number in reversed(path)]


def marginals(scores: Floats, transitions: Vectors) -> Floats:
    """Probabilities of the tags of each token (forward-backward).

    Args:
        scores: by token and tag.
        transitions: scores of a tag after another.
    """
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    step = np.exp(transitions + FOLLOWING)
    forward, backward = np.empty_like(likely), np.ones_like(likely)
    for place, its in enumerate(likely):
        state = its * (forward[place - 1] @ step if place else np.exp(STARTING))
        forward[place] = state / state.sum()
    for place in range(len(scores) - 2, -1, -1):
        state = step @ (likely[place + 1] * backward[place + 1])
        backward[place] = state / state.sum()
    found = forward * backward
    shares: Floats = found / found.sum(axis=1, keepdims=True)
    return shares
