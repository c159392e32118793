"""A real PostgreSQL for tests and benchmarks: its own cluster on a free port, stopped and removed afterwards."""

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
_NEVER_LENT = range(20_000, 32_000)  # ports that Linux gives to no outgoing connection


class Cluster:
    """A running PostgreSQL with one empty database."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self._log = folder / "log"
        port = lasting_port()
        self._settings = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
        self._server = f"postgresql://seatwise@127.0.0.1:{port}"
        self.url = f"{self._server}/postgres"
        _run("initdb", "-D", str(self.data), "-A", "trust", "-U", "seatwise", "--no-sync")
        self.start()

    def start(self) -> None:
        """Start it, also again with all that it had stored."""
        _run("pg_ctl", "-D", str(self.data), "-o", self._settings, "-l", str(self._log), "-w", "start")

    def stop(self) -> None:
        """Stop it at once, as a crash would."""
        _run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")

    def freeze(self) -> None:
        """Let none of its processes do anything until they are thawed; connections stay open."""
        signal_all(self._processes(), signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on, as if nothing had been."""
        signal_all(self._processes(), signal.SIGCONT)

    def dump(self, file: Path, snapshot: str) -> None:
        """Back up the database into a file, as it was when somebody exported this snapshot of it."""
        with file.open("wb") as output:
            _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", self.url, stdout=output)

    def restore(self, file: Path, name: str) -> str:
        """Bring a backup into a new, empty database; its address."""
        url = f"{self._server}/{name}"
        _run("createdb", "--maintenance-db", self.url, name)
        with file.open("rb") as given:
            _run("pg_restore", "--exit-on-error", "--dbname", url, stdin=given)
        return url

    @property
    def running(self) -> bool:
        """Whether it has been started, and neither stopped nor crashed since."""
        return (self.data / "postmaster.pid").exists()

    def _processes(self) -> list[int]:
        first = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        return [first, *map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split())]


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
        if cluster.running:
            cluster.thaw()
            cluster.stop()
        shutil.rmtree(folder)


def lasting_port() -> int:
    """A free port that stays free while whoever has it is stopped for a while."""
    while True:
        port = random.choice(_NEVER_LENT)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def signal_all(processes: list[int], number: signal.Signals) -> None:
    """The same signal to each of these; some may have ended by themselves."""
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
        raise FileNotFoundError(f"{name} is missing: install PostgreSQL (Debian's package postgresql)")
    return found
