"""A personal detail in a message: what and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Detail:
    """A personal detail in a message."""

    field: str  # of Contact
    value: str
    start: int
    end: int
    is_whole: bool = True  # "jane@acme" is no address that can be used

    def meets(self, start: int, end: int) -> bool:
        """Whether it shares a character with this place."""
        return self.start < end and start < self.end
