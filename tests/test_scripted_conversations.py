"""Scripted conversations in conversations/, with one file per kind.

The real assistant answers over HTTP. Run them alone with `pytest tests/test_scripted_conversations.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.visitor import Visitor

FOLDER = Path(__file__).parent / "conversations"
KINDS = {
    *("happy", "correction", "digression", "skip", "two_in_one"),
    *("follow_up", "refusal", "injection", "repair"),
}
TALKS = [
    (path.stem, talk["name"], talk["turns"])
    for path in sorted(FOLDER.glob("*.yml"))
    for talk in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("turns", [turns for _, _, turns in TALKS], ids=[f"{kind}: {name}" for kind, name, _ in TALKS])
def test_conversation_goes_as_scripted(assistant_url: str, turns: list[dict[str, Any]]) -> None:
    visitor = Visitor(assistant_url)
    for turn in turns:
        said = turn.get("say") or turn["press"]
        heard = visitor.say(said) if "say" in turn else visitor.choose(said)
        for fragment in turn.get("hears", ()):
            assert fragment in heard, f"{said!r} was answered: {heard}"
        for fragment in turn.get("hears_not", ()):
            assert fragment not in heard, f"{said!r} was answered: {heard}"
        if "asks" in turn:
            assert open_question(visitor) == turn["asks"], f"{said!r} was answered: {heard}"


def open_question(visitor: Visitor) -> str:
    """The first field of the open question; "confirmed" for the summary, "nothing" if no question is open."""
    if visitor.confirming:
        return "confirmed"
    return next((field for offer in visitor.asked.values() for field in offer), "nothing")


def test_every_kind_has_conversations() -> None:
    assert {kind for kind, _, _ in TALKS} == KINDS
    for kind in KINDS:
        assert sum(kind == one for one, _, _ in TALKS) >= 3, kind


def test_scripts_check_the_last_turn_and_use_known_keys() -> None:
    idle = [(kind, name) for kind, name, turns in TALKS if not {"hears", "asks"} & set(turns[-1])]
    assert idle == []
    known = {"say", "press", "hears", "hears_not", "asks"}
    assert [set(turn) - known for _, _, turns in TALKS for turn in turns if set(turn) - known] == []
