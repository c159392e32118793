"""Starts, watches and stops child processes, each with its own log; no other processes are stopped."""

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

_READY_SECONDS = 120.0  # usually two; twenty on a busy machine without byte code
_STOP_SECONDS = 20.0  # for running turns
PRIVATE = 0o077
"""The umask: our files, including conversations and logs, are accessible to our own user only."""
_PDEATHSIG = 1  # PR_SET_PDEATHSIG on Linux


class LaunchError(SeatwiseError):
    """The assistant cannot start, or one of its processes exited unexpectedly."""


@dataclass(frozen=True)
class Server:
    """A child process and its log file; without a file, its output goes to ours."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path | None

    def check(self) -> None:
        """Raise LaunchError if the process has ended."""
        code = self.process.poll()
        if code is not None:
            raise LaunchError(f"{self.name} exited unexpectedly (exit code {code}). {self._log_excerpt()}")

    def wait_for(self, url: str) -> None:
        """Return once ``url`` answers 200.

        Raises:
            LaunchError: the process exits or times out.
        """
        deadline = time.monotonic() + _READY_SECONDS
        last = ""
        with requests.Session() as session:
            session.trust_env = False  # no proxies for this machine
            while time.monotonic() < deadline:
                self.check()
                with suppress(requests.RequestException):
                    answer = session.get(url, timeout=5)
                    if answer.status_code == 200:
                        self.check()
                        return
                    last = f"; last response: {answer.text[:200]}"
                    if '"model":"away"' in last:  # Rasa starts anyway, and the reason is only in its log
                        raise LaunchError(f"{self.name} could not load its model. {self._log_excerpt()}")
                time.sleep(0.05)
        raise LaunchError(f"{self.name} was not ready within {_READY_SECONDS:.0f} seconds{last}. {self._log_excerpt()}")

    def _log_excerpt(self) -> str:
        if self.log is None:
            return "See its log above."
        return f"End of its log {self.log}:\n{readable_log(self.log)}"


@contextmanager
def started(
    name: str, module: list[str], log: Path | None, root: Path, environment: Mapping[str, str]
) -> Iterator[Server]:
    """Run a Python module during the block.

    Args:
        name: its name in messages.
        module: the module and its arguments.
        log: file for its output.
        root: its working folder.
        environment: all its environment variables.
    """
    if log:
        log.touch(mode=0o600)
        log.chmod(0o600)  # earlier versions left it readable by other users
    with log.open("wb") if log else nullcontext() as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *module],
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            umask=PRIVATE,
            start_new_session=True,  # the launcher forwards Ctrl-C itself, in the right order
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )
    try:
        yield Server(name, process, log)
    finally:
        _stop(process)


def _end_with_parent() -> None:
    """Ask Linux to end this process if the launcher is killed without a chance to clean up."""
    ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGTERM)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_SECONDS)
    finally:  # even on a second Ctrl-C
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
