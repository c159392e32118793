"""Two real replicas on one real PostgreSQL behind a real nginx; each can be killed, frozen and restarted."""

from __future__ import annotations

import base64
import re
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import requests

from assistant.launcher import ROOT, serving
from assistant.processes import started
from assistant.training import rasa_environment
from bench.cluster import Cluster, postgresql, signal_all, stable_port
from tests.conftest import NO_LIMITS
from tests.faults.records import Records
from tests.faults.services import Actions, Receiver
from tests.nginx import nginx

WEBHOOK_KEY = b"what only the firm and the assistant know"
ENDPOINTS = "endpoints.yml"
CREDENTIALS = "credentials.yml"
SETTINGS = {
    **NO_LIMITS,
    "SEATWISE_SECRET": "a-secret-that-both-replicas-share-and-long-enough",
    "SEATWISE_CONSOLE_TOKEN": "a-token-of-the-operators-that-is-long-enough",
    "SEATWISE_WEBHOOK_SECRET": f"whsec_{base64.b64encode(WEBHOOK_KEY).decode()}",
}


class Replica:
    """One assistant on a fixed port.

    Args:
        logs: folder for its logs.
        settings: its environment variables.
        endpoints: its endpoints file.
        credentials: its credentials file.
    """

    def __init__(
        self, logs: Path, settings: dict[str, str], endpoints: str = ENDPOINTS, credentials: str = CREDENTIALS
    ) -> None:
        self.port = stable_port()
        self.address = f"http://127.0.0.1:{self.port}/"
        self._logs = logs
        self._settings = settings
        self._files = {"endpoints": endpoints, "credentials": credentials}
        self._running = ExitStack()
        self._starts = 0

    def start(self) -> None:
        """Start or restart it; call from the main thread, since Linux ends it with its parent thread."""
        self._starts += 1
        logs = self._logs / f"{self.port}-{self._starts}"
        logs.mkdir()
        self._running.enter_context(serving(self.port, logs=logs, environment=self._settings, **self._files))

    def stop(self) -> None:
        """Stop it gracefully and wait for its end."""
        self.thaw()
        self._running.close()

    def kill(self) -> None:
        """Kill it."""
        signal_all(self._processes(), signal.SIGKILL)
        self._running.close()

    def freeze(self) -> None:
        """Suspend it until it is thawed."""
        signal_all(self._processes(), signal.SIGSTOP)

    def thaw(self) -> None:
        """Resume it."""
        signal_all(self._processes(), signal.SIGCONT)

    @property
    def turns(self) -> int:
        """The number of turns since its start."""
        metrics = requests.get(f"{self.address}metrics", timeout=5).text
        return int(float(re.findall(r"^seatwise_turn_seconds_count (\S+)", metrics, flags=re.M)[0]))

    @property
    def alive(self) -> bool:
        """Whether its process is running."""
        return bool(self._processes())

    def _processes(self) -> list[int]:
        lines = {process: command(process) for process in children()}
        return [process for process, line in lines.items() if re.search(rf" rasa run .* --port {self.port} ", line)]


@dataclass
class System:
    """The whole system. ``nginx_url`` is the address of nginx, which routes each visitor to one of the replicas."""

    replicas: list[Replica]
    postgresql: Cluster
    records: Records
    actions: Actions
    receiver: Receiver
    nginx_url: str
    settings: dict[str, str]

    @property
    def addresses(self) -> list[str]:
        """The addresses of the replicas."""
        return [replica.address for replica in self.replicas]

    def recover(self) -> None:
        """Restart or resume everything that a test left stopped or frozen, and wait until all replicas are ready."""
        if not self.postgresql.running:
            self.postgresql.start()
        self.postgresql.thaw()
        for replica in self.replicas:
            replica.thaw()
        self.restart_dead_replicas()
        for replica in self.replicas:
            eventually(lambda: requests.get(f"{replica.address}ready", timeout=5).status_code == 200)  # noqa: B023

    def restart_dead_replicas(self) -> None:
        """Restart replicas whose process has ended, as an orchestrator does."""
        for replica in self.replicas:
            if not replica.alive:
                replica.stop()
                replica.start()


@contextmanager
def running(folder: Path, endpoints: str = ENDPOINTS, extra: Mapping[str, str] | None = None) -> Iterator[System]:
    """Run the whole system during the block, with its files in this folder and with these settings too."""
    with ExitStack() as stack:
        cluster = stack.enter_context(postgresql())
        receiver = Receiver()
        stack.callback(receiver.close)
        settings = {**SETTINGS, "SEATWISE_DATABASE_URL": cluster.url, "SEATWISE_WEBHOOK_URL": receiver.url}
        settings |= extra or {}
        actions = Actions(stack.enter_context(action_server(folder, settings)))
        stack.callback(actions.close)
        settings["ACTION_ENDPOINT_URL"] = actions.url
        replicas = [Replica(folder, settings, endpoints) for _ in range(2)]
        for replica in replicas:
            stack.callback(replica.stop)
            replica.start()
        nginx_url = stack.enter_context(nginx([f"127.0.0.1:{replica.port}" for replica in replicas], folder))
        yield System(replicas, cluster, Records(cluster.url), actions, receiver, nginx_url, settings)


def eventually(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Return as soon as the condition holds.

    Raises:
        AssertionError: the condition never held; its last error is the cause.
    """
    deadline = time.monotonic() + seconds
    failure: Exception | None = None
    while time.monotonic() < deadline:
        try:
            if holds():
                return
        except (requests.RequestException, AssertionError) as error:
            failure = error
        time.sleep(0.05)
    raise AssertionError(f"condition not met within {seconds:.0f} seconds") from failure


def children() -> list[int]:
    """The child processes of this process."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that has just ended
            found += [int(process) for process in (task / "children").read_text().split()]
    return found


def command(process: int) -> str:
    """The command line of a process; empty if it has ended."""
    return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")


@contextmanager
def action_server(folder: Path, settings: Mapping[str, str]) -> Iterator[str]:
    """Run a real action server during the block; yields its address."""
    port = stable_port()
    module = ["rasa_sdk", "--actions", "actions", "--port", str(port), "--quiet"]
    environment = {**rasa_environment(), **settings, "SANIC_HOST": "127.0.0.1"}
    with started("The action server", module, folder / "actions.log", ROOT, environment) as server:
        server.wait_for(f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}/webhook"
