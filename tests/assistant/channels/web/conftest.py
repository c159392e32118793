"""Shared fixtures of the channel tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sanic import Sanic

from assistant.settings import Settings
from assistant.stores.database import Database
from assistant.stores.schema import upgrade
from tests.assistant.channels.web.server import EMBEDDING, KEY, Agent, Client, running
from tests.conftest import NO_LIMITS


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A separate, migrated database for this test."""
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('stored') / 'seatwise.db'}")
    upgrade(made)
    return made


@pytest.fixture(scope="session")
def server(store: Database) -> Iterator[tuple[str, Sanic]]:
    """A server with rate limits high enough for tests."""
    settings = Settings.from_environment({"SEATWISE_SECRET": KEY, "SEATWISE_ORIGINS": EMBEDDING, **NO_LIMITS})
    with running(settings, store) as started:
        yield started


@pytest.fixture
def url(server: tuple[str, Sanic]) -> str:
    return server[0]


@pytest.fixture
def agent(server: tuple[str, Sanic]) -> Agent:
    server[1].ctx.agent = Agent()
    return server[1].ctx.agent  # type: ignore[no-any-return]


@pytest.fixture
def visitor(url: str, agent: Agent) -> Client:
    return Client(url)
