"""Every FAQ entry is answered with its source and follow-up questions."""

from __future__ import annotations

import re
from typing import Any

import pytest

from actions.wording import Wording
from advisor.article import facts, source
from advisor.prices import figures
from tests.actions.talk import Talk, as_said, parsed
from tests.content import silences, topics

ENTRIES = [f"faq/{topic}" for topic in topics()] + [f"not_in_article/{silence}" for silence in silences()]
SENT_BY_RULES = re.compile(r"utter_(greet|goodbye|thank|bot_challenge|help|complain|out_of_scope|stopped|started_over)")


def ask(talk: Talk, entry: str) -> Talk:
    """A typed question, as classified."""
    return talk.hear(entry.partition("/")[0], text="…", full_retrieval_intent_name=entry)


def about(wording: Wording, entry: str) -> dict[str, Any]:
    found: dict[str, Any] = wording.responses[f"utter_{entry}"][0]["metadata"]
    return found


@pytest.mark.parametrize("entry", ENTRIES)
def test_answer_is_one_message_without_placeholders(talk: Talk, entry: str) -> None:
    [said] = ask(talk, entry).said
    assert not re.search(r"[{}]|\bNone\b", said.text)
    for name in re.findall(r"{(\w+)}", talk.wording.responses[f"utter_{entry}"][0]["text"]):
        assert figures()[name].text in said.text


@pytest.mark.parametrize("entry", ENTRIES)
def test_answer_ends_with_its_source_sections(talk: Talk, entry: str) -> None:
    last = ask(talk, entry).text.splitlines()[-1]
    assert last.startswith(f'Source: the article "{source().title}", section')
    for fact in about(talk.wording, entry)["facts"]:
        assert facts()[fact].section in last


@pytest.mark.parametrize("entry", ENTRIES)
def test_answer_offers_follow_up_questions(talk: Talk, entry: str) -> None:
    buttons = ask(talk, entry).said[-1].buttons
    assert 2 <= len(buttons) <= 3
    for title, payload in buttons.items():
        intent, values = parsed(payload)
        assert (intent, list(values)) == ("faq", ["topic"])
        assert f"faq/{values['topic']}" != entry
        assert title == about(talk.wording, f"faq/{values['topic']}")["question"]


@pytest.mark.parametrize("topic", topics())
def test_topic_button_bypasses_the_classifier(talk: Talk, topic: str) -> None:
    typed = ask(talk, f"faq/{topic}").said
    talk.hear("faq", [{"entity": "topic", "value": topic}], full_retrieval_intent_name="faq/cost")
    assert talk.said == typed


def test_answer_during_the_interview_is_followed_by_the_open_question(talk: Talk) -> None:
    question = talk.hear("ask_for_advice").question
    ask(talk, "faq/cost")
    assert talk.said[0].buttons == {}
    assert talk.question == question


@pytest.mark.parametrize("message", [{}, {"full_retrieval_intent_name": None}])
def test_question_without_a_topic_gets_the_fallback(talk: Talk, message: dict[str, Any]) -> None:
    assert [said.response for said in talk.hear("faq", **message).said] == ["utter_not_understood"]


@pytest.mark.parametrize("topic", ["no_such_topic", "", 7, None, {"a": 1}, ["cost"], "../faq/cost"])
def test_forged_topic_gets_the_fallback(talk: Talk, topic: Any) -> None:
    talk.hear("faq", [{"entity": "topic", "value": topic}])
    assert [said.response for said in talk.said] == ["utter_not_understood"]


def test_ambiguous_message_offers_buttons_that_answer(talk: Talk) -> None:
    offered = ["faq/cost", "faq/hours", "faq/caio"]
    ranking = [{"intent_response_key": topic} for topic in offered]
    offer(talk, {"faq": {"ranking": ranking}})
    [said] = talk.said
    assert list(said.buttons) == [about(talk.wording, topic)["question"] for topic in offered]
    first = next(iter(said.buttons))
    assert talk.press(first).said == ask(talk, "faq/cost").said


def offer(talk: Talk, selector: dict[str, Any]) -> Talk:
    """An ambiguous message, with the topics that the classifier offers."""
    return talk.hear("nlu_fallback", text="…", selector=selector)


def test_unintelligible_message_gets_the_fallback_with_a_handoff_button(talk: Talk) -> None:
    [said] = offer(talk, {}).said
    assert said.response == "utter_not_understood"
    assert "/talk_to_person" in said.buttons.values()


def test_unintelligible_reply_repeats_the_open_question(talk: Talk) -> None:
    question = talk.hear("ask_for_advice").question
    offer(talk, {})
    assert talk.said[0].response == "utter_not_an_answer"
    assert talk.question == question


def test_offer_during_the_interview_keeps_the_open_question(talk: Talk) -> None:
    question = talk.hear("ask_for_advice").question
    offer(talk, {"faq": {"ranking": [{"intent_response_key": "faq/cost"}]}})
    assert list(talk.said[0].buttons) == [about(talk.wording, "faq/cost")["question"]]
    assert talk.question == question


def test_responses_sent_by_rules_have_no_placeholders(wording: Wording) -> None:
    spoken = [response for response in wording.responses if SENT_BY_RULES.fullmatch(response)]
    assert len(spoken) == 9
    for response in spoken:
        said = as_said(wording, {"response": response})
        assert "{" not in said.text, response
        assert all(payload.strip() for payload in said.buttons.values())
