"""Brings the assistant back into conversations that a person holds and has forgotten."""

from __future__ import annotations

import asyncio
import logging
import time
from functools import partial

from assistant.stores.database import Database, StoreUnavailable
from assistant.stores.erasures import Erased
from assistant.stores.holds import silent_since
from assistant.turns.dispatcher import TurnDispatcher
from assistant.turns.holding import NotHeld, take_back

_SWEEP = 20.0  # seconds

_log = logging.getLogger(__name__)


async def bring_back(store: Database, turns: TurnDispatcher, minutes: int) -> None:
    """Run until canceled. Several replicas may do this at the same time; a visitor hears it once.

    Args:
        store: the database.
        turns: tells the visitors.
        minutes: after how many without a word of the person the assistant comes back; 0 for never.
    """
    while minutes:
        before = time.time() - minutes * 60
        try:
            for conversation in await store.run(partial(silent_since, before=before)):
                await _bring_back(turns, conversation, before)
        except (StoreUnavailable, Exception) as error:  # noqa: BLE001  # the next sweep may succeed
            _log.error("held conversations could not be swept: %s", type(error).__name__)
        await asyncio.sleep(_SWEEP)


async def _bring_back(turns: TurnDispatcher, conversation: str, before: float) -> None:
    try:
        await turns.tell(conversation, partial(take_back, conversation=conversation, before=before))
    except (NotHeld, Erased):
        return  # another replica was quicker, or the person has just written, or the visitor left for good
    _log.warning("a person has forgotten a conversation", extra={"ids": {"conversation": conversation}})
