"""Why, why not, how sure, what would change it, what if: explained from the trace, without changing any answer."""

from __future__ import annotations

import re
from typing import Any

import pytest

from actions.advice import contingencies, outcome, so_far
from actions.company import company_of, name_of
from actions.explanation import _OUTCOMES
from actions.verdict import other_role, why
from actions.wording import Wording, listed, uncapitalized
from advisor.advice import advise
from advisor.fields import fields
from advisor.framework import framework
from advisor.interview import Question, question_of, questions
from tests.actions.situations import (
    SMALL_SERVICE_FIRM,
    advised,
    begun,
    coming_back,
    lacking_all_of,
    lacking_only,
    put,
    told,
)
from tests.actions.talk import Talk, entities, parsed, words

SEATS = {("cto",): "why not a CTO?", ("caio",): "why not a CAIO?", ("cto", "caio"): "why not both a CTO and a CAIO?"}


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.fields[0])
def test_why_gives_the_reason_for_the_open_question_and_asks_it_again(wording: Wording, question: Question) -> None:
    talk = put(wording, lacking_all_of(question.fields))
    asked, text, before = talk.asks, talk.question, talk.answers
    talk.say("why do you ask?", "ask_why")
    assert talk.said[0].text == wording.text(f"utter_why_{question.fields[0]}")
    assert (talk.asks, talk.question, talk.answers) == (asked, coming_back(wording, text), before)


def test_why_all_of_it_is_asked_is_the_reason_for_the_interview(wording: Wording) -> None:
    talk = put(wording, {"revenue_band": "1m_10m"})
    talk.say("why do you need to know all this?", "ask_why")
    assert talk.said[0].text == wording.text("utter_why_all")


@pytest.mark.parametrize("field", [field for question in questions() for field in question.fields])
def test_why_a_single_field_is_asked_is_its_own_reason_or_that_of_its_question(wording: Wording, field: str) -> None:
    reason = f"utter_why_{field}" if f"utter_why_{field}" in wording else f"utter_why_{question_of(field).fields[0]}"
    talk = put(wording, lacking_only(field)).say("why do you ask?", "ask_why")
    assert talk.said[0].text == wording.text(reason)
    assert talk.asks == field


def test_why_the_closing_question_of_an_answer_is_asked_is_the_reason_of_that_question(wording: Wording) -> None:
    talk = Talk(wording).hear("faq", [], "who should own AI?", full_retrieval_intent_name="faq/owner")
    talk.say("why do you ask that?", "ask_why")
    assert talk.said[-1].text == wording.text("utter_why_leadership")


def test_why_the_closing_question_about_the_situation_is_asked_has_a_reason_of_its_own(wording: Wording) -> None:
    talk = Talk(wording).hear("faq", [], "what's the difference?", full_retrieval_intent_name="faq/difference")
    talk.say("why do you ask that?", "ask_why")
    assert talk.said[-1].text == wording.text("utter_why_situation")


def test_mere_why_after_a_lean_is_about_the_lean(wording: Wording) -> None:
    told = {"headcount": 14, "has_website": True, "has_crm": True, "has_cloud": True, "ai_strategy": "none"}
    talk = Talk(wording).hear("inform_ai_plans", entities(told), "14 people, all our systems are there, no AI strategy")
    lean, asked = words(wording, "utter_so_far"), talk.asks
    assert lean in talk.text
    talk.say("why tho", "ask_why")
    assert lean not in talk.text
    assert talk.said[0].text.startswith(wording.text("utter_because_CAIO_FIRST"))
    assert talk.asks == asked


