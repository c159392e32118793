"""The two sides of the comparison: our assistant, and stock Rasa with our actions on an action server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assistant import launcher
from assistant.processes import Server
from assistant.training import rasa_environment
from bench import stock
from bench.environments import ROOT, python
from bench.errors import BenchError
from bench.load import ACTIONS, ASSISTANT, Target
from bench.usage import children, cpu_seconds, end, resident_bytes
from bench.visitors import RestVisitor, Visitor, WebVisitor

_NO_LIMITS = {
    f"SEATWISE_{what}_A_MINUTE": "1000000"
    for what in ("MESSAGES", "ADDRESS_MESSAGES", "ADDRESS_VISITS", "CPU_SECONDS", "ADDRESS_CPU_SECONDS")
}


@dataclass(frozen=True)
class Side:
    """The processes of one side, and how to connect a visitor."""

    assistant: int  # process id
    actions: int | None  # process id; ours run inside the assistant
    address: str  # ends in a slash
    visitor: Callable[[], Visitor]

    def cpu(self) -> float:
        """CPU seconds of both processes since the start."""
        return cpu_seconds(self.assistant) + self.actions_cpu()

    def actions_cpu(self) -> float:
        """CPU seconds of the action server since the start."""
        return cpu_seconds(self.actions) if self.actions else 0.0

    def target(self) -> Target:
        """This side as the target of a load."""
        return Target(self.visitor, {ASSISTANT: partial(cpu_seconds, self.assistant), ACTIONS: self.actions_cpu})

    def memory(self) -> int:
        """Resident bytes of both processes."""
        return resident_bytes(self.assistant) + (resident_bytes(self.actions) if self.actions else 0)


Start = Callable[[], AbstractContextManager[Side]]
"""Starts a side, and stops it after the block."""


@contextmanager
def ours(folder: Path, settings: Mapping[str, str] | None = None, endpoints: str = "endpoints.yml") -> Iterator[Side]:
    """Seatwise as started by ``make run``, with overrides.

    Args:
        folder: folder for its logs and database.
        settings: environment variables to override.
        endpoints: the endpoints file.
    """
    own = {
        "SEATWISE_DATABASE_URL": f"sqlite:///{folder / 'seatwise.db'}",
        **_NO_LIMITS,
        **(settings or {}),
    }
    before = children()
    with (
        redirect_stdout(sys.stderr),
        launcher.serving(logs=folder / "logs", environment=own, endpoints=endpoints) as address,
    ):
        started = {pid: command for pid, command in children().items() if pid not in before}
        yield Side(_the(started, " -m rasa run"), None, address, lambda: WebVisitor(address))


@contextmanager
def stock_rasa(venv: Path, model: Path, folder: Path) -> Iterator[Side]:
    """Stock Rasa with its own model and our action server, because both sides use our actions."""
    (folder / "credentials.yml").write_text(stock.CREDENTIALS, encoding="utf-8")
    (folder / "endpoints.yml").write_text(stock.ENDPOINTS, encoding="utf-8")
    port, actions_port = launcher.free_port(), launcher.free_port()
    address, behind = f"http://127.0.0.1:{port}/", f"http://127.0.0.1:{actions_port}/"
    environment = rasa_environment() | {"ACTION_ENDPOINT_URL": f"{behind}webhook", "SANIC_HOST": "127.0.0.1"}
    act = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(actions_port), "--quiet"]
    answer = [str(python(venv)), "-m", "rasa", "run", "--quiet", "--model", str(model), "--port", str(port)]
    answer += ["--endpoints", "endpoints.yml", "--credentials", "credentials.yml", "--interface", "127.0.0.1"]
    with (
        _started("The action server", act, ROOT, folder / "actions.log", environment) as actions,
        _started("Stock Rasa", answer, folder, folder / "stock.log", environment) as assistant,
    ):
        actions.wait_for(f"{behind}health")
        assistant.wait_for(address)
        yield Side(assistant.process.pid, actions.process.pid, address, lambda: RestVisitor(address))


@contextmanager
def _started(name: str, command: list[str], cwd: Path, log: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield Server(name, process, log)
    finally:
        end(process)


def _the(started: Mapping[int, str], part: str) -> int:
    found = [pid for pid, command in started.items() if part in command]
    if len(found) != 1:
        raise BenchError(f"expected one process with{part}, found {len(found)}")
    return found[0]
