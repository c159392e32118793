"""A server with the operator's pages, and operators who use them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
import requests
from sanic import Sanic
from sqlalchemy import delete

from assistant.server import app as application
from assistant.settings import Settings
from assistant.stores.database import Database
from assistant.stores.schema import upgrade
from assistant.stores.tables import metadata
from console import routes
from console.lockout import LOCKED, Lockout
from console.routes import Console
from console.sessions import Sessions
from tests.assistant.channels.web.server import KEY, Agent, Client, running
from tests.conftest import NO_LIMITS

TOKEN = "the-token-of-the-tests-with-more-than-thirty-two-bytes"
SETTINGS = {"SEATWISE_SECRET": KEY, "SEATWISE_CONSOLE_TOKEN": TOKEN, **NO_LIMITS}


class Clock:
    """Seconds that pass only when a test says so."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Operator:
    """A browser at the operator's pages, which sends the forms that it has been given."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.browser = requests.Session()

    def see(self, path: str = "/") -> requests.Response:
        """Open a page; redirects are not followed."""
        return self.browser.get(f"{self.url}/console{path}", timeout=5, allow_redirects=False)

    def send(self, path: str, headers: dict[str, str] | None = None, **fields: str) -> requests.Response:
        """Send a form with the token of the session, from a page of ours; either can be overridden."""
        token = re.findall(r'name="form_token" value="([^"]+)"', self.see("/login").text)[0]
        return self.browser.post(
            f"{self.url}/console{path}",
            {"form_token": token, **fields},
            headers={"Origin": self.url} if headers is None else headers,
            timeout=5,
            allow_redirects=False,
        )

    def sign_in(self, name: str = "Dana", token: str = TOKEN) -> requests.Response:
        return self.send("/login", name=name, token=token)


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """The database of a module's server."""
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('stored') / 'seatwise.db'}")
    upgrade(made)
    return made


@pytest.fixture(scope="module")
def server(shared: Database, clock: Clock) -> Iterator[tuple[str, Sanic]]:
    """A server whose sessions go by the test's clock."""
    with_clock: Any = partial(Console, sessions=Sessions(TOKEN, KEY, clock), lockout=Lockout(clock))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(application, "Console", with_clock)
        patch.setattr(routes, "_A_MINUTE", 1_000_000)
        with running(Settings.from_environment(SETTINGS), shared) as (url, app):
            yield url, app


@pytest.fixture
def store(shared: Database, server: tuple[str, Sanic], clock: Clock) -> Database:
    """The database of the server, empty; nobody is locked out any more."""
    for table in metadata.sorted_tables:
        shared.run_sync(lambda connection, table=table: connection.execute(delete(table)))
    clock.now += LOCKED
    server[1].ctx.agent = Agent()
    return shared


@pytest.fixture
def url(server: tuple[str, Sanic], store: Database) -> str:
    return server[0]


@pytest.fixture
def stranger(url: str) -> Operator:
    return Operator(url)


@pytest.fixture
def dana(url: str) -> Operator:
    """An operator who is signed in."""
    made = Operator(url)
    made.sign_in()
    return made


@pytest.fixture
def visitor(url: str) -> Client:
    return Client(url)
