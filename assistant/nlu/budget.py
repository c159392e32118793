"""How much the reading of one message may cost.

Every pattern is safe against backtracking (tests/assistant/nlu/test_patterns.py sees to it), so an ordinary message
stays far below these limits. They hold for what nobody has thought of.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from threading import local

LONGEST = 1000  # characters of a message that are read
CPU_SECONDS = 0.2  # for one message; a thousand characters of prose take a third of it


class OverBudget(Exception):  # noqa: N818  # the message is to blame, not the program
    """A message costs more to read than it may."""


_thread = local()


@contextmanager
def budget(seconds: float) -> Iterator[None]:
    """Let ``check`` raise once this thread has used so many seconds of CPU inside the block."""
    _thread.deadline = time.thread_time() + seconds
    try:
        yield
    finally:
        _thread.deadline = None


def check() -> None:
    """Called between the steps of reading; without a budget it does nothing.

    Raises:
        OverBudget: the budget is used up.
    """
    deadline = getattr(_thread, "deadline", None)
    if deadline is not None and time.thread_time() > deadline:
        raise OverBudget


def readable(text: str) -> str:
    """The part of a message that is read: cut after normalization, which can make eighteen characters of one."""
    normalized = unicodedata.normalize("NFKC", text[:LONGEST])
    return text[:LONGEST] if len(normalized) <= LONGEST else normalized[:LONGEST]