def test_supposing_a_leader_of_an_unknown_company_asks_the_question_of_one_who_has_it(wording: Wording) -> None:
    supposed = [{"entity": "supposed", "value": {"leadership": "cto"}}]
    talk = Talk(wording).hear("what_if", supposed, "and if we have a CTO")
    cell = wording.cell("faq/have_cto")
    assert cell is not None
    assert talk.said[0].text.startswith(cell.text[:20])


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.fields[0])
def test_what_a_question_means_is_explained_and_it_is_asked_again(wording: Wording, question: Question) -> None:
    talk = put(wording, lacking_all_of(question.fields))
    asked, text = talk.asks, talk.question
    talk.say("what does that mean?", "ask_meaning")
    assert talk.said[0].text == wording.text(f"utter_meaning_{question.fields[0]}")
    assert (talk.asks, talk.question) == (asked, coming_back(wording, text))


def test_word_that_is_named_is_explained_whatever_is_asked(wording: Wording) -> None:
    talk = begun(Talk(wording)).hear("ask_meaning", [{"entity": "named", "value": "has_crm"}], "what's a CRM?")
    assert talk.said[0].text == wording.text("utter_meaning_has_crm")


def test_every_field_that_is_asked_for_has_a_meaning(wording: Wording) -> None:
    asked = [field for question in questions() for field in question.fields]
    assert [field for field in asked if f"utter_meaning_{field}" not in wording] == []


def test_every_question_has_a_reason(wording: Wording) -> None:
    reasons = {question.fields[0]: wording.text(f"utter_why_{question.fields[0]}") for question in questions()}
    assert all(reasons.values())
    assert len(set(reasons.values())) == len(questions())
    named = {response.removeprefix("utter_why_") for response in wording.responses if response.startswith("utter_why_")}
    assert named - {"confirm", "contact", "situation", "all"} <= set(fields())


def test_why_explains_the_purpose_of_the_summary(wording: Wording) -> None:
    talk = told(wording, SMALL_SERVICE_FIRM).say("why?", "ask_why")
    assert talk.said[0].response == "utter_why_confirm"
    assert talk.sums_up


def test_why_right_after_the_advice_does_not_repeat_it_but_goes_deeper(wording: Wording) -> None:
    talk = advised(wording, SMALL_SERVICE_FIRM).say("why?", "ask_why")
    company = company_of(SMALL_SERVICE_FIRM)
    advice = advise(company)
    assert not any(reason in talk.text for reason in why(wording, company, advice))
    assert wording.text(f"utter_because_{advice.role}") in talk.text
    assert talk.text.endswith(wording.source_line(list(advice.facts)))


def test_every_rule_has_a_short_name(wording: Wording) -> None:
    assert [row.id for row in framework().roles if f"utter_feeds_{row.id}" not in wording] == []


def test_certainty_states_the_strength_and_open_fields(wording: Wording) -> None:
    answers: dict[str, Any] = {"revenue_band": "1m_10m"}
    talk = put(wording, answers).hear("ask_verdict_now").say("how sure are you?", "ask_certainty")
    company = company_of(answers)
    [unknown] = contingencies(wording, company, advise(company))
    assert wording.text("utter_strength_hedged") in talk.text
    assert unknown in talk.text
    assert any(name_of(wording, field) in unknown for field in advise(company).contingent_on)


def test_recommendation_that_is_asked_for_with_its_certainty_is_given(wording: Wording) -> None:
    text = "what's your recommendation, and how sure are you?"
    asked = {"nearest": ("ask_certainty", "ask_for_advice"), "text": text}
    assert put(wording, lacking_only("tech_works")).hear("ask_certainty", **asked).advised
    assert not Talk(wording).hear("ask_certainty", **asked).advised


@pytest.mark.parametrize("intent", ["ask_certainty", "ask_rules", "ask_what_would_change"])
def test_explanations_before_the_advice_start_with_the_interim_result(wording: Wording, intent: str) -> None:
    talk = begun(Talk(wording), revenue_band="1m_10m")
    lean = so_far(wording, talk.answers)
    assert lean and lean in talk.hear(intent).said[0].text


@pytest.mark.parametrize("intent", ["ask_certainty", "ask_rules", "ask_what_would_change"])
def test_explanation_without_any_answer_says_there_is_no_advice_yet(talk: Talk, intent: str) -> None:
    assert talk.hear(intent).text == talk.wording.text("utter_no_advice_yet")


