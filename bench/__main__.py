"""``python -m bench``: measures Seatwise beside stock Rasa and prints one Markdown table. Linux only.

Progress goes to standard error. BENCH_STOCK_EPOCHS (3 by default, at least 2) says how long stock Rasa's models are
trained; BENCH_STOCK_EPOCHS=0 leaves stock Rasa out.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from advisor.errors import SeatwiseError
from assistant.training import trained_model
from bench import decisions, environments, sides, training, turns
from bench.errors import BenchError
from bench.table import Row, markdown, number
from bench.usage import MB, disk_bytes

_EPOCHS = "BENCH_STOCK_EPOCHS"


def main(environment: Mapping[str, str]) -> int:
    """Measure everything; 0 when the table is printed, 1 with a sentence when something is missing."""
    try:
        epochs = _epochs(environment)
        with tempfile.TemporaryDirectory(prefix="seatwise-bench-") as folder:
            rows = _measure(Path(folder), epochs)
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
    if epochs:
        _tell("installing stock Rasa into .bench/stock (once; it has gigabytes)")
        venv = environments.stock()
    _tell("decisions")
    rows = decisions.measure(folder)
    _tell("our training")
    our_training = training.train_ours(folder)
    trained_model(environments.ROOT, _tell)  # so that the start does not wait for a training
    _tell("our start and turns")
    our_turns = turns.measure(lambda: sides.ours(folder))
    peer_disk = peer_training = peer_turns = None
    if epochs:
        peer_disk = disk_bytes(venv)
        _tell(f"stock Rasa's training, of 1 and of {epochs} epochs (several minutes each)")
        peer_training = training.train_stock(venv, folder, epochs)
        model = peer_training.model
        _tell("stock Rasa's start and turns")
        peer_turns = turns.measure(lambda: sides.stock_rasa(venv, model, folder))
    rows += training.rows(our_training, peer_training)
    rows.append(Row("disk: the environment, byte code included", "MB", _mb(disk), _mb(peer_disk) if peer_disk else ""))
    return rows + turns.rows(our_turns, peer_turns)


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
    sys.exit(main(os.environ))
