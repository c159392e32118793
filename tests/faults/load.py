"""Visitors who behave as the widget does: a message is sent until it is answered or refused, always under one id."""

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

_PAUSE = 0.3  # seconds before a message is sent again
_GIVE_UP_AFTER = 120.0  # seconds
_ONE_TRY = 80.0  # seconds: a little longer than nginx waits
_homes = itertools.count(1)


@dataclass
class Sent:
    """One message, and what the visitor's page came to know of it."""

    conversation: str
    message: str
    words: str
    begun: float  # seconds of time.monotonic
    ended: float = 0.0
    answer: Any = None
    taken: bool = False  # whether it was told that the message is stored
    refused: str = ""  # what it was told last instead of an answer
    setbacks: list[str] = field(default_factory=list)  # the tries that brought no answer

    @property
    def waited(self) -> float:
        """Seconds from the first try to the answer."""
        return self.ended - self.begun


class Browser:
    """A visitor's page. Each has an address of its own, as far as nginx can see, and keeps to one session.

    Args:
        addresses: of nginx; or those of the replicas, which it then takes in turn.
        other: another page of the same visitor, if there is one.
    """

    def __init__(self, *addresses: str, other: Browser | None = None) -> None:
        self._addresses = itertools.cycle(addresses)
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.mount("http://", _From(next(_homes)))
        if other:
            self.conversation, self.token = other.conversation, other.token
        else:
            opened = self._http.post(f"{addresses[0]}webhooks/web/session", timeout=_ONE_TRY)
            opened.raise_for_status()
            self.conversation, self.token = opened.json()["session_id"], opened.json()["token"]

    def send(
        self,
        words: str,
        message: str | None = None,
        one_try: float = _ONE_TRY,
        give_up_after: float = _GIVE_UP_AFTER,
    ) -> Sent:
        """Send a message until it is answered, or refused for good, or too much time has gone by."""
        sent = Sent(self.conversation, message or str(uuid4()), words, time.monotonic())
        while sent.answer is None and time.monotonic() < sent.begun + give_up_after:
            try:
                answer = self.post(sent.message, words, one_try)
            except requests.RequestException as error:
                sent.setbacks.append(type(error).__name__)
                time.sleep(_PAUSE)
                continue
            if answer.status_code == 200:
                sent.answer, sent.taken = answer.json()["messages"], True
                break
            sent.refused = f"{answer.status_code} {answer.text}"
            sent.setbacks.append(str(answer.status_code))
            if answer.status_code < 500 and answer.status_code != 429:
                break
            time.sleep(_PAUSE)
        sent.ended = time.monotonic()
        return sent

    def post(self, message: str, words: str, timeout: float) -> requests.Response:
        """Try it once."""
        return self._http.post(
            f"{next(self._addresses)}webhooks/web/messages",
            json={"id": message, "text": words},
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=timeout,
        )

    def close(self) -> None:
        """Let its connections go."""
        self._http.close()


class Load:
    """What was sent, by page."""

    def __init__(self, pages: int) -> None:
        self.of: list[list[Sent]] = [[] for _ in range(pages)]
        self._over = threading.Event()

    @property
    def sent(self) -> list[Sent]:
        """All of it."""
        return [one for sent in self.of for one in sent]

    @property
    def answered(self) -> int:
        """How many messages have their answer so far."""
        return sum(one.answer is not None for one in self.sent)

    @property
    def setbacks(self) -> str:
        """The tries that brought no answer, counted by what they brought."""
        counted = Counter(setback for one in self.sent for setback in one.setbacks)
        return "tries without an answer: " + (", ".join(f"{n} x {kind}" for kind, n in counted.items()) or "none")

    def recovery(self, since: float) -> float:
        """Seconds from a moment until every page had an answer again."""
        firsts = [min((one.ended for one in sent if one.ended > since), default=float("inf")) for sent in self.of]
        return max(firsts) - since

    def talk(self, page: int, browser: Browser, words: Callable[[int], str], most: int) -> None:
        """One page says one thing after the other."""
        for turn in range(most):
            if self._over.is_set():
                break
            self.of[page].append(browser.send(words(turn)))

    def stop(self) -> None:
        """Let every page finish what it has begun, and say no more."""
        self._over.set()


@contextmanager
def load(browsers: Sequence[Browser], words: Callable[[int], str] | None = None, most: int = 500) -> Iterator[Load]:
    """All pages talk at once while the block runs, and are answered at its end.

    Args:
        browsers: the pages.
        words: what each says in its n-th message; a question about a CAIO by default, in other words each time.
        most: messages of each page.
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


def everything_said(browsers: Sequence[Browser], most: int, words: Callable[[int], str] | None = None) -> Load:
    """All pages say so many things at once, until the last is answered."""
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
    """How long /health took to answer while something else went on."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.failures: list[str] = []


@contextmanager
def watched(*addresses: str) -> Iterator[Health]:
    """Ask the replicas for their health, again and again, while the block runs."""
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
    """Connects from an address of its own on this machine."""

    def __init__(self, home: int) -> None:
        self._home = f"127.0.{1 + home // 250}.{1 + home % 250}"
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **settings: Any) -> None:
        super().init_poolmanager(*arguments, **settings, source_address=(self._home, 0))
