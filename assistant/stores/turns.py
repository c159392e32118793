"""The current turn: the message that it answers and the answer so far, for the code that saves it."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol


class Sayable(Protocol):
    """A message of the assistant, as far as it is stored."""

    def as_json(self) -> dict[str, Any]:
        """What a client gets."""


@dataclass
class Turn:
    """One message of a visitor, which came in by a channel, and the answer to it.

    ``answer`` grows while Rasa speaks; ``otherwise`` is sent if it stays empty, or if an action ``failed`` and part of
    it may be missing. ``begun`` is set when the attempt is counted (see inbox.py), ``stored`` once the answer is in
    the database.
    """

    channel: str
    conversation: str
    message: str
    answer: Sequence[Sayable]
    otherwise: Sayable
    failed: bool = False
    begun: bool = False
    stored: bool = False
    cpu_seconds: float = 0.0  # that reading the message took

    def said(self) -> list[dict[str, Any]]:
        """What a client gets; never empty."""
        complete = self.answer and not self.failed
        return [message.as_json() for message in (self.answer if complete else [*self.answer, self.otherwise])]


current: ContextVar[Turn | None] = ContextVar("turn", default=None)
"""Set by the dispatcher for the time of a turn."""
