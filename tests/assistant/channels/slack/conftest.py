"""A server with the Slack channel and a stub in place of Rasa's agent, before a stand-in for Slack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sanic import Sanic

from assistant.channels.slack.channel import SlackChannel
from assistant.settings import Settings
from assistant.stores.database import Database
from assistant.stores.schema import upgrade
from tests.assistant.channels.web.server import KEY, Agent, running
from tests.conftest import NO_LIMITS
from tests.slack_api import BOT_TOKEN, SIGNING_SECRET, SlackApi
from tests.slack_user import SlackUser

ONE_WORKSPACE = {"SEATWISE_SLACK_SIGNING_SECRET": SIGNING_SECRET, "SEATWISE_SLACK_BOT_TOKEN": BOT_TOKEN}


class Served:
    """A running server: its address, its agent and its database."""

    def __init__(self, address: str, app: Sanic, store: Database, api: SlackApi) -> None:
        self.address = f"{address}/"
        self.app = app
        self.store = store
        self.api = api
        self.agent = Agent()
        app.ctx.agent = self.agent

    def user(self, user: str = "U0ANN", **more: str | None) -> SlackUser:
        """Somebody who talks to it."""
        return SlackUser(self.address, self.api, user, **more)  # type: ignore[arg-type]


Serve = Callable[..., Served]


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATWISE_SECRET", KEY)


@pytest.fixture
def api() -> Iterator[SlackApi]:
    made = SlackApi()
    yield made
    made.close()


@pytest.fixture
def store(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path / 'seatwise.db'}")
    upgrade(made)
    return made


@pytest.fixture
def serve(api: SlackApi, store: Database) -> Iterator[Serve]:
    """Start a server with these settings; several may share the database."""
    stack: list[Iterator[tuple[str, Sanic]]] = []

    def start(**settings: str) -> Served:
        environment = {"SEATWISE_SECRET": KEY, "SEATWISE_SLACK_API_URL": api.url, **NO_LIMITS}
        chosen = Settings.from_environment({**environment, **(settings or ONE_WORKSPACE)})
        context = running(chosen, store, SlackChannel(chosen))
        address, app = context.__enter__()
        stack.append(context)  # type: ignore[arg-type]
        return Served(address, app, store, api)

    yield start
    for context in reversed(stack):
        context.__exit__(None, None, None)  # type: ignore[attr-defined]


@pytest.fixture
def served(serve: Serve) -> Served:
    return serve()


@pytest.fixture
def ann(served: Served) -> SlackUser:
    return served.user("U0ANN")


@pytest.fixture
def ben(served: Served) -> SlackUser:
    return served.user("U0BEN")
