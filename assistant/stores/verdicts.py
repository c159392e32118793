"""The last verdict of a conversation: its card as the visitor saw it, and the answers that it was given for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from assistant.stores.tables import events

_FRESH_START = ("reset_slots", "restart")
_CARD = "verdict"  # its type
_ADVISED_ON = "advised_on"  # the slot that remembers what the advice was given for


@dataclass(frozen=True)
class Verdict:
    """The card (docs/protocol.md), and the answers by field."""

    card: Mapping[str, Any]
    answers: Mapping[str, Any]


def verdict_of(connection: Connection, conversation: str) -> Verdict | None:
    """The last verdict; None if none was given since the visitor last started over."""
    card = answers = None
    mine = select(events.c.event).where(events.c.conversation == conversation).order_by(events.c.number)
    for told in connection.execute(mine).scalars():
        event = json.loads(told)
        if event["event"] in _FRESH_START:
            card = answers = None
        elif event["event"] == "slot" and event["name"] == _ADVISED_ON:
            answers = event["value"]
        elif event["event"] == "bot" and (event["data"].get("custom") or {}).get("type") == _CARD:
            card = event["data"]["custom"]
    return Verdict(card, answers) if card and answers else None
