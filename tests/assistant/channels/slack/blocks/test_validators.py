"""The validators bite: each mistake that Slack would refuse is found."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from assistant.channels.slack.blocks.elements import actions, button, container, header, menu, option, section
from tests.assistant.channels.slack.blocks.validators import by_typescript, check_message


def changed(block: dict[str, Any], *path: Any, to: Any) -> dict[str, Any]:
    """The block with one value changed."""
    other = deepcopy(block)
    place = other
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return other


GOOD = [
    header("Title"),
    section("Text", button("Try", "/x")),
    *actions([button("One", "/1", "press:1"), menu("Choose", [option("A", "a")], "press:2")]),
    container("More", [section("Text")]),
]
HEADER, SECTION, ACTIONS, CONTAINER = GOOD
BAD = {
    "title too long": changed(HEADER, "text", "text", to="x" * 151),
    "title of mrkdwn": changed(HEADER, "text", "type", to="mrkdwn"),
    "empty title": changed(HEADER, "text", "text", to=""),
    "text too long": changed(SECTION, "text", "text", to="x" * 3001),
    "label too long": changed(ACTIONS, "elements", 0, "text", "text", to="x" * 76),
    "empty label": changed(ACTIONS, "elements", 0, "text", "text", to=""),
    "value too long": changed(ACTIONS, "elements", 0, "value", to="x" * 2001),
    "no buttons": changed(ACTIONS, "elements", to=[]),
    "no options": changed(ACTIONS, "elements", 1, "options", to=[]),
    "value of an option too long": changed(ACTIONS, "elements", 1, "options", 0, "value", to="x" * 151),
    "101 options": changed(ACTIONS, "elements", 1, "options", to=[option("A", str(one)) for one in range(101)]),
    "ids twice": changed(ACTIONS, "elements", 1, "action_id", to="press:1"),
    "26 elements": changed(ACTIONS, "elements", to=[button("A", "/a", f"press:{one}") for one in range(26)]),
    "eleven in a container": changed(CONTAINER, "child_blocks", to=[section("Text")] * 11),
    "header without a text": {"type": "header"},
}


def test_what_is_right_passes(tmp_path: Path) -> None:
    check_message("Text", GOOD)
    assert by_typescript(GOOD, [], tmp_path) == ""


@pytest.mark.parametrize("bad", BAD.values(), ids=list(BAD))
def test_what_is_wrong_does_not(bad: dict[str, Any]) -> None:
    with pytest.raises(Exception, match=r".*"):
        check_message("Text", [bad])


def test_the_compiler_finds_unknown_keys_and_types(tmp_path: Path) -> None:
    for wrong in ({**HEADER, "color": "red"}, BAD["title of mrkdwn"]):
        assert "error TS" in by_typescript([wrong], [], tmp_path)


@pytest.mark.parametrize("text", ["", "x" * 3901])
def test_a_post_needs_a_text_that_slack_takes(text: str) -> None:
    with pytest.raises(AssertionError):
        check_message(text, GOOD)
