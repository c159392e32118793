"""The gain from a second replica: one and two replicas on one PostgreSQL, with messages sent to either.

On a machine with few cores, two replicas cannot double the throughput, because they share the cores with PostgreSQL and
the visitors. Scaling is then shown by the cost of a message: if it stays the same, capacity grows with the cores.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import postgres, sides
from bench.load import ACTIONS, ASSISTANT, CLIENTS, DATABASE, Load, Target, alternate, lost_messages
from bench.postgres import Shared
from bench.sides import Side
from bench.table import Row, number
from bench.usage import cpu_seconds
from bench.visitors import WebVisitor

_CLIENTS, _MESSAGES, _ROUNDS = 32, 384, 3


@dataclass(frozen=True)
class Round:
    """The same load on one replica and on both, shortly after one another."""

    one: Load
    two: Load

    def gain(self) -> float:
        """The throughput of two replicas relative to one."""
        return self.two.rate / self.one.rate

    def max_gain(self) -> float:
        """The maximum throughput on the cores of this machine relative to one replica.

        An assistant is one process that keeps one core busy. The action server, PostgreSQL and the clients need cores
        too; once all cores are busy, more replicas add no throughput.
        """
        return _cores() * self.one.each(ASSISTANT) / self.one.each()

    def gain_with_cores(self) -> float:
        """The estimated throughput of two replicas with twice the cores relative to one, from CPU per message."""
        return 2 * self.one.each(ASSISTANT, ACTIONS) / self.two.each(ASSISTANT, ACTIONS)


def measure(folder: Path) -> list[Round]:
    """Start two replicas, and alternate the load between the first and both."""
    with ExitStack() as stack:
        database = stack.enter_context(postgres.shared())
        both = [stack.enter_context(sides.ours(folder / f"replica-{name}", database.settings)) for name in "ab"]
        targets = [_target(both[:1], database), _target(both, database)]
        return [Round(*loads) for loads in alternate(targets, _CLIENTS, _MESSAGES, _ROUNDS)]


def rows(rounds: list[Round]) -> list[Row]:
    """Table rows with the medians over the rounds."""

    def row(what: str, unit: str, of: Callable[[Round], float]) -> Row:
        return Row(what, unit, number(median(of(one) for one in rounds)))

    one, two = (f"{name} over PostgreSQL, {_CLIENTS} clients" for name in ("one replica", "two replicas"))
    throughput, p95, cpu = "messages per second", "ms of wall clock, p95", "CPU ms per message"
    gain = "times the throughput of one"
    return [
        row(one, throughput, lambda each: each.one.rate),
        row(two, throughput, lambda each: each.two.rate),
        row(one, p95, lambda each: 1000 * each.one.p95),
        row(two, p95, lambda each: 1000 * each.two.p95),
        row(f"{one}: assistant and action server", cpu, lambda each: each.one.each(ASSISTANT, ACTIONS)),
        row(f"{two}: assistants and action servers", cpu, lambda each: each.two.each(ASSISTANT, ACTIONS)),
        row(f"{one}: PostgreSQL and clients", cpu, lambda each: each.one.each(DATABASE, CLIENTS)),
        row(f"{two}: PostgreSQL and clients", cpu, lambda each: each.two.each(DATABASE, CLIENTS)),
        row("two replicas", f"{gain}; the aim is 1.7 where the cores allow", Round.gain),
        row(f"maximum for any number of replicas on {_cores()} cores, from CPU per message", gain, Round.max_gain),
        row("two replicas with enough cores, from CPU per message", gain, Round.gain_with_cores),
        *lost_messages(load for each in rounds for load in (each.one, each.two)),
    ]


def _target(replicas: list[Side], database: Shared) -> Target:
    return Target(
        lambda: WebVisitor(*(side.address for side in replicas)),
        {
            ASSISTANT: lambda: sum(cpu_seconds(side.assistant) for side in replicas),
            ACTIONS: lambda: sum(side.actions_cpu() for side in replicas),
            DATABASE: database.cpu,
        },
    )


def _cores() -> int:
    return len(os.sched_getaffinity(0))
