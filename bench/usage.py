"""Resource usage of processes on Linux: CPU time and memory."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from assistant.training import readable_log
from bench.errors import BenchError

MB = 1e6
_LIBC = ctypes.CDLL(None)


@dataclass(frozen=True)
class Spent:
    """Seconds of wall clock, and of user plus system CPU."""

    wall: float
    cpu: float


def run(
    command: Sequence[str],
    log: Path,
    environment: Mapping[str, str],
    cwd: Path,
    stdin: IO[bytes] | None = None,
) -> Spent:
    """Run a command and return its usage, including its children.

    Args:
        command: the program and its arguments.
        log: file for its output.
        environment: all its environment variables.
        cwd: its working folder.
        stdin: its input; none by default.

    Raises:
        BenchError: its exit code is not 0.
    """
    before, begun = _children(), time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=environment,
            stdin=stdin or subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            code = process.wait()
        finally:
            end(process)
    if code != 0:
        raise BenchError(f"{' '.join(command[:5])} … exited with code {code}. End of its log:\n{readable_log(log)}")
    return Spent(time.perf_counter() - begun, _children() - before)


def end(process: subprocess.Popen[bytes], timeout: float = 15.0) -> None:
    """Terminate a child process, and kill it after ``timeout`` seconds."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def cpu_seconds(pid: int) -> float:
    """CPU seconds used by a running process since its start, over all threads."""
    clock = ctypes.c_int()
    if _LIBC.clock_getcpuclockid(pid, ctypes.byref(clock)) != 0:
        raise BenchError(f"process {pid} ended during the measurement")
    return time.clock_gettime(clock.value)


def family_cpu_seconds(pid: int) -> float:
    """CPU seconds of a process and its children, including ended ones, to a hundredth of a second."""
    processes = (_ticks(process) for process in (pid, *_children_of(pid)))
    return sum(sum(ticks) for ticks in processes) / os.sysconf("SC_CLK_TCK")


def parent(pid: int) -> int:
    """The parent process."""
    return int(_status(pid)[1])


def resident_bytes(pid: int) -> int:
    """Resident memory of a process."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Rss:"):
            return int(line.split()[1]) * 1024
    raise BenchError(f"/proc/{pid}/smaps_rollup has no Rss")


def children() -> dict[int, str]:
    """The running child processes of this one, with their command lines."""
    found = {}
    for pid in _children_of(os.getpid()):
        with suppress(FileNotFoundError, ProcessLookupError):  # a process that just ended
            found[pid] = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").replace("\0", " ").strip()
    return found


def disk_bytes(folder: Path) -> int:
    """The disk usage of a folder, counting hard links once."""
    sizes = {}
    for place, _, files in os.walk(folder):
        for name in files:
            status = os.lstat(os.path.join(place, name))
            sizes[status.st_dev, status.st_ino] = status.st_blocks * 512
    return sum(sizes.values())


def _children_of(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that just ended
            found += map(int, (task / "children").read_text(encoding="ascii").split())
    return found


def _ticks(pid: int) -> tuple[int, ...]:
    """User and system ticks of the process and of its ended children."""
    return tuple(int(field) for field in _status(pid)[11:15])


def _status(pid: int) -> list[str]:
    """The fields of /proc/…/stat (proc(5)) from the third on; the second, a name, may contain spaces."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
