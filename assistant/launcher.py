"""Starts, supervises and stops the assistant.

Used by ``make run`` and the end-to-end tests. Each instance has its own port and logs, so several can run side by
side, and only processes started here are stopped.
"""

from __future__ import annotations

import errno
import os
import secrets
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from assistant.channels.web.sessions import Sessions
from assistant.processes import LaunchError, Server, started
from assistant.settings import ACTION_SERVER, DATABASE_URL, FILE, SECRET, SHORTEST_KEY, Settings
from assistant.stores.calls import is_reference
from assistant.stores.database import Database
from assistant.stores.schema import upgrade
from assistant.training import rasa_environment, trained_model

ROOT = Path(__file__).parents[1]

_LOOPBACK = "127.0.0.1"
_ENDPOINTS = "endpoints.yml"
_CREDENTIALS = "credentials.yml"
_NEEDED = ("config.yml", "domain.yml", _ENDPOINTS, _CREDENTIALS, "requirements.lock", "data", "actions")
_STANDARD_OUTPUT = "-"
_MOST_CRASHES = 5
_CRASH_WINDOW = 60.0  # seconds in which so many crashes are fatal; hanging messages cause fewer
_LARGEST_REQUEST = 24 * 1024  # bytes, headers included; a message may have 16 kB
_LARGEST_OF_SLACK = 512 * 1024  # bytes; the press of a button comes with its whole message


def train(root: Path = ROOT) -> Path:
    """The model for the current content; see ``training.trained_model`` for the errors."""
    _check_files(root)
    return trained_model(root, _print)


def run(environment: Mapping[str, str], root: Path = ROOT) -> None:
    """Train if needed and serve until Ctrl-C or SIGTERM; restart the assistant if it crashes.

    Raises:
        LaunchError: a file is missing, the port is in use, or the assistant crashed repeatedly.
        TrainingError: training failed.
    """
    settings = Settings.from_environment(environment)
    _check_port(settings.host, settings.port)
    model = train(root)
    logs = None if settings.logs == _STANDARD_OUTPUT else root / settings.logs
    crashes: list[float] = []
    while True:
        with _start_assistant(settings.host, settings.port, model, root, logs, {}) as assistant:
            _print(
                f"Seatwise answers at {_address(settings.host, settings.port)}{_in_slack(settings)} (Ctrl-C stops it)"
            )
            try:
                _watch(assistant)
            except KeyboardInterrupt:
                _print("Stopping …")
                return
            except LaunchError as error:
                now = time.monotonic()
                crashes = [*(crash for crash in crashes if now - crash < _CRASH_WINDOW), now]
                if len(crashes) == _MOST_CRASHES:
                    raise
                _print(f"{error}\nRestarting …")


def _in_slack(settings: Settings) -> str:
    """How it is reached from Slack, if it is."""
    if settings.slack_app_token:
        return " and in Slack, by Socket Mode"
    return f" and in Slack, by {settings.address}/webhooks/slack/events" if settings.serves_slack else ""


def _watch(assistant: Server) -> None:
    """Block until the assistant exits.

    Raises:
        LaunchError: it exited.
    """
    while True:
        assistant.check()
        time.sleep(0.5)


def link(reference: str, root: Path = ROOT) -> str:
    """The signed reference of a call, for the link that the firm sends beforehand.

    Raises:
        LaunchError: it is not a valid reference.
    """
    if not is_reference(reference):
        raise LaunchError("a reference has 1 to 64 letters, digits, hyphens and underscores")
    keys = Settings.from_environment(os.environ).secret or _local_secret(root)
    return Sessions(keys).references.signed(reference)


def stored(root: Path = ROOT) -> Database:
    """The database of the project, migrated to this version."""
    database = Database(Settings.from_environment(_with_database(os.environ, root)).database_url)
    upgrade(database)
    return database


def open_seals(root: Path = ROOT) -> None:
    """Let this process open what the assistant of this machine has sealed, whose key need not be in the settings.

    Raises:
        LaunchError: there is no key, and none can be made.
    """
    if not Settings.from_environment(os.environ).secret:
        os.environ[SECRET] = _local_secret(root)


