"""Fits the tagger and the adapter of its encoder to data/contacts (``make contacts``).

torch is needed for this alone.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from assistant.contacts.features import features
from assistant.contacts.pieces import firsts, owners, pieces_of
from assistant.contacts.reader import plain
from assistant.contacts.tagger import ADAPTER, FOLLOWING, PATH, STARTING, TAGS, Weights, allowed
from assistant.contacts.tokens import tokens
from assistant.contacts.training import Lessons, Row, examples, tagged
from assistant.nlu.encoder import DIMENSIONS, published_weights
from assistant.nlu.low_rank import AdaptedEncoder, batches, save

_ROUNDS, _BATCH = 5, 32
_LEARNING_RATE, _BESIDE_RATE, _WEIGHTS_RATE = 1e-3, 2e-4, 3e-3  # what stands beside words must not drown them
_DECAY, _WARM_UP, _CLIPPED = 0.01, 100, 1.0
_DROPOUT, _STATES_DROPOUT = 0.1, 0.2
_SEEN = 5  # times that a feature must be seen to count


@dataclass(frozen=True)
class Labeled:
    """A message as the encoder reads it, and its tokens with their features and tags."""

    pieces: Tensor
    owners: Tensor  # the token of each piece, or -1
    firsts: Tensor  # the first piece of each token
    features: Sequence[Sequence[str]]
    allowed: Tensor
    tags: Tensor


def labeled(row: Row) -> Labeled | None:
    """What is learned of a message, as far as the encoder reads it at a time; None if it is empty."""
    text, asked = plain(row["text"]), row["asked"]
    found = tokens(text, asked)
    if not found:
        return None
    read = pieces_of(text, asked)[0]
    its = owners(read, found, asked)
    count = max(its.max() + 1, 1)
    return Labeled(
        torch.tensor(read.ids),
        torch.tensor(its),
        torch.tensor(firsts(its, count)),
        features(found)[:count],
        torch.tensor(allowed(found[:count]), dtype=torch.float32),
        torch.tensor(tagged(found, text, row["contact"])[:count]),
    )


class TaggerModel(nn.Module):
    """The tagger as torch fits it."""

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__()
        self._row = {feature: row for row, feature in enumerate(known)}
        published = {name: torch.tensor(weight) for name, weight in published_weights().items()}
        self.encoder = AdaptedEncoder(published, dropout=0.0)
        self.beside = nn.Embedding.from_pretrained(torch.zeros(len(known) + 1, DIMENSIONS), False, len(known))
        self.by_feature = nn.Embedding.from_pretrained(torch.zeros(len(known) + 1, len(TAGS)), False, len(known))
        self.by_state = nn.Linear(DIMENSIONS, len(TAGS))
        self.transitions = nn.Parameter(torch.zeros(len(TAGS), len(TAGS)))

    def forward(self, batch: Sequence[Labeled]) -> Tensor:
        """How unlikely the right tags are, on average (a conditional random field's loss)."""
        scores, tags = self._scores(batch), _padded([one.tags for one in batch])
        inside = _padded([torch.ones(len(one.tags)) for one in batch])
        steps = self.transitions + torch.tensor(FOLLOWING, dtype=torch.float32)
        paths = scores[:, 0] + torch.tensor(STARTING, dtype=torch.float32)
        for place in range(1, scores.shape[1]):
            longer = torch.logsumexp(paths[:, :, None] + steps, dim=1) + scores[:, place]
            paths = torch.where(inside[:, place, None] > 0, longer, paths)
        right = (scores.gather(2, tags[:, :, None])[:, :, 0] * inside).sum(1)
        right = right + (steps[tags[:, :-1], tags[:, 1:]] * inside[:, 1:]).sum(1)
        return (torch.logsumexp(paths, 1) - right).mean()

    def _scores(self, batch: Sequence[Labeled]) -> Tensor:
        rows = self._rows(batch)
        beside = functional.dropout(_summed(self.beside, rows), _DROPOUT, self.training)
        places = _padded(
            [torch.where(one.owners < 0, rows.shape[1] - 1, one.owners) for one in batch], rows.shape[1] - 1
        )
        present = _padded([torch.ones(len(one.pieces)) for one in batch])
        with torch.autocast("cpu", torch.bfloat16):
            states = self.encoder.states(_padded([one.pieces for one in batch]), present, _at(beside, places)).float()
        states = _at(states, _padded([one.firsts for one in batch]))
        states = functional.dropout(states, _STATES_DROPOUT, self.training)
        scores: Tensor = self.by_state(states) + _summed(self.by_feature, rows[:, :-1])
        return scores + _padded([one.allowed for one in batch])

    def _rows(self, batch: Sequence[Labeled]) -> Tensor:
        """The rows of the features of each token; after the last, of what is no token, none."""
        none = len(self._row)
        known = [[[self._row.get(name, none) for name in its] for its in one.features] for one in batch]
        most = max(len(its) for one in known for its in one)
        padded = [torch.tensor([its + [none] * (most - len(its)) for its in one]) for one in known]
        rows = pad_sequence([*padded], batch_first=True, padding_value=none)
        return functional.pad(rows, (0, 0, 0, 1), value=none)

    def weights(self) -> Weights:
        """What was learned beside the encoder's adapter."""
        by_state = torch.cat([self.by_state.weight.T, self.by_state.bias[None]])
        tables = (self.beside.weight, self.by_feature.weight, by_state, self.transitions)
        return Weights(tuple(self._row), *(table.detach().numpy() for table in tables))


def _padded(rows: Sequence[Tensor], value: float = 0) -> Tensor:
    return pad_sequence([*rows], batch_first=True, padding_value=value)


def _at(rows: Tensor, places: Tensor) -> Tensor:
    """The rows at these places, for each message."""
    return rows.gather(1, places[:, :, None].expand(-1, -1, rows.shape[2]))


def _summed(table: nn.Embedding, rows: Tensor) -> Tensor:
    summed = functional.embedding_bag(rows.flatten(0, 1), table.weight, mode="sum", padding_idx=table.padding_idx)
    return summed.view(*rows.shape[:2], -1)


def fit(rows: Sequence[Row]) -> TaggerModel:
    """A tagger for these messages and variations of them."""
    torch.manual_seed(0)
    random.seed(0)
    lessons = Lessons(rows)
    learned = _learned(lessons)
    seen = Counter(name for one in learned for its in one.features for name in its)
    model = TaggerModel(sorted(name for name, times in seen.items() if times >= _SEEN))
    weights = [model.by_feature.weight, *model.by_state.parameters(), model.transitions]
    learning = [
        {"params": [one for one in model.encoder.parameters() if one.requires_grad], "lr": _LEARNING_RATE},
        {"params": [model.beside.weight], "lr": _BESIDE_RATE},
        {"params": weights, "lr": _WEIGHTS_RATE},
    ]
    optimizer = torch.optim.AdamW(learning, weight_decay=_DECAY)
    steps = _ROUNDS * math.ceil(len(learned) / _BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / _WARM_UP) * max(0.01, 1 - step / steps)
    )
    for number in range(_ROUNDS):
        learned = _learned(lessons) if number else learned
        loss = 0.0
        for batch in batches(learned, _BATCH, lambda one: len(one.pieces)):
            wrong = model(batch)
            optimizer.zero_grad()
            wrong.backward()
            nn.utils.clip_grad_norm_(model.parameters(), _CLIPPED)
            optimizer.step()
            schedule.step()
            loss += wrong.item() * len(batch)
        print(f"round {number + 1} of {_ROUNDS}: loss {loss / len(learned):.3f}", flush=True)
    model.eval()
    return model


def _learned(lessons: Lessons) -> list[Labeled]:
    return [one for row in lessons.round() if (one := labeled(row))]


if __name__ == "__main__":
    fitted = fit(examples())
    save(fitted.encoder, ADAPTER)
    fitted.weights().save(PATH)
