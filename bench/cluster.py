"""A real PostgreSQL for tests and benchmarks: a temporary cluster on a free port."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

_DEBIAN = Path("/usr/lib/postgresql")
_NOT_EPHEMERAL = range(20_000, 32_000)  # below the ephemeral ports of Linux


class Cluster:
    """A running PostgreSQL with one empty database."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self._log = folder / "log"
        port = stable_port()
        self._settings = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
        self._server = f"postgresql://seatwise@127.0.0.1:{port}"
        self.url = f"{self._server}/postgres"
        _run("initdb", "-D", str(self.data), "-A", "trust", "-U", "seatwise", "--no-sync")
        self.start()

    def start(self) -> None:
        """Start or restart it, keeping its data."""
        _run("pg_ctl", "-D", str(self.data), "-o", self._settings, "-l", str(self._log), "-w", "start")

    def stop(self) -> None:
        """Stop it immediately, as in a crash."""
        _run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")

    def freeze(self) -> None:
        """Suspend all its processes until they are thawed; connections stay open."""
        signal_all(self._processes(), signal.SIGSTOP)

    def thaw(self) -> None:
        """Resume its processes."""
        signal_all(self._processes(), signal.SIGCONT)

    def dump(self, file: Path, snapshot: str) -> None:
        """Back up the database into a file, as of this exported snapshot."""
        with file.open("wb") as output:
            _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", self.url, stdout=output)

    def restore(self, file: Path, name: str) -> str:
        """Restore a backup into a new database; returns its URL."""
        url = f"{self._server}/{name}"
        _run("createdb", "--maintenance-db", self.url, name)
        with file.open("rb") as given:
            _run("pg_restore", "--exit-on-error", "--dbname", url, stdin=given)
        return url

    @property
    def running(self) -> bool:
        """Whether the server is running."""
        return (self.data / "postmaster.pid").exists()

    def _processes(self) -> list[int]:
        first = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        return [first, *map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split())]


@contextmanager
def postgresql() -> Iterator[Cluster]:
    """Run a cluster during the block."""
    folder = Path(tempfile.mkdtemp(prefix="seatwise-postgresql-"))
    if os.geteuid() == 0:  # PostgreSQL does not run as root
        shutil.chown(folder, "postgres")
    cluster = Cluster(folder)
    try:
        yield cluster
    finally:
        if cluster.running:
            cluster.thaw()
            cluster.stop()
        shutil.rmtree(folder)


def stable_port() -> int:
    """A free port that is not reused while its owner is stopped."""
    while True:
        port = random.choice(_NOT_EPHEMERAL)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def signal_all(processes: list[int], number: signal.Signals) -> None:
    """Send a signal to processes, some of which may have ended."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, number)


def _run(program: str, *arguments: str, stdin: IO[bytes] | None = None, stdout: IO[bytes] | None = None) -> None:
    command = [_program(program), *arguments]
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    streams: dict[str, Any] = {"stdin": stdin or subprocess.DEVNULL, "stdout": stdout or subprocess.DEVNULL}
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL, cwd="/", **streams)


def _program(name: str) -> str:
    found = shutil.which(name) or max((str(path) for path in _DEBIAN.glob(f"*/bin/{name}")), default=None)
    if not found:
        raise FileNotFoundError(f"{name} is missing: install PostgreSQL (Debian package postgresql)")
    return found
