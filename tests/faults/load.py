"""Visitors who behave like the widget: a message is retried with the same id until it is answered or rejected."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import requests
from requests.adapters import HTTPAdapter

_PAUSE = 0.3  # seconds before a retry
_GIVE_UP_AFTER = 120.0  # seconds
_ATTEMPT_TIMEOUT = 80.0  # seconds; slightly longer than the timeout of nginx
_homes = itertools.count(1)


@dataclass
class Sent:
    """One message, and what the visitor's page learned about it."""

    conversation: str
    message: str
    words: str
    begun: float  # seconds of time.monotonic
    ended: float = 0.0
    answer: Any = None
    accepted: bool = False  # whether the message was acknowledged as stored
    rejected: str = ""  # the last error
    failed_attempts: list[str] = field(default_factory=list)  # attempts without an answer

    @property
    def waited(self) -> float:
        """Seconds from the first attempt to the answer."""
        return self.ended - self.begun


class Browser:
    """A visitor's page with its own client address and one session.

    Args:
        addresses: of nginx, or of the replicas, which are used in turn.
        other: another page of the same visitor.
    """

    def __init__(self, *addresses: str, other: Browser | None = None) -> None:
        self._addresses = itertools.cycle(addresses)
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.mount("http://", _From(next(_homes)))
        if other:
            self.conversation, self.token = other.conversation, other.token
        else:
            opened = self._http.post(f"{addresses[0]}webhooks/web/session", timeout=_ATTEMPT_TIMEOUT)
            opened.raise_for_status()
            self.conversation, self.token = opened.json()["session_id"], opened.json()["token"]

    def send(
        self,
        words: str,
        message: str | None = None,
        attempt_timeout: float = _ATTEMPT_TIMEOUT,
        give_up_after: float = _GIVE_UP_AFTER,
    ) -> Sent:
        """Send a message until it is answered, permanently rejected, or timed out."""
        sent = Sent(self.conversation, message or str(uuid4()), words, time.monotonic())
        while sent.answer is None and time.monotonic() < sent.begun + give_up_after:
            try:
                answer = self.post(sent.message, words, attempt_timeout)
            except requests.RequestException as error:
                sent.failed_attempts.append(type(error).__name__)
                time.sleep(_PAUSE)
                continue
            if answer.status_code == 200:
                sent.answer, sent.accepted = answer.json()["messages"], True
                break
            sent.rejected = f"{answer.status_code} {answer.text}"
            sent.failed_attempts.append(str(answer.status_code))
            if answer.status_code < 500 and answer.status_code != 429:
                break
            time.sleep(_PAUSE)
        sent.ended = time.monotonic()
        return sent

    def post(self, message: str, words: str, timeout: float) -> requests.Response:
        """Send a message once."""
        return self._http.post(
            f"{next(self._addresses)}webhooks/web/messages",
            json={"id": message, "text": words},
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=timeout,
        )

    def close(self) -> None:
        """Close its connections."""
        self._http.close()


class Load:
    """The messages sent, by page."""

    def __init__(self, pages: int) -> None:
        self.of: list[list[Sent]] = [[] for _ in range(pages)]
        self._over = threading.Event()

    @property
    def sent(self) -> list[Sent]:
        """All messages."""
        return [one for sent in self.of for one in sent]

    @property
    def answered(self) -> int:
        """The number of answered messages."""
        return sum(one.answer is not None for one in self.sent)

    @property
    def failed_attempts(self) -> str:
        """The failed attempts, counted by cause."""
        counted = Counter(setback for one in self.sent for setback in one.failed_attempts)
        return "failed attempts: " + (", ".join(f"{n} x {kind}" for kind, n in counted.items()) or "none")

    def recovery(self, since: float) -> float:
        """Seconds until every page had an answer again."""
        firsts = [min((one.ended for one in sent if one.ended > since), default=float("inf")) for sent in self.of]
        return max(firsts) - since

    def talk(self, page: int, browser: Browser, words: Callable[[int], str], most: int) -> None:
        """Send messages from one page, one after the other."""
        for turn in range(most):
            if self._over.is_set():
                break
            self.of[page].append(browser.send(words(turn)))

    def stop(self) -> None:
        """Stop after the current message of every page."""
        self._over.set()


@contextmanager
def load(browsers: Sequence[Browser], words: Callable[[int], str] | None = None, most: int = 500) -> Iterator[Load]:
    """All pages send messages during the block; all are answered at its end.

    Args:
        browsers: the pages.
        words: the text of the n-th message; a different question about a CAIO each time by default.
        most: maximum messages per page.
    """
    running = Load(len(browsers))
    with ThreadPoolExecutor(len(browsers)) as pool:
        ends = [
            pool.submit(running.talk, page, browser, words or _question(page), most)
            for page, browser in enumerate(browsers)
        ]
        try:
            yield running
        finally:
            running.stop()
    for end in ends:
        end.result()


def send_all(browsers: Sequence[Browser], most: int, words: Callable[[int], str] | None = None) -> Load:
    """All pages send this many messages concurrently; returns when all are answered."""
    running = Load(len(browsers))
    with ThreadPoolExecutor(len(browsers)) as pool:
        ends = [
            pool.submit(running.talk, page, browser, words or _question(page), most)
            for page, browser in enumerate(browsers)
        ]
    for end in ends:
        end.result()
    return running


class Health:
    """The response times of /health during a test."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.failures: list[str] = []


@contextmanager
def watched(*addresses: str) -> Iterator[Health]:
    """Poll the health of the replicas during the block."""
    health = Health()
    over = threading.Event()

    def watch(address: str) -> None:
        with requests.Session() as http:
            while not over.wait(0.1):
                begun = time.monotonic()
                try:
                    http.get(f"{address}health", timeout=10).raise_for_status()
                except requests.RequestException as error:
                    health.failures.append(str(error))
                health.longest = max(health.longest, time.monotonic() - begun)

    with ThreadPoolExecutor(len(addresses)) as pool:
        ends = [pool.submit(watch, address) for address in addresses]
        try:
            yield health
        finally:
            over.set()
    for end in ends:
        end.result()


def _question(page: int) -> Callable[[int], str]:
    return lambda turn: f"what is a caio, asks {page} for the time {turn}"


class _From(HTTPAdapter):
    """Connects from its own loopback address."""

    def __init__(self, home: int) -> None:
        self._home = f"127.0.{1 + home // 250}.{1 + home % 250}"
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **settings: Any) -> None:
        super().init_poolmanager(*arguments, **settings, source_address=(self._home, 0))
