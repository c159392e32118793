"""What processes used, as Linux counts it: CPU to the nanosecond, memory by page."""

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
    """Seconds of the wall clock, and of CPU in user and system mode."""

    wall: float
    cpu: float


def run(
    command: Sequence[str],
    log: Path,
    environment: Mapping[str, str],
    cwd: Path,
    stdin: IO[bytes] | None = None,
) -> Spent:
    """Run a command to its end and say what it used, its own children included.

    Args:
        command: the program and its arguments.
        log: takes what the command prints.
        environment: all its variables.
        cwd: where it runs.
        stdin: what it reads; nothing by default.

    Raises:
        BenchError: it ended with another code than 0.
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
        raise BenchError(f"{' '.join(command[:5])} … ended with code {code}. The end of its log:\n{readable_log(log)}")
    return Spent(time.perf_counter() - begun, _children() - before)


def end(process: subprocess.Popen[bytes], patience: float = 15.0) -> None:
    """End a process that we started: politely, and after ``patience`` seconds in any case."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def cpu_seconds(pid: int) -> float:
    """CPU that a running process has used since its start, all its threads together."""
    clock = ctypes.c_int()
    if _LIBC.clock_getcpuclockid(pid, ctypes.byref(clock)) != 0:
        raise BenchError(f"process {pid} has no CPU clock any more: it ended during the measurement")
    return time.clock_gettime(clock.value)


def family_cpu_seconds(pid: int) -> float:
    """CPU of a running process, of its children, and of those that have ended, to a hundredth of a second."""
    processes = (_ticks(process) for process in (pid, *_children_of(pid)))
    return sum(sum(ticks) for ticks in processes) / os.sysconf("SC_CLK_TCK")


def parent(pid: int) -> int:
    """The process that started this one."""
    return int(_status(pid)[1])


def resident_bytes(pid: int) -> int:
    """Memory of a process that is in RAM now."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Rss:"):
            return int(line.split()[1]) * 1024
    raise BenchError(f"/proc/{pid}/smaps_rollup does not say Rss")


def children() -> dict[int, str]:
    """The processes that this one started and that still run, with their command lines."""
    found = {}
    for pid in _children_of(os.getpid()):
        with suppress(FileNotFoundError, ProcessLookupError):  # one that has just ended
            found[pid] = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").replace("\0", " ").strip()
    return found


def disk_bytes(folder: Path) -> int:
    """What a folder takes on disk, each file once however many names it has."""
    sizes = {}
    for place, _, files in os.walk(folder):
        for name in files:
            status = os.lstat(os.path.join(place, name))
            sizes[status.st_dev, status.st_ino] = status.st_blocks * 512
    return sum(sizes.values())


def _children_of(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has just ended
            found += map(int, (task / "children").read_text(encoding="ascii").split())
    return found


def _ticks(pid: int) -> tuple[int, ...]:
    """User and system time, of the process itself and of its ended children."""
    return tuple(int(field) for field in _status(pid)[11:15])


def _status(pid: int) -> list[str]:
    """The fields of /proc/…/stat (proc(5)) from the third on; the second, a name, may hold blanks."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
