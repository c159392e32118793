"""Remembers conversations: every event is kept, and Rasa gets the last turns of them.

Rasa builds its states from the whole history several times a turn and sends all of it to the action server, so that
turn two hundred costs five times what turn ten does. Rules look back a few steps only; what lies further back counts
by the slots and the open form that it left, and these are set at the beginning of what Rasa is given.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, AllSlotsReset, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from assistant.settings import settings
from assistant.stores import leads, links, outbox, records, unanswered
from assistant.stores.database import StoreUnavailable, database
from assistant.stores.erasures import begin_write, check
from assistant.stores.inbox import count_attempt, mark_done
from assistant.stores.tables import events
from assistant.stores.turns import current

_NO_CHANNEL = "none"  # of a conversation that Rasa's own tools hold
_AT_WORK = 300  # conversations that are kept in memory too
_MOST_EVENTS = 20_000  # of all of them together: a kilobyte each, and a dozen a turn
_PUT: dict[str, Callable[[Connection, str, list[tuple[int, Any]]], None]] = {
    leads.SLOT: leads.put,
    links.SLOT: links.put,
    records.SLOT: records.put,
    unanswered.SLOT: unanswered.put,
}
"""What is stored elsewhere when an action sets a slot."""


class ConversationStore(TrackerStore):
    """Keeps conversations in the database, each event a row, and the ones at work in memory as well."""

    def __init__(self, domain: Domain, event_broker: EventBroker | None = None, **_: Any) -> None:
        super().__init__(domain, event_broker)
        chosen = settings()
        self._turns = chosen.turns
        self._routes = outbox.routes(chosen)
        self._database = database()
        self._kept: OrderedDict[str, list[Event]] = OrderedDict()
        self._database.on_erasure.append(self._drop)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append what happened since the tracker was given out; with it the message that it answers is done.

        Raises:
            StoreUnavailable: it is not saved: the database is away, another replica went on with the conversation, or
                it was erased.
        """
        kept = self._kept.setdefault(tracker.sender_id, [])
        new = _after(kept[-1], tracker.events) if kept else list(tracker.events)
        rows = [
            {
                "conversation": tracker.sender_id,
                "number": number,
                "at": event.timestamp,
                "event": json.dumps(event.as_dict()),
            }
            for number, event in enumerate(new, start=len(kept))
        ]
        wishes = [
            (number, event.key, event.value)
            for number, event in enumerate(new, start=len(kept))
            if isinstance(event, SlotSet) and event.value
        ]
        outgoing = [(number, value) for number, key, value in wishes if key == outbox.SLOT]
        turn = current.get()
        channel = turn.channel if turn else tracker.get_latest_input_channel() or _NO_CHANNEL
        ends = turn is not None and any(isinstance(event, UserUttered) for event in new)

        def append(connection: Connection) -> None:
            begin_write(connection, tracker.sender_id)
            if rows:
                connection.execute(insert(events), rows)
            outbox.put(connection, channel, tracker.sender_id, outgoing, self._routes)
            for slot, put in _PUT.items():
                put(connection, tracker.sender_id, [(number, value) for number, key, value in wishes if key == slot])
            if turn and ends and not mark_done(connection, turn):
                raise StoreUnavailable("the message was answered by somebody else")

        try:
            await self._database.run(append)
        except StoreUnavailable:
            self._kept.pop(tracker.sender_id, None)  # what the database holds is what counts
            raise
        if self.event_broker:
            await self._stream_new_events(self.event_broker, new, tracker.sender_id)
        kept += new

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as far as Rasa needs it."""
        return await self._tracker(sender_id, self._turns)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """All of the conversation."""
        return await self._tracker(conversation_id, None)

    async def keys(self) -> Iterable[str]:
        """The conversations that are stored."""
        names = select(events.c.conversation).distinct()
        return await self._database.run(lambda connection: connection.execute(names).scalars().all())

    async def _drop(self, conversation: str) -> None:
        self._kept.pop(conversation, None)

    async def _tracker(self, sender_id: str, turns: int | None) -> DialogueStateTracker | None:
        kept = await self._up_to_date(sender_id)
        if not kept:
            return None
        tracker = self.init_tracker(sender_id)
        for event in last_turns(kept, turns) if turns else kept:
            tracker.update(event)
        return tracker

    async def _up_to_date(self, sender_id: str) -> list[Event]:
        """All events, of which only those are read that another replica has added."""
        kept = self._kept.pop(sender_id, [])
        wanted = select(events.c.event).where(events.c.conversation == sender_id)
        turn = current.get()
        attempt = turn if turn and not turn.begun else None
        if attempt:
            attempt.begun = True

        def read(connection: Connection) -> list[str]:
            check(connection, sender_id)
            if attempt:
                count_attempt(connection, attempt)
            more = wanted.where(events.c.number >= len(kept)).order_by(events.c.number)
            added: list[str] = connection.execute(more).scalars().all()
            return added

        rows = await self._database.run(read)
        kept = [*kept, *(Event.from_parameters(json.loads(row)) for row in rows)]
        self._kept[sender_id] = kept
        events_kept = sum(map(len, self._kept.values()))
        while len(self._kept) > 1 and (len(self._kept) > _AT_WORK or events_kept > _MOST_EVENTS):
            _, forgotten = self._kept.popitem(last=False)
            events_kept -= len(forgotten)
        return kept


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
