"""Tells which tokens of a message are details of the visitor: a linear-chain conditional random field.

Its weights are fitted to data/contacts (``make contacts``). A detail is taken only where the model is sure of it: a
detail that is missed is asked for, one that is wrong is sent.
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
from assistant.contacts.tokens import BREAK, Token

OUTSIDE, USE, NOT = "O", "use", "not"
FIELDS = ("name", "company", "when", "topic")
TAGS = (OUTSIDE, USE, NOT, *(f"{part} {field}" for field in FIELDS for part in ("B", "I")))
"""Nothing; an address or number to use, or not; the beginning or the inside of another detail."""
PATH = Path(__file__).with_name("tagger.npz")
_SURE = {"name": 0.55, "company": 0.55, "when": 0.5, "topic": 0.65, "email": 0.6, "phone": 0.6}
"""The least probability of a detail that is taken."""
_LOOSE = ("when", "topic")
"""Fields of which some of the words are as good as all."""
_NEVER = -30.0
_LARGEST = 127  # of eight bits

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
class Tagger:
    """Weights of features by tags, and of tags by the tags before them."""

    weights: NDArray[np.float32]
    transitions: Floats

    def spans(self, tokens: Sequence[Token], asked: str | None) -> list[Span]:
        """What is surely the visitor's, in the order of the message."""
        scores = self.weights[features(tokens, asked)].sum(axis=1) + allowed(tokens)
        probabilities = marginals(scores[np.newaxis], np.array([len(tokens)]), self.transitions)[0][0]
        return [one for one in _spans(tokens, probabilities) if one.probability >= _SURE[one.field]]

    def save(self, path: Path) -> None:
        """Writes the weights, in eight bits each."""
        unit = np.abs(self.weights).max(axis=0) / _LARGEST
        weights = np.rint(self.weights / unit).astype(np.int8)
        np.savez_compressed(path, weights=weights, unit=unit, transitions=self.transitions)

    @classmethod
    def load(cls, path: Path) -> Tagger:
        """What ``save`` wrote."""
        with np.load(path) as stored:
            return cls(stored["weights"] * stored["unit"], stored["transitions"])


@cache
def tagger() -> Tagger:
    """The process-wide tagger."""
    return Tagger.load(PATH)


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


def marginals(scores: Floats, lengths: NDArray[np.int64], transitions: Floats) -> tuple[Floats, Floats]:
    """Probabilities of the tags of each token, and how often a tag is expected after another (forward-backward).

    Args:
        scores: by message, token and tag; of tokens beyond a message's length, ignored.
        lengths: of the messages.
        transitions: scores of a tag after another.
    """
    messages, most, tags = scores.shape
    highest = scores.max(axis=2, keepdims=True)
    likely = np.exp(scores - highest)
    step = np.exp(transitions + FOLLOWING)
    forward, scale = np.empty_like(likely), np.ones((messages, most))
    state = likely[:, 0] * np.exp(STARTING)
    for place in range(most):
        if place:
            state = (state @ step) * likely[:, place]
        inside = place < lengths
        scale[:, place] = np.where(inside, state.sum(axis=1), 1.0)
        state = np.where(inside[:, np.newaxis], state / state.sum(axis=1, keepdims=True), forward[:, place - 1])
        forward[:, place] = state
    backward = np.ones_like(likely)
    for place in range(most - 2, -1, -1):
        state = (likely[:, place + 1] * backward[:, place + 1]) @ step.T / scale[:, place + 1, np.newaxis]
        backward[:, place] = np.where((place + 1 < lengths)[:, np.newaxis], state, 1.0)
    valid = np.arange(most) < lengths[:, np.newaxis]
    found = forward * backward * valid[:, :, np.newaxis]
    following = likely * backward / scale[:, :, np.newaxis] * valid[:, :, np.newaxis]
    pairs = np.einsum("nti,ntj->ij", forward[:, :-1], following[:, 1:]) * step
    return found, pairs
