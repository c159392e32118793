"""The capacity of one replica: its start, and its load with 1, 8 and 32 concurrent visitors."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.errors import BenchError
from bench.load import ACTIONS, ASSISTANT, CLIENTS, Load, run_load, warm_up
from bench.sides import Start
from bench.table import Row, number
from bench.usage import MB, Spent

_LOADS = {1: 96, 8: 256, 32: 512}  # clients -> messages; 32 clients get at least halfway through the interview


@dataclass(frozen=True)
class Capacity:
    """The start and the load of one side."""

    start: Spent  # until the first answer, of assistant and action server
    loads: dict[int, Load]  # by the number of clients
    memory: int  # bytes of assistant and action server at the end


def measure(start: Start) -> Capacity:
    """Start one side, wait for its first answer, measure it under load, and stop it.

    Raises:
        BenchError: the first message was not answered.
    """
    begun = time.perf_counter()
    with start() as side:
        if side.visitor().say("/greet") is None:
            raise BenchError("the assistant started but did not answer the first message")
        first = Spent(time.perf_counter() - begun, side.cpu())
        warm_up(side.target())
        loads = {clients: run_load(side.target(), clients, messages) for clients, messages in _LOADS.items()}
        return Capacity(first, loads, side.memory())


def rows(ours: Capacity, peer: Capacity | None) -> list[Row]:
    """Table rows for start, load and memory."""
    first = "start to first answer over HTTP, assistant and action server"
    shown: list[tuple[str, str, Callable[[Capacity], float]]] = [
        (first, "seconds of wall clock", lambda side: side.start.wall),
        (first, "CPU seconds", lambda side: side.start.cpu),
        *(row for clients in _LOADS for row in _of_load(clients)),
        ("memory of assistant and action server at the end", "MB resident", lambda side: side.memory / MB),
        ("messages that failed, at any load", f"of {sum(_LOADS.values())}", _number_of("failed")),
        ("messages without an answer, at any load", f"of {sum(_LOADS.values())}", _number_of("unanswered")),
    ]
    return [Row(what, unit, number(of(ours)), number(of(peer)) if peer else "") for what, unit, of in shown]


def _of_load(clients: int) -> list[tuple[str, str, Callable[[Capacity], float]]]:
    def of(figure: Callable[[Load], float]) -> Callable[[Capacity], float]:
        return lambda side: figure(side.loads[clients])

    what = f"{clients} concurrent client{'s' if clients > 1 else ''}"
    return [
        (what, "messages per second", of(lambda load: load.rate)),
        (what, "ms of wall clock, p50", of(lambda load: 1000 * load.p50)),
        (what, "ms of wall clock, p95", of(lambda load: 1000 * load.p95)),
        (f"{what}: assistant and action server", "CPU ms per message", of(lambda load: load.each(ASSISTANT, ACTIONS))),
        (f"{what}: clients", "CPU ms per message", of(lambda load: load.each(CLIENTS))),
    ]


def _number_of(outcome: str) -> Callable[[Capacity], float]:
    return lambda side: sum(load.number_of(outcome) for load in side.loads.values())
