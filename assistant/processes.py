"""Processes that we start, watch and stop, each with a log of its own; nothing is ended that was not started here."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

import requests

from advisor.errors import SeatwiseError
from assistant.training import readable_log

_READY_SECONDS = 120.0  # a start takes two; a busy machine without byte code needed twenty
_STOP_SECONDS = 20.0  # for the answers that are under way
PRIVATE = 0o077
"""The umask: what we write, conversations and logs among it, is for our own user alone."""
_DEATH_OF_PARENT = 1  # PR_SET_PDEATHSIG of Linux


class LaunchError(SeatwiseError):
    """The assistant cannot start here, or one of its processes ended by itself."""


@dataclass(frozen=True)
class Server:
    """A process that we started, and the file that takes what it prints; without one that goes where ours goes."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path | None

    def check(self) -> None:
        """Raise LaunchError if the process has ended."""
        code = self.process.poll()
        if code is not None:
            raise LaunchError(f"{self.name} ended by itself (exit code {code}). {self._says()}")

    def wait_for(self, url: str) -> None:
        """Return once ``url`` answers 200.

        Raises:
            LaunchError: it does not come to that.
        """
        deadline = time.monotonic() + _READY_SECONDS
        told = ""
        with requests.Session() as session:
            session.trust_env = False  # no proxy stands between us and this machine
            while time.monotonic() < deadline:
                self.check()
                with suppress(requests.RequestException):
                    answer = session.get(url, timeout=5)
                    if answer.status_code == 200:
                        self.check()
                        return
                    told = f", only {answer.text[:200]}"
                    if '"model":"away"' in told:  # Rasa comes up all the same, and says why in its log alone
                        raise LaunchError(f"{self.name} could not load its model. {self._says()}")
                time.sleep(0.05)
        raise LaunchError(f"{self.name} was not ready within {_READY_SECONDS:.0f} seconds{told}. {self._says()}")

    def _says(self) -> str:
        if self.log is None:
            return "Its log stands above."
        return f"The end of its log {self.log}:\n{readable_log(self.log)}"


@contextmanager
def started(
    name: str, module: list[str], log: Path | None, root: Path, environment: Mapping[str, str]
) -> Iterator[Server]:
    """A Python module that runs as long as the block does.

    Args:
        name: how messages call it.
        module: its name and its arguments.
        log: the file that takes what it prints.
        root: where it runs.
        environment: all its variables.
    """
    if log:
        log.touch(mode=0o600)
        log.chmod(0o600)  # an earlier version left it open to everybody on the machine
    with log.open("wb") if log else nullcontext() as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *module],
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            umask=PRIVATE,
            start_new_session=True,  # Ctrl-C on the terminal is ours to pass on, in the right order
            preexec_fn=_end_with_us if sys.platform == "linux" else None,
        )
    try:
        yield Server(name, process, log)
    finally:
        _stop(process)


def _end_with_us() -> None:
    """Asks Linux to end this process when the launcher is killed in a way that leaves it no time to tidy up."""
    ctypes.CDLL(None).prctl(_DEATH_OF_PARENT, signal.SIGTERM)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_SECONDS)
    finally:  # also when Ctrl-C comes a second time
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
