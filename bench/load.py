"""A closed-loop load: concurrent visitors, each of whom sends the next message after an answer.

The visitors are threads of this process. They share the machine with the system under test, so their CPU is counted
too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from itertools import count
from statistics import median, quantiles
from typing import Literal

import requests

from bench.errors import BenchError
from bench.table import Row, number
from bench.visitors import Buttons, Visitor, conversation

ASSISTANT, ACTIONS, DATABASE, CLIENTS = "assistant", "action server", "database", "clients"
"""The parts whose CPU is measured."""

_LONGEST = 180.0  # seconds for one load
_WARM_UP = (8, 128)  # clients, messages: several whole conversations


@dataclass(frozen=True)
class Target:
    """The system under load."""

    visitor: Callable[[], Visitor]
    clocks: Mapping[str, Callable[[], float]]  # CPU seconds of each part with separate processes
    meanwhile: Callable[[], AbstractContextManager[object]] = nullcontext  # what else goes on during a load


@dataclass(frozen=True)
class Result:
    """The outcome of one message, and its latency in seconds."""

    outcome: Literal["answered", "unanswered", "failed"]
    wait: float


@dataclass(frozen=True)
class Load:
    """The result of a load."""

    results: tuple[Result, ...]
    wall: float  # seconds from the first message to the last answer
    cpu: Mapping[str, float]  # seconds of each part of the target, and of the visitors as CLIENTS

    @property
    def rate(self) -> float:
        """Answered messages per second."""
        return self.number_of("answered") / self.wall

    @property
    def p50(self) -> float:
        """Median latency in seconds."""
        return median(self._waits())

    @property
    def p95(self) -> float:
        """95th percentile of the latency in seconds."""
        return quantiles(self._waits(), n=20)[-1]

    def each(self, *parts: str) -> float:
        """CPU milliseconds per message of some parts; of all parts by default."""
        return 1000 * sum(self.cpu[part] for part in parts or self.cpu) / len(self.results)

    def number_of(self, outcome: str) -> int:
        """The number of messages with this outcome."""
        return sum(result.outcome == outcome for result in self.results)

    def _waits(self) -> list[float]:
        return [result.wait for result in self.results if result.outcome == "answered"]


def run_load(target: Target, clients: int, messages: int) -> Load:
    """Send this many messages from this many clients.

    Each client plays one visitor after the other; every run has the same visitors in the same order.

    Raises:
        BenchError: not all messages were sent in time, or almost none were answered.
    """
    visits, budget = count(), iter(range(messages))  # shared: faster clients take more of both
    clocks = {**target.clocks, CLIENTS: time.process_time}
    with target.meanwhile():
        before = {part: clock() for part, clock in clocks.items()}
        begun = time.perf_counter()
        with ThreadPoolExecutor(clients) as threads:
            talking = [threads.submit(_talk, target, visits, budget, begun + _LONGEST) for _ in range(clients)]
            results = tuple(one for client in talking for one in client.result())
        wall = time.perf_counter() - begun
    answered = sum(one.outcome == "answered" for one in results)
    if len(results) < messages or answered < 2:
        raise BenchError(
            f"{messages} messages were due in {_LONGEST:.0f} seconds; {len(results)} were sent, {answered} answered"
        )
    return Load(results, wall, {part: clock() - before[part] for part, clock in clocks.items()})


def warm_up(target: Target) -> None:
    """Run a short load with cold caches, and discard its figures."""
    run_load(target, *_WARM_UP)


def alternate(targets: Sequence[Target], clients: int, messages: int, rounds: int) -> list[tuple[Load, ...]]:
    """Alternate the same load between targets, so that other work affects all equally; returns one tuple per round.

    Every second round is in reverse order. Each target gets a warm-up first.
    """
    for target in targets:
        warm_up(target)
    found = []
    for turn in range(rounds):
        order = range(len(targets)) if turn % 2 == 0 else reversed(range(len(targets)))
        loads = {place: run_load(targets[place], clients, messages) for place in order}
        found.append(tuple(loads[place] for place in range(len(targets))))
    return found


def lost_messages(loads: Iterable[Load]) -> list[Row]:
    """Table rows for failed and unanswered messages, of which there must be none."""
    results = [one.outcome for load in loads for one in load.results]
    all_of_them = f"of {len(results):,}"
    return [
        Row("messages that failed", all_of_them, number(results.count("failed"))),
        Row("messages without an answer", all_of_them, number(results.count("unanswered"))),
    ]


def _talk(target: Target, visits: Iterator[int], budget: Iterator[int], until: float) -> list[Result]:
    results: list[Result] = []
    for visit in visits:
        visitor, script = target.visitor(), conversation(visit)
        offered: Buttons | None = None
        with suppress(StopIteration):
            while True:
                _, message = script.send(offered)
                if time.perf_counter() > until or next(budget, None) is None:
                    return results
                offered, one = _say(visitor, message)
                results.append(one)
    return results


def _say(visitor: Visitor, message: str) -> tuple[Buttons | None, Result]:
    begun = time.perf_counter()
    try:
        offered = visitor.say(message)
    except (requests.RequestException, KeyError):
        return None, Result("failed", time.perf_counter() - begun)
    return offered, Result("unanswered" if offered is None else "answered", time.perf_counter() - begun)
