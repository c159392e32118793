"""Sample messages, one for each card: what ``slack check`` has Slack validate."""

from __future__ import annotations

from typing import Any


def samples() -> dict[str, list[dict[str, Any]]]:
    """Blocks of a message with each card, by its name."""
    return {}
