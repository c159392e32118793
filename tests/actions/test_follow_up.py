"""A follow-up refers to what was said last: an answer, or the advice."""

from __future__ import annotations

import pytest

from actions.advice import ADVICE
from actions.wording import metadata, wording
from tests.actions.situations import SMALL_SERVICE_FIRM, advised
from tests.actions.talk import Domain, Talk
from tests.content import topics


def asked(domain: Domain, topic: str) -> Talk:
    return Talk(domain).hear("faq", [{"entity": "topic", "value": topic}])


WITH_A_COUNTERPART = [("cost_caio_fractional", "not_in_article/cto_price"), ("caio", "faq/cto"), ("cto", "faq/caio")]


@pytest.mark.parametrize(("topic", "other"), WITH_A_COUNTERPART)
def test_the_other_role_gets_the_same_question(domain: Domain, topic: str, other: str) -> None:
    talk = asked(domain, topic).say("and for the other one?", "ask_other_role")
    assert wording(domain, f"utter_{other}") in talk.text


def test_every_counterpart_exists_and_is_of_the_other_role(domain: Domain) -> None:
    for topic in topics():
        about = metadata(domain, f"utter_faq/{topic}")
        if "other" in about:
            assert metadata(domain, f"utter_{about['other']}")["role"] != about["role"], topic


@pytest.mark.parametrize(("said", "topic"), [("and for a CTO?", "faq/cto"), ("what about the caio", "faq/caio")])
def test_a_role_that_is_named_is_told_of_where_nothing_else_is_spoken_of(domain: Domain, said: str, topic: str) -> None:
    for talk in (Talk(domain), advised(domain, SMALL_SERVICE_FIRM)):
        assert wording(domain, f"utter_{topic}") in talk.say(said, "ask_other_role").text


def test_without_a_role_it_is_asked_back(talk: Talk) -> None:
    assert talk.say("and the other one?", "ask_other_role").said[0].response == "utter_other_role_unclear"


def test_a_comparison_holds_both_roles_already(domain: Domain) -> None:
    talk = asked(domain, "difference_budget").say("and for a CTO?", "ask_other_role")
    assert talk.said[0].response == "utter_other_role_included"


def test_how_much_is_answered_for_the_advice_on_its_terms(domain: Domain) -> None:
    talk = advised(domain, SMALL_SERVICE_FIRM).say("how much would that be?", "ask_cost_of_that")
    assert talk.text.startswith("**A CAIO first, fractional**")
    assert "$2,500 to $15,000 a month" in talk.text


@pytest.mark.parametrize(
    ("topic", "cost"),
    [("caio_work", "faq/cost_caio_fractional"), ("cto_work", "not_in_article/cto_price"), ("difference", "faq/cost")],
)
def test_how_much_is_answered_for_the_role_that_was_spoken_of(domain: Domain, topic: str, cost: str) -> None:
    talk = asked(domain, topic).say("how much would that be?", "ask_cost_of_that")
    assert wording(domain, f"utter_{cost}") in talk.text


@pytest.mark.parametrize("topic", topics())
def test_more_goes_on_to_what_is_nearest(domain: Domain, topic: str) -> None:
    nearest = metadata(domain, f"utter_faq/{topic}")["next"][0]
    talk = asked(domain, topic).say("tell me more", "ask_more")
    assert wording(domain, f"utter_faq/{nearest}") in talk.text


def test_more_of_the_advice_offers_its_own_questions(domain: Domain) -> None:
    talk = advised(domain, SMALL_SERVICE_FIRM)
    assert talk.slots["about"] == ADVICE
    assert len(talk.say("tell me more", "ask_more").buttons) == 3


def test_more_of_nothing_asks_what(talk: Talk) -> None:
    assert talk.say("tell me more", "ask_more").said[0].response == "utter_more_of_what"


def test_the_source_is_that_of_what_was_said_last(domain: Domain) -> None:
    assert "You Might Also Like" in asked(domain, "cost_caio_full_time").hear("ask_source").text
    assert "Decision framework" in advised(domain, SMALL_SERVICE_FIRM).hear("ask_source").text
    assert Talk(domain).hear("ask_source").text == wording(domain, "utter_source_all")
