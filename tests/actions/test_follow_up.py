"""A follow-up refers to the last answer or to the advice."""

from __future__ import annotations

import pytest

from actions.turn import ADVICE
from actions.wording import Wording
from tests.actions.situations import SMALL_SERVICE_FIRM, advised
from tests.actions.talk import Talk
from tests.content import topics


def asked(wording: Wording, topic: str) -> Talk:
    return Talk(wording).hear("faq", [{"entity": "topic", "value": topic}])


WITH_A_COUNTERPART = [("cost_caio_fractional", "not_in_article/cto_price"), ("caio", "faq/cto"), ("cto", "faq/caio")]


@pytest.mark.parametrize(("topic", "other"), WITH_A_COUNTERPART)
def test_other_role_follow_up_answers_the_counterpart_topic(wording: Wording, topic: str, other: str) -> None:
    talk = asked(wording, topic).say("and for the other one?", "ask_other_role")
    assert wording.text(f"utter_{other}") in talk.text


def test_counterpart_topics_exist_and_cover_the_other_role(wording: Wording) -> None:
    for topic in topics():
        about = wording.metadata(f"utter_faq/{topic}")
        if "other" in about:
            assert wording.metadata(f"utter_{about['other']}")["role"] != about["role"], topic


@pytest.mark.parametrize(("said", "topic"), [("and for a CTO?", "faq/cto"), ("what about the caio", "faq/caio")])
def test_without_a_previous_topic_a_named_role_is_explained(wording: Wording, said: str, topic: str) -> None:
    for talk in (Talk(wording), advised(wording, SMALL_SERVICE_FIRM)):
        assert wording.text(f"utter_{topic}") in talk.say(said, "ask_other_role").text


def test_other_role_without_a_role_asks_which(talk: Talk) -> None:
    assert talk.say("and the other one?", "ask_other_role").said[0].response == "utter_other_role_unclear"


def test_other_role_after_a_comparison_says_both_were_covered(wording: Wording) -> None:
    talk = asked(wording, "difference_budget").say("and for a CTO?", "ask_other_role")
    assert talk.said[0].response == "utter_other_role_included"


def test_cost_after_the_advice_is_that_of_its_terms(wording: Wording) -> None:
    talk = advised(wording, SMALL_SERVICE_FIRM).say("how much would that be?", "ask_cost_of_that")
    assert talk.text.startswith("**A CAIO first, fractional**")
    assert "$2,500 to $15,000 a month" in talk.text


@pytest.mark.parametrize(
    ("topic", "cost"),
    [("caio_work", "faq/cost_caio_fractional"), ("cto_work", "not_in_article/cto_price"), ("difference", "faq/cost")],
)
def test_cost_after_an_answer_is_that_of_its_role(wording: Wording, topic: str, cost: str) -> None:
    talk = asked(wording, topic).say("how much would that be?", "ask_cost_of_that")
    assert wording.text(f"utter_{cost}") in talk.text


@pytest.mark.parametrize("topic", topics())
def test_more_continues_with_the_next_topic(wording: Wording, topic: str) -> None:
    nearest = wording.metadata(f"utter_faq/{topic}")["next"][0]
    talk = asked(wording, topic).say("tell me more", "ask_more")
    assert wording.text(f"utter_faq/{nearest}") in talk.text


def test_more_after_the_advice_offers_three_questions(wording: Wording) -> None:
    talk = advised(wording, SMALL_SERVICE_FIRM)
    assert talk.slots["about"] == ADVICE
    assert len(talk.say("tell me more", "ask_more").buttons) == 3


def test_more_without_context_asks_of_what(talk: Talk) -> None:
    assert talk.say("tell me more", "ask_more").said[0].response == "utter_more_of_what"


def test_source_is_that_of_the_last_answer(wording: Wording) -> None:
    assert "You Might Also Like" in asked(wording, "cost_caio_full_time").hear("ask_source").text
    assert "Decision framework" in advised(wording, SMALL_SERVICE_FIRM).hear("ask_source").text
    assert Talk(wording).hear("ask_source").text == wording.text("utter_source_all")
