"""Whole conversations with the real assistant, the real action server and real HTTP."""

from __future__ import annotations

import json
import statistics
from typing import Any
from uuid import uuid4

import pytest
import yaml

from actions.wording import Wording
from advisor.company import Company, read_company
from advisor.decision import decide
from advisor.framework import framework
from tests.content import ROOT, intents_with_rules, responses
from tests.visitor import Visitor

SITUATIONS = yaml.safe_load((ROOT / "tests" / "advisor" / "golden_cases.yml").read_text(encoding="utf-8"))
VERDICTS = yaml.safe_load((ROOT / "data" / "conversation" / "advice.yml").read_text(encoding="utf-8"))["responses"]


@pytest.fixture
def visitor(assistant_url: str) -> Visitor:
    return Visitor(assistant_url)


SERVICE_FIRM: Company = {
    "revenue_band": "1m_10m",
    "business": ["service"],
    "leadership": "none",
    "has_website": True,
    "has_crm": True,
    "has_cloud": True,
    "tech_works": True,
    "tech_upgrades_needed": False,
    "dev_team": False,
    "custom_tech_needed": False,
    "leveraging_ai": False,
    "ai_strategy": "none",
    "generic_tools_no_strategy": True,
    "ai_strategy_needed_now": False,
    "competitors_gaining": False,
    "build_vs_buy_pending": False,
    "ai_initiatives": 0,
    "daily_hands_on_cto": False,
    "ai_full_time_scale": False,
    "cto_ai_expertise": True,
    "cto_bandwidth": False,
    "cto_accountable": True,
    "warn_later": True,
    "warn_tools_first": False,
    "warn_no_metrics": False,
    "warn_cannot_keep_up": False,
}
COMPANIES: dict[str, Company] = {
    "a service firm": SERVICE_FIRM,
    "a tiny one without a CRM": {**SERVICE_FIRM, "revenue_band": "lt_1m", "has_crm": False, "has_cloud": False},
    "a software maker": {**SERVICE_FIRM, "business": ["software_product"], "dev_team": True},
    "a CTO without time": {**SERVICE_FIRM, "leadership": "cto"},
    "a CTO for AI": {**SERVICE_FIRM, "leadership": "cto", "cto_bandwidth": True, "warn_later": False},
    "both at once": {**SERVICE_FIRM, "tech_upgrades_needed": True, "ai_strategy_needed_now": True},
    "a user of AI": {
        **SERVICE_FIRM,
        "revenue_band": "10m_50m",
        "business": ["other"],
        "leveraging_ai": True,
        "generic_tools_no_strategy": False,
    },
    "a large one": {**SERVICE_FIRM, "revenue_band": "ge_50m", "dev_team": True},
    "no systems": {
        **SERVICE_FIRM,
        "has_website": False,
        "has_crm": False,
        "has_cloud": False,
        "generic_tools_no_strategy": False,
    },
    "a CAIO": {
        **SERVICE_FIRM,
        "leadership": "caio",
        "business": ["other"],
        "tech_works": False,
        "tech_upgrades_needed": True,
    },
}
"""Ten companies that can answer every question."""

MOST_MESSAGES = 20  # far more than there are questions
RICH_OPENING = (
    "We're an accounting firm of 35 people with about 4 million in revenue. Nobody leads technology. We have a "
    "website, HubSpot and everything else in the cloud, and no AI strategy. Which one do we need?"
)


def verdict_of(company: Company) -> str:
    """The expected verdict for a company, up to its terms."""
    return f"**{Wording(VERDICTS).fitting(f'utter_verdict_{decide(company).role}', company, terms='')}"


@pytest.mark.parametrize("situation", SITUATIONS, ids=[one["name"] for one in SITUATIONS])
def test_interview_ends_with_the_verdict_of_the_framework(visitor: Visitor, situation: dict[str, Any]) -> None:
    company = read_company(situation["company"])
    visitor.be_interviewed(company)
    assert verdict_of(company) in visitor.heard
    assert "the firm sells these services" in visitor.heard
    assert visitor.verdict is not None
    assert visitor.verdict["role"] == decide(company).role


