"""Remembers conversations: every event is kept, and Rasa gets the last turns of them.

Rasa builds its states from the whole history several times a turn and sends all of it to the action server, so that
turn two hundred costs five times what turn ten does. Rules look back a few steps only; what lies further back counts
by the slots and the open form that it left, and these are set at the beginning of what Rasa is given.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, AllSlotsReset, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from advisor.errors import SeatwiseError

TURNS = "SEATWISE_TURNS"
_DEFAULT_TURNS = 12


class ConversationStore(TrackerStore):
    """Keeps conversations in memory, for as long as the process runs."""

    def __init__(self, domain: Domain, event_broker: EventBroker | None = None, **_: Any) -> None:
        super().__init__(domain, event_broker)
        self._turns = _turns(os.environ.get(TURNS))
        self._kept: dict[str, list[Event]] = {}

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep what happened since the tracker was given out."""
        kept = self._kept.setdefault(tracker.sender_id, [])
        new = _after(kept[-1], tracker.events) if kept else list(tracker.events)
        if self.event_broker:
            await self._stream_new_events(self.event_broker, new, tracker.sender_id)
        kept += new

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as far as Rasa needs it."""
        return self._tracker(sender_id, self._turns)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """All of the conversation."""
        return self._tracker(conversation_id, None)

    async def keys(self) -> Iterable[str]:
        """The conversations that are kept."""
        return self._kept.keys()

    def _tracker(self, sender_id: str, turns: int | None) -> DialogueStateTracker | None:
        if sender_id not in self._kept:
            return None
        tracker = self.init_tracker(sender_id)
        kept = self._kept[sender_id]
        for event in last_turns(kept, turns) if turns else kept:
            tracker.update(event)
        return tracker


def last_turns(events: Sequence[Event], turns: int) -> list[Event]:
    """The last turns of a conversation, with the slots and the form that they began with before them.

    Args:
        events: of the conversation, in order.
        turns: how many messages of the visitor to keep; no fewer than the rules and the actions look back at.
    """
    messages = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(messages) <= turns:
        return list(events)
    start = messages[-turns]
    return [*_standing(islice(events, start)), ActionExecuted(ACTION_LISTEN_NAME), *events[start:]]


def _standing(events: Iterable[Event]) -> list[Event]:
    """Events that bring about the slots and the form which these end with, and tell what was asked in which order."""
    slots: dict[tuple[str, Any], SlotSet] = {}
    form: ActiveLoop | None = None
    for event in events:
        if isinstance(event, SlotSet):
            which = (event.key, event.value if event.key == REQUESTED_SLOT else None)
            slots.pop(which, None)
            slots[which] = event
        elif isinstance(event, AllSlotsReset):
            slots = {}
        elif isinstance(event, ActiveLoop):
            form = event if event.name else None
    standing: list[Event] = [
        event for event in slots.values() if event.value is not None or event.key == REQUESTED_SLOT
    ]
    return [*standing, form] if form else standing


def _after(last: Event, events: Iterable[Event]) -> list[Event]:
    """The events that follow this one; all of them where it does not occur."""
    following: list[Event] = []
    for event in reversed(list(events)):
        if event is last:
            break
        following.append(event)
    return following[::-1]


def _turns(setting: str | None) -> int:
    if not setting:
        return _DEFAULT_TURNS
    if not (setting.isascii() and setting.isdigit() and int(setting) > 1):
        raise SeatwiseError(f"{TURNS} must be a number of turns, 2 or more, and is {setting!r}")
    return int(setting)
