"""A question without an answer is kept for an editor, without who asked; a bad disk costs the question only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.stores import unanswered
from assistant.stores.unanswered import PLACE, keep


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(PLACE, str(tmp_path / "kept.jsonl"))
    return tmp_path / "kept.jsonl"


def test_questions_are_kept_a_line_each_with_what_came_nearest(place: Path) -> None:
    keep("do you take bitcoin?", ["faq/cost"])
    keep("und auf deutsch?", [])
    entries = [json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()]
    assert [(entry["asked"], entry["nearest"]) for entry in entries] == [
        ("do you take bitcoin?", ["faq/cost"]),
        ("und auf deutsch?", []),
    ]


@pytest.mark.parametrize(
    "personal", ["ada@example.com", "https://example.com/ada", "+44 20 7946 0958", "(555) 010-9999"]
)
def test_who_asked_is_not_kept(place: Path, personal: str) -> None:
    keep(f"call me: {personal} please", [])
    assert personal not in place.read_text(encoding="utf-8")


def test_a_full_file_takes_no_more(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep("first", [])
    monkeypatch.setattr(unanswered, "_LARGEST", 1)
    keep("second", [])
    assert len(place.read_text(encoding="utf-8").splitlines()) == 1


def test_a_place_that_cannot_be_written_costs_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PLACE, str(tmp_path))
    keep("anything", [])
