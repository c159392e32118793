"""Cards match their fallback texts and docs/protocol.schema.json."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from rasa_sdk.executor import CollectingDispatcher

from actions import cards
from actions.advice import takes
from actions.company import company_of
from actions.summary import summary, summary_card
from actions.verdict import give_advice, headline
from actions.wording import Wording
from advisor.advice import advise
from advisor.fields import UNKNOWN, fields
from advisor.prices import figures
from tests.actions.situations import SMALL_SERVICE_FIRM
from tests.actions.talk import parsed

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "protocol.schema.json").read_text(encoding="utf-8"))
CASES = yaml.safe_load((ROOT / "tests" / "advisor" / "golden_cases.yml").read_text(encoding="utf-8"))

NOTES, FIRMNESS = "Keep in mind", "How sure I am"


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
    advice = advise(company_of(SMALL_SERVICE_FIRM))
    assert (card["role"], card["title"]) == ("CAIO_FIRST", headline(wording, company_of(SMALL_SERVICE_FIRM), advice))
    assert card["title"].endswith(wording.text("utter_engagement_E30"))
    assert card["version"] == 2
    assert card["strength"] == {"level": "firm", "label": wording.text("utter_card_strength_firm")}
    assert card["source"] == wording.source_line(list(advice.facts)) != ""
    assert card["disclosure"] == wording.text("utter_disclosure")


def test_verdict_is_one_message_with_one_card(wording: Wording) -> None:
    for case in CASES:
        assert len(told(wording, {name: value for name, value in case["company"].items() if name in fields()})) == 1


def test_sections_that_are_not_folded_are_in_the_text_in_the_same_order(wording: Wording) -> None:
    for case in CASES:
        answers = {field: value for field, value in case["company"].items() if field in fields()}
        [message] = told(wording, answers)
        shown = [section for section in message["custom"]["sections"] if not section.get("folded")]
        titles = re.findall(r"^\*\*(.+?):\*\* ", message["text"], re.M)
        noted = [one for one in titles if one == NOTES]
        expected = [section["title"] for section in shown[1:] if section["title"] != NOTES or noted]
        assert expected == titles  # why stands beside the recommendation
        for section in shown:
            assert section["items"]
            in_text = section["items"][: len(noted)] if section["title"] == NOTES else section["items"]
            firm = message["custom"]["strength"]["level"] == "firm" and section["title"] == FIRMNESS
            for item in in_text[:1] if firm else in_text:
                # what would change it: a line of the text may say two of them; what it takes: in sentences
                if not {"payload", "label"} & item.keys():
                    assert item["text"].lower() in message["text"].lower(), (answers, item)
        company = company_of(answers)
        for kind, name in takes(company, advise(company)):
            assert wording.text(f"utter_takes_{kind}_{name}") in message["text"], (answers, kind, name)


def test_items_of_what_would_change_the_verdict_try_it(wording: Wording) -> None:
    tried = 0
    for case in CASES:
        answers = {field: value for field, value in case["company"].items() if field in fields()}
        card = told(wording, answers)[0]["custom"]
        changing = [item for section in card["sections"] for item in section["items"] if "payload" in item]
        assert changing == [
            item
            for section in card["sections"]
            if section["title"] == wording.text("utter_section_changes")
            for item in section["items"]
        ]
        for item in changing:
            intent, values = parsed(item["payload"])
            in_chat = {field: value for field, value in company_of(answers).items() if field != "annual_revenue"}
            then = advise(company_of({**in_chat, **values["supposed"]}))
            assert intent == "what_if" and then.role != card["role"], (answers, item)
            assert item["text"].endswith(wording.text(f"utter_role_{then.role}")), (answers, item)
            tried += 1
    assert tried > 20


def test_only_folded_sections_are_those_for_whoever_wants_more(wording: Wording) -> None:
    [message] = told(wording, {"tech_upgrades_needed": True, "ai_strategy_needed_now": True, "leadership": "none"})
    folded = [section["title"] for section in message["custom"]["sections"] if section.get("folded")]
    assert folded[0] == wording.text("utter_section_split")
    assert set(folded) <= {wording.text("utter_section_split"), wording.text("utter_section_year")}
    assert not any(f"**{title}**" in message["text"] for title in folded)


def test_rows_of_the_summary_card_say_what_the_text_says(wording: Wording) -> None:
    answers = {**SMALL_SERVICE_FIRM, "has_crm": UNKNOWN}
    card, text = summary_card(wording, answers, "Right?"), summary(wording, answers)
    assert card and card["question"] == "Right?"
    assert len(card["rows"]) == len(text.splitlines()) - 1
    for row, line in zip(card["rows"], text.splitlines()[1:], strict=True):
        assert set(row) == {"label", "value"}
        assert line.lower() == f"- {row['label']}: {row['value']}".lower()
    assert card["rows"][-1]["label"] == wording.text("utter_card_left_open")
    assert summary_card(wording, {}) is None


def test_bars_group_figures_by_unit_and_label_them_as_in_the_text(wording: Wording) -> None:
    card = cards.bars(wording, "Cost", ["caio_fractional_price", "caio_salary", "start_hours", "cto_share"])
    assert card is not None
    assert [[bar["text"] for bar in group["items"]] for group in card["groups"]] == [
        [figures()[name].text] for name in ("caio_fractional_price", "caio_salary", "start_hours")
    ]
    assert card["groups"][1]["items"][0]["open_ended"]
    assert cards.bars(wording, "Cost", ["cto_share"]) is None


@pytest.mark.parametrize(("answered", "left", "step", "of"), [(0, 13, 1, 13), (5, 1, 6, 6), (4, 0, 5, 5)])
def test_progress_includes_the_open_question(wording: Wording, answered: int, left: int, step: int, of: int) -> None:
    card = cards.progress(wording, answered, left)
    assert (card["step"], card["of"]) == (step, of)
    assert card["label"] == wording.text("utter_card_progress", step=step, of=of)
    assert "several" not in card


def test_answers_that_may_be_given_together_are_in_the_progress_card(wording: Wording) -> None:
    several = wording.several("utter_question_has_website")
    assert cards.progress(wording, 0, 9, several)["several"] == several
    assert [parsed(one["payload"]) for one in several] == [
        ("answer", {field: True}) for field in ("has_website", "has_crm", "has_cloud")
    ]


@pytest.mark.parametrize(
    ("card", "shown_in"),
    [
        ({"notes": ["a price"]}, "notes"),
        ({"text": "a comparison"}, "text"),
        ({"question": "right?"}, "question"),
        ({"sections": [], "disclosure": "sold here"}, "disclosure"),
    ],
)
def test_line_below_a_text_is_in_the_card_that_takes_its_place(card: dict[str, Any], shown_in: str) -> None:
    more = cards.with_line(card, "one more line")
    assert "one more line" in str(more[shown_in])
    assert {**more, shown_in: card[shown_in]} == card


def test_card_beside_a_text_needs_no_further_line() -> None:
    card = {"label": "Question 2 of 6"}
    assert cards.with_line(card, "one more line") == card
