"""Operator commands do what they report, and are recorded without content."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from advisor.errors import SeatwiseError
from assistant import operators
from assistant.operators import carry_out
from assistant.stores import unanswered
from assistant.stores.database import Database
from assistant.stores.erasures import digest
from assistant.stores.inbox import Inbox, MessageText
from assistant.stores.schema import upgrade


@pytest.fixture
def stored(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path / 'seatwise.db'}")
    upgrade(made)
    hear(made, "visitor")
    return made


def hear(stored: Database, conversation: str) -> None:
    asyncio.run(Inbox(stored).receive("web", conversation, "m1", lambda _: MessageText("hello", "hello")))


def lines(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines()]


def test_commands_are_recorded_without_content(stored: Database) -> None:
    for command, argument in (("export", "visitor"), ("find", "acme"), ("erase", "visitor"), ("forget", "90")):
        carry_out(stored, command, argument)
    carry_out(stored, "unanswered")
    recorded = [(one["command"], one["subject"]) for one in lines(carry_out(stored, "audit"))]
    assert recorded == [
        ("export", digest("visitor")),
        ("find", digest("acme")),
        ("erase", digest("visitor")),
        ("forget", "90"),
        ("unanswered", ""),
    ]


def test_unanswered_questions_are_printed_as_json_lines(stored: Database) -> None:
    question = {"asked": "do you take bitcoin?", "nearest": ["faq/cost"]}
    stored.run_sync(lambda connection: unanswered.put(connection, "visitor", [(1, question)]))
    [listed] = lines(carry_out(stored, "unanswered"))
    assert (listed["asked"], listed["nearest"]) == ("do you take bitcoin?", ["faq/cost"])
    assert json.loads(carry_out(stored, "export", "visitor"))["unanswered"][0]["asked"] == "do you take bitcoin?"
    assert json.loads(carry_out(stored, "erase", "visitor"))["unanswered"] == 1
    assert carry_out(stored, "unanswered") == ""


def test_tombstones_can_be_applied_to_a_restored_database(stored: Database, tmp_path: Path) -> None:
    carry_out(stored, "erase", "visitor")
    (tmp_path / "list").write_text(carry_out(stored, "erasures"))
    restored = Database(f"sqlite:///{tmp_path / 'restored' / 'seatwise.db'}")
    upgrade(restored)
    hear(restored, "visitor")
    hear(restored, "somebody else")
    receipt = json.loads(carry_out(restored, "erase-again", str(tmp_path / "list")))
    assert (receipt["conversations"], receipt["messages"]) == (1, 1)
    assert len(json.loads(carry_out(restored, "export", "somebody else"))["messages"]) == 1
    with pytest.raises(SeatwiseError, match="no file"):
        carry_out(restored, "erase-again", str(tmp_path / "nothing"))


def test_receipt_says_if_traces_are_still_on_disk(stored: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operators, "_PATIENCE", 0)
    monkeypatch.setattr(operators, "scrub", lambda _: False)
    receipt = json.loads(carry_out(stored, "erase", "visitor"))
    assert (receipt["messages"], receipt["scrubbed"]) == (1, False)


def test_nothing_is_reported_as_erased_if_the_database_is_down() -> None:
    with pytest.raises(SeatwiseError, match="database error"):
        carry_out(Database("postgresql://nobody@127.0.0.1:1/nothing"), "erase", "visitor")
