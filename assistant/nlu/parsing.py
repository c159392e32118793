"""Parses messages in worker threads, each with a CPU budget.

Rasa parses on the event loop, where one expensive message would block all other visitors and /health.
"""

from __future__ import annotations

import asyncio
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.engine.exceptions import GraphComponentException
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT

from assistant.metrics import OVER_BUDGET
from assistant.nlu.budget import CPU_SECONDS, OverBudget, budget
from assistant.stores.turns import current

TOO_MUCH = "too_much"
"""The intent of a message that exceeds its CPU budget."""

_THREADS = ThreadPoolExecutor(2, "parsing")  # so that one expensive message does not block others
_SWITCH = 0.0005  # seconds a thread may hold the GIL while the event loop waits; the default is 0.005
_parse_with_graph = MessageProcessor._parse_message_with_graph


async def _parse_message(
    processor: MessageProcessor,
    message: UserMessage,
    tracker: DialogueStateTracker | None = None,
    only_output_properties: bool = True,
) -> dict[str, Any]:
    """Replaces ``MessageProcessor.parse_message``."""
    tracker = tracker or DialogueStateTracker.from_events(message.sender_id, [])
    loop = asyncio.get_running_loop()
    parsed, seconds = await loop.run_in_executor(_THREADS, _parse, processor, message, tracker, only_output_properties)
    if turn := current.get():
        turn.cpu_seconds += seconds
    processor._update_full_retrieval_intent(parsed)
    return parsed


def _parse(
    processor: MessageProcessor, message: UserMessage, tracker: DialogueStateTracker, only_output_properties: bool
) -> tuple[dict[str, Any], float]:
    """The parsed message and the CPU seconds it took."""
    begun = time.thread_time()
    try:
        with budget(CPU_SECONDS):
            parsed: dict[str, Any] = _parse_with_graph(processor, message, tracker, only_output_properties)
    except GraphComponentException as error:
        if not isinstance(error.__cause__, OverBudget):
            raise
        OVER_BUDGET.inc()
        parsed = {TEXT: message.text, INTENT: {"name": TOO_MUCH, "confidence": 1.0}, ENTITIES: []}
    return parsed, time.thread_time() - begun


def apply() -> None:
    """Apply the patch; call once, before the first message."""
    sys.setswitchinterval(_SWITCH)
    MessageProcessor.parse_message = _parse_message
