"""The forms ask what the pack asks, are valid, and give back what was filled in."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from actions.wording import Wording
from advisor.company import is_value
from advisor.fields import UNANSWERED
from advisor.interview import questions
from assistant.channels.slack.blocks.forms import (
    answers_of,
    contact_errors,
    contact_modal,
    contact_of,
    interview_modal,
)
from assistant.channels.slack.blocks.home import home, prompts
from tests.assistant.channels.slack.blocks.said import verdicts
from tests.assistant.channels.slack.blocks.validators import by_typescript, check_view

ALL = tuple(chain.from_iterable(question.fields for question in questions()))


def state(view: dict[str, Any], choose: Any) -> dict[str, Any]:
    """What Slack sends when these options are chosen."""
    values = {}
    for block in view["blocks"][1:]:
        element = block["element"]
        chosen = choose(block["block_id"], element["options"])
        many = element["type"] == "checkboxes"
        told = {"selected_options": chosen} if many else {"selected_option": chosen[0] if chosen else None}
        values[block["block_id"]] = {element["action_id"]: {"type": element["type"], **told}}
    return values


def test_all_views_are_valid(wording: Wording, tmp_path: Path) -> None:
    views = [
        contact_modal('{"channel": "C1"}'),
        interview_modal(ALL, "{}"),
        *(interview_modal([field], "") for field in ALL),
        home(None),
        *(home(one["custom"]) for one in verdicts(wording) if "custom" in one),
    ]
    for view in views:
        check_view(view)
    assert by_typescript([], views, tmp_path) == ""


def test_the_interview_asks_every_open_question_once() -> None:
    view = interview_modal(ALL, "meta")
    assert len(view["blocks"]) == 1 + len(questions())
    assert view["private_metadata"] == "meta"
    assert len(interview_modal(["has_crm"], "")["blocks"]) == 2


@pytest.mark.parametrize("last", [False, True])
def test_what_is_filled_in_answers_the_fields(last: bool) -> None:
    answers = answers_of(state(interview_modal(ALL, ""), lambda _, options: [options[-1 if last else 0]]))
    assert set(answers) == {*ALL}
    assert [name for name, value in answers.items() if not (is_value(name, value) or value in UNANSWERED)] == []


def test_the_answers_of_a_form_fit_into_a_message() -> None:
    for last in (0, -1):
        answers = answers_of(state(interview_modal(ALL, ""), lambda _, options, at=last: [options[at]]))
        assert len(f"/answer{json.dumps(answers)}") <= 1000


def test_what_is_left_empty_is_not_answered() -> None:
    assert answers_of(state(interview_modal(ALL, ""), lambda *_: [])) == {}


def test_a_checklist_says_also_what_is_not_so() -> None:
    view = interview_modal(["has_website", "has_crm", "has_cloud"], "")
    [block] = view["blocks"][1:]
    titles = [one["text"]["text"] for one in block["element"]["options"]]
    assert titles == ["A website", "A CRM", "Cloud systems", "None of them", "Not sure"]

    def answered(*wanted: str) -> dict[str, Any]:
        return answers_of(state(view, lambda _, options: [one for one in options if one["text"]["text"] in wanted]))

    assert answered("A CRM") == {"has_website": False, "has_crm": True, "has_cloud": False}
    assert answered("None of them") == {"has_website": False, "has_crm": False, "has_cloud": False}
    assert answered("Not sure") == {"has_website": "unknown", "has_crm": "unknown", "has_cloud": "unknown"}
    assert answered("A website", "Not sure") == {"has_website": True, "has_crm": False, "has_cloud": False}


def test_contact_details_are_read_and_one_way_to_reach_is_enough() -> None:
    given = {name: {name: {"type": "plain_text_input", "value": None}} for name in ("name", "email", "phone", "topic")}
    assert contact_of(given) == {}
    assert list(contact_errors(given)) == ["email"]
    given["phone"]["phone"]["value"] = " +1 212 555 0100 "  # type: ignore[assignment]
    assert contact_of(given) == {"phone": "+1 212 555 0100"}
    assert contact_errors(given) == {}


def test_the_home_tab_shows_the_last_recommendation_without_its_buttons(wording: Wording) -> None:
    said = next(one for one in verdicts(wording) if "custom" in one)
    blocks = home(said["custom"])["blocks"]
    assert said["custom"]["title"] in [block["text"]["text"] for block in blocks if block["type"] == "header"]
    assert not [block for block in blocks if "accessory" in block]
    values = [one["value"] for block in blocks if block["type"] == "actions" for one in block["elements"]]
    assert values
    assert [value for value in values if value.startswith("/")] == []  # no conversation offers a payload here


def test_four_prompts_are_suggested() -> None:
    assert len(prompts()) == 4
    assert all({*one} == {"title", "message"} and not one["message"].startswith("/") for one in prompts())
