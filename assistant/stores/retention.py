"""Erases conversations in the running server: at a visitor's request, after the retention period, after a restore.

Several replicas may do this at the same time. Each notifies the parts of its own process that keep conversations in
memory or have them open.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress

from sqlalchemy import func, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from assistant.metrics import SCRUB_PENDING
from assistant.stores.database import Database
from assistant.stores.erasures import Journal
from assistant.stores.privacy import Receipt, erase, erase_again, forget
from assistant.stores.scrub import scrub
from assistant.stores.tables import erasures

_PERIOD = 60 * 60.0  # seconds between two retention runs
_PAUSE = {"sqlite": 60.0, "postgresql": 600.0}  # seconds between two scrubs, however often visitors erase

_log = logging.getLogger(__name__)


class Retention:
    """Erases conversations and their traces on the disk.

    Args:
        database: where everything is stored.
        journal: keeps the tombstones outside of the database.
        days: how long a conversation is kept after its last activity; None means forever.
        lead_days: the same for one whose visitor asked to be contacted.
    """

    def __init__(
        self, database: Database, journal: Journal | None, days: int | None, lead_days: int | None = None
    ) -> None:
        self._database = database
        self._journal = journal
        self._days = days
        self._lead_days = lead_days
        self._unscrubbed = asyncio.Event()

    async def erase(self, conversation: str) -> Receipt:
        """Erase one conversation.

        Raises:
            StoreUnavailable: the database refused, or took too long.
        """
        receipt = await self._database.run(lambda connection: erase(connection, conversation, self._journal))
        await self._tell([conversation])
        if self._database.kind == "sqlite" and not self._unscrubbed.is_set():
            await self._scrub()  # it takes milliseconds
        else:
            self._mark(unscrubbed=True)
        return receipt

    async def run(self) -> None:
        """Run forever, starting with a retention run."""
        looked = -_PERIOD
        while True:
            if time.monotonic() - looked >= _PERIOD and await self.look():
                looked = time.monotonic()
            pause = _PAUSE[self._database.kind]
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._unscrubbed.wait(), pause)
                await self._scrub()
                await asyncio.sleep(pause)

    async def look(self) -> bool:
        """One retention run. Returns False if it failed, which is logged."""
        try:
            await self._erase_again()
            await self._forget()
            # Covers erasures by other replicas, and rows that an open transaction kept alive at the last scrub.
            if await asyncio.to_thread(self._database.run_sync, _has_recent):
                self._mark(unscrubbed=True)
        except (SQLAlchemyError, OSError) as error:
            _log.error("retention failed: %s", type(error).__name__)
            return False
        return True

    async def replay(self) -> None:
        """Erase what a restored backup brought back. Await this before serving requests."""
        try:
            await self._erase_again()
        except (SQLAlchemyError, OSError) as error:
            _log.error("erasures were not replayed: %s", type(error).__name__)

    async def _erase_again(self) -> None:
        known = self._journal.read() if self._journal else {}
        again, _ = await asyncio.to_thread(erase_again, self._database, known)
        if again:
            await self._tell(again)
            self._mark(unscrubbed=True)
            _log.warning("erased %d conversations again that a restored backup had brought back", len(again))

    async def _forget(self) -> None:
        old, _ = await asyncio.to_thread(forget, self._database, self._days, self._lead_days)
        await self._tell(old)
        if old:
            _log.info("erased %d conversations whose time was up", len(old))

    async def _tell(self, conversations: list[str]) -> None:
        for conversation in conversations:
            for listener in self._database.on_erasure:
                await listener(conversation)

    async def _scrub(self) -> None:
        self._mark(unscrubbed=False)  # before, so that an erasure in the meantime counts
        try:
            done = await asyncio.to_thread(scrub, self._database)
        except (SQLAlchemyError, OSError) as error:
            done = False
            _log.error("scrubbing failed: %s", type(error).__name__)
        if not done:
            _log.warning("erased content is still on disk because the database is in use; will try again")
            self._mark(unscrubbed=True)

    def _mark(self, *, unscrubbed: bool) -> None:
        if unscrubbed:
            self._unscrubbed.set()
        else:
            self._unscrubbed.clear()
        SCRUB_PENDING.set(unscrubbed)


def _has_recent(connection: Connection) -> bool:
    latest = connection.execute(select(func.max(erasures.c.at))).scalar()
    return latest is not None and latest > time.time() - 2 * _PERIOD
