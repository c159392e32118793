"""Unanswered questions are kept for an editor, up to a limit."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.stores import unanswered
from assistant.stores.database import Database
from assistant.stores.schema import upgrade


@pytest.fixture
def stored(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path / 'seatwise.db'}")
    upgrade(made)
    return made


def put(stored: Database, conversation: str, asked: str, *nearest: str) -> None:
    question = {"asked": asked, "nearest": list(nearest)}
    stored.run_sync(lambda connection: unanswered.put(connection, conversation, [(1, question)]))


def test_questions_are_listed_in_order_with_the_nearest_topics(stored: Database) -> None:
    put(stored, "b", "do you take bitcoin?", "faq/cost")
    put(stored, "a", "can I pay by invoice?")
    listed = [(one["asked"], one["nearest"]) for one in stored.run_sync(unanswered.questions)]
    assert listed == [("do you take bitcoin?", ["faq/cost"]), ("can I pay by invoice?", [])]


def test_questions_beyond_the_limit_are_dropped(stored: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unanswered, "_MOST", 2)
    for number in range(4):
        put(stored, f"visitor {number}", "do you take bitcoin?")
    assert len(stored.run_sync(unanswered.questions)) == 2
