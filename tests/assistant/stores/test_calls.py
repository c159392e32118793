"""Conversations are found by the reference of the call they prepare."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.operators import run_command
from assistant.stores.calls import conversations_of, is_reference, prepare
from assistant.stores.database import Database
from assistant.stores.schema import upgrade


def test_conversations_are_found_by_the_reference_of_a_call(tmp_path: Path) -> None:
    stored = Database(f"sqlite:///{tmp_path / 'seatwise.db'}")
    upgrade(stored)
    for conversation, reference in (("a", "acme-7"), ("b", "acme-7"), ("a", "acme-7"), ("c", "other")):
        stored.run_sync(lambda connection, one=conversation, two=reference: prepare(connection, one, two))
    assert stored.run_sync(lambda connection: conversations_of(connection, "acme-7")) == ["a", "b"]
    assert json.loads(run_command(stored, "find", "other")) == {"reference": "other", "conversations": ["c"]}
    run_command(stored, "erase", "c")
    assert json.loads(run_command(stored, "find", "other"))["conversations"] == []


@pytest.mark.parametrize("value", ["", "a b", "a/b", "x" * 65, "é", "<script>"])
def test_invalid_reference_is_rejected(value: str) -> None:
    assert not is_reference(value)
    assert is_reference("Acme_2026-11")
