"""Why, why not, how sure, what would change it, what if: all from the trace, and none of it touches an answer."""

from __future__ import annotations

from typing import Any

import pytest

from actions.advice import outcome
from actions.company import company_of
from actions.explanation import _OUTCOMES
from actions.wording import Wording
from advisor.advice import advise
from advisor.impact import impact_of
from advisor.interview import Question, questions
from tests.actions.situations import SMALL_SERVICE_FIRM, advised, begun, lacking_all_of, put
from tests.actions.talk import Talk

SEATS = {("cto",): "why not a CTO?", ("caio",): "why not a CAIO?", ("cto", "caio"): "why not both a CTO and a CAIO?"}


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.fields[0])
def test_why_names_the_rules_that_read_the_question(wording: Wording, question: Question) -> None:
    answers = lacking_all_of(question.fields)
    talk = put(wording, answers)
    asked = talk.asks
    talk.say("why do you ask?", "ask_why")
    impact = impact_of(question, company_of(answers), answers)
    for rule in impact.rules[:3]:
        assert wording.text(f"utter_feeds_{rule}") in talk.said[0].text
    assert talk.asks == asked


def test_why_of_the_summary_says_what_it_is_for(wording: Wording) -> None:
    assert put(wording, SMALL_SERVICE_FIRM).say("why?", "ask_why").said[0].response == "utter_why_confirm"


def test_why_after_the_advice_names_the_rule_and_those_behind_it(wording: Wording) -> None:
    talk = advised(wording, SMALL_SERVICE_FIRM).say("why?", "ask_why")
    advice = advise(company_of(SMALL_SERVICE_FIRM))
    assert all(rule in talk.text for rule in advice.matched)
    assert advice.framework_version in talk.text


def test_how_sure_says_the_strength_and_what_is_open(wording: Wording) -> None:
    talk = put(wording, {"revenue_band": "1m_10m"}).hear("ask_verdict_now").say("how sure are you?", "ask_certainty")
    assert wording.text("utter_strength_hedged") in talk.text
    assert "what you sell" in talk.text


@pytest.mark.parametrize("intent", ["ask_certainty", "ask_rules", "ask_what_would_change"])
def test_before_the_advice_it_is_said_where_the_answers_point(wording: Wording, intent: str) -> None:
    talk = begun(Talk(wording), revenue_band="1m_10m")
    now = outcome(wording, advise(company_of(talk.answers)))
    assert wording.text("utter_so_far", now=now) in talk.hear(intent).said[0].text


@pytest.mark.parametrize("intent", ["ask_certainty", "ask_rules", "ask_what_would_change"])
def test_with_nothing_known_there_is_no_reading(talk: Talk, intent: str) -> None:
    assert talk.hear(intent).text == talk.wording.text("utter_no_advice_yet")


@pytest.mark.parametrize(("seats", "said"), SEATS.items(), ids=str)
def test_why_not_another_seat_names_changes_that_come_true(wording: Wording, seats: Any, said: str) -> None:
    talk = advised(wording, SMALL_SERVICE_FIRM)
    before = talk.answers
    text = talk.say(said, "why_not").text
    if advise(company_of(before)).role in _OUTCOMES[seats][0]:
        assert text == wording.text("utter_that_is_my_reading", now=outcome(wording, advise(company_of(before))))
    else:
        lines = [line for line in text.splitlines() if line.startswith("- ")]
        names = [wording.text(f"utter_role_{role}") for role in _OUTCOMES[seats][0]]
        assert lines and all(any(line.endswith(f": {name}") for name in names) for line in lines)
    assert talk.answers == before


@pytest.mark.parametrize(("seats", "said"), SEATS.items(), ids=str)
def test_why_not_with_nothing_known_is_answered_in_general(wording: Wording, seats: Any, said: str) -> None:
    talk = Talk(wording).say(said, "why_not")
    assert wording.text(f"utter_{_OUTCOMES[seats][1]}") in talk.text


def test_a_supposition_is_advised_on_and_not_kept(wording: Wording) -> None:
    talk = advised(wording, SMALL_SERVICE_FIRM)
    before = talk.answers
    talk.say("what if we had developers to manage?", "what_if")
    assert "a CTO first, then a CAIO" in talk.text
    assert talk.answers == before


def test_a_supposition_that_is_not_understood_is_asked_back(wording: Wording) -> None:
    assert advised(wording, SMALL_SERVICE_FIRM).say("what if pigs flew?", "what_if").said[0].response == (
        "utter_what_if_unclear"
    )
