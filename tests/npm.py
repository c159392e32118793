"""Runs the scripts of the widget's package."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WIDGET = Path(__file__).parents[1] / "widget"


class Script:
    """A running script, whose output goes to a file."""

    def __init__(self, process: subprocess.Popen[bytes], output: Path) -> None:
        self._process = process
        self._output = output

    def result(self, seconds: float) -> tuple[int, str]:
        """Its exit code and what it printed.

        Raises:
            subprocess.TimeoutExpired: it did not end in time.
        """
        code = self._process.wait(seconds)
        return code, self._output.read_text(encoding="utf-8", errors="replace")


@contextmanager
def running(name: str, output: Path) -> Iterator[Script]:
    """Run a script of ``package.json`` during the block; it is stopped at its end, with what it started."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SEATWISE_")}
    environment["SCREENSHOTS"] = str(WIDGET.parent / "results" / "screenshots")
    with (
        output.open("wb") as file,
        subprocess.Popen(
            ["npm", "run", "--silent", name],
            cwd=WIDGET,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield Script(process, output)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
