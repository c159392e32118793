"""The adapter changes every layer of the encoder, tells yes from no, and leaves the published encoder as it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.nlu.company_facts.adapter import ADAPTER, adapted
from assistant.nlu.encoder import Encoder, EncoderError, encoder, published_weights


def cosine(model: Encoder, one: str, other: str) -> float:
    first, second = model.encode_all([one, other])
    return float(first @ second)


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("the crm works", "the crm hardly works"),
        ("we have time for that", "we never have time for that"),
        ("somebody measures it", "nobody measures it"),
    ],
)
def test_yes_and_no_are_farther_apart_than_in_the_published_encoder(yes: str, no: str) -> None:
    assert cosine(adapted(), yes, no) < cosine(encoder(), yes, no) - 0.05


def test_every_linear_layer_is_adapted() -> None:
    linear = {name.removesuffix(".weight") for name, weight in published_weights().items() if _is_linear(name, weight)}
    with np.load(ADAPTER) as stored:
        assert {*stored.files} == {f"{name}.{part}" for name in linear for part in "AB"}


def _is_linear(name: str, weight: np.ndarray) -> bool:
    return name.startswith("encoder.") and weight.ndim == 2


def test_an_adapter_that_does_not_fit_gives_a_one_line_error(tmp_path: Path) -> None:
    other = tmp_path / "other.npz"
    np.savez(other, **{"encoder.layer.9.A": np.zeros((1, 2)), "encoder.layer.9.B": np.zeros((2, 1))})
    with pytest.raises(EncoderError, match=r"^other.npz does not fit the encoder: .+; get it back with git checkout$"):
        encoder.__wrapped__(other)
