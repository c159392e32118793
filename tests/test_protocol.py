"""Messages of the assistant conform to docs/protocol.md, and every card type occurs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from tests.content import ROOT
from tests.visitor import Visitor

SCHEMA = json.loads((ROOT / "docs" / "protocol.schema.json").read_text(encoding="utf-8"))
SAID = (
    *("hi", "what does it cost?", "how many hours a month?", "what is the difference between a caio and a cto?"),
    "we are a law firm with 35 people, about 4 million in revenue, we have a website, a crm and cloud systems",
    "summary",
)


def messages(address: str) -> Iterator[dict[str, Any]]:
    """The messages of a conversation that covers all card types."""
    visitor = Visitor(address)
    for words in SAID:
        visitor.say(words)
        yield from visitor.messages
    while visitor.asked:
        visitor.say("not sure")
        yield from visitor.messages
    if visitor.confirming:
        visitor.confirm()
        yield from visitor.messages
    visitor.say("talk to a person")
    yield from visitor.messages


@pytest.fixture(scope="module")
def told(assistant_url: str) -> list[dict[str, Any]]:
    return list(messages(assistant_url))


def test_messages_match_the_protocol_schema(told: list[dict[str, Any]]) -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    wrong = [(error.json_path, error.message) for message in told for error in validator.iter_errors(message)]
    assert wrong == []


def test_every_card_type_occurs_and_matches_its_text(told: list[dict[str, Any]]) -> None:
    found = {message["custom"]["type"] for message in told if "custom" in message}
    assert found >= {"verdict", "bars", "table", "summary", "progress", "handoff"}
    assert [one for one in told if "custom" in one and one["custom"]["fallback_text"] != one["text"]] == []
