"""A real PostgreSQL for the tests that need one: its own cluster on a free port, stopped and removed afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.launcher import free_port

_DEBIAN = Path("/usr/lib/postgresql")


class Cluster:
    """A running PostgreSQL with one empty database."""

    def __init__(self, folder: Path) -> None:
        self._data = folder / "data"
        self._log = folder / "log"
        port = free_port()
        self._settings = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
        self.url = f"postgresql://seatwise@127.0.0.1:{port}/postgres"
        _run("initdb", "-D", str(self._data), "-A", "trust", "-U", "seatwise", "--no-sync")
        self.start()

    def start(self) -> None:
        """Start it, also again with all that it had stored."""
        _run("pg_ctl", "-D", str(self._data), "-o", self._settings, "-l", str(self._log), "-w", "start")

    def stop(self) -> None:
        """Stop it at once, as a crash would."""
        _run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")


@contextmanager
def postgresql() -> Iterator[Cluster]:
    """A cluster for as long as the block runs."""
    folder = Path(tempfile.mkdtemp(prefix="seatwise-postgresql-"))
    if os.geteuid() == 0:  # PostgreSQL does not run as root
        shutil.chown(folder, "postgres")
    cluster = Cluster(folder)
    try:
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder)


def _run(program: str, *arguments: str) -> None:
    command = [_program(program), *arguments]
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


def _program(name: str) -> str:
    found = shutil.which(name) or max((str(path) for path in _DEBIAN.glob(f"*/bin/{name}")), default=None)
    if not found:
        raise FileNotFoundError(f"{name} is missing: install PostgreSQL (Debian's package postgresql)")
    return found
