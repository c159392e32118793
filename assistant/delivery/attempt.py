"""What becomes of an attempt to deliver: it succeeds, or it raises one of these."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from email.utils import parsedate_to_datetime

from assistant.stores.outbox import OutboxMessage

_LONGEST_WORDS = 200  # characters
_TRY_LATER = (408, 425, 429)
_MOST_READ = 1000  # characters
# Addresses, links, anything that may be a token, and phone numbers.
_PRIVATE = re.compile(r"\S{1,200}@\S+|\w{1,20}://\S+|(?=[^\s\d]{0,200}\d)[\w.~+/=-]{20,}|\+?\d[\d ().-]{6,30}\d")

Send = Callable[[OutboxMessage], Awaitable[None]]
"""Delivers a message, or raises Retry or Refused."""


class Undelivered(Exception):  # noqa: N818  # says what happened to the message
    """A message has not arrived.

    Args:
        problem: what went wrong, without anything personal; it may be logged.
        words: what the receiver said of it, shortened and without addresses; they are stored with the message only.
    """

    def __init__(self, problem: str, words: str = "") -> None:
        self.problem = problem
        words = _PRIVATE.sub("…", " ".join(words[:_MOST_READ].split()))[:_LONGEST_WORDS].strip()
        super().__init__(f"{problem}: {words}" if words else problem)


class Retry(Undelivered):
    """It may arrive later.

    Args:
        problem: as for ``Undelivered``.
        words: as for ``Undelivered``.
        after: the seconds to wait that the receiver asked for.
    """

    def __init__(self, problem: str, words: str = "", after: float | None = None) -> None:
        super().__init__(problem, words)
        self.after = after


class Refused(Undelivered):
    """It will never arrive as it is; a person has to look at it."""


def check_status(status: int, words: str = "", retry_after: str | None = None) -> None:
    """Whether an HTTP receiver has accepted the message.

    Args:
        status: of its answer.
        words: what it said.
        retry_after: that header: seconds or a date.

    Raises:
        Retry: it may accept it later.
        Refused: it never will.
    """
    if status < 300:
        return
    if status < 400:
        raise Retry(f"status {status}: redirects are not followed")
    if status in _TRY_LATER or status >= 500:
        raise Retry(f"status {status}", words, _seconds(retry_after))
    raise Refused(f"status {status}", words)


def _seconds(retry_after: str | None) -> float | None:
    if retry_after and retry_after.isascii() and retry_after.isdigit():
        return float(retry_after)
    with suppress(TypeError, ValueError):
        return max(parsedate_to_datetime(retry_after or "").timestamp() - time.time(), 0.0)
    return None
