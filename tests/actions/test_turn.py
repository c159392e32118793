"""A turn is parsed in one place and tolerates forged button payloads."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker

from actions.history import REQUESTED_SLOT
from actions.turn import ABOUT, Turn
from tests.actions.talk import entities
from tests.content import ROOT

READS_TRACKERS = ROOT / "actions" / "turn.py"


def turn_of(message: dict[str, Any], slots: dict[str, Any] | None = None, events: Any = ()) -> Turn:
    tracker = Tracker("visitor", slots or {}, message, [*events, {"event": "user"}], False, None, {}, None)
    return Turn.read(tracker, {"responses": {}})


@pytest.mark.parametrize("path", sorted(set(ROOT.glob("actions/*.py")) - {READS_TRACKERS}), ids=lambda path: path.stem)
def test_only_turn_module_reads_tracker_and_domain(path: Path) -> None:
    names = {node.id for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Name)}
    assert not names & {"Tracker", "DomainDict", "tracker"}


def test_stated_facts_are_separate_from_earlier_answers() -> None:
    message = {
        "intent": {"name": "inform_tech_stack"},
        "entities": entities({"has_crm": True}),
        "text": "we have a CRM",
    }
    turn = turn_of(message, {"has_crm": True, "has_website": False, REQUESTED_SLOT: "has_website", ABOUT: "faq/cost"})
    assert turn.stated == {"has_crm": True}
    assert turn.answers == {"has_website": False, "has_crm": True}
    assert (turn.requested, turn.about, turn.by_button) == ("has_website", "faq/cost", False)


@pytest.mark.parametrize("value", [7, None, "", [], {}, [[1]], {"x": {"y": 1}}, True])
@pytest.mark.parametrize(
    "name", ["topic", "named", "supposed", "reply", "change", "unclear_revenue", "has_crm", "business"]
)
def test_forged_entity_does_not_raise(name: str, value: Any) -> None:
    turn = turn_of({"intent": {"name": "answer"}, "entities": [{"entity": name, "value": value}]})
    assert turn.stated in ({}, {"has_crm": True})
    assert turn.supposed == {}
    assert turn.to_change is None


def test_earlier_answers_start_at_the_last_reset() -> None:
    told = [{"event": "slot", "name": name, "value": value} for name, value in (("has_crm", True), ("dev_team", False))]
    assert turn_of({}, events=told).history.answers_before == {"has_crm": True, "dev_team": False}
    forgotten = [told[0], {"event": "reset_slots"}, told[1]]
    assert turn_of({}, events=forgotten).history.answers_before == {"dev_team": False}


def answered(text: str | None, field: str = "has_crm", value: Any = True) -> list[dict[str, Any]]:
    """A message and the slot that it fills."""
    return [{"event": "user", "text": text}, {"event": "slot", "name": field, "value": value}]


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ([], False),
        (answered('/answer{"has_crm": true}'), False),
        (answered("we have a CRM"), True),
        (answered("hello", value=None), False),
        (answered("hello", "about", "faq/cost"), False),
        ([*answered("we have a CRM"), *answered('/answer{"dev_team": true}', "dev_team")], True),
        ([*answered("what does it cost?", "about", "faq/cost"), *answered('/answer{"has_crm": true}')], False),
        ([*answered("we have a CRM"), {"event": "reset_slots"}, *answered('/answer{"has_crm": true}')], False),
        ([*answered("we have a CRM"), {"event": "restart"}], False),
        ([{"event": "reset_slots"}, *answered("we have a CRM")], True),
    ],
)
def test_answers_are_told_in_words_if_one_since_the_last_reset_was_typed(
    events: list[dict[str, Any]], told: bool
) -> None:
    assert turn_of({}, events=events).history.told_in_words is told


def test_misses_are_counted_since_the_last_understood_turn() -> None:
    missed = [{"event": "user"}, {"event": "bot", "metadata": {"utter_action": "utter_not_understood"}}]
    understood = [{"event": "user"}, {"event": "bot", "metadata": {"utter_action": "utter_greet"}}]
    assert turn_of({}, events=[*missed, *understood]).history.misses == 0
    assert turn_of({}, events=[*missed, *understood, *missed, *missed]).history.misses == 2


@pytest.mark.parametrize(
    ("text", "kept"),
    [("One project, if you count the bot that we're trialing.", True), ("Sorry, we sell an AI product.", False)],
)
def test_what_the_company_sells_is_changed_by_a_correction_only(text: str, kept: bool) -> None:
    before = [{"event": "slot", "name": "business", "value": ["service"]}]
    mentioned = {
        "intent": {"name": "inform_ai_plans"},
        "entities": entities({"business": ["ai_product"]}),
        "text": text,
    }
    slots = {"business": ["ai_product"]}  # as Rasa has filled it
    turn = turn_of(mentioned, slots, before)
    assert ("business" in turn.stated) is not kept
    assert turn.answers["business"] == (["service"] if kept else ["ai_product"])
    assert [event["value"] for event in turn.restored(slots)] == ([["service"]] if kept else [])
