"""A private link opens one page about one conversation, for a while, and only to those who have its token."""

from __future__ import annotations

import time
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from advisor.errors import SeatwiseError
from assistant.stores.database import Database
from assistant.stores.erasures import Erased
from assistant.stores.links import MOST_DAYS, conversation_of, issue, revoke
from assistant.stores.privacy import erase, export
from assistant.stores.schema import upgrade
from assistant.stores.tables import links

DAY = 24 * 60 * 60


@pytest.fixture(params=["sqlite", "postgresql"])
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    if request.param == "postgresql":
        return Database(request.getfixturevalue("postgresql_url"))
    database = Database(f"sqlite:///{tmp_path / 'seatwise.db'}")
    upgrade(database)
    return database


@pytest.fixture
def conversation() -> str:
    return uuid4().hex


def opens(stored: Database, token: str, kind: str = "report") -> str | None:
    return stored.run_sync(lambda connection: conversation_of(connection, kind, token))  # type: ignore[arg-type]


def issued(stored: Database, conversation: str, days: float = MOST_DAYS) -> str:
    return stored.run_sync(lambda connection: issue(connection, conversation, "report", days))


def test_token_opens_its_own_page_and_no_other(stored: Database, conversation: str) -> None:
    token = issued(stored, conversation)
    assert opens(stored, token) == conversation
    assert [opens(stored, token, kind) for kind in ("brief", "export")] == [None, None]
    assert [opens(stored, wrong) for wrong in ("", token[:-1], token.swapcase(), f"{token} ")] == [None] * 4


def test_tokens_are_long_random_and_not_stored(stored: Database, conversation: str) -> None:
    tokens = {issued(stored, conversation) for _ in range(50)}
    assert len(tokens) == 50
    assert {len(token) for token in tokens} == {43}  # 256 bits in base64
    held = stored.run_sync(lambda connection: [tuple(row) for row in connection.execute(select(links))])
    assert not [token for token in tokens if token in str(held)]


def test_link_expires(stored: Database, conversation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    token, now = issued(stored, conversation, days=2), time.time()
    monkeypatch.setattr("assistant.stores.links.time.time", lambda: now + 2 * DAY - 5)
    assert opens(stored, token) == conversation
    monkeypatch.setattr("assistant.stores.links.time.time", lambda: now + 2 * DAY + 5)
    assert opens(stored, token) is None


@pytest.mark.parametrize("days", [MOST_DAYS + 0.1, 0, -1])
def test_no_link_lives_longer_than_two_weeks(stored: Database, conversation: str, days: float) -> None:
    with pytest.raises(SeatwiseError, match="at most 14 days"):
        issued(stored, conversation, days)


def test_revoked_links_open_nothing_and_new_ones_do(stored: Database, conversation: str) -> None:
    old = [issued(stored, conversation) for _ in range(2)]
    other = issued(stored, uuid4().hex)
    assert stored.run_sync(lambda connection: revoke(connection, conversation)) == 2
    assert stored.run_sync(lambda connection: revoke(connection, conversation)) == 0
    assert [opens(stored, token) for token in old] == [None, None]
    assert opens(stored, other)
    assert opens(stored, issued(stored, conversation)) == conversation


def test_erasure_takes_the_links_along_and_allows_no_new_ones(stored: Database, conversation: str) -> None:
    token = issued(stored, conversation)
    assert len(stored.run_sync(lambda connection: export(connection, conversation))["links"]) == 1
    assert stored.run_sync(lambda connection: erase(connection, conversation))["links"] == 1
    assert opens(stored, token) is None
    with pytest.raises(Erased):
        issued(stored, conversation)
