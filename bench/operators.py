"""What visitors notice of an operator: the same load with and without somebody who keeps opening the operator's pages.

The operator opens a page as often as one network may, twice a second, on a day with as many conversations as a page
shows: the list of the day, a conversation, and the leads, in turn. Loads with and without alternate on one server.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from statistics import median, quantiles

import requests

from bench import sides
from bench.errors import BenchError
from bench.load import ASSISTANT, Load, alternate, lost_messages, run_load
from bench.table import Row, number

_CLIENTS, _MESSAGES, _ROUNDS = 8, 256, 9
_CONVERSATIONS = 1_700  # messages of about a hundred
_PAUSE = 0.52  # seconds between two pages; a network may load 120 a minute
_TOKEN = "what-opens-the-pages-of-the-benchmark"
_LINK = re.compile(r'href="/console(/conversations/[^"]+)"')


@dataclass(frozen=True)
class Measured:
    """The rounds, each without and with the operator, and how long every page took, in seconds."""

    rounds: list[tuple[Load, ...]]
    pages: list[float]


class Operator:
    """Somebody who is signed in, and opens one page after the other.

    Args:
        address: of the server, with a slash at the end.
    """

    def __init__(self, address: str) -> None:
        self.waits: list[float] = []
        self._console = f"{address}console"
        self._browser = requests.Session()
        self._browser.trust_env = False  # no proxies for this machine
        token = re.findall(r'name="form_token" value="([^"]+)"', self._open("/login"))[0]
        sent = self._browser.post(
            f"{self._console}/login",
            {"form_token": token, "name": "Dana", "token": _TOKEN},
            headers={"Origin": address.rstrip("/")},
            timeout=60,
            allow_redirects=False,
        )
        if sent.status_code != 303:
            raise BenchError(f"the operator could not sign in: {sent.status_code}")
        self.waits.clear()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Open pages during the block.

        Raises:
            BenchError: a page could not be opened.
        """
        ended, failed = threading.Event(), []

        def work() -> None:
            try:
                paths = ["/", *_LINK.findall(self._open("/"))[:1], "/leads"]
                for path in cycle(paths):
                    if ended.wait(_PAUSE):
                        return
                    self._open(path)
            except (BenchError, requests.RequestException) as error:
                failed.append(error)

        working = threading.Thread(target=work)
        working.start()
        try:
            yield
        finally:
            ended.set()
            working.join()
        if failed:
            raise BenchError(f"the operator's pages: {failed[0]}")

    def _open(self, path: str) -> str:
        begun = time.perf_counter()
        answer = self._browser.get(f"{self._console}{path}", timeout=60, allow_redirects=False)
        if answer.status_code != 200:
            raise BenchError(f"status {answer.status_code} for {path}")
        self.waits.append(time.perf_counter() - begun)
        return answer.text


def measure(folder: Path) -> Measured:
    """Start our side, and alternate the load with and without an operator."""
    with sides.ours(folder / "operators", {"SEATWISE_CONSOLE_TOKEN": _TOKEN}) as side:
        alone = side.target()
        run_load(alone, _CLIENTS, _CONVERSATIONS)
        operator = Operator(side.address)
        watched = replace(alone, meanwhile=operator.at_work)
        return Measured(alternate([alone, watched], _CLIENTS, _MESSAGES, _ROUNDS), operator.waits)


def rows(measured: Measured) -> list[Row]:
    """Table rows with the medians over the rounds."""
    ratios = [watched.p95 / alone.p95 for alone, watched in measured.rounds]
    cpu = [watched.each(ASSISTANT) / alone.each(ASSISTANT) for alone, watched in measured.rounds]
    what = f"{_CLIENTS} clients while an operator's pages are loaded"
    span = f"{min(ratios):.2f} to {max(ratios):.2f}"
    return [
        Row(what, "p95 relative to the same load without; the aim is 1.1 at most", number(median(ratios))),
        Row(what, f"the same, lowest and highest of {_ROUNDS} rounds", span),
        Row(what, "CPU of the assistant per message, relative", number(median(cpu))),
        Row("an operator's page during that load", "ms of wall clock, p50", number(1000 * median(measured.pages))),
        Row("the same", "ms of wall clock, p95", number(1000 * quantiles(measured.pages, n=20)[-1])),
        *lost_messages([load for both in measured.rounds for load in both]),
    ]
