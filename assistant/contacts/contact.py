"""How to reach a visitor, as far as they said it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Contact:
    """What a visitor left for the firm; what they did not say is None."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    company: str | None = None
    topic: str | None = None
    when: str | None = None
