"""The interview as a visitor sees it: each question is asked until it is understood, and leads to the advice."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
import yaml

from actions.company import briefs, clauses, company_of, is_known, name_of
from actions.history import MISSES
from actions.interview import likely_left, response_of
from actions.verdict import headline
from actions.wording import Wording
from advisor.advice import advise
from advisor.company import is_value
from advisor.decision import contradictions, decide
from advisor.fields import DECLINED, UNKNOWN, fields
from advisor.interview import Question, open_questions, question_of, questions
from tests.actions.situations import (
    SMALL_SERVICE_FIRM,
    begun,
    coming_back,
    lacking_all_of,
    lacking_only,
    put,
    told,
)
from tests.actions.talk import GO_AHEAD, Talk, as_said, entities, parsed, words
from tests.content import ROOT


def answer_buttons(wording: Wording) -> list[tuple[str, str, dict[str, Any]]]:
    """The response, title and answers of every button that answers a question."""
    found = []
    for response in wording.responses:
        if response.startswith("utter_closing_"):  # what an answer ends with; it settles what several questions ask
            continue
        for title, payload in as_said(wording, {"response": response}).buttons.items():
            if payload.startswith("/answer") and "confirmed" not in payload:
                found.append((response, title, parsed(payload)[1]))
    return found


def asked_for(talk: Talk, field: str) -> Talk:
    """The conversation at the question for this field, with earlier questions skipped."""
    begun(talk)
    for _ in questions():
        if talk.asks == field:
            return talk
        talk.hear("dont_know", text="no idea")
    raise AssertionError(f"{field} is never asked for")


def test_question_buttons_have_valid_field_values(wording: Wording) -> None:
    buttons = answer_buttons(wording)
    wrong = [
        (response, title, field, value)
        for response, title, values in buttons
        for field, value in values.items()
        if not is_value(field, value)
    ]
    assert wrong == []
    assert len(buttons) > 60


def test_buttons_answer_only_their_own_question(wording: Wording) -> None:
    for response, title, values in answer_buttons(wording):
        assert len({question_of(field) for field in values}) == 1, (response, title)


def test_every_question_can_be_skipped(wording: Wording) -> None:
    asked = {response for response, _, _ in answer_buttons(wording)}
    left_open = {response for response, _, values in answer_buttons(wording) if not known(values)}
    assert asked == left_open


def known(values: dict[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in values.items() if value not in (UNKNOWN, DECLINED)}


@pytest.mark.parametrize("field", [field for question in questions() for field in question.fields])
def test_every_field_can_be_asked_alone(wording: Wording, field: str) -> None:
    answers = lacking_only(field)
    for title in put(wording, answers).said[-1].buttons:
        talk = put(wording, answers)
        assert (talk.asks, bool(talk.question)) == (field, True)
        talk.press(title)
        assert talk.answers.pop(field) is not None
        assert talk.asks != field, f"{title} is asked again"
        assert {**talk.answers, field: None} == {**answers, field: None}, f"{title} overwrites an earlier answer"


@pytest.mark.parametrize("seed", range(60))
def test_interview_by_buttons_ends_with_the_verdict_of_the_framework(wording: Wording, seed: int) -> None:
    chance = random.Random(seed)
    talk = begun(Talk(wording))
    pressed: dict[str, Any] = {}
    asked: list[str] = []
    while talk.question and not talk.sums_up:
        assert talk.question
        asked.append(str(talk.asks))
        title = chance.choice(list(talk.said[-1].buttons))
        pressed.update(parsed(talk.said[-1].buttons[title])[1])
        talk.press(title)
        assert len(asked) <= len(questions()), asked
    assert len(set(asked)) == len(asked), "a question was asked twice"
    doubts = contradictions(company_of(talk.answers))
    assert talk.sums_up == bool(doubts), "buttons leave no doubt, unless they contradict each other"
    talk.go_ahead()
    advice = advise(company_of(known(pressed)))
    assert advice.role == decide(known(pressed)).role
    assert talk.text.startswith(f"**{headline(wording, company_of(known(pressed)), advice)}.**")


def test_interview_by_buttons_alone_ends_without_a_summary(wording: Wording) -> None:
    talk = begun(Talk(wording))
    while talk.question:
        title = list(talk.buttons)[0]
        assert words(wording, "utter_summary") not in talk.press(title).text
    assert talk.advised and not talk.sums_up


def test_one_typed_answer_is_enough_for_a_summary(wording: Wording) -> None:
    talk = begun(Talk(wording)).say("about 4 million", "inform_company_size")
    assert talk.answers == {"revenue_band": "1m_10m"}
    while talk.question and not talk.sums_up:
        talk.press(list(talk.buttons)[0])
    assert talk.sums_up and not talk.advised
    assert talk.go_ahead().advised


def test_contradicting_buttons_lead_to_a_summary(wording: Wording) -> None:
    talk = put(wording, {**SMALL_SERVICE_FIRM, "tech_works": False, "tech_upgrades_needed": False})
    assert talk.sums_up and words(wording, "utter_contradiction") in talk.text


@pytest.mark.parametrize(
    ("answers", "first_words"),
    [({"leadership": "cto"}, "That depends on your CTO"), ({"business": ["service"]}, "Quite")],
)
def test_introduction_fits_what_is_known(talk: Talk, answers: dict[str, Any], first_words: str) -> None:
    assert talk.hear("ask_for_advice", entities(answers), "which one?").text.count(first_words) == 1


def test_only_the_first_question_has_an_introduction(talk: Talk) -> None:
    introduction = talk.wording.responses["utter_interview_begins"][-1]["text"].partition("{")[0]
    assert introduction in begun(talk).text
    assert introduction not in talk.hear("dont_know").text


@pytest.mark.parametrize(
    ("intent", "answer"), [("dont_know", UNKNOWN), ("rather_not_say", DECLINED), ("skip", UNKNOWN)]
)
def test_dont_know_decline_and_skip_count_as_answers(wording: Wording, intent: str, answer: str) -> None:
    talk = begun(Talk(wording))
    asked = []
    while talk.question and not talk.sums_up:
        asked.append(talk.asks)
        talk.hear(intent)
        assert len(asked) <= len(questions()), asked
    talk.go_ahead()
    assert set(talk.answers.values()) <= {answer} and talk.answers
    assert len(set(asked)) == len(asked)
    assert talk.wording.responses["utter_verdict_NOT_ENOUGH_KNOWN"][0]["text"] in talk.text


LEAVING_OPEN = ("dont_know", "rather_not_say", "skip")


@pytest.mark.parametrize("intent", LEAVING_OPEN)
@pytest.mark.parametrize("question", questions(), ids=lambda question: question.fields[0])
def test_skipped_question_is_acknowledged_and_left_open(wording: Wording, question: Question, intent: str) -> None:
    answers = lacking_all_of(question.fields)
    talk = put(wording, answers).hear(intent)
    assert talk.said[0].text == left_open(wording, intent)
    assert talk.asks not in question.fields
    value = DECLINED if intent == "rather_not_say" else UNKNOWN
    assert {field: talk.answers.get(field) for field in question.fields} == dict.fromkeys(question.fields, value)


@pytest.mark.parametrize("field", [field for question in questions() for field in question.fields])
def test_skipping_a_single_field_leaves_only_that_field_open(wording: Wording, field: str) -> None:
    answers = lacking_only(field)
    talk = put(wording, answers).hear("skip")
    assert talk.said[0].text == left_open(wording, "skip")
    assert talk.answers == {**answers, field: UNKNOWN}


def left_open(wording: Wording, intent: str) -> str:
    text: str = wording.responses[f"utter_left_open_{intent}"][0]["text"]
    return text


def test_skip_without_an_open_question_is_not_an_answer(wording: Wording) -> None:
    for intent in LEAVING_OPEN:
        talk = Talk(wording).hear(intent, text="skip")
        assert (talk.form, talk.answers) == (None, {})


def test_only_the_last_question_is_announced_and_the_card_counts_what_is_likely_left(wording: Wording) -> None:
    talk = begun(Talk(wording))
    announced = []
    while talk.question and not talk.sums_up:
        number = len(list(open_questions(company_of(talk.answers), talk.answers)))
        last = words(wording, "utter_last_question")
        assert talk.question.startswith(last) == (number == 1)
        announced.append(number == 1)
        card = talk.said[-1].card
        assert card and card["type"] == "progress"
        done = sum(any(field in talk.answers for field in question.fields) for question in questions())
        assert (card["step"], card["of"]) == (done + 1, done + max(likely_left(talk.answers), 1))
        assert likely_left(talk.answers) <= number
        talk.hear("dont_know")
    assert announced and announced.index(True) == len(announced) - 1


def test_questions_that_wait_for_another_answer_are_not_counted_as_likely() -> None:
    everything = list(open_questions({}, {}))
    waiting = {field for field, one in fields().items() if one.depends_on}
    assert likely_left({}) == sum(not waiting & set(question.fields) for question in everything) < len(everything)
    cto: dict[str, Any] = {"leadership": "cto"}
    likely = [question.fields for question in open_questions(company_of(cto), cto) if question.part == "cto_readiness"]
    assert likely and likely_left(cto) >= len(likely)


def test_summary_precedes_the_advice_and_lists_all_answers(wording: Wording) -> None:
    talk = told(wording, {**SMALL_SERVICE_FIRM, "has_crm": UNKNOWN, "leadership": DECLINED})
    while talk.question and not talk.sums_up:
        talk.hear("dont_know")
    assert talk.sums_up and not talk.advised
    lines = summed_up(talk)
    left = lines.pop(wording.text("utter_card_left_open"))
    assert left == ", ".join(name_of(wording, field) for field, value in talk.answers.items() if not is_known(value))
    assert {name_of(wording, "has_crm"), name_of(wording, "leadership")} <= set(left.split(", "))
    assert list(lines) == [wording.text(f"utter_part_{part}") for part in ("company_size", "tech_stack", "ai_plans")]
    of_part: dict[str, list[str]] = {label: [] for label in lines}
    for question in questions():
        for field in question.fields:
            said = briefs(wording, {field: talk.answers[field]}) if field in talk.answers else []
            if said:
                of_part[wording.text(f"utter_part_{question.part}")] += said
    assert {label: set(line.split(", ")) for label, line in lines.items()} == {
        label: set(", ".join(said).split(", ")) for label, said in of_part.items()
    }


def summed_up(talk: Talk) -> dict[str, str]:
    """The lines of the summary by their labels."""
    lines = (line.removeprefix("- ") for line in talk.said[-1].text.splitlines() if line.startswith("- "))
    return {label: said for label, _, said in (line.partition(": ") for line in lines)}


@pytest.mark.parametrize(("text", "intent"), [("yes", "affirm"), ("yes that's right", "affirm")])
def test_confirming_the_summary_gives_the_advice(wording: Wording, text: str, intent: str) -> None:
    talk = told(wording, SMALL_SERVICE_FIRM)
    assert talk.sums_up and not talk.advised
    assert talk.say(text, intent).advised


@pytest.mark.parametrize("intent", ["deny", "choose", "dont_know", "rather_not_say"])
def test_summary_stays_open_until_it_is_confirmed(wording: Wording, intent: str) -> None:
    talk = told(wording, SMALL_SERVICE_FIRM)
    before = talk.answers
    talk.hear(intent, text="hm")
    assert (talk.sums_up, talk.advised, talk.answers) == (True, False, before)


def test_corrected_summary_is_not_repeated_but_confirmed_again(wording: Wording) -> None:
    talk = told(wording, SMALL_SERVICE_FIRM).say("no, we have no website", "deny")
    assert talk.said[0].text.startswith(words(wording, "utter_changed"))
    assert briefs(wording, {"has_website": False})[0] in talk.said[0].text
    assert talk.said[-1].text == wording.text("utter_confirm_again")
    assert GO_AHEAD in talk.said[-1].buttons
    assert words(wording, "utter_summary") not in talk.text
    assert talk.sums_up and talk.answers["has_website"] is False


def test_correction_that_opens_a_question_asks_it_before_the_summary(wording: Wording) -> None:
    talk = told(wording, SMALL_SERVICE_FIRM).say("sorry, we have a CTO", "inform_tech_stack")
    assert talk.asks == "cto_ai_expertise"
    while talk.question and not talk.sums_up:
        talk.hear("dont_know")
    assert briefs(wording, {"leadership": "cto"})[0] in summed_up(talk)[wording.text("utter_part_company_size")]


def test_summary_is_confirmed_only_once(wording: Wording) -> None:
    talk = told(wording, SMALL_SERVICE_FIRM).go_ahead().say("we have no website", "inform_tech_stack")
    assert not talk.sums_up
    assert words(wording, "utter_reading_stays") in talk.text


def test_consecutive_misses_offer_a_person(talk: Talk) -> None:
    begun(talk)
    missed = []
    for intent in ("choose", "choose", "choose", "dont_know", "choose"):
        talk.hear(intent, [{"entity": "reply", "value": {}}], "blorp")
        missed.append(next((one.response for one in talk.said if one.response in MISSES), None))
    again = ["utter_not_an_answer", "utter_not_an_answer_again", "utter_offer_a_way_out"]
    assert missed == [*again, None, "utter_not_an_answer"]


@pytest.mark.parametrize("text", ["ok thats everything", "That's us."])
def test_end_of_what_somebody_tells_is_no_yes(wording: Wording, text: str) -> None:
    talk = put(wording, lacking_only("tech_works")).say(text, "affirm")
    assert "tech_works" not in talk.answers


def test_joke_is_passed_over_once(talk: Talk) -> None:
    begun(talk)
    for response in ("utter_in_passing", "utter_not_an_answer_again"):
        talk.hear("choose", [{"entity": "reply", "value": {}}], "the cat, lol")
        assert talk.said[0].response == response


def test_slip_does_not_lose_what_is_known(wording: Wording) -> None:
    talk = put(wording, {"revenue_band": "1m_10m", "business": ["service"]})
    talk.hear("out_of_scope", text="lol sorry my kid grabbed the phone")
    assert talk.said[0].response == "utter_in_passing_known"
    assert talk.asks == "leadership"


def test_what_a_reply_only_touches_is_asked_about(wording: Wording) -> None:
    talk = put(wording, {"revenue_band": "lt_1m", "business": ["other"], "leadership": "none"})
    assert talk.asks != "leveraging_ai"
    talk.say("I use chatgpt for instagram captions", "out_of_scope")
    assert (talk.said[0].response, talk.asks) == ("utter_asked_of_that", "leveraging_ai")


def test_correction_that_is_not_understood_is_asked_for_before_any_advice(wording: Wording) -> None:
    talk = put(wording, {**SMALL_SERVICE_FIRM, "tech_works": None})
    asked = talk.asks
    talk.hear("ask_for_advice", text="Sorry, I have to correct something about the blorp. Does that change anything?")
    assert (talk.said[0].response, talk.asks) == ("utter_correction_unread", asked)


def test_lean_of_a_first_message_says_what_it_rests_on(wording: Wording) -> None:
    text = "we're an accounting firm, 4 million a year. who do we hire first?"
    talk = Talk(wording).say(text, "ask_for_advice")
    assert "($4M in revenue, an accounting firm)" in talk.said[0].text
    assert words(wording, "utter_noted") not in talk.text


def test_who_tells_much_and_asks_gets_the_advice_although_questions_are_open(talk: Talk) -> None:
    told_at_once = {
        "revenue_band": "1m_10m",
        "business": ["service"],
        "has_website": True,
        "has_crm": True,
        "has_cloud": True,
        "generic_tools_no_strategy": True,
        "leadership": "none",
    }
    talk.hear("ask_for_advice", entities(told_at_once), text="… Who do I hire first?")
    assert talk.advised


@pytest.mark.parametrize(
    "slots",
    [
        {"leadership": "caio"},
        {"leadership": "both"},
        {"revenue_band": "10m_50m", "has_website": False, "has_crm": False, "has_cloud": False, "leadership": "cto"},
        {"tech_upgrades_needed": True, "ai_strategy_needed_now": True, "leadership": "none"},
        {"business": ["software_product"], "tech_upgrades_needed": False},
        {"revenue_band": UNKNOWN},
    ],
)
def test_questions_that_cannot_change_the_outcome_are_skipped(wording: Wording, slots: dict[str, Any]) -> None:
    talk = put(wording, slots)
    while talk.question and not talk.sums_up:
        upcoming = next(open_questions(company_of(talk.answers), talk.answers))
        assert talk.asks == upcoming.fields[0]
        talk.hear("dont_know")


def test_no_questions_are_asked_with_both_roles_in_place(wording: Wording) -> None:
    talk = put(wording, {"leadership": "both"}).go_ahead()
    assert talk.advised
    assert talk.wording.responses["utter_verdict_ROLES_IN_PLACE"][0]["text"] in talk.text


@pytest.mark.parametrize("intent", ["choose", "affirm", "inform_company_size"])
@pytest.mark.parametrize("field", ["revenue_band", "business", "leadership", "has_website", "leveraging_ai"])
def test_invalid_reply_changes_nothing(talk: Talk, field: str, intent: str) -> None:
    question, before = asked_for(talk, field).question, talk.answers
    talk.hear(intent, [{"entity": "reply", "value": {}}], "hm, the middle one")
    assert talk.question == question  # asked as before: nothing else came between
    assert (talk.asks, talk.answers) == (field, before)
    # a yes that answers nothing agrees to what we said back
    assert talk.said[0].response == ("utter_agreed" if intent == "affirm" else "utter_not_an_answer")


@pytest.mark.parametrize(
    "text", ["2 million euros", "85k a month", "somewhere between 5 and 20 million", "$400k to $2M"]
)
def test_ambiguous_revenue_asks_for_clarification(talk: Talk, text: str) -> None:
    begun(talk).say(text, "inform_company_size")
    assert "revenue_band" not in talk.answers
    assert talk.asks == "revenue_band"
    assert f"“{text}”" in talk.question


def test_visitor_question_is_answered_and_the_open_question_repeated(talk: Talk) -> None:
    question, before = asked_for(talk, "leadership").question, talk.answers
    talk.say("what does a caio cost", "faq")
    talk.hear("faq", [{"entity": "topic", "value": "free"}])
    assert words(talk.wording, "utter_source") in talk.text
    assert (talk.question, talk.answers) == (coming_back(talk.wording, question), before)


def test_unintelligible_message_keeps_the_interview_in_place(talk: Talk) -> None:
    question, before = asked_for(talk, "leadership").question, talk.answers
    talk.hear("nlu_fallback", text="blorp")
    assert (talk.question, talk.answers) == (coming_back(talk.wording, question), before)


def test_facts_in_the_opening_are_acknowledged_and_not_asked_again(talk: Talk) -> None:
    talk.say("We're an accounting firm, about 4 mil a year, everything's on Xero and Hubspot", "inform_company_size")
    assert {"revenue_band", "business", "has_crm", "has_cloud"} <= set(talk.answers)
    assert words(talk.wording, "utter_noted_much") in talk.text
    for field in ("revenue_band", "business", "has_crm", "has_cloud"):
        own = {"revenue_band": "$4M in revenue", "business": "an accounting firm"}
        assert (own.get(field) or briefs(talk.wording, {field: talk.answers[field]})[0]) in talk.said[0].text
    asked = set()
    while talk.question and not talk.sums_up:
        assert talk.asks not in {"revenue_band", "business", "has_crm", "has_cloud"}
        asked.add(talk.asks)
        talk.hear("dont_know")
    assert asked


def test_fact_for_another_question_is_kept_without_closing_the_open_one(talk: Talk) -> None:
    begun(talk).say("we have a CTO", "inform_tech_stack")
    assert (talk.asks, talk.answers) == ("revenue_band", {"leadership": "cto"})
    assert talk.said[0].text == talk.wording.text("utter_noted", facts=clauses(talk.wording, {"leadership": "cto"})[0])


def test_later_answer_replaces_earlier_one(talk: Talk) -> None:
    begun(talk).press("Under $1M")
    talk.say("sorry, we make 5 million a year", "inform_company_size")
    assert talk.answers["revenue_band"] == "1m_10m"


def test_button_of_an_earlier_question_still_works(talk: Talk) -> None:
    first = begun(talk).said[-1].buttons
    talk.press("Under $1M")
    asked = talk.asks
    intent, values = parsed(first["$1M to $10M"])
    talk.hear(intent, entities(values))
    assert talk.answers["revenue_band"] == "1m_10m"
    assert talk.asks == asked


@pytest.mark.parametrize(
    "values", [{"revenue_band": "gigantic"}, {"leadership": 7}, {"has_crm": "maybe"}, {"business": "bakery"}, {}]
)
def test_forged_answer_is_ignored(talk: Talk, values: dict[str, Any]) -> None:
    begun(talk).hear("answer", entities(values))
    assert (talk.asks, talk.answers) == ("revenue_band", {})


def test_stopping_keeps_answers_and_resuming_asks_next_question(talk: Talk) -> None:
    begun(talk).press("$1M to $10M")
    question = talk.question
    talk.hear("stop")
    assert (talk.form, talk.asks, talk.question) == (None, None, "")
    assert talk.answers == {"revenue_band": "1m_10m"}
    talk.press("Go on")
    assert talk.question == question


def test_answer_to_a_question_that_a_wish_for_a_person_put_off_is_kept(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEATWISE_CONSOLE_TOKEN", "a-token-of-the-tests-with-more-than-thirty-two-bytes")
    monkeypatch.setenv("SEATWISE_SECRET", "a-key-of-the-tests-with-more-than-thirty-two-bytes")
    talk.hear("ask_for_advice")
    talk.hear("talk_to_person", text="can I talk to a person")
    assert talk.form is None
    assert "How can they reach you?" in talk.text
    talk.say("$3 million", "inform_company_size")
    assert talk.answers == {"revenue_band": "1m_10m"}
    assert talk.asks == "business"


def test_amount_that_no_question_asked_for_is_no_answer(talk: Talk) -> None:
    talk.say("$3 million", "inform_company_size")
    assert talk.answers == {}


def test_starting_over_resets_all_slots(talk: Talk) -> None:
    begun(talk).press("$1M to $10M")
    talk.press("Services")
    talk.hear("start_over")
    assert (talk.form, talk.asks, talk.answers) == (None, None, {})
    assert set(talk.slots.values()) == {None}
    talk.hear("ask_for_advice")
    assert talk.asks == questions()[0].fields[0]


def test_fact_after_the_advice_reopens_the_interview(talk: Talk) -> None:
    slots = {"leadership": "both", "business": ["service"], "ai_initiatives": 0}
    assert begun(talk, **slots).go_ahead().advised
    talk.say("we have a CTO, no CAIO", "inform_tech_stack")
    assert talk.answers["leadership"] == "cto"
    assert talk.question


def test_question_texts_ask_and_have_no_placeholders(wording: Wording) -> None:
    for response in {response for response, _, _ in answer_buttons(wording)}:
        text = as_said(wording, {"response": response}).text
        assert "{" not in text, response
        assert "?" in text, response


def typed_intent(title: str) -> str:
    """The intent of a plain answer; any other text counts as a choice."""
    plain = {"Yes": "affirm", "No": "deny", "Not sure": "dont_know", "Rather not say": "rather_not_say"}
    return plain.get(title, "choose")


def button_titles() -> list[tuple[str, str]]:
    """Every whole question with the titles of its buttons."""
    first = [question.fields[0] for question in questions()]
    files = {field: (ROOT / "data" / "fields" / f"{field}.yml").read_text(encoding="utf-8") for field in first}
    return [
        (field, button["title"])
        for field, text in files.items()
        for button in yaml.safe_load(text)["responses"][f"utter_question_{field}"][0]["buttons"]
    ]


@pytest.mark.parametrize(("field", "title"), button_titles())
def test_typed_button_title_never_contradicts_the_button(wording: Wording, field: str, title: str) -> None:
    answers = lacking_all_of(question_of(field).fields)
    pressed = put(wording, answers).press(title).answers
    typed = put(wording, answers).say(title, typed_intent(title)).answers
    both = (pressed.keys() & typed.keys()) - {"ai_initiatives"}  # its buttons name ranges
    assert {name: typed[name] for name in both} == {name: pressed[name] for name in both}


@pytest.mark.parametrize(
    "field",
    [
        field
        for question in questions()
        for field in question.fields
        if field not in ("revenue_band", "business", "leadership", "ai_initiatives", "ai_strategy_needed_now")
    ],
)
def test_typed_yes_or_no_to_a_single_field_equals_its_button(wording: Wording, field: str) -> None:
    answers = lacking_only(field)
    for title in ("Yes", "No"):
        pressed = put(wording, answers).press(title).answers
        assert put(wording, answers).say(title, typed_intent(title)).answers == pressed


@pytest.mark.parametrize(
    ("field", "text", "meant"),
    [
        ("has_website", "all three", {"has_website": True, "has_crm": True, "has_cloud": True}),
        ("has_website", "none of them", {"has_website": False, "has_crm": False, "has_cloud": False}),
        ("has_website", "just the website", {"has_website": True, "has_crm": False, "has_cloud": False}),
        ("has_website", "everything but a CRM", {"has_website": True, "has_crm": False, "has_cloud": True}),
        ("leadership", "nobody", {"leadership": "none"}),
        ("leadership", "one person does both", {"leadership": "one_person_both"}),
        ("ai_initiatives", "half a dozen", {"ai_initiatives": 6}),
        ("revenue_band", "about 4 mil", {"revenue_band": "1m_10m"}),
    ],
)
def test_typed_answers_are_understood(wording: Wording, field: str, text: str, meant: dict[str, Any]) -> None:
    talk = put(wording, lacking_all_of(question_of(field).fields)).say(text, "choose")
    assert {name: talk.answers.get(name) for name in meant} == meant


def test_summary_asks_about_contradictions(wording: Wording) -> None:
    doubtful = {**SMALL_SERVICE_FIRM, "tech_works": False, "tech_upgrades_needed": False}
    text = put(wording, doubtful).text
    facts = "; ".join(clauses(wording, {"tech_works": False, "tech_upgrades_needed": False}))
    doubt = wording.text("utter_contradiction", facts=facts)
    assert doubt in text
    assert text.index(words(wording, "utter_summary")) < text.index(doubt) < text.index(wording.text("utter_confirm"))
    clear = told(wording, SMALL_SERVICE_FIRM)
    assert clear.sums_up and words(wording, "utter_contradiction") not in clear.text


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.fields[0])
def test_whole_question_is_asked_only_while_its_buttons_answer_nothing_that_is_known(
    wording: Wording, question: Question
) -> None:
    first, *others = question.fields
    whole, alone = f"utter_question_{first}", f"utter_question_{first}_alone"
    assert response_of(wording, question) == whole
    assert response_of(wording, Question(question.part, (first,))) == (alone if others else whole)
    for one in others:  # each of them may be left over
        response = response_of(wording, Question(question.part, (one,)))
        assert response in wording
        assert wording.asked_by(response) == {one}


def test_two_of_several_fields_are_asked_for_one_after_the_other(wording: Wording) -> None:
    part = question_of("has_website").part
    assert response_of(wording, Question(part, ("has_website", "has_crm"))) == "utter_question_has_website_alone"
    part = question_of("dev_team").part
    response = response_of(wording, Question(part, ("dev_team", "custom_tech_needed")))
    assert response == "utter_question_dev_team"
    assert wording.asked_by(response) == {"dev_team", "custom_tech_needed"}


def test_visitors_words_for_a_fact_are_kept_until_the_fact_changes(talk: Talk) -> None:
    talk.say("the billing system crashes on us every single week", "inform_tech_stack")
    assert talk.slots["quotes"] == {"tech_works": "the billing system crashes on us every single week"}
    talk.hear("answer", [{"entity": "tech_works", "value": True}])
    assert talk.slots["quotes"] == {}


def test_visitor_who_asks_why_and_declines_gets_the_reason_and_the_next_question(talk: Talk) -> None:
    talk.say("which one do we need?", "ask_for_advice")
    assert talk.asks == "revenue_band"
    told = {"text": "I'd rather not say", "intent": "rather_not_say", "sentences": []}
    talk.hear("ask_why", [{"entity": "reply", "value": json.dumps(told)}], text="why do you ask? I'd rather not say")
    assert talk.slots["revenue_band"] == "declined"
    assert words(talk.wording, "utter_why_revenue_band") in talk.text
    assert talk.asks == "business"


def test_what_the_article_lacks_is_said_before_the_interview_that_a_message_asks_for(talk: Talk) -> None:
    topics = [{"entity": "topic", "value": one} for one in ("faq/need/cto", "not_in_article/equity/cto")]
    text = "do we need a CTO, and what equity is normal?"
    talk.hear("ask_for_advice", topics, text=text)
    cell = talk.wording.cell("not_in_article/equity/cto", asked=text)
    assert cell and talk.said[0].text == cell.text.partition(". ")[0] + "."
    assert talk.question


def test_who_tells_other_things_is_asked_for_them_first(talk: Talk) -> None:
    for said in ("freight brokerage, 90 people, about $9M a year", "our CRM is Salesforce, phones are in the cloud"):
        talk.say(said, "inform_company_size")
    assert talk.asks == "leadership"
    assert talk.question.startswith("And who leads")
    talk.say("two competitors are pulling ahead with AI", "inform_ai_plans")
    assert talk.asks != "leadership"
    assert set(question_of(talk.asks).fields).isdisjoint(field for field in fields() if fields()[field].depends_on)
    talk.say("we have one developer, that's our whole team", "inform_tech_stack")
    assert talk.question


def test_interjection_before_a_question_answers_nothing(talk: Talk) -> None:
    asked_for(talk, "has_website")
    before = talk.answers
    talk.say("alright, who do we hire first?", "ask_for_advice")
    assert talk.answers == before


def test_visitor_who_asks_for_it_gets_a_likely_recommendation_when_most_is_known(wording: Wording) -> None:
    answers = {
        "revenue_band": "1m_10m",
        "business": ["service"],
        "leadership": "none",
        "has_website": True,
        "dev_team": False,
    }
    talk = told(wording, answers)
    assert talk.question
    assert advise(company_of(answers)).strength == "hedged"
    assert talk.say("who do we hire first?", "ask_for_advice").advised


def test_revenue_and_trade_are_said_back_as_they_were_put(talk: Talk) -> None:
    talk.say("We're a staffing company, about $7M a year", "inform_company_size")
    assert "you're a staffing company" in talk.said[0].text
    assert "your revenue is $7M" in talk.said[0].text


def test_where_answers_point_is_said_as_soon_as_they_settle_it(wording: Wording) -> None:
    talk = told(wording, {"revenue_band": "1m_10m", "headcount": 14})
    talk.say("we build software for clinics and have six developers", "inform_tech_stack")
    assert words(wording, "utter_so_far") in talk.text


def test_visitor_who_asks_for_one_role_is_told_if_it_is_rather_the_other(talk: Talk) -> None:
    found = [{"entity": name, "value": value} for name, value in (("role", "cto"), ("revenue_band", "1m_10m"))]
    talk.hear("ask_for_advice", found, "We make 4 million a year. Do we really need a CTO?")
    assert talk.said[0].text.startswith(talk.wording.text("utter_rather_not_cto"))
