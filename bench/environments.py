"""The two installations that are compared: Seatwise with its runtime packages only, and stock Rasa with TensorFlow.

Both are in ``.bench/`` and are reused by the next run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.errors import BenchError

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".bench"

_STOCK = ("rasa==3.6.21", "setuptools<81")  # newer setuptools dropped pkg_resources, which Rasa imports


def bench_folder() -> Path:
    """The folder ``.bench/``, which git and ruff ignore."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / ".gitignore").write_text("*\n", encoding="ascii")
    return FOLDER


def ours() -> Path:
    """A virtual environment with ``requirements.lock`` and the TensorFlow stub, as created by deploy/setup.sh."""
    venv = _venv("ours")
    lock, stub = ROOT / "requirements.lock", ROOT / "stubs" / "tensorflow"
    _install(venv, "sync", "--require-hashes", str(lock))
    with tempfile.TemporaryDirectory() as folder:  # setuptools writes build files next to the sources
        copy = Path(folder, "tensorflow")
        shutil.copytree(stub, copy, ignore=shutil.ignore_patterns("build", "*.egg-info"))
        _install(venv, "install", "--no-deps", "--no-build-isolation", str(copy))
    return venv


def stock() -> Path:
    """A virtual environment with Rasa, installed as in its documentation."""
    venv = _venv("stock")
    _install(venv, "install", *_STOCK)
    return venv


def python(venv: Path) -> Path:
    """The interpreter of a virtual environment."""
    return venv / "bin" / "python"


def _venv(name: str) -> Path:
    venv = bench_folder() / name
    if not python(venv).exists():
        base = Path(sys.base_prefix, "bin", "python3.10")
        _uv("a Python 3.10 environment", "venv", "--no-project", "--python", str(base), str(venv))
    return venv


def _install(venv: Path, *arguments: str) -> None:
    verb, *rest = arguments
    _uv(" ".join(rest[-2:]), "pip", verb, "--compile-bytecode", "--python", str(python(venv)), *rest)


def _uv(what: str, *arguments: str) -> None:
    """Run uv outside the project, whose pyproject.toml would exclude TensorFlow from the stock environment too."""
    command = [_installer(), *arguments, "--quiet"]
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    try:
        subprocess.run(command, cwd=tempfile.gettempdir(), env=environment, check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        reason = next(iter(error.stderr.strip().splitlines()), f"code {error.returncode}")
        raise BenchError(f"could not install {what} (is the network available?): {reason}") from error


def _installer() -> str:
    """A working uv, found like in deploy/setup.sh; a shim on the PATH may exist but fail."""
    own = FOLDER / "uv" / "bin" / "uv"
    for candidate in ("uv", str(ROOT / ".uv/bin/uv"), str(Path.home() / ".local/bin/uv"), str(own)):
        if shutil.which(candidate) and subprocess.run([candidate, "--version"], capture_output=True).returncode == 0:
            return candidate
    base = Path(sys.base_prefix, "bin", "python3.10")
    for command in ([str(base), "-m", "venv", str(own.parents[1])], [str(own.with_name("pip")), "install", "-q", "uv"]):
        if subprocess.run(command, capture_output=True).returncode != 0:
            raise BenchError("uv is missing and pip could not fetch it; install uv (https://docs.astral.sh/uv/)")
    return str(own)
