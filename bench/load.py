"""Many visitors at once, each of whom says the next thing when the last one is answered: a closed loop.

The visitors are threads of this process. They share the machine with what they measure, so the CPU that they take is
counted too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from statistics import median, quantiles
from typing import Literal

import requests

from bench.errors import BenchError
from bench.table import Row, number
from bench.visitors import Buttons, Visitor, conversation

ASSISTANT, ACTIONS, DATABASE, CLIENTS = "assistant", "action server", "database", "clients"
"""The parts whose CPU is counted."""

_LONGEST = 180.0  # seconds for one load
_WARM_UP = (8, 128)  # clients, messages: some whole conversations


@dataclass(frozen=True)
class Target:
    """What is put under load."""

    visitor: Callable[[], Visitor]
    clocks: Mapping[str, Callable[[], float]]  # CPU seconds since its start of each part that has processes of its own


@dataclass(frozen=True)
class Heard:
    """What came of one message, after how many seconds."""

    outcome: Literal["answered", "unanswered", "failed"]
    wait: float


@dataclass(frozen=True)
class Load:
    """Some visitors who talked at once."""

    heard: tuple[Heard, ...]
    wall: float  # seconds from the first message to the last answer
    cpu: Mapping[str, float]  # seconds of each part of the target, and of the visitors as CLIENTS

    @property
    def rate(self) -> float:
        """Messages answered a second."""
        return self.number_of("answered") / self.wall

    @property
    def p50(self) -> float:
        """Seconds that the one in the middle waited for an answer."""
        return median(self._waits())

    @property
    def p95(self) -> float:
        """Seconds that one in twenty waited, or longer."""
        return quantiles(self._waits(), n=20)[-1]

    def each(self, *parts: str) -> float:
        """CPU milliseconds a message of some parts together; of all that there are if none are named."""
        return 1000 * sum(self.cpu[part] for part in parts or self.cpu) / len(self.heard)

    def number_of(self, outcome: str) -> int:
        """How many messages ended so."""
        return sum(heard.outcome == outcome for heard in self.heard)

    def _waits(self) -> list[float]:
        return [heard.wait for heard in self.heard if heard.outcome == "answered"]


def put_on(target: Target, clients: int, messages: int) -> Load:
    """Let so many clients say so many messages between them.

    Each client is one visitor after the other; every run has the same visitors in the same order.

    Raises:
        BenchError: not all was said in time, or hardly anything was answered.
    """
    visits, budget = count(), iter(range(messages))  # shared: who is done sooner takes more of both
    clocks = {**target.clocks, CLIENTS: time.process_time}
    before = {part: clock() for part, clock in clocks.items()}
    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as threads:
        talking = [threads.submit(_talk, target, visits, budget, begun + _LONGEST) for _ in range(clients)]
        heard = tuple(one for client in talking for one in client.result())
    wall = time.perf_counter() - begun
    answered = sum(one.outcome == "answered" for one in heard)
    if len(heard) < messages or answered < 2:
        raise BenchError(
            f"{messages} messages were to be said in {_LONGEST:.0f} seconds; {len(heard)} were, {answered} answered"
        )
    return Load(heard, wall, {part: clock() - before[part] for part, clock in clocks.items()})


def warm_up(target: Target) -> None:
    """A short load whose figures are of no use, because it finds everything cold."""
    put_on(target, *_WARM_UP)


def in_turns(targets: Sequence[Target], clients: int, messages: int, rounds: int) -> list[tuple[Load, ...]]:
    """Put each under the same load by turns, so that the machine's other work meets all alike; one tuple a round.

    Every second round goes backwards. A short load of each, which finds everything cold, comes before and is not kept.
    """
    for target in targets:
        warm_up(target)
    found = []
    for turn in range(rounds):
        order = range(len(targets)) if turn % 2 == 0 else reversed(range(len(targets)))
        loads = {place: put_on(targets[place], clients, messages) for place in order}
        found.append(tuple(loads[place] for place in range(len(targets))))
    return found


def lost(loads: Iterable[Load]) -> list[Row]:
    """The messages that came to nothing, as the table shows them; there must be none."""
    heard = [one.outcome for load in loads for one in load.heard]
    all_of_them = f"of {len(heard):,}"
    return [
        Row("messages that failed", all_of_them, number(heard.count("failed"))),
        Row("messages without an answer", all_of_them, number(heard.count("unanswered"))),
    ]


def _talk(target: Target, visits: Iterator[int], budget: Iterator[int], until: float) -> list[Heard]:
    heard: list[Heard] = []
    for visit in visits:
        visitor, script = target.visitor(), conversation(visit)
        offered: Buttons | None = None
        with suppress(StopIteration):
            while True:
                _, message = script.send(offered)
                if time.perf_counter() > until or next(budget, None) is None:
                    return heard
                offered, one = _say(visitor, message)
                heard.append(one)
    return heard


def _say(visitor: Visitor, message: str) -> tuple[Buttons | None, Heard]:
    begun = time.perf_counter()
    try:
        offered = visitor.say(message)
    except (requests.RequestException, KeyError):
        return None, Heard("failed", time.perf_counter() - begun)
    return offered, Heard("unanswered" if offered is None else "answered", time.perf_counter() - begun)
