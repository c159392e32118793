"""The last verdict of a conversation is found with its answers, until the visitor starts over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from assistant.stores.database import Database
from assistant.stores.schema import upgrade
from assistant.stores.tables import events
from assistant.stores.verdicts import Verdict, verdict_of

CARD = {"type": "verdict", "title": "Hire a CAIO first"}
ADVISED: list[dict[str, Any]] = [
    {"event": "bot", "data": {"custom": CARD}},
    {"event": "slot", "name": "advised_on", "value": {"ai_strategy": "none"}},
]
OTHERS: list[dict[str, Any]] = [
    {"event": "user", "text": "hello"},
    {"event": "bot", "data": {}},
    {"event": "bot", "data": {"custom": {"type": "bars"}}},
    {"event": "slot", "name": "about", "value": "advice"},
]


@pytest.fixture
def stored(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'seatwise.db'}")
    upgrade(database)
    return database


def found(stored: Database, told: list[dict[str, Any]]) -> Verdict | None:
    rows = [{"conversation": "a", "number": n, "at": 0.0, "event": json.dumps(one)} for n, one in enumerate(told)]
    stored.run_sync(lambda connection: connection.execute(insert(events), rows))
    return stored.run_sync(lambda connection: verdict_of(connection, "a"))


def test_last_verdict_counts(stored: Database) -> None:
    later = [{"event": "bot", "data": {"custom": {**CARD, "title": "Hire a CTO first"}}}, *OTHERS]
    verdict = found(stored, [*OTHERS, *ADVISED, *later])
    assert verdict == Verdict({**CARD, "title": "Hire a CTO first"}, {"ai_strategy": "none"})


@pytest.mark.parametrize("told", [OTHERS, [*ADVISED, {"event": "reset_slots"}], [*ADVISED, {"event": "restart"}]])
def test_no_verdict_before_it_is_given_or_after_a_fresh_start(stored: Database, told: list[dict[str, Any]]) -> None:
    assert found(stored, told) is None
