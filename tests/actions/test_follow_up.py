"""A follow-up refers to the last answer or to the advice."""

from __future__ import annotations

import pytest

from actions.advice import costs, hours
from actions.company import company_of
from actions.turn import ADVICE
from actions.wording import Wording
from advisor.advice import advise
from tests.actions.situations import SMALL_SERVICE_FIRM, advised
from tests.actions.talk import Talk
from tests.content import topics


def asked(wording: Wording, topic: str) -> Talk:
    return Talk(wording).hear("faq", [{"entity": "topic", "value": topic}])


def answer(wording: Wording, topic: str) -> str:
    cell = wording.cell(f"faq/{topic}")
    assert cell
    return cell.text


@pytest.mark.parametrize(
    ("topic", "other"),
    [("cost/caio/fractional", "cost/cto/fractional"), ("duties/cto", "duties/caio"), ("need/caio", "need/cto")],
)
def test_other_role_gets_the_same_question(wording: Wording, topic: str, other: str) -> None:
    talk = asked(wording, topic).say("and for the other one?", "ask_other_role")
    assert answer(wording, other) in talk.text


def test_named_role_gets_the_last_question(wording: Wording) -> None:
    talk = asked(wording, "cost").say("and for a CTO?", "ask_other_role")
    assert answer(wording, "cost/cto") in talk.text


@pytest.mark.parametrize(
    ("said", "topic"), [("and for a CTO?", "definition/cto"), ("what about the caio", "definition/caio")]
)
def test_without_a_previous_topic_a_named_role_is_explained(wording: Wording, said: str, topic: str) -> None:
    first_sentence = answer(wording, topic).partition(". ")[0]
    for talk in (Talk(wording), advised(wording, SMALL_SERVICE_FIRM)):
        assert first_sentence in talk.say(said, "ask_other_role").text


def test_other_role_without_a_role_asks_which(talk: Talk) -> None:
    assert talk.say("and the other one?", "ask_other_role").said[0].response == "utter_other_role_unclear"


def test_other_role_after_a_comparison_says_both_were_covered(wording: Wording) -> None:
    talk = asked(wording, "difference").say("and for a CTO?", "ask_other_role")
    assert talk.said[0].response == "utter_other_role_included"


def test_cost_after_the_advice_is_that_of_its_terms(wording: Wording) -> None:
    talk = advised(wording, SMALL_SERVICE_FIRM).say("how much would that be?", "ask_cost_of_that")
    advice = advise(company_of(SMALL_SERVICE_FIRM))
    [said] = talk.said
    for term in (*costs(wording, advice), *hours(wording, advice)):
        assert f"{term[:1].upper()}{term[1:]}." in said.text
    assert all(figure.text in said.text for figure in (*advice.costs, *advice.hours))
    assert "$2,500 to $15,000 a month" in said.text
    assert said.card and said.card["type"] == "bars"


@pytest.mark.parametrize(
    ("topic", "cost"),
    [("duties/caio/fractional", "cost/caio/fractional"), ("duties/cto", "cost/cto"), ("difference", "cost")],
)
def test_cost_after_an_answer_is_that_of_its_role(wording: Wording, topic: str, cost: str) -> None:
    talk = asked(wording, topic).say("how much would that be?", "ask_cost_of_that")
    assert answer(wording, cost) in talk.text


@pytest.mark.parametrize("topic", topics())
def test_more_continues_with_the_next_topic(wording: Wording, topic: str) -> None:
    nearest = wording.responses[f"utter_faq/{topic}"][0]["metadata"]["next"][0]
    talk = asked(wording, topic).say("tell me more", "ask_more")
    assert answer(wording, nearest) in talk.text


def test_more_after_the_advice_offers_its_own_questions(wording: Wording) -> None:
    talk = advised(wording, SMALL_SERVICE_FIRM)
    assert talk.slots["about"] == ADVICE
    offered = {button["title"]: button["payload"] for button in wording.buttons("utter_after_advice")}
    assert talk.say("tell me more", "ask_more").buttons == offered
    assert len(offered) >= 3


def test_more_without_context_asks_of_what(talk: Talk) -> None:
    assert talk.say("tell me more", "ask_more").said[0].response == "utter_more_of_what"


def test_source_is_that_of_the_last_answer(wording: Wording) -> None:
    assert "You Might Also Like" in asked(wording, "cost/caio/full_time").hear("ask_source").text
    assert "Decision framework" in advised(wording, SMALL_SERVICE_FIRM).hear("ask_source").text
    assert Talk(wording).hear("ask_source").text == wording.text("utter_source_all")
