"""What Slack shows of a conversation is taken back when a visitor erases it, whatever the database."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from assistant.settings import settings
from assistant.stores.database import Database
from assistant.stores.outbox import conversation_of
from assistant.stores.privacy import erase, erase_again, forget
from assistant.stores.schema import upgrade
from assistant.stores.tables import leads, outbox, slack_cards, slack_replies


@pytest.fixture(params=["sqlite", "postgresql"])
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "postgresql":
        made = Database(request.getfixturevalue("postgresql_url"))
    else:
        made = Database(f"sqlite:///{tmp_path / 'seatwise.db'}")
        upgrade(made)
    yield made
    for table in (leads, outbox, slack_cards, slack_replies):
        made.run_sync(lambda connection, table=table: connection.execute(delete(table)))


@pytest.fixture
def conversation(stored: Database) -> str:
    """A conversation with a card and two posts below it."""
    name = uuid4().hex
    stored.run_sync(lambda connection: post(connection, name))
    return name


@pytest.fixture(autouse=True)
def leads_channel(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SEATWISE_SECRET", "a-key-of-the-tests-with-more-than-thirty-two-bytes")
    monkeypatch.setenv("SEATWISE_SLACK_APP_TOKEN", "xapp-1")
    monkeypatch.setenv("SEATWISE_SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SEATWISE_SLACK_LEADS_CHANNEL", "C0LEADS")
    return


def post(connection: Connection, conversation: str, days_old: float = 0) -> None:
    at = time.time() - days_old * 24 * 60 * 60
    row = {"conversation": conversation, "channel": "C0LEADS", "at": at}
    connection.execute(insert(slack_cards), {**row, "ts": "1.1"})
    connection.execute(insert(slack_replies), [{**row, "ts": ts} for ts in ("1.2", "1.3")])


def wishes(stored: Database, kind: str = "erased") -> list[tuple[str, str, bool]]:
    """What Slack is to take back, in that order, and whether it is a card."""
    wanted = select(outbox).where(outbox.c.kind == kind).order_by(outbox.c.number)
    rows = stored.run_sync(lambda connection: connection.execute(wanted).mappings().all())
    contents = [json.loads(row["content"]) for row in rows]
    assert {row["destination"] for row in rows} <= {"slack"}
    return [(one["channel"], one["ts"], one["is_card"]) for one in contents]


TAKEN_BACK = [("C0LEADS", "1.1", True), ("C0LEADS", "1.2", False), ("C0LEADS", "1.3", False)]


def test_card_is_taken_back_before_what_is_below_it(stored: Database, conversation: str) -> None:
    receipt = stored.run_sync(lambda connection: erase(connection, conversation))
    assert (receipt["cards"], receipt["replies"]) == (1, 2)
    assert wishes(stored) == TAKEN_BACK


def test_nothing_of_the_wish_leads_back_to_the_conversation(stored: Database, conversation: str) -> None:
    stored.run_sync(lambda connection: erase(connection, conversation))
    rows = stored.run_sync(lambda connection: connection.execute(select(outbox)).mappings().all())
    assert rows and conversation not in str(rows)
    keys = {f"{row['conversation']}-{row['number']}" for row in rows}
    assert len(keys) == len(TAKEN_BACK)
    assert {conversation_of(key) for key in keys} == {row["conversation"] for row in rows}


def test_what_a_backup_brought_back_is_taken_back_again(stored: Database, conversation: str) -> None:
    stored.run_sync(lambda connection: erase(connection, conversation))
    stored.run_sync(lambda connection: connection.execute(delete(outbox)))
    stored.run_sync(lambda connection: post(connection, conversation))
    assert erase_again(stored, {})[0] == [conversation]
    assert wishes(stored) == TAKEN_BACK


def test_card_is_taken_back_when_its_time_is_up(stored: Database) -> None:
    stored.run_sync(lambda connection: keep_lead(connection, "old", 200))
    stored.run_sync(lambda connection: keep_lead(connection, "new", 1))
    assert forget(stored, 90, 180)[0] == ["old"]
    assert wishes(stored, "expired") == TAKEN_BACK
    assert wishes(stored) == [], "no prospect asked for it"


def keep_lead(connection: Connection, conversation: str, days_old: float) -> None:
    post(connection, conversation, days_old)
    at = time.time() - days_old * 24 * 60 * 60
    times = dict.fromkeys(("consented", "created", "updated"), at)
    row = {"conversation": conversation, "details": "sealed", "consent": "1", "answers_included": False, **times}
    connection.execute(insert(leads), row)


def test_wish_is_no_conversation_that_was_erased(stored: Database, conversation: str) -> None:
    stored.run_sync(lambda connection: erase(connection, conversation))
    assert erase_again(stored, {})[0] == []
    assert wishes(stored) == TAKEN_BACK


def test_wish_is_forgotten_with_the_time(stored: Database, conversation: str) -> None:
    stored.run_sync(lambda connection: erase(connection, conversation))
    long_ago = outbox.update().values(created=0)
    stored.run_sync(lambda connection: connection.execute(long_ago))
    assert len(forget(stored, 90)[0]) == 1
    assert wishes(stored) == []


def test_without_a_channel_there_is_nobody_to_tell(
    stored: Database, conversation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SEATWISE_SLACK_LEADS_CHANNEL")
    assert settings().slack_leads_channel is None
    stored.run_sync(lambda connection: erase(connection, conversation))
    assert wishes(stored) == []
