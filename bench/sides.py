"""The two sides as they run: each an assistant and, behind it, the same action server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from assistant import launcher
from assistant.processes import Server
from assistant.stores.database import PLACE
from assistant.training import rasa_environment
from bench import stock
from bench.environments import ROOT, python
from bench.errors import BenchError
from bench.usage import children, cpu_seconds, end
from bench.visitors import RestVisitor, Visitor, WebVisitor

_NO_LIMITS = {f"SEATWISE_{what}_A_MINUTE": "1000000" for what in ("MESSAGES", "ADDRESS_MESSAGES", "ADDRESS_VISITS")}


@dataclass(frozen=True)
class Side:
    """The two processes of one side, and how a visitor comes to them."""

    assistant: int  # process id
    actions: int  # process id
    visitor: Callable[[], Visitor]

    def cpu(self) -> float:
        """CPU seconds of both since their start."""
        return cpu_seconds(self.assistant) + cpu_seconds(self.actions)


@contextmanager
def ours(folder: Path) -> Iterator[Side]:
    """Seatwise as ``make run`` starts it; its logs and its database go into the folder."""
    settings = {PLACE: f"sqlite:///{folder / 'seatwise.db'}", **_NO_LIMITS}
    with redirect_stdout(sys.stderr), launcher.serving(logs=folder / "logs", environment=settings) as address:
        started = children()
        assistant, actions = (_the(started, module) for module in (" -m rasa run", " -m rasa_sdk"))
        yield Side(assistant, actions, lambda: WebVisitor(address))


@contextmanager
def stock_rasa(venv: Path, model: Path, folder: Path) -> Iterator[Side]:
    """Stock Rasa with its own model, and with our action server, because our actions answer for both sides."""
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
        yield Side(assistant.process.pid, actions.process.pid, lambda: RestVisitor(address))


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
        raise BenchError(f"one process with{part} should run, and {len(found)} do")
    return found[0]
