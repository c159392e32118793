"""``python -m bench``: measures Seatwise alongside stock Rasa and prints one Markdown table. Linux only.

``python -m bench load`` measures only the load of concurrent visitors. It trains stock Rasa the first time only,
because the model is kept in ``.bench/``.

Progress goes to standard error. BENCH_STOCK_EPOCHS (3 by default, at least 2) is the number of epochs for stock Rasa's
models; BENCH_STOCK_EPOCHS=0 skips stock Rasa.
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
from bench import capacity, decisions, durability, environments, operators, replicas, sides, slack, training, turns
from bench.errors import BenchError
from bench.table import Row, markdown, number
from bench.usage import MB, disk_bytes

_EPOCHS = "BENCH_STOCK_EPOCHS"
_LOAD = "load"


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Measure everything, or the load alone; returns 0, or 1 after printing an error."""
    try:
        if arguments not in ([], [_LOAD]):
            raise BenchError(f"the only allowed argument is {_LOAD}, not {' '.join(arguments)}")
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
    _print("installing the runtime packages into .bench/ours")
    disk = disk_bytes(environments.ours())
    venv = _stock() if epochs else None
    _print("decisions")
    rows = decisions.measure(folder)
    _print("our training")
    our_training = training.train_ours(folder)
    trained_model(environments.ROOT, _print)  # so that the start does not include training
    _print("our turns")
    our_turns = turns.measure(lambda: sides.ours(folder))
    peer_disk = peer_training = peer_turns = peer = None
    if venv:
        peer_disk = disk_bytes(venv)
        _print(f"stock Rasa's training, of 1 and of {epochs} epochs (several minutes each)")
        peer_training = training.train_stock(venv, folder, epochs)
        peer = partial(sides.stock_rasa, venv, peer_training.model, folder)
        _print("stock Rasa's turns")
        peer_turns = turns.measure(peer)
    rows += training.rows(our_training, peer_training)
    rows.append(Row("disk: the environment, including byte code", "MB", _mb(disk), _mb(peer_disk) if peer_disk else ""))
    _print("Slack against the web")
    rows += slack.measure(folder / "slack")
    return rows + turns.rows(our_turns, peer_turns) + _load(folder, peer)


def _measure_load(folder: Path, epochs: int) -> list[Row]:
    trained_model(environments.ROOT, _print)
    if not epochs:
        return _load(folder, None)
    venv = _stock()
    _print("stock Rasa's model (several minutes if .bench has none yet)")
    return _load(folder, partial(sides.stock_rasa, venv, training.cached_stock_model(venv, epochs), folder))


def _load(folder: Path, peer: sides.Start | None) -> list[Row]:
    _print("our start, and concurrent visitors")
    ours = capacity.measure(lambda: sides.ours(folder / "load"))
    if peer:
        _print("stock Rasa's start, and concurrent visitors")
    peers = capacity.measure(peer) if peer else None
    _print("our stores")
    rows = capacity.rows(ours, peers) + durability.rows(durability.measure(folder))
    _print("an operator's pages")
    rows += operators.rows(operators.measure(folder))
    _print("two replicas")
    return rows + replicas.rows(replicas.measure(folder))


def _stock() -> Path:
    _print("installing stock Rasa into .bench/stock (once; several gigabytes)")
    return environments.stock()


def _epochs(environment: Mapping[str, str]) -> int:
    given = environment.get(_EPOCHS) or "3"
    if not (given.isascii() and given.isdigit()) or given == "1":
        raise BenchError(f"{_EPOCHS} must be at least 2, or 0 to skip stock Rasa, not {given!r}")
    return int(given)


def _mb(size: int) -> str:
    return number(size / MB)


def _machine() -> str:
    load = os.getloadavg()[0]
    return (
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f} at the end."
    )


def _print(line: str) -> None:
    print(f"bench: {line.removesuffix(' …')} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
