"""Ends this process when its event loop is stuck, so that its supervisor restarts it.

A timer signal watches, not a thread: a regular expression that never stops matching holds the interpreter lock, so a
thread would wait forever, whereas signal handlers still run. Missed ticks are counted rather than seconds: a process
that was stopped, or a suspended laptop, sees a single tick when it resumes.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Iterable

_TICK = 1.0  # seconds
_MOST_MISSED = 20  # ticks
_MOST_CPU = 60.0  # seconds of CPU time
_EXIT_CODE = 70  # EX_SOFTWARE: an internal error

_log = logging.getLogger(__name__)


async def watch(running: Callable[[], Iterable[tuple[str, str]]]) -> None:
    """Watch over the event loop of the main thread until canceled.

    Args:
        running: the turns under way, each a conversation and a message, for the log.
    """
    missed = 0

    def tick(*_: object) -> None:
        nonlocal missed
        missed += 1
        if missed < _MOST_MISSED:
            return
        try:
            turns = [{"conversation": conversation, "message": message} for conversation, message in running()]
            _log.critical("the event loop is stuck; this process ends", extra={"ids": {"turns": turns}})
        finally:
            os._exit(_EXIT_CODE)

    signal.signal(signal.SIGALRM, tick)
    signal.siginterrupt(signal.SIGALRM, False)
    signal.setitimer(signal.ITIMER_REAL, _TICK, _TICK)
    try:
        while True:
            missed = 0
            # If another thread holds the interpreter lock, no handler runs; then the kernel ends the process.
            signal.setitimer(signal.ITIMER_PROF, _MOST_CPU)
            await asyncio.sleep(_TICK)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)
