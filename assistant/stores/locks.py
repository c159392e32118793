"""One turn of a conversation at a time, in the order of arrival, in this process and across replicas."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockStore

from assistant.metrics import LOCK_WAIT_SECONDS
from assistant.stores.database import database


class ConversationLocks(LockStore):
    """Locks that nobody polls and that no time limit takes away from who works under them.

    Should a lock be lost all the same, with its connection, the turn finds out when it saves: see conversations.py.
    """

    def __init__(self, endpoint_config: Any = None) -> None:
        self._here: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LOCK_LIFETIME, wait_time_in_seconds: float = 1
    ) -> AsyncGenerator[TicketLock, None]:
        """Wait for the turns before this one; the times that Rasa names are not needed."""
        here = self._here.setdefault(conversation_id, asyncio.Lock())
        begun = time.perf_counter()
        async with here, database().lock(conversation_id):
            LOCK_WAIT_SECONDS.observe(time.perf_counter() - begun)
            yield TicketLock(conversation_id)
