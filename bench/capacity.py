"""What one replica can take: its start, and what 1, 8 and 32 visitors at once get out of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.errors import BenchError
from bench.load import ACTIONS, ASSISTANT, CLIENTS, Load, put_on, warm_up
from bench.sides import Start
from bench.table import Row, number
from bench.usage import MB, Spent

_LOADS = {1: 96, 8: 256, 32: 512}  # messages, by clients: the 32 get half way through the interview and beyond


@dataclass(frozen=True)
class Capacity:
    """What one side took to start, and what it did under load."""

    start: Spent  # from nothing to the first answer, of assistant and action server
    loads: dict[int, Load]  # by the number of clients
    memory: int  # bytes of assistant and action server after all of it


def measure(start: Start) -> Capacity:
    """Start one side, hear its first answer, put it under load, and stop it.

    Raises:
        BenchError: the first message was not answered.
    """
    begun = time.perf_counter()
    with start() as side:
        if side.visitor().say("/greet") is None:
            raise BenchError("the assistant started, and had no answer to the first message")
        first = Spent(time.perf_counter() - begun, side.cpu())
        warm_up(side.target())
        loads = {clients: put_on(side.target(), clients, messages) for clients, messages in _LOADS.items()}
        return Capacity(first, loads, side.memory())


def rows(ours: Capacity, peer: Capacity | None) -> list[Row]:
    """Start, load and memory as the table shows them."""
    first = "start to first answer over HTTP, assistant and action server"
    shown: list[tuple[str, str, Callable[[Capacity], float]]] = [
        (first, "seconds of wall clock", lambda side: side.start.wall),
        (first, "CPU seconds", lambda side: side.start.cpu),
        *(row for clients in _LOADS for row in _of_load(clients)),
        ("memory of assistant and action server after all of it", "MB resident", lambda side: side.memory / MB),
        ("messages that failed, at any load", f"of {sum(_LOADS.values())}", _number_of("failed")),
        ("messages without an answer, at any load", f"of {sum(_LOADS.values())}", _number_of("unanswered")),
    ]
    return [Row(what, unit, number(of(ours)), number(of(peer)) if peer else "") for what, unit, of in shown]


def _of_load(clients: int) -> list[tuple[str, str, Callable[[Capacity], float]]]:
    def of(figure: Callable[[Load], float]) -> Callable[[Capacity], float]:
        return lambda side: figure(side.loads[clients])

    what = f"{clients} client{'s' if clients > 1 else ''} at once"
    return [
        (what, "messages a second", of(lambda load: load.rate)),
        (what, "ms of wall clock, p50", of(lambda load: 1000 * load.p50)),
        (what, "ms of wall clock, p95", of(lambda load: 1000 * load.p95)),
        (f"{what}: assistant and action server", "CPU ms a message", of(lambda load: load.each(ASSISTANT, ACTIONS))),
        (f"{what}: the clients themselves", "CPU ms a message", of(lambda load: load.each(CLIENTS))),
    ]


def _number_of(outcome: str) -> Callable[[Capacity], float]:
    return lambda side: sum(load.number_of(outcome) for load in side.loads.values())
