"""Fits the adapters: low-rank changes to the sentence encoder (LoRA), one for topics and one for company facts.

The encoder learns together with linear heads: one for the topics, or one for the answers to each field and one for the
labels of statements. The heads are thrown away, and the classifiers learn from the adapted encoder. torch is needed for
this alone (``make adapter``; an hour on two processors).
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from assistant.nlu.company_facts import adapter as company_facts
from assistant.nlu.company_facts.classifier import examples as statements
from assistant.nlu.company_facts.classifier import expanded
from assistant.nlu.company_facts.reply_model import replies_as_learned
from assistant.nlu.encoder import DIMENSIONS, published_weights, tokenizer
from assistant.nlu.encoder_graph import EPSILON, HEADS, LAYERS
from assistant.nlu.examples import read_examples, read_synonyms
from assistant.nlu.roles import RoleNames
from assistant.nlu.spelling import Speller
from assistant.nlu.topics import ADAPTER as TOPICS

_RANK = 16
_DATA = Path(__file__).parents[2] / "data"
_EPOCHS_OF_FACTS, _EPOCHS_OF_TOPICS = 5, 2
_BATCH, _POOL = 64, 40  # texts a batch; batches that are sorted by length together
_LEARNING_RATE, _HEADS_RATE, _DECAY, _WARM_UP, _CLIPPED = 1e-3, 3e-3, 0.01, 100, 1.0
_DROPOUT, _SMOOTHING = 0.1, 0.05
_STATEMENT, _TOPIC = "statement", "topic"  # beside the names of fields
_SCALE = 12.0  # of the unit vectors before the heads
_LINEAR = (
    *("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"),
    *("intermediate.dense", "output.dense"),
)


Told = Sequence[tuple[str, Mapping[str, str]]]
"""Texts, each with the right answer in each group that it is about."""


@dataclass(frozen=True)
class Labeled:
    """A text as tokens, and the column of the right answer in each group of columns that it is about."""

    tokens: Sequence[int]
    answers: Mapping[str, int]


class AdaptedLayer(nn.Module):
    """A linear layer that stays as it is, and the product of two narrow matrices that learns beside it."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(weight, False), nn.Parameter(bias, False)
        outputs, inputs = weight.shape
        self.A = nn.Parameter(torch.randn(_RANK, inputs) / math.sqrt(inputs))
        self.B = nn.Parameter(torch.zeros(outputs, _RANK))

    def forward(self, x: Tensor) -> Tensor:
        seen = functional.dropout(x, _DROPOUT / 2, self.training)
        return functional.linear(x, self.weight, self.bias) + functional.linear(functional.linear(seen, self.A), self.B)


class AdaptedEncoder(nn.Module):
    """The graph of encoder_graph.py for a batch of texts, with an adapted layer for each linear one."""

    def __init__(self, weights: dict[str, Tensor]) -> None:
        super().__init__()
        self._weights = weights
        names = [f"encoder.layer.{layer}.{part}" for layer in range(LAYERS) for part in _LINEAR]
        self.layers = {name: AdaptedLayer(weights[f"{name}.weight"], weights[f"{name}.bias"]) for name in names}
        self._registered = nn.ModuleList(self.layers.values())

    def forward(self, tokens: Tensor, present: Tensor) -> Tensor:
        rows, length = tokens.shape
        x = self._weights["embeddings.word_embeddings.weight"][tokens]
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
        return functional.normalize((x * present[:, :, None]).sum(1).float() / present.sum(1, keepdim=True), dim=-1)

    def _norm(self, x: Tensor, name: str) -> Tensor:
        scale, shift = (self._weights[f"{name}.LayerNorm.{part}"] for part in ("weight", "bias"))
        return functional.layer_norm(x, (DIMENSIONS,), scale, shift, EPSILON)


def topics() -> Told:
    """The examples of topics and intents, as the topic model encodes them."""
    examples, synonyms = read_examples(_DATA), read_synonyms(_DATA)
    speller, roles = Speller.from_texts([one.text for one in examples], names=synonyms), RoleNames(synonyms)
    return [(roles.read(speller.correct(one.text))[1], {_TOPIC: one.label}) for one in examples]


def facts() -> Told:
    """Replies with the answer that they give to each field, and statements with their label."""
    stated = ((text, {_STATEMENT: label}) for text, label in statements())
    return [(expanded(text), said) for text, said in (*replies_as_learned(), *stated)]


def fit(told: Told, epochs: int) -> AdaptedEncoder:
    """Learn what the texts tell."""
    torch.manual_seed(0)
    random.seed(0)
    known = {
        group: sorted({answers[group] for _, answers in told if group in answers})
        for group in dict.fromkeys(group for _, answers in told for group in answers)
    }
    learned = [
        Labeled(tokenizer().encode(text).ids, {group: known[group].index(said) for group, said in each.items()})
        for text, each in told
    ]
    encoder = AdaptedEncoder({name: torch.tensor(weight) for name, weight in published_weights().items()})
    heads = nn.ModuleDict({group: nn.Linear(DIMENSIONS, len(labels)) for group, labels in known.items()})
    trained = [each for each in encoder.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": trained, "lr": _LEARNING_RATE}, {"params": heads.parameters(), "lr": _HEADS_RATE}],
        weight_decay=_DECAY,
    )
    steps = epochs * math.ceil(len(learned) / _BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / _WARM_UP) * max(0, 1 - step / steps)
    )
    for epoch in range(epochs):
        loss = 0.0
        for batch in _batches(learned):
            with torch.autocast("cpu", torch.bfloat16):
                meaning = encoder(*_padded(batch))
            wrong = _loss(meaning * _SCALE, batch, heads)
            optimizer.zero_grad()
            wrong.backward()
            nn.utils.clip_grad_norm_([*trained, *heads.parameters()], _CLIPPED)
            optimizer.step()
            schedule.step()
            loss += wrong.item() * len(batch)
        print(f"epoch {epoch + 1} of {epochs}: loss {loss / len(learned):.3f}", flush=True)
    return encoder


def _batches(learned: Sequence[Labeled]) -> Iterator[Sequence[Labeled]]:
    """All texts in a new order, those of a batch about equally long."""
    order = random.sample(learned, len(learned))
    for start in range(0, len(order), _BATCH * _POOL):
        pool = sorted(order[start : start + _BATCH * _POOL], key=lambda one: len(one.tokens))
        batches = [pool[place : place + _BATCH] for place in range(0, len(pool), _BATCH)]
        yield from random.sample(batches, len(batches))


def _padded(batch: Sequence[Labeled]) -> tuple[Tensor, Tensor]:
    """The tokens of a batch, and where there are any."""
    tokens = nn.utils.rnn.pad_sequence([torch.tensor(one.tokens) for one in batch], batch_first=True)
    present = nn.utils.rnn.pad_sequence([torch.ones(len(one.tokens)) for one in batch], batch_first=True)
    return tokens, present


def _loss(meaning: Tensor, batch: Sequence[Labeled], heads: nn.ModuleDict) -> Tensor:
    total = torch.zeros(())
    for group in {group for one in batch for group in one.answers}:
        rows = [row for row, one in enumerate(batch) if group in one.answers]
        right = torch.tensor([batch[row].answers[group] for row in rows])
        total = total + functional.cross_entropy(
            heads[group](meaning[rows]), right, reduction="sum", label_smoothing=_SMOOTHING
        )
    return total / len(batch)


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


if __name__ == "__main__":
    save(fit(topics(), _EPOCHS_OF_TOPICS), TOPICS)
    save(fit(facts(), _EPOCHS_OF_FACTS), company_facts.ADAPTER)
