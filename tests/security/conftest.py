"""One running assistant for all attacks, with access to its processes, tables and logs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.launcher import serving
from assistant.stores.database import Database
from tests.conftest import own_files
from tests.security.target import Target, children

KEY = "a-key-of-the-tests-with-more-than-thirty-two-bytes"


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """The assistant under attack, without rate limits."""
    with running_target(tmp_path_factory.mktemp("target"), {}) as running:
        yield running


@contextmanager
def running_target(folder: Path, settings: dict[str, str]) -> Iterator[Target]:
    """Run an assistant with its files in this folder; empty settings count as unset."""
    before = children()
    settings = {**own_files(folder), "SEATWISE_SECRET": KEY, **settings}
    with serving(logs=folder, environment=settings) as url:
        started = {pid: command for pid, command in children().items() if pid not in before}
        yield Target(url, folder, started, Database(settings["SEATWISE_DATABASE_URL"]))
