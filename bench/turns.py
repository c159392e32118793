"""Memory, and CPU per turn, of one side with one visitor at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from statistics import mean, median, quantiles

from bench.sides import Side, Start
from bench.table import Row, number
from bench.usage import MB, cpu_seconds, resident_bytes
from bench.visitors import LONG_TALK, Buttons, Visitor, conversation

_TURNS = 100
_TURNS_BEFORE_MEMORY = 50
_BLOCK = 10  # turns
_LONG_TALK = 200  # turns


@dataclass(frozen=True)
class Turn:
    """The duration of one turn, in seconds of wall clock and of CPU of both processes."""

    kind: str
    wall: float
    assistant: float
    actions: float
    answered: bool


@dataclass(frozen=True)
class Served:
    """The measurements of one side."""

    memory: int  # bytes of the assistant after 50 turns
    turns: tuple[Turn, ...]
    long_talk: tuple[float, ...]  # CPU seconds of both processes in each block of ten turns of one conversation


def measure(start: Start) -> Served:
    """Start one side, run several visitors one after the other, and stop it."""
    with start() as side:
        side.visitor().say("/greet")  # warm-up
        turns: list[Turn] = []
        memory = 0
        for turn in _talk(side):
            turns.append(turn)
            if len(turns) == _TURNS_BEFORE_MEMORY:
                memory = resident_bytes(side.assistant)
            if len(turns) == _TURNS:
                break
        long_talk = tuple(_long_talk(side))
    return Served(memory, tuple(turns), long_talk)


def rows(ours: Served, peer: Served | None) -> list[Row]:
    """Table rows for memory and turns."""
    mixed = f"a turn, {_TURNS} mixed turns"
    assistant, actions = f"{mixed}: assistant", f"{mixed}: action server"
    grown = f"turns {_LONG_TALK - _BLOCK + 1} to {_LONG_TALK} of one conversation"
    shown: list[tuple[str, str, Callable[[Served], float]]] = [
        (
            f"memory of the assistant after {_TURNS_BEFORE_MEMORY} turns",
            "MB resident",
            lambda served: served.memory / MB,
        ),
        (assistant, "CPU ms, median", lambda served: 1000 * median(turn.assistant for turn in served.turns)),
        (assistant, "CPU ms, mean", lambda served: 1000 * mean(turn.assistant for turn in served.turns)),
        (assistant, f"CPU ms, median of blocks of {_BLOCK}", lambda served: 1000 * median(_blocks(served))),
        (actions, "CPU ms, median", lambda served: 1000 * median(turn.actions for turn in served.turns)),
        (actions, "CPU ms, mean", lambda served: 1000 * mean(turn.actions for turn in served.turns)),
        *[(f"assistant, by kind: {kind}", "CPU ms, median", _of_kind(kind)) for kind in _kinds(ours)],
        (mixed, "ms of wall clock, p50", lambda served: 1000 * median(turn.wall for turn in served.turns)),
        (mixed, "ms of wall clock, p95", lambda served: 1000 * quantiles((t.wall for t in served.turns), n=20)[-1]),
        (grown, "CPU of both, relative to turns 11 to 20", lambda served: served.long_talk[-1] / served.long_talk[1]),
        ("turns without an answer", f"of {_TURNS}", lambda served: sum(not turn.answered for turn in served.turns)),
    ]
    return [Row(what, unit, number(of(ours)), number(of(peer)) if peer else "") for what, unit, of in shown]


def _kinds(served: Served) -> list[str]:
    return sorted({turn.kind for turn in served.turns})


def _of_kind(kind: str) -> Callable[[Served], float]:
    return lambda served: 1000 * median(turn.assistant for turn in served.turns if turn.kind == kind)


def _blocks(served: Served) -> list[float]:
    """The mean CPU of the assistant per block of ten turns, which is robust against clock resolution."""
    starts = range(0, len(served.turns), _BLOCK)
    return [mean(turn.assistant for turn in served.turns[start : start + _BLOCK]) for start in starts]


def _talk(side: Side) -> Iterator[Turn]:
    """An endless sequence of turns of one visitor after the other."""
    for visit in count():
        visitor, script = side.visitor(), conversation(visit)
        offered: Buttons | None = None
        while True:
            try:
                kind, message = script.send(offered)
            except StopIteration:
                break
            turn, offered = _turn(side, visitor, kind, message)
            yield turn


def _long_talk(side: Side) -> Iterator[float]:
    """One conversation that repeats the same ten messages."""
    visitor = side.visitor()
    for _ in range(_LONG_TALK // _BLOCK):
        before = side.cpu()
        for words in LONG_TALK:
            visitor.say(words)
        yield side.cpu() - before


def _turn(side: Side, visitor: Visitor, kind: str, message: str) -> tuple[Turn, Buttons | None]:
    """Measure one message; work after the answer is not counted, on either side."""
    assistant, actions, begun = cpu_seconds(side.assistant), side.actions_cpu(), time.perf_counter()
    offered = visitor.say(message)
    wall = time.perf_counter() - begun
    assistant, actions = cpu_seconds(side.assistant) - assistant, side.actions_cpu() - actions
    return Turn(kind, wall, assistant, actions, offered is not None), offered
