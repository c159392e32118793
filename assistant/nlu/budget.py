"""CPU budget for parsing one message.

All patterns are tested against catastrophic backtracking (tests/assistant/nlu/test_patterns.py), so ordinary messages
stay far below these limits. They are a safety net for unforeseen input.
"""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from threading import local

LONGEST = 1000  # characters; the rest of a message is ignored
CPU_SECONDS = 0.4  # per message; six hundred characters of prose take half of it on a busy machine


class OverBudget(Exception):  # noqa: N818  # caused by the message, not a program error
    """Parsing a message exceeded its CPU budget."""


_thread = local()
_MARKUP = re.compile(r"</?[a-z][^<>@]*>", re.IGNORECASE)  # "Jane <jane@acme.example>" has none


@contextmanager
def budget(seconds: float) -> Iterator[None]:
    """Make ``check`` raise once this thread has used this many CPU seconds in the block."""
    _thread.deadline = time.thread_time() + seconds
    try:
        yield
    finally:
        _thread.deadline = None


def check() -> None:
    """Call between parsing steps; a no-op without a budget.

    Raises:
        OverBudget: the budget is exhausted.
    """
    deadline = getattr(_thread, "deadline", None)
    if deadline is not None and time.thread_time() > deadline:
        raise OverBudget


def readable(text: str) -> str:
    """A message without markup, and short enough for its NFKC form, which can expand one character to eighteen."""
    text = _MARKUP.sub(" ", text[:LONGEST])
    normalized = unicodedata.normalize("NFKC", text)
    return text if len(normalized) <= LONGEST else normalized[:LONGEST]
