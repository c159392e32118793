"""The cost of durability: the same build with its stores in memory, in SQLite and in PostgreSQL.

*In memory* is our build with Rasa's InMemoryTrackerStore and InMemoryLockStore, and with the inbox in a SQLite file in
memory (/dev/shm). It still has two inbox transactions per message, which do not wait for a disk, but none to append
events or to read those of other replicas. It does other work: Rasa's store converts the whole conversation to JSON and
back for every message, and Rasa reads all of it, where ours passes on only the last turns.
*SQLite* is the default of ``make run``: every message and answer is on disk before it is acknowledged or sent.
*PostgreSQL* is one replica with a database on the same cores.

All three are started once and get the same load in alternating rounds of whole conversations, because the machine has
other work; comparisons are made within a round.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from assistant.settings import DATABASE_URL
from bench import postgres, sides
from bench.load import ACTIONS, ASSISTANT, Load, alternate, lost_messages
from bench.table import Row, number

_CLIENTS, _MESSAGES, _ROUNDS = 8, 136, 7  # one conversation per visitor
_IN_MEMORY = """\
action_endpoint:
  url: ${ACTION_ENDPOINT_URL}
tracker_store:
  type: in_memory
lock_store:
  type: in_memory
"""


@dataclass(frozen=True)
class Round:
    """The same load on each build, shortly after one another."""

    memory: Load
    sqlite: Load
    postgresql: Load


def measure(folder: Path) -> list[Round]:
    """Start all three and alternate the load between them."""
    endpoints = folder / "in-memory.yml"
    endpoints.write_text(_IN_MEMORY, encoding="utf-8")
    with ExitStack() as stack:
        inbox = Path(stack.enter_context(tempfile.TemporaryDirectory(dir="/dev/shm"))) / "inbox.db"
        in_memory = {DATABASE_URL: f"sqlite:///{inbox}"}
        over_postgresql = stack.enter_context(postgres.shared()).settings
        started = (
            sides.ours(folder / "memory", in_memory, str(endpoints)),
            sides.ours(folder / "sqlite"),
            sides.ours(folder / "postgresql", over_postgresql),
        )
        targets = [stack.enter_context(side).target() for side in started]
        return [Round(*loads) for loads in alternate(targets, _CLIENTS, _MESSAGES, _ROUNDS)]


def rows(rounds: list[Round]) -> list[Row]:
    """Table rows with the medians over the rounds."""
    memory, sqlite, over_postgresql = zip(*((one.memory, one.sqlite, one.postgresql) for one in rounds), strict=True)
    return [
        *_of_loads("stores in memory", memory),
        *_of_loads("SQLite on the disk", sqlite),
        *_of_loads("PostgreSQL on the same cores", over_postgresql),
        *_costs("SQLite on the disk", sqlite, memory),
        *_costs("PostgreSQL on the same cores", over_postgresql, memory),
        *lost_messages([*memory, *sqlite, *over_postgresql]),
    ]


def _of_loads(name: str, loads: Sequence[Load]) -> list[Row]:
    what = f"{name}, {_CLIENTS} clients"
    return [
        Row(what, "messages per second", number(median(load.rate for load in loads))),
        Row(what, "CPU ms per message", number(median(load.each(ASSISTANT, ACTIONS) for load in loads))),
    ]


def _costs(name: str, durable: Sequence[Load], memory: Sequence[Load]) -> list[Row]:
    """The loss in throughput, and in throughput by CPU per message, which is less affected by other work."""
    pairs = list(zip(durable, memory, strict=True))
    throughput = median(one.rate / other.rate for one, other in pairs)
    cpu = median(other.each(ASSISTANT, ACTIONS) / one.each(ASSISTANT, ACTIONS) for one, other in pairs)
    what = f"durability costs: {name}"
    return [
        Row(what, "% of the throughput in memory; the aim is 30 at most", number(100 * (1 - throughput))),
        Row(what, "% of the throughput by CPU per message", number(100 * (1 - cpu))),
    ]
