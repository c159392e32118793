"""``python -m bench``: measures Seatwise beside stock Rasa and prints one Markdown table. Linux only.

``python -m bench load`` measures only what many visitors at once do to it. That trains stock Rasa the first time only,
because its model is kept in ``.bench/``.

Progress goes to standard error. BENCH_STOCK_EPOCHS (3 by default, at least 2) says how long stock Rasa's models are
trained; BENCH_STOCK_EPOCHS=0 leaves stock Rasa out.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from advisor.errors import SeatwiseError
from assistant.training import trained_model
from bench import capacity, decisions, durability, environments, replicas, sides, training, turns
from bench.errors import BenchError
from bench.table import Row, markdown, number
from bench.usage import MB, disk_bytes

_EPOCHS = "BENCH_STOCK_EPOCHS"
_LOAD = "load"


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Measure all, or the load alone; 0 when the table is printed, 1 with a sentence when something is missing."""
    try:
        if arguments not in ([], [_LOAD]):
            raise BenchError(f"the only argument can be {_LOAD}, and there is {' '.join(arguments)}")
        epochs = _epochs(environment)
        with tempfile.TemporaryDirectory(prefix="seatwise-bench-") as folder:
            rows = _measure_load(Path(folder), epochs) if arguments else _measure(Path(folder), epochs)
    except (SeatwiseError, OSError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(f"{_machine()}\n")
    print(markdown(rows))
    return 0


def _measure(folder: Path, epochs: int) -> list[Row]:
    _tell("installing what running needs, and nothing else, into .bench/ours")
    disk = disk_bytes(environments.ours())
    venv = _stock() if epochs else None
    _tell("decisions")
    rows = decisions.measure(folder)
    _tell("our training")
    our_training = training.train_ours(folder)
    trained_model(environments.ROOT, _tell)  # so that the start does not wait for a training
    _tell("our turns")
    our_turns = turns.measure(lambda: sides.ours(folder))
    peer_disk = peer_training = peer_turns = peer = None
    if venv:
        peer_disk = disk_bytes(venv)
        _tell(f"stock Rasa's training, of 1 and of {epochs} epochs (several minutes each)")
        peer_training = training.train_stock(venv, folder, epochs)
        peer = partial(sides.stock_rasa, venv, peer_training.model, folder)
        _tell("stock Rasa's turns")
        peer_turns = turns.measure(peer)
    rows += training.rows(our_training, peer_training)
    rows.append(Row("disk: the environment, byte code included", "MB", _mb(disk), _mb(peer_disk) if peer_disk else ""))
    return rows + turns.rows(our_turns, peer_turns) + _load(folder, peer)


def _measure_load(folder: Path, epochs: int) -> list[Row]:
    trained_model(environments.ROOT, _tell)
    if not epochs:
        return _load(folder, None)
    venv = _stock()
    _tell("stock Rasa's model (several minutes if .bench has none yet)")
    return _load(folder, partial(sides.stock_rasa, venv, training.kept_stock_model(venv, epochs), folder))


def _load(folder: Path, peer: sides.Start | None) -> list[Row]:
    _tell("our start, and visitors at once")
    ours = capacity.measure(lambda: sides.ours(folder / "load"))
    if peer:
        _tell("stock Rasa's start, and visitors at once")
    peers = capacity.measure(peer) if peer else None
    _tell("our stores")
    rows = capacity.rows(ours, peers) + durability.rows(durability.measure(folder))
    _tell("two replicas")
    return rows + replicas.rows(replicas.measure(folder))


def _stock() -> Path:
    _tell("installing stock Rasa into .bench/stock (once; it has gigabytes)")
    return environments.stock()


def _epochs(environment: Mapping[str, str]) -> int:
    given = environment.get(_EPOCHS) or "3"
    if not (given.isascii() and given.isdigit()) or given == "1":
        raise BenchError(f"{_EPOCHS} must be a number from 2, or 0 to leave stock Rasa out, and is {given!r}")
    return int(given)


def _mb(size: int) -> str:
    return number(size / MB)


def _machine() -> str:
    load = os.getloadavg()[0]
    return (
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f} at the end."
    )


def _tell(line: str) -> None:
    print(f"bench: {line.removesuffix(' …')} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