@contextmanager
def serving(
    port: int | None = None,
    *,
    root: Path = ROOT,
    logs: Path | None = None,
    environment: Mapping[str, str] | None = None,
    endpoints: str = _ENDPOINTS,
    credentials: str = _CREDENTIALS,
) -> Iterator[str]:
    """Run the assistant during the block; yields its address, which ends in a slash.

    Args:
        port: local port to listen on; a free one by default.
        root: the project folder.
        logs: folder for its log; ``logs/`` of the project by default.
        environment: environment variables to set, such as settings under test.
        endpoints: the endpoints file.
        credentials: the credentials file.
    """
    model = train(root)
    port = port or free_port()
    with _start_assistant(
        _LOOPBACK, port, model, root, logs or root / "logs", environment or {}, endpoints, credentials
    ):
        yield _address(_LOOPBACK, port)


def free_port() -> int:
    """A local port that is currently free."""
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        return int(probe.getsockname()[1])


@contextmanager
def _start_assistant(
    host: str,
    port: int,
    model: Path,
    root: Path,
    logs: Path | None,
    extra: Mapping[str, str],
    endpoints: str = _ENDPOINTS,
    credentials: str = _CREDENTIALS,
) -> Iterator[Server]:
    """Run the assistant; yields once it is ready."""
    if logs:
        logs.mkdir(mode=0o700, exist_ok=True, parents=True)
    environment = _with_database({ACTION_SERVER: "", **rasa_environment(), **extra}, root)
    settings = Settings.from_environment(environment)
    upgrade(Database(settings.database_url))
    if not settings.secret:
        settings.check_shared_secret()
        environment[SECRET] = _local_secret(root)
    largest = _LARGEST_OF_SLACK if settings.slack_signing_secret else _LARGEST_REQUEST
    # These limits can only be set through Sanic's own variables.
    environment |= {"SANIC_REQUEST_MAX_SIZE": str(largest), "SANIC_GRACEFUL_SHUTDOWN_TIMEOUT": "2"}
    command = ["rasa", "run", "--quiet", "--model", str(model), "--endpoints", endpoints]
    command += ["--credentials", credentials, "--interface", host, "--port", str(port)]
    reach = _LOOPBACK if host == "0.0.0.0" else host
    log = logs / f"assistant-{port}.log" if logs else None
    with started("The assistant", command, log, root, environment) as assistant:
        assistant.wait_for(f"http://{reach}:{port}/ready")
        yield assistant


def _local_secret(root: Path) -> str:
    """The key of a single machine, created at the first start and kept, so that sessions survive restarts."""
    path = root / ".secret"
    try:
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(SHORTEST_KEY), encoding="ascii")
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise LaunchError(f"{SECRET} must be set because {path} cannot be written: {error.strerror}") from error


def _with_database(environment: Mapping[str, str], root: Path) -> dict[str, str]:
    """The environment, with the default database in the project folder instead of the working folder."""
    if environment.get(DATABASE_URL) or environment.get(f"{DATABASE_URL}{FILE}"):
        return dict(environment)
    return {**environment, DATABASE_URL: f"sqlite:///{root / 'seatwise.db'}"}


def _address(host: str, port: int) -> str:
    """The address to open in a browser on this machine."""
    name = "localhost" if host in (_LOOPBACK, "0.0.0.0", "localhost") else host
    return f"http://{name}:{port}/"


def _check_files(root: Path) -> None:
    for name in _NEEDED:
        if not (root / name).exists():
            raise LaunchError(f"{name} is missing in {root}; get it back with: git checkout -- {name}")


def _check_port(host: str, port: int) -> None:
    """Report an unavailable port before training."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen()
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise LaunchError(f"cannot listen on SEATWISE_HOST {host}, PORT {port}: {error.strerror}") from error
            raise LaunchError(
                f"port {port} is in use; free it or use another: make run PORT={port % 65535 + 1}"
            ) from error


def _print(line: str) -> None:
    print(line, flush=True)
