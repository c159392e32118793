"""A message as the encoder reads it, and which of its pieces are of which token."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding

from assistant.contacts.tokens import Token
from assistant.nlu.encoder import pieces

Places = NDArray[np.int64]


def pieces_of(text: str, asked: str | None) -> list[Encoding]:
    """The pieces of a message after the question that it answers, some at a time."""
    return pieces(_question(asked) + text)


def owners(read: Encoding, tokens: Sequence[Token], asked: str | None) -> Places:
    """The token that each piece is of; -1 for the question and the marks of the edges."""
    places = np.array(read.offsets) - len(_question(asked))
    found = np.searchsorted([one.start for one in tokens], places[:, 0], side="right") - 1
    return np.where(places[:, 0] < places[:, 1], found, -1)


def firsts(owners: Places, count: int) -> Places:
    """The first piece of each token; of a line break, which has none, that of the token after it."""
    inside = np.flatnonzero(owners >= 0)
    return np.append(inside, len(owners) - 1)[np.searchsorted(owners[inside], np.arange(count))]


def _question(asked: str | None) -> str:
    return f"{asked}? " if asked else ""
