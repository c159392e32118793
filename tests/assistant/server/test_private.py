"""Private pages are made of what the database holds, by the kind of their link."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sanic.request import Request
from sanic.response import HTTPResponse, text

from assistant.server import private
from assistant.server.private import PrivatePage, PrivatePages
from assistant.settings import Settings
from assistant.stores.database import Database
from assistant.stores.links import issue
from assistant.stores.schema import upgrade
from tests.reports import WORDING


@pytest.fixture
def stored(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'seatwise.db'}")
    upgrade(database)
    return database


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A brief of which only its calls are known."""
    shown: list[Any] = []

    def show(found: Any, *_: object) -> HTTPResponse:
        shown.append(found)
        return text("a brief")

    monkeypatch.setitem(private.PAGES, "brief", PrivatePage("brief", lambda _, name: f"dossier of {name}", show))
    return shown


def answer(stored: Database, path: str) -> HTTPResponse | None:
    app = SimpleNamespace(ctx=SimpleNamespace(agent=SimpleNamespace(domain=WORDING)))
    request = cast(Request, SimpleNamespace(app=app, remote_addr="192.0.2.1", ip="127.0.0.1"))
    return asyncio.run(PrivatePages(stored, Settings()).answer(request, path))


def test_brief_is_made_of_the_conversation_of_its_link(stored: Database, brief: list[Any]) -> None:
    token = stored.run_sync(lambda connection: issue(connection, "visitor", "brief"))
    shown = answer(stored, f"/brief/{token}")
    assert shown and shown.body == b"a brief"
    assert brief == ["dossier of visitor"]


def test_other_paths_are_left_to_others(stored: Database) -> None:
    assert [answer(stored, path) for path in ("/", "/chat", "/reports/x", "/report", "/data/a/b")] == [None] * 5


def test_page_says_so_while_the_database_is_away(tmp_path: Path) -> None:
    shown = answer(Database(f"sqlite:///{tmp_path / 'empty.db'}"), "/report/token")
    assert shown and shown.status == 503
    assert b"available right now" in (shown.body or b"")