def test_situations_cover_every_rule_and_term() -> None:
    decided = {decide(read_company(one["company"])) for one in SITUATIONS}
    assert {decision.rule for decision in decided} == {row.id for row in framework().roles}
    assert {decision.engagement_rule for decision in decided} == {row.id for row in framework().terms}


def test_question_is_answered_with_section_and_follow_ups(visitor: Visitor) -> None:
    heard = visitor.say("what does a caio cost?")
    assert "$2,500 to $15,000 a month" in heard
    assert "Source: " in heard
    assert "You Might Also Like" in heard.split("Source: ")[1]
    assert 2 <= len(visitor.buttons) <= 5  # answers to its closing question, and a question that may have been meant


def test_follow_up_buttons_are_answered(visitor: Visitor) -> None:
    visitor.say("what does a caio cost?")
    following = [payload for payload in visitor.buttons.values() if payload.startswith("/faq")]
    assert following
    for payload in following:
        assert "Source: " in visitor.press(payload)


def test_question_beyond_the_article_is_answered_as_not_covered(visitor: Visitor) -> None:
    heard = visitor.say("what's the hourly rate?")
    assert "I don't have an hourly" in heard


def test_digression_is_answered_and_the_question_repeated(visitor: Visitor) -> None:
    visitor.say("which one do we need?")

    def digress_and_answer() -> None:
        pending = visitor.pending
        heard = visitor.say("is the consultation free?")
        assert "free" in heard
        assert visitor.pending == pending or "revenue" in pending[0]  # which waits until another one is answered
        visitor.press(next(iter(visitor.buttons.values())))

    assert len(visitor.answer_all(digress_and_answer)) > 1


def test_interview_without_knowledge_still_ends_with_a_verdict(visitor: Visitor) -> None:
    visitor.say("which one do we need?")
    visitor.answer_all(lambda: visitor.say("I don't know"))
    assert verdict_of({}) in visitor.heard


def test_declining_every_question_still_ends_with_a_verdict(visitor: Visitor) -> None:
    visitor.say("which one do we need?")
    visitor.answer_all(lambda: visitor.say("I'd rather not say"))
    assert verdict_of({}) in visitor.heard


def test_facts_in_the_opening_message_are_not_asked_again(visitor: Visitor) -> None:
    heard = visitor.say(
        "we're a 35 person accounting firm, about 4 mil a year, everything's on Xero and Hubspot, "
        "people use chatgpt but there's no plan"
    )
    for said in ("$4M in revenue", "an accounting firm", "35 people", "a CRM (Hubspot)", "cloud systems (Xero)"):
        assert said in heard
    asked = []

    def note_and_answer() -> None:
        asked.extend(field for offer in visitor.asked.values() for field in offer)
        visitor.press(next(iter(visitor.buttons.values())))

    visitor.answer_all(note_and_answer)
    assert asked
    assert not {"revenue_band", "business", "has_crm", "has_cloud", "generic_tools_no_strategy"} & set(asked)


def messages_before_the_verdict(visitor: Visitor, company: Company) -> int:
    """Answer for a company by buttons alone after the message just sent; how many messages of ours that takes."""
    ours = 0
    while visitor.verdict is None:
        ours += len(visitor.messages)
        assert ours < MOST_MESSAGES, visitor.heard
        if visitor.confirming:
            visitor.confirm()
        else:
            visitor.press_as(company)
    return ours + len(visitor.messages) - 1  # the verdict itself comes last


def test_few_messages_lead_to_the_verdict_by_buttons_and_fewer_after_a_rich_opening(assistant_url: str) -> None:
    counted: dict[str, int] = {}
    for name, company in COMPANIES.items():
        visitor = Visitor(assistant_url)
        visitor.say("which one do we need?")
        counted[name] = messages_before_the_verdict(visitor, company)
        assert len(visitor.messages) == 1, name  # the verdict itself
        assert visitor.verdict is not None
        assert visitor.verdict["role"] == decide(company).role, name  # what can change nothing else is not asked
    visitor = Visitor(assistant_url)
    visitor.say(RICH_OPENING)
    opened_richly = messages_before_the_verdict(visitor, SERVICE_FIRM)
    assert verdict_of(SERVICE_FIRM) in visitor.heard
    median = statistics.median(counted.values())
    print(f"our messages before the verdict: {counted}; median {median}; after a rich opening {opened_richly}")
    assert median <= 7
    assert opened_richly <= 4


