"""A message as it was heard: its clauses, and what each of them likely states.

It is all that is needed to read the message in the light of a question, travels as JSON, and needs no model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

_DECISION = (
    "tech_upgrades_needed", "custom_tech_needed", "build_vs_buy_pending", "ai_strategy_needed_now",
    "daily_hands_on_cto", "ai_full_time_scale",
)  # fmt: skip
"""Fields that are about a wish or a need: a wish or a doubt states them."""


@dataclass(frozen=True)
class Clause:
    """A part of a message that can state something."""

    text: str
    question: bool = False
    supposed: bool = False
    wished: bool = False
    past: bool = False
    foreign: bool = False
    own: bool = False
    likely: Mapping[str, float] = field(default_factory=dict)

    def states(self, field: str) -> bool:
        """Whether a clause of this mood and about this subject can state the field."""
        if self.question or self.supposed:
            return False
        if self.foreign and field != "competitors_gaining":
            return False
        return not ((self.wished or self.past) and field not in _DECISION)


@dataclass(frozen=True)
class Sentence:
    """A sentence whole, and its clauses if it has several."""

    whole: Clause
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class Heard:
    """A message in plain letters and its sentences; ``as_reply`` is what it says of a field if it replies about it."""

    text: str
    sentences: Sequence[Sentence]
    as_reply: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def clauses(self) -> list[Clause]:
        """All clauses in their order; a sentence that has none is one."""
        return [clause for one in self.sentences for clause in one.clauses or (one.whole,)]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> Heard:
        """What ``as_json`` wrote.

        Raises:
            KeyError, TypeError: it is something else.
        """
        return cls(
            stored["text"],
            [
                Sentence(Clause(**one["whole"]), tuple(Clause(**clause) for clause in one["clauses"]))
                for one in stored["sentences"]
            ],
            stored.get("as_reply", {}),
        )
