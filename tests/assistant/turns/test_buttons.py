"""Typed text that names a button counts as that button; other text does not."""

from __future__ import annotations

import pytest

from assistant.turns.buttons import chosen

BUTTONS = [
    {"title": "Yes, but upgrades are due", "payload": "/a"},
    {"title": "$1M to $10M", "payload": "/b"},
    {"title": "Not sure", "payload": "/c"},
]


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("yes but upgrades are due", "/a"),
        ("$1m to $10m.", "/b"),
        ("NOT SURE", "/c"),
        ("the first one", "/a"),
        ("second", "/b"),
        ("I'd take the third option please", "/c"),
        ("the last one", "/c"),
        ("option 2", "/b"),
    ],
)
def test_button_can_be_named_by_title_or_position(text: str, payload: str) -> None:
    assert chosen(text, BUTTONS) == payload


@pytest.mark.parametrize("text", ["2", "yes", "the fourth", "option 9", "first of all, what is it", "not", "", "😀"])
def test_other_text_names_no_button(text: str) -> None:
    assert chosen(text, BUTTONS) is None


def test_positions_are_ignored_if_the_question_lists_other_things() -> None:
    buttons = [{"title": "Neither", "payload": '/answer{"a": false, "b": false}'}]
    assert chosen("the first one", buttons) is None
    assert chosen("neither", buttons) == buttons[0]["payload"]


def test_without_buttons_no_button_is_named() -> None:
    assert chosen("the last one", []) is None
    assert chosen("", []) is None