def test_interview_without_buttons(visitor: Visitor) -> None:
    visitor.say("do we need a chief ai officer?")
    replies = {
        "revenue_band": "about 4 million",
        "business": "we're an accounting firm",
        "leadership": "nobody",
        "has_website": "website and cloud, no crm",
        "tech_works": "none of these",
        "leveraging_ai": "just chatgpt",
        "competitors_gaining": "neither",
        "ai_initiatives": "three",
        "daily_hands_on_cto": "neither",
    }
    visitor.say("yes, let's find out")
    asked = []

    def reply() -> None:
        asked.append(next(field for offer in visitor.asked.values() for field in offer))
        visitor.say(replies.pop(asked[-1]))  # each is asked once

    visitor.answer_all(reply)
    assert asked[:3] == ["revenue_band", "business", "leadership"]
    assert (
        verdict_of({"revenue_band": "1m_10m", "business": ["service"], "generic_tools_no_strategy": True})
        in visitor.heard
    )


@pytest.mark.parametrize(
    "text",
    [
        "😀😀😀",
        "привет, как дела",
        "<script>alert(1)</script>",
        "12345",
        "asdf jkl qwer",
        '/answer{"leadership": "both"}',
        "?" * 50,
    ],
)
def test_unusable_reply_keeps_the_open_question(visitor: Visitor, text: str) -> None:
    visitor.say("which one do we need?")
    visitor.choose("$1M to $10M")
    pending = visitor.pending
    heard = visitor.say(text)
    assert visitor.answered
    assert visitor.pending == pending
    assert "Traceback" not in heard


def test_range_over_two_bands_asks_for_clarification(visitor: Visitor) -> None:
    visitor.say("which one do we need?")
    for unclear in ("5 to 15 million", "85k a month", "2 million euros"):
        heard = visitor.say(unclear)
        assert "I don't want to guess" in heard
        assert f"“{unclear}”" in heard
        assert "Under $1M" in visitor.buttons


def test_stopping_keeps_answers_and_starting_over_resets_them(visitor: Visitor) -> None:
    visitor.say("which one do we need?")
    visitor.choose("$1M to $10M")
    pending = visitor.pending
    visitor.say("stop")
    assert not visitor.asked
    visitor.choose("Go on")
    assert visitor.pending == pending
    visitor.say("start over")
    visitor.say("which one do we need?")
    assert "Under $1M" in visitor.buttons


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ({"id": "not-a-uuid", "text": "hi"}, 400),
        ({"id": str(uuid4()), "text": "   "}, 400),
        ({"id": str(uuid4()), "text": "x" * 1001}, 400),
        ({"id": str(uuid4()), "text": 7}, 400),
        ({"id": str(uuid4())}, 400),
        ({"id": str(uuid4()), "payload": '/answer{"leadership": "both"}'}, 422),
    ],
)
def test_invalid_message_gets_an_error_status_and_explanation(
    visitor: Visitor, content: dict[str, Any], status: int
) -> None:
    answer = visitor.post(content)
    assert answer.status_code == status, answer.text
    assert answer.json()["message"].endswith(".")
    assert visitor.say("hello")


def test_duplicate_message_id_gets_the_stored_answer(visitor: Visitor) -> None:
    content = {"id": str(uuid4()), "text": "what is a caio?"}
    first, second = visitor.post(content), visitor.post(content)
    assert first.json() == second.json()


def test_every_intent_has_a_rule() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert set(domain["intents"]) == intents_with_rules()


def test_answer_payloads_of_buttons_are_valid_json() -> None:
    payloads = [
        button["payload"]
        for variants in responses().values()
        for variant in variants
        for button in variant.get("buttons", [])
        if button["payload"].startswith("/answer")
    ]
    assert payloads
    for payload in payloads:
        json.loads(payload.removeprefix("/answer").replace("{{", "{").replace("}}", "}"))
