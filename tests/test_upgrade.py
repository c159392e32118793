"""A conversation started on an earlier version continues after the upgrade."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import requests
from sqlalchemy import text

from assistant.channels.web.sessions import Sessions
from assistant.launcher import serving
from assistant.stores.database import Database
from assistant.stores.schema import upgrade
from tests.conftest import own_files

WRITTEN = Path(__file__).with_name("seatwise-0.3.0.sql")
CONVERSATION = "7c2c97da7e18e7c3729eaeba127f2bf5"
UNANSWERED = "5a1dbb7e-0f5e-4a3c-9a53-6d3d0c7f3f10"  # "nobody leads technology"
KEY = "a-key-of-the-tests-with-more-than-thirty-two-bytes"


def restore(folder: Path) -> Database:
    """The database as left by version 0.3.0."""
    with sqlite3.connect(folder / "seatwise.db") as connection:
        connection.executescript(WRITTEN.read_text(encoding="utf-8"))
    connection.close()
    return Database(f"sqlite:///{folder / 'seatwise.db'}")


def test_messages_of_earlier_versions_belong_to_the_web_channel(tmp_path: Path) -> None:
    database = restore(tmp_path)
    upgrade(database)
    for table in ("inbox", "outbox"):
        query = text(f"SELECT DISTINCT channel FROM {table}")
        assert database.run_sync(lambda connection: connection.execute(query).scalars().all()) == ["web"]  # noqa: B023


def test_interview_continues_after_the_upgrade(tmp_path: Path) -> None:
    restore(tmp_path)
    settings = {**own_files(tmp_path), "SEATWISE_SECRET": KEY, "SEATWISE_KEEP_DAYS": "0"}
    session = Sessions(KEY)._signed(CONVERSATION, int(time.time()), resumed=True)
    headers = {"Authorization": f"Bearer {session.token}"}

    def send(message_id: str, words: str) -> str:
        message = {"id": message_id, "text": words}
        answer = requests.post(f"{url}webhooks/web/messages", json=message, headers=headers, timeout=30)
        assert answer.status_code == 200
        return " ".join(one.get("text", "") for one in answer.json()["messages"])

    with serving(logs=tmp_path, environment=settings) as url:
        replayed = answered(url, headers)
        assert "What does the company sell" in replayed[3]["text"]  # the messages of version 0.3.0 are kept
        assert "Got it" in send(UNANSWERED, "nobody leads technology")  # the stored answer
        summary = send("0b5cbd4e-7e0e-4b6c-8d25-0c9f6d1a52c4", "what have I told you so far?")
    # The slots of version 0.3.0, including those renamed since.
    assert "$1M to $10M" in summary
    assert "service" in summary


def answered(url: str, headers: dict[str, str]) -> list[dict[str, str]]:
    """All messages, once the message left by the earlier version is answered."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        answer = requests.get(f"{url}webhooks/web/messages", headers=headers, timeout=30)
        messages: list[dict[str, str]] = answer.json()["messages"]
        if "Got it" in messages[-1]["text"]:
            return messages
        time.sleep(0.2)
    raise AssertionError("the message was not answered")
