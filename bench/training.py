"""What training costs without Rasa's cache: ours, and stock Rasa's on the same content."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from assistant.training import content_digest, rasa_environment
from bench import environments, stock
from bench.environments import ROOT, python
from bench.table import Row, number
from bench.usage import Spent, run

_FULL_EPOCHS = 100  # of Rasa's default configuration


@dataclass(frozen=True)
class StockTraining:
    """A stock model, and what its two trainings used: one of a single epoch, and the one that made it."""

    model: Path
    epochs: int
    once: Spent
    spent: Spent

    def scaled(self) -> float:
        """CPU seconds of 100 epochs: the fixed part, and 100 times what an epoch adds.

        A low estimate: Rasa's batches grow from the first epoch to the last, so a short training has fewer small ones.
        """
        each = (self.spent.cpu - self.once.cpu) / (self.epochs - 1)
        return self.once.cpu + (_FULL_EPOCHS - 1) * each


def train_ours(folder: Path) -> Spent:
    """One training with the interpreter that runs the bench."""
    return _train(sys.executable, ROOT / "config.yml", folder)


def train_stock(venv: Path, folder: Path, epochs: int) -> StockTraining:
    """Two trainings of stock Rasa, of one epoch and of ``epochs``, which must be more."""
    spent = {count: _train(str(python(venv)), stock.write_config(folder, count), folder) for count in (1, epochs)}
    return StockTraining(folder / f"config-{epochs}.tar.gz", epochs, spent[1], spent[epochs])


def kept_stock_model(venv: Path, epochs: int) -> Path:
    """A stock model of the content as it is now, trained if ``.bench/`` has none."""
    model = environments.place() / f"stock-{content_digest(ROOT)}-{epochs}.tar.gz"
    if not model.exists():
        with tempfile.TemporaryDirectory(dir=environments.place()) as folder:
            config = stock.write_config(Path(folder), epochs)
            _train(str(python(venv)), config, Path(folder))
            Path(folder, f"{config.stem}.tar.gz").replace(model)
    return model


def rows(ours: Spent, peer: StockTraining | None) -> list[Row]:
    """Training as the table shows it."""
    cpu, what = "CPU seconds", "training: `rasa train`, no cache"
    if peer is None:
        return [Row(what, cpu, number(ours.cpu)), Row(what, "seconds of wall clock", number(ours.wall))]
    short = f"stock: {peer.epochs} epochs"
    return [
        Row(f"{what} ({short})", cpu, number(ours.cpu), number(peer.spent.cpu)),
        Row(f"{what} ({short})", "seconds of wall clock", number(ours.wall), number(peer.spent.wall)),
        Row(f"{what} (stock: 1 epoch)", cpu, number(ours.cpu), number(peer.once.cpu)),
        Row(f"{what} (stock: scaled to {_FULL_EPOCHS} epochs)", cpu, number(ours.cpu), number(peer.scaled())),
    ]


def _train(interpreter: str, config: Path, folder: Path) -> Spent:
    out = folder / f"cache-{config.stem}"
    options = ["--config", config, "--domain", ROOT / "domain.yml", "--data", ROOT / "data", "--out", folder]
    command = [interpreter, "-m", "rasa", "train", *map(str, options), "--fixed-model-name", config.stem, "--quiet"]
    return run(command, folder / f"{config.stem}.log", rasa_environment() | {"RASA_CACHE_DIRECTORY": str(out)}, ROOT)
