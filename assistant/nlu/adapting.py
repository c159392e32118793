"""Fits the adapters: low-rank changes to the sentence encoder (LoRA), one for topics and one for company facts.

The encoder learns together with linear heads: one for the topics, or one for the answers to each field and one for the
labels of statements. The heads are thrown away, and the classifiers learn from the adapted encoder. torch is needed for
this alone (``make adapter``; an hour on two processors).
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from assistant.nlu.company_facts import adapter as company_facts
from assistant.nlu.company_facts.classifier import examples as statements
from assistant.nlu.company_facts.classifier import expanded
from assistant.nlu.company_facts.reply_model import replies_as_learned
from assistant.nlu.encoder import DIMENSIONS, published_weights, tokenizer
from assistant.nlu.examples import read_examples, read_synonyms
from assistant.nlu.low_rank import AdaptedEncoder, batches, save
from assistant.nlu.roles import RoleNames
from assistant.nlu.spelling import Speller
from assistant.nlu.topics import ADAPTER as TOPICS

_DATA = Path(__file__).parents[2] / "data"
_EPOCHS_OF_FACTS, _EPOCHS_OF_TOPICS = 5, 2
_BATCH = 64  # texts
_LEARNING_RATE, _HEADS_RATE, _DECAY, _WARM_UP, _CLIPPED = 1e-3, 3e-3, 0.01, 100, 1.0
_SMOOTHING = 0.05
_STATEMENT, _TOPIC = "statement", "topic"  # beside the names of fields
_SCALE = 12.0  # of the unit vectors before the heads


Told = Sequence[tuple[str, Mapping[str, str]]]
"""Texts, each with the right answer in each group that it is about."""


@dataclass(frozen=True)
class Labeled:
    """A text as tokens, and the column of the right answer in each group of columns that it is about."""

    tokens: Sequence[int]
    answers: Mapping[str, int]


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
        for batch in batches(learned, _BATCH, lambda one: len(one.tokens)):
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


if __name__ == "__main__":
    save(fit(topics(), _EPOCHS_OF_TOPICS), TOPICS)
    save(fit(facts(), _EPOCHS_OF_FACTS), company_facts.ADAPTER)
