"""What it costs that nothing is lost: the same build with its stores in memory, in SQLite and in PostgreSQL.

*In memory* is our build with Rasa's own InMemoryTrackerStore and InMemoryLockStore, and with the inbox in a SQLite file
in memory (/dev/shm). It keeps the two transactions of the inbox a message, which wait for no disk; it has none that
appends events and none that reads those of other replicas. It is not free of other work: Rasa's store turns the whole
conversation into JSON and back at every message, and Rasa reads all of it, where ours gives it the last turns.
*SQLite* is what ``make run`` gives: every message and answer is on the disk before anybody hears of it. *PostgreSQL* is
one replica over a database on the same cores.

All three are started once and put under the same load by turns, in whole conversations and often, because the machine
has other work; what is compared is compared within a round.
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
from bench.load import ACTIONS, ASSISTANT, Load, in_turns, lost
from bench.table import Row, number

_CLIENTS, _MESSAGES, _ROUNDS = 8, 136, 7  # as many visitors, for one conversation each
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
    """The same load on each, one shortly after the other."""

    memory: Load
    sqlite: Load
    postgresql: Load


def measure(folder: Path) -> list[Round]:
    """Start all three and put them under load by turns."""
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
        return [Round(*loads) for loads in in_turns(targets, _CLIENTS, _MESSAGES, _ROUNDS)]


def rows(rounds: list[Round]) -> list[Row]:
    """What was measured, at the median of the rounds."""
    memory, sqlite, over_postgresql = zip(*((one.memory, one.sqlite, one.postgresql) for one in rounds), strict=True)
    return [
        *_of_loads("stores in memory", memory),
        *_of_loads("SQLite on the disk", sqlite),
        *_of_loads("PostgreSQL on the same cores", over_postgresql),
        *_costs("SQLite on the disk", sqlite, memory),
        *_costs("PostgreSQL on the same cores", over_postgresql, memory),
        *lost([*memory, *sqlite, *over_postgresql]),
    ]


def _of_loads(name: str, loads: Sequence[Load]) -> list[Row]:
    what = f"{name}, {_CLIENTS} clients"
    return [
        Row(what, "messages a second", number(median(load.rate for load in loads))),
        Row(what, "CPU ms a message", number(median(load.each(ASSISTANT, ACTIONS) for load in loads))),
    ]


def _costs(name: str, durable: Sequence[Load], memory: Sequence[Load]) -> list[Row]:
    """Of the throughput, and of what the CPU of a message would allow, which the machine's other work hardly moves."""
    pairs = list(zip(durable, memory, strict=True))
    throughput = median(one.rate / other.rate for one, other in pairs)
    cpu = median(other.each(ASSISTANT, ACTIONS) / one.each(ASSISTANT, ACTIONS) for one, other in pairs)
    what = f"durability costs: {name}"
    return [
        Row(what, "% of the throughput in memory; the aim is 30 at most", number(100 * (1 - throughput))),
        Row(what, "% of the throughput that CPU a message allows", number(100 * (1 - cpu))),
    ]
