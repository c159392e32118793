"""The sentence encoder as torch fits it: each linear layer with a low-rank change beside it (LoRA).

Only the changes learn. Saved, they are an adapter of ``encoder.encoder``.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from assistant.nlu.encoder import DIMENSIONS
from assistant.nlu.encoder_graph import EPSILON, HEADS, LAYERS

_RANK = 16
_DROPOUT = 0.1
_POOL = 40  # batches that are sorted by length together
_LINEAR = (
    *("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"),
    *("intermediate.dense", "output.dense"),
)

T = TypeVar("T")


class AdaptedLayer(nn.Module):
    """A linear layer that stays as it is, and the product of two narrow matrices that learns beside it."""

    def __init__(self, weight: Tensor, bias: Tensor, dropout: float) -> None:
        super().__init__()
        self._dropout = dropout
        self.weight, self.bias = nn.Parameter(weight, False), nn.Parameter(bias, False)
        outputs, inputs = weight.shape
        self.A = nn.Parameter(torch.randn(_RANK, inputs) / math.sqrt(inputs))
        self.B = nn.Parameter(torch.zeros(outputs, _RANK))

    def forward(self, x: Tensor) -> Tensor:
        seen = functional.dropout(x, self._dropout, self.training)
        return functional.linear(x, self.weight, self.bias) + functional.linear(functional.linear(seen, self.A), self.B)


class AdaptedEncoder(nn.Module):
    """The graph of encoder_graph.py for a batch of texts, with an adapted layer for each linear one.

    Args:
        weights: as published.
        dropout: the share of a layer's inputs that its change does not see; to drop them takes a quarter of the time.
    """

    def __init__(self, weights: dict[str, Tensor], dropout: float = _DROPOUT / 2) -> None:
        super().__init__()
        self._weights = weights
        names = [f"encoder.layer.{layer}.{part}" for layer in range(LAYERS) for part in _LINEAR]
        self.layers = {
            name: AdaptedLayer(weights[f"{name}.weight"], weights[f"{name}.bias"], dropout) for name in names
        }
        self._registered = nn.ModuleList(self.layers.values())

    def forward(self, tokens: Tensor, present: Tensor) -> Tensor:
        """The meaning of each text."""
        x = self.states(tokens, present)
        return functional.normalize((x * present[:, :, None]).sum(1).float() / present.sum(1, keepdim=True), dim=-1)

    def states(self, tokens: Tensor, present: Tensor, beside: Tensor | None = None) -> Tensor:
        """The state of each token; ``beside`` is added to what it means by itself."""
        rows, length = tokens.shape
        x = self._weights["embeddings.word_embeddings.weight"][tokens]
        x = x if beside is None else x + beside
        x = x + self._weights["embeddings.position_embeddings.weight"][:length]
        x = self._norm(x + self._weights["embeddings.token_type_embeddings.weight"][0], "embeddings")
        mask = (present[:, None, None, :] - 1) * 1e4
        for layer in range(LAYERS):
            name = f"encoder.layer.{layer}"
            query, key, value = (
                self.layers[f"{name}.attention.self.{part}"](x).view(rows, length, HEADS, -1).transpose(1, 2)
                for part in ("query", "key", "value")
            )
            seen = functional.scaled_dot_product_attention(query, key, value, mask.to(query.dtype))
            seen = self.layers[f"{name}.attention.output.dense"](seen.transpose(1, 2).reshape(rows, length, -1))
            x = self._norm(functional.dropout(seen, _DROPOUT, self.training) + x, f"{name}.attention.output")
            wide = functional.gelu(self.layers[f"{name}.intermediate.dense"](x))
            narrow = self.layers[f"{name}.output.dense"](wide)
            x = self._norm(functional.dropout(narrow, _DROPOUT, self.training) + x, f"{name}.output")
        return x

    def _norm(self, x: Tensor, name: str) -> Tensor:
        scale, shift = (self._weights[f"{name}.LayerNorm.{part}"] for part in ("weight", "bias"))
        return functional.layer_norm(x, (DIMENSIONS,), scale, shift, EPSILON)


def batches(learned: Sequence[T], size: int, length: Callable[[T], int]) -> Iterator[Sequence[T]]:
    """All texts in a new order, those of a batch about equally long."""
    order = random.sample(learned, len(learned))
    for start in range(0, len(order), size * _POOL):
        pool = sorted(order[start : start + size * _POOL], key=length)
        found = [pool[place : place + size] for place in range(0, len(pool), size)]
        yield from random.sample(found, len(found))


def save(encoder: AdaptedEncoder, path: Path) -> None:
    """Write the narrow matrices in half precision."""
    np.savez(
        path,
        **{
            f"{name}.{part}": getattr(layer, part).detach().numpy().astype(np.float16)
            for name, layer in encoder.layers.items()
            for part in "AB"
        },
    )
