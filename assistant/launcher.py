"""Starts the assistant with its action server, watches both, and stops both.

``make run`` and the end-to-end tests use the same way in. Each start has ports and logs of its own, so several copies
can run beside each other, and nothing is ended that was not started here.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from advisor.errors import SeatwiseError
from assistant.stores.database import PLACE, Database
from assistant.stores.privacy import erase, export, forget
from assistant.stores.schema import upgrade
from assistant.training import rasa_environment, readable_log, trained_model

ROOT = Path(__file__).parents[1]

_LOOPBACK = "127.0.0.1"
_NEEDED = ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml", "requirements.lock", "data", "actions")
_READY_SECONDS = 120.0  # a start takes two; a busy machine without byte code needed twenty
_STOP_SECONDS = 10.0  # for the answers that are under way
_DEATH_OF_PARENT = 1  # PR_SET_PDEATHSIG of Linux


class LaunchError(SeatwiseError):
    """The assistant cannot start here, or one of its two processes ended by itself."""


@dataclass(frozen=True)
class Settings:
    """Where the assistant listens.

    ``port`` comes from PORT, ``host`` from SEATWISE_HOST; by default only this machine reaches it.
    """

    port: int = 5005
    host: str = _LOOPBACK

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the settings; an empty variable counts as unset."""
        port = environment.get("PORT") or str(cls.port)
        if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            raise LaunchError(f"PORT must be a number from 1 to 65535, and is {port!r}")
        return cls(int(port), environment.get("SEATWISE_HOST") or cls.host)

    @property
    def address(self) -> str:
        """What a person on this machine types into a browser."""
        name = "localhost" if self.host in (_LOOPBACK, "0.0.0.0", "localhost") else self.host
        return f"http://{name}:{self.port}/"


@dataclass(frozen=True)
class Server:
    """A process that we started, and the file that takes what it prints."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def check(self) -> None:
        """Raise LaunchError if the process has ended."""
        code = self.process.poll()
        if code is not None:
            raise LaunchError(f"{self.name} ended by itself (exit code {code}). {self._says()}")

    def check_model(self) -> None:
        """Raise LaunchError if Rasa came up without its model, of which it says nothing but in its log."""
        said = self.log.read_text(encoding="utf-8", errors="replace")
        if "Could not load model" in said or "No valid model found" in said:
            raise LaunchError(f"{self.name} could not load its model. {self._says()}")

    def wait_for(self, url: str) -> None:
        """Return once ``url`` answers 200."""
        deadline = time.monotonic() + _READY_SECONDS
        with requests.Session() as session:
            session.trust_env = False  # no proxy stands between us and this machine
            while time.monotonic() < deadline:
                self.check()
                with suppress(requests.RequestException):
                    if session.get(url, timeout=5).status_code == 200:
                        self.check()
                        return
                time.sleep(0.05)
        raise LaunchError(f"{self.name} did not answer within {_READY_SECONDS:.0f} seconds. {self._says()}")

    def _says(self) -> str:
        return f"The end of its log {self.log}:\n{readable_log(self.log)}"


def train(root: Path = ROOT) -> Path:
    """The model for the content as it is now; see ``training.trained_model`` for the errors."""
    _check_files(root)
    return trained_model(root, _tell)


def run(environment: Mapping[str, str], root: Path = ROOT) -> None:
    """Train if needed, serve until Ctrl-C or SIGTERM, then stop both processes.

    Raises:
        LaunchError: something is missing or in use, or one of the two processes ended.
        TrainingError: the content does not train.
    """
    settings = Settings.from_environment(environment)
    _check_free(settings)
    model = train(root)
    with _servers(settings, model, root, root / "logs", {}) as servers:
        _tell(f"Seatwise answers at {settings.address} (Ctrl-C stops it)")
        with suppress(KeyboardInterrupt):
            while True:
                for server in servers:
                    server.check()
                time.sleep(0.5)
        _tell("Stopping …")


def privacy(command: str, argument: str, root: Path = ROOT) -> dict[str, Any]:
    """Carry out one of the commands of ``stores/privacy.py`` on the database of the project.

    Args:
        command: export, erase or forget.
        argument: the conversation, or the number of days.
    """
    store = Database(os.environ.get(PLACE) or _database(root))
    upgrade(store)
    if command == "export":
        return store.now(lambda connection: export(connection, argument))
    if command == "erase":
        return store.now(lambda connection: erase(connection, argument))
    return store.now(lambda connection: forget(connection, int(argument)))


@contextmanager
def serving(
    port: int | None = None,
    *,
    root: Path = ROOT,
    logs: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Both processes for as long as the block runs; yields the address, which ends in a slash.

    Args:
        port: where to listen on this machine; a free one by default.
        root: the project folder.
        logs: where the two logs go; ``logs/`` of the project by default.
        environment: variables to set for both processes, such as settings under test.
    """
    model = train(root)
    settings = Settings(port or free_port())
    with _servers(settings, model, root, logs or root / "logs", environment or {}):
        yield settings.address


def free_port() -> int:
    """A port of this machine that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        return int(probe.getsockname()[1])


@contextmanager
def _servers(
    settings: Settings, model: Path, root: Path, logs: Path, extra: Mapping[str, str]
) -> Iterator[tuple[Server, Server]]:
    """The action server and, in front of it, the assistant; the one in front is stopped first."""
    logs.mkdir(exist_ok=True, parents=True)
    actions_port = free_port()
    environment = rasa_environment() | {
        "ACTION_ENDPOINT_URL": f"http://{_LOOPBACK}:{actions_port}/webhook",
        "SANIC_GRACEFUL_SHUTDOWN_TIMEOUT": str(_STOP_SECONDS / 2),
    }
    environment.setdefault(PLACE, _database(root))
    environment |= extra
    upgrade(Database(environment[PLACE]))
    actions = ["rasa_sdk", "--actions", "actions", "--port", str(actions_port), "--quiet"]
    assistant = ["rasa", "run", "--quiet", "--model", str(model), "--endpoints", "endpoints.yml"]
    assistant += ["--credentials", "credentials.yml", "--interface", settings.host, "--port", str(settings.port)]
    reach = _LOOPBACK if settings.host == "0.0.0.0" else settings.host
    with (
        _started(
            "The action server",
            actions,
            logs / f"actions-{settings.port}.log",
            root,
            environment | {"SANIC_HOST": _LOOPBACK},  # the only way to tell rasa_sdk where to listen
        ) as action_server,
        _started("The assistant", assistant, logs / f"assistant-{settings.port}.log", root, environment) as front,
    ):
        action_server.wait_for(f"http://{_LOOPBACK}:{actions_port}/health")
        front.wait_for(f"http://{reach}:{settings.port}/")
        front.check_model()
        yield action_server, front


@contextmanager
def _started(name: str, module: list[str], log: Path, root: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *module],
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
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


def _database(root: Path) -> str:
    """Where everything is stored unless a setting says otherwise."""
    return f"sqlite:///{root / 'seatwise.db'}"


def _check_files(root: Path) -> None:
    for name in _NEEDED:
        if not (root / name).exists():
            raise LaunchError(f"{name} is missing in {root}; get it back with: git checkout -- {name}")


def _check_free(settings: Settings) -> None:
    """Say so before a training run if the port cannot be had."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
            probe.listen()
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise LaunchError(
                    f"cannot listen on SEATWISE_HOST {settings.host}, PORT {settings.port}: {error.strerror}"
                ) from error
            raise LaunchError(
                f"port {settings.port} is in use; free it or take another: make run PORT={settings.port % 65535 + 1}"
            ) from error


def _tell(line: str) -> None:
    print(line, flush=True)
