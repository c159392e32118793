"""Trains a model whenever the content has changed.

A model is named after a digest of its inputs and stored with its own checksum, so that both changed content and a
corrupt file are detected at start.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from advisor.errors import SeatwiseError

# requirements.lock is included, because a model depends on the package versions.
_FILES = ("config.yml", "domain.yml", "requirements.lock")
_FOLDERS = ("data", "assistant/nlu")
_COLORS = re.compile(r"\x1b\[[\d;]*m")
_DEPRECATIONS = re.compile(r"^\S+:\d+: \w*DeprecationWarning:.*\n(?:\S.*\n)?(?:[ \t].*\n)?", re.MULTILINE)
_KINDS = {".yml", ".yaml", ".json", ".py", ".onnx", ".npz"}

Say = Callable[[str], None]


class TrainingError(SeatwiseError):
    """Training failed."""


def content_digest(root: Path) -> str:
    """A digest of all training inputs, as sixteen hexadecimal digits."""
    digest = hashlib.sha256()
    for path in _content(root):
        digest.update(f"{path.relative_to(root).as_posix()} {_checksum(path)}\n".encode())
    return digest.hexdigest()[:16]


def trained_model(root: Path, say: Say) -> Path:
    """The model for the current content; trains one if necessary.

    Args:
        root: the project folder; the model is kept in its ``models/``.
        say: receives progress messages.

    Raises:
        TrainingError: Rasa rejected the content; the message ends with the log.
    """
    model = _path(root)
    models = model.parent
    if _is_intact(model):
        return model  # without writing, since the folder may be read-only
    models.mkdir(exist_ok=True)
    with _locked(models / ".lock", say):
        if model.exists() and not _is_intact(model):
            say(f"The model {model.relative_to(root)} is corrupt or was modified after training; retraining.")
        if not _is_intact(model):
            say("Training on the content (two or three minutes) …")
            _train(root, model)
        _remove_others(model)
    return model


def stored_model(root: Path) -> Path | None:
    """The model for the current content, if there is one."""
    model = _path(root)
    return model if _is_intact(model) else None


def _path(root: Path) -> Path:
    return root / "models" / f"{content_digest(root)}.tar.gz"


def rasa_environment() -> dict[str, str]:
    """The environment for Rasa's processes: no telemetry, cached byte code, single-threaded numerics.

    A sentence is too small to parallelize: more threads only wait for each other, at full CPU. Large short-lived
    allocations, such as weights during loading, are returned to the system immediately.
    """
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    resources = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_MMAP_THRESHOLD_": "131072"}
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "NO_COLOR": "1"}
    quiet["PYTHONWARNINGS"] = "ignore"  # from third-party modules
    return environment | resources | quiet


def readable_log(log: Path, first: int = 0, last: int = 15) -> str:
    """The start and end of a log, where the causes are, without colors and deprecation warnings."""
    text = _COLORS.sub("", log.read_text(encoding="utf-8", errors="replace"))
    lines = _DEPRECATIONS.sub("", text).strip().splitlines()
    if len(lines) > first + last:
        lines[first:-last] = ["…"]
    return "\n".join(lines)


def _content(root: Path) -> Iterator[Path]:
    yield from (root / name for name in _FILES)
    for folder in _FOLDERS:
        yield from sorted(path for path in (root / folder).rglob("*") if path.suffix in _KINDS and path.is_file())


def _checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _checksum_file(model: Path) -> Path:
    return model.with_name(f"{model.name}.sha256")


def _is_intact(model: Path) -> bool:
    record = _checksum_file(model)
    return model.exists() and record.exists() and record.read_text(encoding="utf-8").split()[:1] == [_checksum(model)]


def _train(root: Path, model: Path) -> None:
    """Train into a temporary folder, so that a partial model never gets the final name."""
    with tempfile.TemporaryDirectory(dir=model.parent, prefix=".training-") as folder:
        log = Path(folder, "log")
        # Rasa's own validation would read all content once more; the tests check more than it does.
        options = ["--skip-validation", "--config", "config.yml", "--domain", "domain.yml", "--data", "data", "--quiet"]
        output = ["--out", folder, "--fixed-model-name", "model"]
        # Rasa's cache identifies a component by its class alone, and would miss changes in the modules it uses.
        environment = rasa_environment() | {"RASA_MAX_CACHE_SIZE": "0"}
        with log.open("wb") as written:
            ended = subprocess.run(
                [sys.executable, "-m", "rasa", "train", *options, *output],
                cwd=root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
                check=False,
            )
        made = Path(folder, "model.tar.gz")
        if ended.returncode != 0 or not made.exists():
            said = readable_log(log, first=15)
            raise TrainingError(f"Rasa could not train on the content; correct it and try again. Its log:\n{said}")
        _checksum_file(model).write_text(f"{_checksum(made)}  {model.name}\n", encoding="utf-8")
        made.replace(model)


def _remove_others(model: Path) -> None:
    """Delete older models; manually added ones have no checksum file and are kept."""
    for record in model.parent.glob("*.tar.gz.sha256"):
        if record != _checksum_file(model):
            record.with_suffix("").unlink(missing_ok=True)
            record.unlink(missing_ok=True)


@contextmanager
def _locked(lock: Path, say: Say) -> Iterator[None]:
    """Lock training; a second process waits and then finds the model."""
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another process is training; waiting for its model …")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
