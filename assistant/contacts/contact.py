"""How to reach a visitor, and what for."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

EXTENSION = " ext "
"""Stands before the extension of a phone number."""


@dataclass(frozen=True)
class Contact:
    """What a visitor said of themselves; everything is optional."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    company: str | None = None
    topic: str | None = None
    when: str | None = None

    @property
    def known(self) -> dict[str, str]:
        """The details that were given, by name."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def is_reachable(self) -> bool:
        """Whether somebody can write or call."""
        return bool(self.email or self.phone)

    def updated(self, other: Contact) -> Contact:
        """These details with those of another, which win."""
        return replace(self, **other.known)

    def as_json(self) -> str:
        """The details that were given, as a JSON object."""
        return json.dumps(self.known, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Contact:
        """The details of a JSON object."""
        return cls(**json.loads(text))
