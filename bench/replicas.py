"""What a second replica brings: one and two of them over one PostgreSQL, where a message may go to either.

On a machine with few cores two replicas cannot answer twice as much, because they share the cores with PostgreSQL and
with the visitors. Whether they scale is then told by what a message costs: if that stays the same, capacity grows with
the cores.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import postgres, sides
from bench.load import ACTIONS, ASSISTANT, CLIENTS, DATABASE, Load, Target, in_turns, lost
from bench.postgres import Shared
from bench.sides import Side
from bench.table import Row, number
from bench.usage import cpu_seconds
from bench.visitors import WebVisitor

_CLIENTS, _MESSAGES, _ROUNDS = 32, 384, 3


@dataclass(frozen=True)
class Round:
    """The same load on one replica and on both, one shortly after the other."""

    one: Load
    two: Load

    def gain(self) -> float:
        """What two replicas answer a second, times what one does."""
        return self.two.rate / self.one.rate

    def room(self) -> float:
        """The most that the cores of this machine could answer a second, times what one replica can.

        An assistant is one process that keeps one core busy. Its action server, PostgreSQL and the clients want cores
        too, and when all cores are busy with what a message costs in all, more replicas bring no more.
        """
        return _cores() * self.one.each(ASSISTANT) / self.one.each()

    def gain_with_cores(self) -> float:
        """What two replicas would answer with twice the cores, times what one does: worked out from CPU a message."""
        return 2 * self.one.each(ASSISTANT, ACTIONS) / self.two.each(ASSISTANT, ACTIONS)


def measure(folder: Path) -> list[Round]:
    """Start two replicas, and put the first alone and both of them under load by turns."""
    with ExitStack() as stack:
        database = stack.enter_context(postgres.shared())
        both = [stack.enter_context(sides.ours(folder / f"replica-{name}", database.settings)) for name in "ab"]
        targets = [_target(both[:1], database), _target(both, database)]
        return [Round(*loads) for loads in in_turns(targets, _CLIENTS, _MESSAGES, _ROUNDS)]


def rows(rounds: list[Round]) -> list[Row]:
    """What was measured, at the median of the rounds."""

    def row(what: str, unit: str, of: Callable[[Round], float]) -> Row:
        return Row(what, unit, number(median(of(one) for one in rounds)))

    one, two = (f"{name} over PostgreSQL, {_CLIENTS} clients" for name in ("one replica", "two replicas"))
    a_second, p95, cpu = "messages a second", "ms of wall clock, p95", "CPU ms a message"
    gain = "times the throughput of one"
    return [
        row(one, a_second, lambda each: each.one.rate),
        row(two, a_second, lambda each: each.two.rate),
        row(one, p95, lambda each: 1000 * each.one.p95),
        row(two, p95, lambda each: 1000 * each.two.p95),
        row(f"{one}: assistant and action server", cpu, lambda each: each.one.each(ASSISTANT, ACTIONS)),
        row(f"{two}: assistants and action servers", cpu, lambda each: each.two.each(ASSISTANT, ACTIONS)),
        row(f"{one}: PostgreSQL and clients", cpu, lambda each: each.one.each(DATABASE, CLIENTS)),
        row(f"{two}: PostgreSQL and clients", cpu, lambda each: each.two.each(DATABASE, CLIENTS)),
        row("two replicas", f"{gain}; the aim is 1.7 where the cores allow", Round.gain),
        row(f"what the {_cores()} cores allow any number of replicas, from CPU a message", gain, Round.room),
        row("two replicas with cores enough, from CPU a message", gain, Round.gain_with_cores),
        *lost(load for each in rounds for load in (each.one, each.two)),
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
