"""Replies that take up the things asked for one by one."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.nlu.company_facts.itemized import ALL, REST, itemized
from assistant.nlu.company_facts.replies import said_of_each

SYSTEMS = ("has_website", "has_crm", "has_cloud")
SIGNS = ("warn_later", "warn_tools_first", "warn_no_metrics", "warn_cannot_keep_up")
TERMS = ("daily_hands_on_cto", "ai_full_time_scale")
USE = ("leveraging_ai", "ai_strategy", "generic_tools_no_strategy")


@pytest.mark.parametrize(
    ("text", "asked", "said"),
    [
        ("no to the first, yes to the other two", SYSTEMS, {"has_website": False, REST: True}),
        ("to the first, yes, to the second, not at all", TERMS, {TERMS[0]: True, TERMS[1]: False}),
        ("first yes, rest no", SYSTEMS, {"has_website": True, REST: False}),
        ("neither, we're tiny, nine people", TERMS, {ALL: False}),
        ("both, no question", TERMS, {ALL: True}),
        ("both no... hold on, the second's a yes", TERMS, {ALL: False, TERMS[1]: True}),
        ("only the second applies", TERMS, {TERMS[1]: True}),
        ("not the fourth. yes to one, two and three", SIGNS, {SIGNS[3]: False, **dict.fromkeys(SIGNS[:3], True)}),
        ("the first two aren't true, the third is", SIGNS[:3], {SIGNS[0]: False, SIGNS[1]: False, SIGNS[2]: True}),
        ("yes for the first; the second I'm not free to discuss", TERMS, {TERMS[0]: True, TERMS[1]: "declined"}),
        ("website check, CRM not a clue", SYSTEMS, {"has_website": True, "has_crm": "unknown"}),
        ("we've got Pipedrive, the rest I don't know", SYSTEMS, {REST: "unknown"}),
        ("we have forty people and a dream", SYSTEMS, {}),
        ("yes", SYSTEMS, {}),
    ],
)  # fmt: skip
def test_pieces_say_something_of_the_things_they_pick(text: str, asked: tuple[str, ...], said: dict[str, Any]) -> None:
    assert itemized(text, asked, by_name) == said


def by_name(words: Any) -> str | None:
    [*named] = [field for field in SYSTEMS if field.removeprefix("has_") in words]
    return named[0] if len(named) == 1 else None


def test_things_go_by_the_words_of_their_labels_and_a_choice_takes_yes_and_no() -> None:
    assert said_of_each("use yes strategy no", USE).of_named == {"leveraging_ai": True, "ai_strategy": "none"}
    assert said_of_each("no on the CTO, yes on the AI", TERMS).of_named == {TERMS[0]: False, TERMS[1]: True}


def test_others_are_those_of_which_nothing_else_was_told() -> None:
    said = said_of_each("can't keep up with AI, admits it himself. the others no", SIGNS)
    assert said.of_others({"warn_cannot_keep_up": True}) == dict.fromkeys(SIGNS[:3], False)


def test_a_question_for_one_thing_is_not_itemized() -> None:
    assert not said_of_each("both", ("business",)).others
