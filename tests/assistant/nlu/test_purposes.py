"""What held-out messages are for: they tell of the company, ask a question, or want advice for the company."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from rasa.shared.nlu.training_data.message import Message

from assistant.nlu.company_extractor import CompanyExtractor
from assistant.nlu.company_facts.model import trained
from assistant.nlu.topic_classifier import TopicClassifier
from tests.content import HELD_OUT

TELLS, ASKS, WANTS_ADVICE = "tells", "asks", "wants advice"
LEAST = {TELLS: 0.75, ASKS: 0.88, WANTS_ADVICE: 0.85}
"""Of each kind; the messages are hard: what tells has the words of questions, and what asks has facts."""
WHICH_FIRST = ("faq/need", "faq/first")


def purpose(message: Message) -> str:
    intent = message.get("intent")["name"] or ""
    selected = message.get("response_selector", {}).get(intent, {}).get("response", {})
    if intent in ("ask_for_advice", "ask_verdict_now") or selected.get("intent_response_key") in WHICH_FIRST:
        return WANTS_ADVICE
    if intent.startswith("inform_"):
        return TELLS
    return ASKS if intent in ("faq", "not_in_article") else intent


@pytest.mark.parametrize("kind", LEAST)
def test_purpose_of_messages(classifier: TopicClassifier, kind: str) -> None:
    extractor, found = CompanyExtractor(trained()), Counter[str]()
    rows = [json.loads(line) for line in (HELD_OUT / "purposes_1.jsonl").read_text(encoding="utf-8").splitlines()]
    for text in (row["text"] for row in rows if row["kind"] == kind):
        messages = [Message.build(text)]
        classifier.process(messages)
        extractor.process(messages)
        found[purpose(messages[0])] += 1
    print(f"{kind}: " + ", ".join(f"{name} {count}" for name, count in found.most_common()))
    assert found[kind] >= LEAST[kind] * found.total()
