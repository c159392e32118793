"""The classifier as Rasa's pipeline has it: intent, topic, and what a message names."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from advisor.fields import fields
from assistant.nlu.company_extractor import CompanyExtractor
from assistant.nlu.company_facts.model import trained
from assistant.nlu.topic_classifier import TopicClassifier


def parse(classifier: TopicClassifier, text: str) -> Message:
    [message] = classifier.process([Message.build(text)])
    return message


def entities(message: Message) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entity in message.get("entities", []):
        found.setdefault(entity["entity"], []).append(entity["value"])
    return found


def topic(message: Message) -> str | None:
    """The topic as Rasa's response selector gives it."""
    selected = message.get("response_selector").get(message.get("intent")["name"])
    return selected["response"]["intent_response_key"] if selected else None


@pytest.mark.parametrize(
    ("text", "wanted", "named"),
    [
        ("what does a fractional CTO cost?", "faq/cost", {"role": ["cto"], "engagement": ["fractional"]}),
        ("Do we need a CTO?", "faq/need", {"role": ["cto"]}),
        ("what's the difference between a CAIO and a CTO?", "faq/difference", {}),
        ("How much does a fractional CMO cost?", "faq/cost", {"officer": ["a fractional CMO"]}),
        ("do we need both?", "faq/need", {"role": ["both"]}),
    ],
)
def test_question_is_read_as_topic_role_and_engagement(
    classifier: TopicClassifier, text: str, wanted: str, named: dict[str, list[str]]
) -> None:
    message = parse(classifier, text)
    assert (topic(message), entities(message)) == (wanted, named)


def test_two_questions_are_two_topics_and_share_a_role(classifier: TopicClassifier) -> None:
    message = parse(classifier, "What does a fractional CAIO do? And what does it cost?")
    assert entities(message)["topic"] == ["faq/duties/caio/fractional", "faq/cost/caio/fractional"]


def test_text_before_a_question_says_whom_it_is_about(classifier: TopicClassifier) -> None:
    message = parse(classifier, "My boss wants to hire a CTO. What does it cost?")
    assert (topic(message), entities(message)) == ("faq/cost", {"role": ["cto"]})


def test_message_in_another_language_gets_its_own_intent(classifier: TopicClassifier) -> None:
    message = parse(classifier, "¿Cuánto cuesta un CAIO?")
    assert message.get("intent")["name"] == "other_language"
    assert entities(message) == {"language": ["es"]}


def test_question_without_the_form_of_one_is_answered_beside_the_next(classifier: TopicClassifier) -> None:
    message = parse(classifier, "CTO or CAIO first, and how much equity does a CTO get?")
    assert entities(message)["topic"] == ["faq/first", "not_in_article/equity/cto"]


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("what does a CAIO do, plus a typical day", ["faq/duties/caio", "not_in_article/typical_week/caio"]),
        ("Team under a CAIO, with headcount per team", ["faq/team/caio", "not_in_article/team_size/caio"]),
        (
            "I want to know the warning signs and also what severance is normal",
            ["faq/warnings", "not_in_article/severance"],
        ),
    ],
)
def test_two_things_that_a_question_joins_are_two_topics(
    classifier: TopicClassifier, text: str, topics: list[str]
) -> None:
    assert entities(parse(classifier, text))["topic"] == topics


def test_one_thing_with_an_and_in_it_is_one_topic(classifier: TopicClassifier) -> None:
    assert "topic" not in entities(parse(classifier, "What's the difference between a CAIO and a CTO?"))


def test_last_sentence_asks_for_the_advice_whatever_is_told_before(classifier: TopicClassifier) -> None:
    text = "Recruiters use AI writing tools without any plan. What's your recommendation?"
    assert parse(classifier, text).get("intent")["name"] in ("ask_for_advice", "ask_verdict_now")


def test_question_that_points_back_asks_what_the_whole_message_asks(classifier: TopicClassifier) -> None:
    text = "Your article says 8 to 12 thousand for both in one spot and 6 to 12 in another. Which is it?"
    assert topic(parse(classifier, text)) == "faq/price_gap"


def test_rhetorical_question_is_not_named_as_unanswered(classifier: TopicClassifier) -> None:
    assert "unplaced" not in entities(parse(classifier, "Isn't the CAIO just a made-up title? What am I missing?"))


@pytest.mark.parametrize("text", ["<br>", " ", "\n", "...", "?", "\u200b"])
def test_message_without_words_is_not_understood(classifier: TopicClassifier, text: str) -> None:
    assert parse(classifier, text).get("intent")["name"] == "nlu_fallback"


def test_button_is_left_to_rasa(classifier: TopicClassifier) -> None:
    assert parse(classifier, '/faq{"topic": "cost"}').get("intent")["name"] is None


@pytest.mark.parametrize(
    "text",
    ["isn't everyone on ChatGPT already?", "Fractional CTO vs. Interim CTO vs. Consultant", "CAIO or CTO first?"],
)
def test_question_about_nobodys_company_states_no_facts(classifier: TopicClassifier, text: str) -> None:
    message = parse(classifier, text)
    CompanyExtractor(trained()).process([message])
    assert not set(entities(message)) & set(fields())


def test_facts_before_a_question_are_read(classifier: TopicClassifier) -> None:
    message = parse(classifier, "accounting firm, 35 people, no CTO - what does a CAIO cost?")
    CompanyExtractor(trained()).process([message])
    assert {"headcount", "leadership", "business"} <= set(entities(message))
