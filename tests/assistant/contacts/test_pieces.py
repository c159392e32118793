"""The pieces of words that the encoder reads are found again as the tokens of the message."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.contacts.pieces import firsts, owners, pieces_of
from assistant.contacts.tokens import tokens
from assistant.nlu.encoder import MAX_TOKENS, tokenizer

TEXT = "It's Wilhelmina Ortiz,\nortiz@acme.example"


def first_words(text: str, asked: str | None) -> list[str | None]:
    """The first piece of each token."""
    found, read = tokens(text, asked), pieces_of(text, asked)
    its = np.concatenate([owners(one, found, asked) for one in read])
    ids = [piece for one in read for piece in one.ids]
    return [tokenizer().id_to_token(ids[place]) for place in firsts(its, len(found))]


@pytest.mark.parametrize("asked", [None, "name"])
def test_each_token_has_its_first_piece_and_a_line_break_the_next(asked: str | None) -> None:
    assert first_words(TEXT, asked) == ["it", "wilhelm", "ortiz", ",", "ortiz", "ortiz"]


def test_a_message_is_read_to_its_end() -> None:
    text = f"{'word ' * (2 * MAX_TOKENS)}ortiz@acme.example"
    assert first_words(text, None) == ["word"] * (2 * MAX_TOKENS) + ["ortiz"]


def test_a_message_without_words_has_pieces_as_well() -> None:
    assert len(first_words("\N{SLICE OF PIZZA}\N{ZERO WIDTH JOINER}", None)) == len(
        tokens("\N{SLICE OF PIZZA}\N{ZERO WIDTH JOINER}", None)
    )
