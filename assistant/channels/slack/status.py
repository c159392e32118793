"""Shows in Slack that a turn is worked on, if it takes longer than a second, and always that it is not any more.

That it is shown is stored before it is shown, so that another process puts it right after a crash.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from assistant.channels.slack.identity import Place
from assistant.channels.slack.outgoing import OutgoingAnswers
from assistant.channels.slack.sessions import ACTIVE, PROCESSING, SUSPENDED, Sessions
from assistant.stores.database import Database, StoreUnavailable
from assistant.stores.holds import holder

_PATIENCE = 1.0  # seconds before anything is shown


class Statuses:
    """The statuses of all turns.

    Args:
        store: the database.
        outgoing: keeps what is shown.
        sessions: shows it.
    """

    def __init__(self, store: Database, outgoing: OutgoingAnswers, sessions: Sessions) -> None:
        self._store = store
        self._outgoing = outgoing
        self._sessions = sessions
        self._waiting: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._shown: set[tuple[str, str]] = set()

    def begin(self, conversation: str, turn: str, place: Place) -> None:
        """A turn has started."""
        if place.thread is not None:
            self._waiting[conversation, turn] = asyncio.create_task(self._show(conversation, turn, place))

    def is_shown(self, conversation: str, turn: str) -> bool:
        """Whether Slack shows that a turn of this process is worked on."""
        return (conversation, turn) in self._shown

    async def end(self, conversation: str, turn: str, place: Place | None) -> None:
        """A turn is over, however it ended.

        Args:
            conversation: whose turn it is.
            turn: which one.
            place: where it took place; None if this process does not know.
        """
        if place and place.thread is None:
            return
        key = (conversation, turn)
        if waiting := self._waiting.pop(key, None):
            waiting.cancel()
            with suppress(asyncio.CancelledError):
                await waiting
            if key not in self._shown:
                return
            self._shown.discard(key)
        elif target := await self._outgoing.shown(conversation, turn):
            place = target.place
        else:
            return
        if place:
            await self.settle(conversation, place)
        await self._outgoing.show(conversation, turn, processing=False)

    async def settle(self, conversation: str, place: Place) -> None:
        """Show who has the conversation: the assistant or a person."""
        held_by = await self._store.run(lambda connection: holder(connection, conversation))
        await self._sessions.set_status(place, SUSPENDED if held_by else ACTIVE)

    async def _show(self, conversation: str, turn: str, place: Place) -> None:
        await asyncio.sleep(_PATIENCE)
        with suppress(StoreUnavailable):
            self._shown.add((conversation, turn))
            await self._outgoing.show(conversation, turn, processing=True)
            await self._sessions.set_status(place, PROCESSING)
