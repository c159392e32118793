"""Two real replicas over one real PostgreSQL behind a real nginx; each can be killed, frozen and brought back."""

from __future__ import annotations

import base64
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import requests

from assistant.launcher import ROOT, serving
from assistant.processes import started
from assistant.training import rasa_environment
from bench.cluster import Cluster, lasting_port, postgresql, signal_all
from tests.conftest import NO_LIMITS
from tests.faults.neighbours import Actions, Receiver
from tests.faults.records import Records
from tests.nginx import nginx

WEBHOOK_KEY = b"what only the firm and the assistant know"
ENDPOINTS = "endpoints.yml"
CREDENTIALS = "credentials.yml"
SETTINGS = {
    **NO_LIMITS,
    "SEATWISE_SECRET": "a-secret-that-both-replicas-share-and-long-enough",
    "SEATWISE_WEBHOOK_SECRET": f"whsec_{base64.b64encode(WEBHOOK_KEY).decode()}",
}


class Replica:
    """One assistant on a port that it keeps.

    Args:
        logs: the folder of its logs.
        settings: its environment.
        endpoints: the file that says where it finds its parts.
        credentials: the file that opens its channels.
    """

    def __init__(
        self, logs: Path, settings: dict[str, str], endpoints: str = ENDPOINTS, credentials: str = CREDENTIALS
    ) -> None:
        self.port = lasting_port()
        self.address = f"http://127.0.0.1:{self.port}/"
        self._logs = logs
        self._settings = settings
        self._files = {"endpoints": endpoints, "credentials": credentials}
        self._running = ExitStack()
        self._starts = 0

    def start(self) -> None:
        """Start it, also again; from the main thread, with which Linux ends it."""
        self._starts += 1
        logs = self._logs / f"{self.port}-{self._starts}"
        logs.mkdir()
        self._running.enter_context(serving(self.port, logs=logs, environment=self._settings, **self._files))

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        self.thaw()
        self._running.close()

    def kill(self) -> None:
        """End it without a warning."""
        signal_all(self._processes(), signal.SIGKILL)
        self._running.close()

    def freeze(self) -> None:
        """Let it do nothing until it is thawed."""
        signal_all(self._processes(), signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        signal_all(self._processes(), signal.SIGCONT)

    @property
    def turns(self) -> int:
        """How many messages it has worked on since its start."""
        metrics = requests.get(f"{self.address}metrics", timeout=5).text
        return int(float(re.findall(r"^seatwise_turn_seconds_count (\S+)", metrics, flags=re.M)[0]))

    @property
    def alive(self) -> bool:
        """Whether its process is there."""
        return bool(self._processes())

    def _processes(self) -> list[int]:
        lines = {process: command(process) for process in children()}
        return [process for process, line in lines.items() if re.search(rf" rasa run .* --port {self.port} ", line)]


@dataclass
class System:
    """All of it. ``door`` is the address of nginx, which sends each visitor to one of the replicas."""

    replicas: list[Replica]
    postgresql: Cluster
    records: Records
    actions: Actions
    receiver: Receiver
    door: str
    settings: dict[str, str]

    @property
    def addresses(self) -> list[str]:
        """Those of the replicas."""
        return [replica.address for replica in self.replicas]

    def heal(self) -> None:
        """Bring back what a test has left stopped or frozen, and wait until all can serve."""
        if not self.postgresql.running:
            self.postgresql.start()
        self.postgresql.thaw()
        for replica in self.replicas:
            replica.thaw()
        self.restart_the_dead()
        for replica in self.replicas:
            eventually(lambda: requests.get(f"{replica.address}ready", timeout=5).status_code == 200)  # noqa: B023

    def restart_the_dead(self) -> None:
        """Start the replicas again whose process has ended, as an orchestrator does."""
        for replica in self.replicas:
            if not replica.alive:
                replica.stop()
                replica.start()


@contextmanager
def running(folder: Path, endpoints: str = ENDPOINTS) -> Iterator[System]:
    """The whole system for as long as the block runs; it keeps all its files in this folder."""
    with ExitStack() as stack:
        cluster = stack.enter_context(postgresql())
        actions = Actions(stack.enter_context(action_server(folder)))
        stack.callback(actions.close)
        receiver = Receiver()
        stack.callback(receiver.close)
        settings = {
            **SETTINGS,
            "SEATWISE_DATABASE_URL": cluster.url,
            "SEATWISE_WEBHOOK_URL": receiver.url,
            "ACTION_ENDPOINT_URL": actions.url,
        }
        replicas = [Replica(folder, settings, endpoints) for _ in range(2)]
        for replica in replicas:
            stack.callback(replica.stop)
            replica.start()
        door = stack.enter_context(nginx([f"127.0.0.1:{replica.port}" for replica in replicas], folder))
        yield System(replicas, cluster, Records(cluster.url), actions, receiver, door, settings)


def eventually(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Return as soon as this holds.

    Raises:
        AssertionError: it did not come to that; what it raised last is the cause.
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
    raise AssertionError(f"it did not come about within {seconds:.0f} seconds") from failure


def children() -> list[int]:
    """The processes that we started."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that has just ended
            found += [int(process) for process in (task / "children").read_text().split()]
    return found


def command(process: int) -> str:
    """With what it was started; empty if it has ended."""
    return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")


@contextmanager
def action_server(folder: Path) -> Iterator[str]:
    """A real action server for as long as the block runs; its address."""
    port = lasting_port()
    module = ["rasa_sdk", "--actions", "actions", "--port", str(port), "--quiet"]
    environment = {**rasa_environment(), "SANIC_HOST": "127.0.0.1"}
    with started("The action server", module, folder / "actions.log", ROOT, environment) as server:
        server.wait_for(f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}/webhook"
