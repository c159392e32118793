"""Why, why not, how sure, what would change it, what if: explained from the trace, without changing any answer."""

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
def test_why_lists_the_rules_that_use_the_question(wording: Wording, question: Question) -> None:
    answers = lacking_all_of(question.fields)
    talk = put(wording, answers)
    asked = talk.asks
    talk.say("why do you ask?", "ask_why")
    impact = impact_of(question, company_of(answers), answers)
    for rule in impact.rules[:3]:
        assert wording.text(f"utter_feeds_{rule}") in talk.said[0].text
    assert talk.asks == asked


def test_why_explains_the_purpose_of_the_summary(wording: Wording) -> None:
    assert put(wording, SMALL_SERVICE_FIRM).say("why?", "ask_why").said[0].response == "utter_why_confirm"


def test_why_after_the_advice_lists_all_matching_rules(wording: Wording) -> None:
    talk = advised(wording, SMALL_SERVICE_FIRM).say("why?", "ask_why")
    advice = advise(company_of(SMALL_SERVICE_FIRM))
    assert all(rule in talk.text for rule in advice.matched)
    assert advice.framework_version in talk.text


def test_certainty_states_the_strength_and_open_fields(wording: Wording) -> None:
    talk = put(wording, {"revenue_band": "1m_10m"}).hear("ask_verdict_now").say("how sure are you?", "ask_certainty")
    assert wording.text("utter_strength_hedged") in talk.text
    assert "what you sell" in talk.text


@pytest.mark.parametrize("intent", ["ask_certainty", "ask_rules", "ask_what_would_change"])
def test_explanations_before_the_advice_start_with_the_interim_result(wording: Wording, intent: str) -> None:
    talk = begun(Talk(wording), revenue_band="1m_10m")
    now = outcome(wording, advise(company_of(talk.answers)))
    assert wording.text("utter_so_far", now=now) in talk.hear(intent).said[0].text


@pytest.mark.parametrize("intent", ["ask_certainty", "ask_rules", "ask_what_would_change"])
def test_explanation_without_any_answer_says_there_is_no_advice_yet(talk: Talk, intent: str) -> None:
    assert talk.hear(intent).text == talk.wording.text("utter_no_advice_yet")


@pytest.mark.parametrize(("seats", "said"), SEATS.items(), ids=str)
def test_why_not_lists_changes_that_lead_to_that_role(wording: Wording, seats: Any, said: str) -> None:
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
def test_why_not_without_any_answer_gets_a_general_answer(wording: Wording, seats: Any, said: str) -> None:
    talk = Talk(wording).say(said, "why_not")
    cell = wording.cell(_OUTCOMES[seats][1])
    assert cell and cell.text in talk.text


def test_what_if_is_answered_but_not_stored(wording: Wording) -> None:
    talk = advised(wording, SMALL_SERVICE_FIRM)
    before = talk.answers
    talk.say("what if we had developers to manage?", "what_if")
    assert "a CTO first, then a CAIO" in talk.text
    assert talk.answers == before


def test_unclear_what_if_asks_for_clarification(wording: Wording) -> None:
    assert advised(wording, SMALL_SERVICE_FIRM).say("what if pigs flew?", "what_if").said[0].response == (
        "utter_what_if_unclear"
    )