@pytest.mark.parametrize(("seats", "said"), SEATS.items(), ids=str)
def test_why_not_offers_changes_that_lead_to_that_role(wording: Wording, seats: Any, said: str) -> None:
    talk = advised(wording, SMALL_SERVICE_FIRM)
    before = talk.answers
    text = talk.say(said, "why_not").text
    now = outcome(wording, advise(company_of(before)))
    if advise(company_of(before)).role in _OUTCOMES[seats][0]:
        assert text.startswith(wording.text("utter_that_is_my_reading", now=now))
    else:
        company = company_of(before)
        reasons = [*other_role(wording, company, advise(company)), *why(wording, company, advise(company))[:1]]
        facts = [re.sub(r"\bwe\b", "you", re.sub(r"\bour\b", "your", uncapitalized(title))) for title in talk.buttons]
        response = f"utter_would_lead_there_{_OUTCOMES[seats][1].rpartition('/')[2]}"
        led = wording.text(response, facts=listed(facts, "or"))
        assert facts and text == " ".join([*reasons, led])
        assert all(re.search(r"\b(?:we|our)\b", title, re.I) for title in talk.buttons)
        for payload in talk.buttons.values():
            intent, values = parsed(payload)
            then = advise(company_of({**before, **values["supposed"]}))
            assert (intent, then.role in _OUTCOMES[seats][0]) == ("what_if", True)
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
    then = outcome(wording, advise(company_of({**before, "dev_team": True})))
    assert wording.text("utter_role_CTO_THEN_CAIO") in then
    assert talk.text.startswith(words(wording, "utter_what_if")) and then in talk.text
    assert wording.text("utter_what_if_untouched") in talk.text
    assert talk.answers == before


def test_what_if_can_be_kept_by_a_button_which_updates_the_answers(wording: Wording) -> None:
    talk = advised(wording, SMALL_SERVICE_FIRM)
    before = talk.answers
    talk.say("what if we had developers to manage?", "what_if").press(wording.text("utter_keep_what_if"))
    assert talk.answers == {**before, "dev_team": True}
    was = outcome(wording, advise(company_of(before)))
    assert wording.text("utter_reading_changes", was=was) in talk.text


def test_what_if_of_a_button_supposes_the_same_as_in_words(wording: Wording) -> None:
    typed = advised(wording, SMALL_SERVICE_FIRM).say("what if we had developers to manage?", "what_if")
    payload = [{"entity": "supposed", "value": {"dev_team": True}}]
    assert advised(wording, SMALL_SERVICE_FIRM).hear("what_if", payload).said == typed.said


def test_what_if_during_the_interview_has_no_buttons_beside_those_of_the_question(wording: Wording) -> None:
    talk = put(wording, {"revenue_band": "1m_10m"})
    question = talk.question
    talk.say("what if we had developers to manage?", "what_if")
    assert talk.said[0].buttons == {}
    assert talk.question == coming_back(wording, question)
    assert talk.answers == {"revenue_band": "1m_10m"}


@pytest.mark.parametrize(
    ("text", "response"), [("what if pigs flew?", "utter_what_if_unclear"), ("/what_if", "utter_what_if_which")]
)
def test_unclear_what_if_asks_for_clarification_and_offers_some(wording: Wording, text: str, response: str) -> None:
    talk = advised(wording, SMALL_SERVICE_FIRM).say(text, "what_if")
    assert [one.text for one in talk.said] == [wording.text(response)]
    assert talk.buttons and all(parsed(payload)[0] == "what_if" for payload in talk.buttons.values())
    assert talk.answers == SMALL_SERVICE_FIRM


def test_what_if_says_what_is_supposed_as_such(wording: Wording) -> None:
    talk = advised(wording, SMALL_SERVICE_FIRM).say("what if we had developers to manage?", "what_if")
    assert talk.text.startswith("If you have developers to manage, it would be")
    assert "You have developers" not in talk.text
