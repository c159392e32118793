"""Cards match their fallback texts and docs/protocol.schema.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from rasa_sdk.executor import CollectingDispatcher

from actions import cards
from actions.advice import give_advice
from actions.wording import Wording
from advisor.fields import fields
from advisor.prices import figures
from tests.actions.situations import SMALL_SERVICE_FIRM

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "protocol.schema.json").read_text(encoding="utf-8"))
CASES = yaml.safe_load((ROOT / "tests" / "advisor" / "golden_cases.yml").read_text(encoding="utf-8"))


def told(wording: Wording, answers: dict[str, Any]) -> list[dict[str, Any]]:
    """The messages of the advice for these answers, as sent to a client."""
    dispatcher = CollectingDispatcher()
    give_advice(dispatcher, wording, answers)
    return [
        {"id": "1", "ts": 1.0, "text": one["text"], "custom": {"fallback_text": one["text"], **one["custom"]}}
        for one in dispatcher.messages
        if one["custom"]
    ]


def test_advice_cards_match_the_protocol_schema(wording: Wording) -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    assert len(CASES) > 20
    for case in CASES:
        answers = {field: value for field, value in case["company"].items() if field in fields()}
        messages = told(wording, answers)
        assert [error.message for message in messages for error in validator.iter_errors(message)] == []
        assert messages[0]["custom"]["type"] == "verdict"


def test_verdict_card_has_role_strength_and_source(wording: Wording) -> None:
    card = told(wording, SMALL_SERVICE_FIRM)[0]["custom"]
    assert (card["role"], card["title"]) == ("CAIO_FIRST", "A CAIO first, fractional")
    assert card["strength"]["level"] == "firm"
    assert card["source"].startswith("Source: the article")


def test_reasons_and_changes_are_points_cards(wording: Wording) -> None:
    points = [one["custom"] for one in told(wording, SMALL_SERVICE_FIRM) if one["custom"]["type"] == "points"]
    assert [one["title"] for one in points] == ["It rests on this", "What would change it"]
    for card in points:
        for item in card["items"]:
            assert item["text"] in card["fallback_text"]


def test_bars_group_figures_by_unit_and_label_them_as_in_the_text(wording: Wording) -> None:
    card = cards.bars(wording, "Cost", ["caio_fractional_price", "caio_salary", "start_hours", "cto_share"])
    assert card is not None
    assert [[bar["text"] for bar in group["items"]] for group in card["groups"]] == [
        [figures()[name].text] for name in ("caio_fractional_price", "caio_salary", "start_hours")
    ]
    assert card["groups"][1]["items"][0]["open_ended"]
    assert cards.bars(wording, "Cost", ["cto_share"]) is None


@pytest.mark.parametrize(
    ("answered", "left", "label"), [(0, 13, "Question 1 of at most 13"), (5, 1, "Question 6 of at most 6")]
)
def test_progress_includes_the_open_question(wording: Wording, answered: int, left: int, label: str) -> None:
    assert cards.progress(wording, answered, left)["label"] == label
