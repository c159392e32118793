"""Typed text that names a button counts as that button; other text does not."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from assistant.turns.api_errors import ApiError
from assistant.turns.buttons import chosen, read, ticked
from assistant.turns.messages import IncomingMessage

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


SEVERAL = [
    {"title": "A website", "payload": '/answer{"has_website": true}'},
    {"title": "A CRM", "payload": '/answer{"has_crm": true}'},
    {"title": "Technology that doesn't do its job", "payload": '/answer{"tech_works": false}'},
]
CHECKLIST = {
    "text": "Which of these?",
    "buttons": [{"title": "None of them", "payload": '/answer{"has_website": false, "has_crm": false}'}],
    "custom": {"type": "progress", "several": SEVERAL},
}


def typed(text: str) -> IncomingMessage:
    return IncomingMessage.from_text("web", "visitor", str(uuid4()), text)


def pressed(payload: str) -> IncomingMessage:
    return IncomingMessage.from_payload("web", "visitor", str(uuid4()), payload)


def values(payload: str | None) -> dict[str, Any]:
    assert payload is not None
    assert payload.startswith("/answer")
    found: dict[str, Any] = json.loads(payload.removeprefix("/answer"))
    return found


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("A website", {"has_website": True, "has_crm": False, "tech_works": True}),
        ("A website and a CRM", {"has_website": True, "has_crm": True, "tech_works": True}),
        ("a crm, A WEBSITE.", {"has_website": True, "has_crm": True, "tech_works": True}),
        (
            "A website, a CRM and technology that doesn't do its job",
            {"has_website": True, "has_crm": True, "tech_works": False},
        ),
        ("Technology that doesn't do its job", {"has_website": False, "has_crm": False, "tech_works": False}),
    ],
)
def test_ticked_titles_are_answers_and_what_is_not_ticked_is_the_opposite(text: str, answers: dict[str, bool]) -> None:
    assert values(ticked(text, SEVERAL)) == answers


@pytest.mark.parametrize(
    "text", ["yes", "a website and a fax", "we have a website", "A website, and then?", "None of them", "and", "😀"]
)
def test_text_with_anything_but_titles_ticks_nothing(text: str) -> None:
    assert ticked(text, SEVERAL) is None


def test_without_a_checklist_nothing_is_ticked() -> None:
    assert ticked("A website", []) is None
    assert ticked("", []) is None


def test_typed_titles_of_the_latest_checklist_are_read_as_its_payload_and_keep_their_words() -> None:
    message = read(typed("A website and a CRM"), [CHECKLIST])
    assert values(message.text) == {"has_website": True, "has_crm": True, "tech_works": True}
    assert message.shown == "A website and a CRM"
    assert values(read(typed("none of them"), [CHECKLIST]).text) == {"has_website": False, "has_crm": False}
    later = {"text": "And this?", "buttons": [{"title": "Yes", "payload": "/a"}]}
    assert read(typed("A website and a CRM"), [CHECKLIST, later]).text == "A website and a CRM"


VERDICT = {
    "text": "Hire one.",
    "custom": {
        "type": "verdict",
        "sections": [
            {"title": "Why", "items": [{"text": "It is so."}]},
            {"title": "Changes", "items": [{"text": "If you grow: another", "payload": '/what_if{"supposed": {}}'}]},
        ],
        "actions": [{"title": "Talk", "payload": "/talk_to_person"}, {"title": "Site", "url": "https://example.org"}],
    },
}


def test_payloads_of_items_and_actions_of_a_card_are_accepted_with_their_labels() -> None:
    recent = [VERDICT, {"text": "Anything else?"}]
    for payload, label in (('/what_if{"supposed": {}}', "If you grow: another"), ("/talk_to_person", "Talk")):
        message = read(pressed(payload), recent)
        assert (message.text, message.shown) == (payload, label)


@pytest.mark.parametrize(
    "payload", ['/what_if{"supposed": {"dev_team": true}}', "/what_if", "/start_over", "It is so."]
)
def test_payload_that_no_card_offers_is_refused(payload: str) -> None:
    with pytest.raises(ApiError) as refused:
        read(pressed(payload), [VERDICT])
    assert (refused.value.status, refused.value.code) == (422, "not_offered")


def test_single_answers_of_a_checklist_are_no_payloads() -> None:
    with pytest.raises(ApiError):
        read(pressed(SEVERAL[0]["payload"]), [CHECKLIST])
