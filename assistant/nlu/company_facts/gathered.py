"""Facts as they are gathered from clause to clause, and what two statements about one field come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from advisor.fields import DECLINED, UNKNOWN, fields

_TORN = 0.15  # difference in certainty below which neither of two contradicting values counts
_LEADERSHIP = "leadership"
_TOGETHER: dict[str, dict[str, str]] = {
    "none": {"caio": "caio", "cto": "cto"},
    "cto": {"none": "cto", "caio": "both", "one_person_both": "one_person_both"},
    "caio": {"none": "caio", "cto": "both"},
}
"""What two statements of who leads come to."""


@dataclass
class Gathered:
    """The facts of a message so far, how sure each is, from 0 to 1, and the words that state it."""

    facts: dict[str, Any] = field(default_factory=dict)
    stated_in: dict[str, str] = field(default_factory=dict)
    sure: dict[str, float] = field(default_factory=dict)
    torn: set[str] = field(default_factory=set)

    def add(self, name: str, value: Any, sure: float, words: str) -> None:
        """Take up a fact; of two values the surer one stays, and kinds of business add up."""
        if fields()[name].type == "kinds" and value not in (UNKNOWN, DECLINED):
            kinds = self.facts.get(name, [])
            self.facts[name], self.stated_in[name] = kinds if value in kinds else [*kinds, value], words
            return
        held = self.facts.get(name)
        if name == _LEADERSHIP and held in _TOGETHER and value in _TOGETHER[held]:
            value, sure = _TOGETHER[held][value], 1.0
        if held is not None and held != value:
            if abs(self.sure[name] - sure) < _TORN:
                self.torn.add(name)
            if self.sure[name] >= sure:
                return
        self.facts[name], self.sure[name], self.stated_in[name] = value, sure, words

    def correct(self, name: str, value: Any, words: str) -> None:
        """Put a value in the place of what was said before."""
        self.facts[name], self.sure[name], self.stated_in[name] = value, 1.0, words
        self.torn.discard(name)

    @property
    def settled(self) -> dict[str, Any]:
        """The facts that nothing contradicts."""
        return {name: value for name, value in self.facts.items() if name not in self.torn}
