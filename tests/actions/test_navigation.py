"""Navigation: going back, changing answers, progress, and early advice."""

from __future__ import annotations

import pytest

from actions.interview import likely_left
from actions.wording import Wording
from advisor.interview import question_of
from tests.actions.situations import SMALL_SERVICE_FIRM, advised, begun, put, told
from tests.actions.talk import Talk, entities, words


def answered(talk: Talk, **values: object) -> Talk:
    return talk.hear("answer", entities(values))


def test_going_back_repeats_the_previous_question(talk: Talk) -> None:
    answered(begun(talk), revenue_band="1m_10m")
    answered(talk, business=["service"])
    assert talk.asks == "leadership"
    talk.hear("go_back")
    assert (talk.asks, talk.answers) == ("business", {"revenue_band": "1m_10m"})
    answered(talk, business=["other"])
    assert talk.asks == "leadership"


def test_going_back_at_the_first_question_is_not_possible(talk: Talk) -> None:
    assert begun(talk).hear("go_back").said[0].response == "utter_nothing_to_change"
    assert talk.asks == "revenue_band"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ("change the revenue", "revenue_band"),
        ("I want to change my answer about the website", "has_website"),
        ("who leads technology, the CTO answer, was wrong", "leadership"),
    ],
)
def test_named_answer_is_asked_again(wording: Wording, said: str, field: str) -> None:
    talk = put(wording, SMALL_SERVICE_FIRM).say(said, "change_answer")
    assert talk.asks == question_of(field).fields[0]


def test_unspecific_change_request_offers_every_answer(wording: Wording) -> None:
    talk = put(wording, {"revenue_band": "1m_10m", "leadership": "none"}).hear("change_answer")
    assert set(talk.buttons.values()) >= {
        '/change_answer{"change": "revenue_band"}',
        '/change_answer{"change": "leadership"}',
    }


def test_progress_states_the_number_of_questions_left(talk: Talk) -> None:
    begun(talk).hear("ask_progress")
    assert talk.wording.text("utter_left", left=likely_left({})) in talk.text


def test_advice_can_be_requested_at_any_point(wording: Wording) -> None:
    talk = begun(Talk(wording), revenue_band="1m_10m").hear("ask_verdict_now")
    assert talk.advised
    assert (talk.form, talk.asks) == (None, None)
    assert words(wording, "utter_stands") in talk.hear("ask_for_advice").text
    assert talk.say("/ask_for_advice", "ask_for_advice").asks == "business"  # a button: "Ask me the rest"


def test_fact_after_early_advice_changes_it_without_more_questions(wording: Wording) -> None:
    talk = begun(Talk(wording), revenue_band="1m_10m").hear("ask_verdict_now")
    talk.say("we have a development team", "inform_tech_stack")
    assert talk.form is None
    assert words(wording, "utter_reading_changes") in talk.text
    assert talk.advised


def test_no_advice_without_any_answer(talk: Talk) -> None:
    begun(talk).hear("ask_verdict_now")
    assert not talk.advised
    assert talk.asks == "revenue_band"


def test_early_advice_with_everything_known_mentions_no_open_questions(wording: Wording) -> None:
    talk = told(wording, SMALL_SERVICE_FIRM)
    assert talk.sums_up
    talk.hear("ask_verdict_now")
    assert talk.advised
    assert words(wording, "utter_reading_so_far") not in talk.text


def test_advice_asked_for_again_is_said_in_short_and_later_in_full(wording: Wording) -> None:
    talk = advised(wording, SMALL_SERVICE_FIRM)
    talk.hear("ask_for_advice")
    assert words(wording, "utter_stands") in talk.text and not talk.advised
    assert talk.hear("ask_for_advice").advised
    assert not talk.say("we have a website", "inform_tech_stack").advised
    assert words(wording, "utter_reading_stays") in talk.text
