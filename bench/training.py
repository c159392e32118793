"""The cost of training without Rasa's cache: ours, and stock Rasa's on the same content."""

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

_FULL_EPOCHS = 100  # in Rasa's default configuration


@dataclass(frozen=True)
class StockTraining:
    """A stock model, and the cost of two trainings: one epoch, and the full number of epochs."""

    model: Path
    epochs: int
    once: Spent
    spent: Spent

    def scaled(self) -> float:
        """CPU seconds for 100 epochs: the fixed cost plus the cost per epoch.

        This underestimates: Rasa's batches grow with the epochs, so a short training has fewer small ones.
        """
        each = (self.spent.cpu - self.once.cpu) / (self.epochs - 1)
        return self.once.cpu + (_FULL_EPOCHS - 1) * each


def train_ours(folder: Path) -> Spent:
    """Train our model with the interpreter that runs the benchmark."""
    return _train(sys.executable, ROOT / "config.yml", folder)


def train_stock(venv: Path, folder: Path, epochs: int) -> StockTraining:
    """Train stock Rasa twice, for one epoch and for ``epochs``, which must be greater."""
    spent = {count: _train(str(python(venv)), stock.write_config(folder, count), folder) for count in (1, epochs)}
    return StockTraining(folder / f"config-{epochs}.tar.gz", epochs, spent[1], spent[epochs])


def cached_stock_model(venv: Path, epochs: int) -> Path:
    """A stock model for the current content, trained if ``.bench/`` has none."""
    model = environments.bench_folder() / f"stock-{content_digest(ROOT)}-{epochs}.tar.gz"
    if not model.exists():
        with tempfile.TemporaryDirectory(dir=environments.bench_folder()) as folder:
            config = stock.write_config(Path(folder), epochs)
            _train(str(python(venv)), config, Path(folder))
            Path(folder, f"{config.stem}.tar.gz").replace(model)
    return model


def rows(ours: Spent, peer: StockTraining | None) -> list[Row]:
    """Table rows for training."""
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
