"""Poison messages, which do harm when they are processed, by their text."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import Callable
from typing import Any

from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.stores.conversations import ConversationStore

BLOCKS = "poison that blocks the event loop"
HANGS = "poison that waits for something that never comes"
RAISES = "poison that raises an error"
KILLS = "poison that kills the process"


def _block() -> None:
    re.match("(a+)+b", "a" * 64)


def _raise() -> None:
    raise RuntimeError("poisoned")


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


_HARM: dict[str, Callable[[], None]] = {BLOCKS: _block, RAISES: _raise, KILLS: _kill}


class PoisonStore(ConversationStore):
    """A conversation store that triggers the harm of a poison message while Rasa processes it."""

    def init_tracker(self, sender_id: str) -> DialogueStateTracker:
        """A tracker that does harm on poison messages."""
        tracker = super().init_tracker(sender_id)
        tracker.__class__ = _PoisonTracker
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Never returns for messages that hang."""
        if tracker.latest_message and tracker.latest_message.text == HANGS:
            await asyncio.Event().wait()
        await super().save(tracker)


class _PoisonTracker(DialogueStateTracker):
    def update(self, event: Any, *arguments: Any, **named: Any) -> None:
        if isinstance(event, UserUttered) and event.text in _HARM:
            _HARM[event.text]()
        super().update(event, *arguments, **named)
