"""The interview as a visitor sees it: each question is asked until it is understood, and leads to the advice."""

from __future__ import annotations

import random
from typing import Any

import pytest
import yaml

from actions.company import clauses, company_of
from actions.wording import Wording
from advisor.company import is_value
from advisor.decision import decide
from advisor.fields import DECLINED, UNKNOWN
from advisor.impact import impact_of
from advisor.interview import Question, open_questions, question_of, questions
from tests.actions.situations import SMALL_SERVICE_FIRM, advised, begun, lacking_all_of, lacking_only, put
from tests.actions.talk import Talk, as_said, entities, parsed
from tests.content import ROOT


def answer_buttons(wording: Wording) -> list[tuple[str, str, dict[str, Any]]]:
    """The response, title and answers of every button that answers a question."""
    found = []
    for response in wording.responses:
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
    while not talk.sums_up:
        assert talk.question
        asked.append(str(talk.asks))
        title = chance.choice(list(talk.said[-1].buttons))
        pressed.update(parsed(talk.said[-1].buttons[title])[1])
        talk.press(title)
        assert len(asked) <= len(questions()), asked
    talk.go_ahead()
    assert len(set(asked)) == len(asked), "a question was asked twice"
    verdict = wording.responses[f"utter_verdict_{decide(known(pressed)).role}"][0]["text"]
    assert verdict in talk.text


def test_only_the_first_question_has_an_introduction(talk: Talk) -> None:
    introduction = talk.wording.responses["utter_interview_begins"][0]["text"].partition("{")[0]
    assert introduction in begun(talk).text
    assert introduction not in talk.hear("dont_know").text


@pytest.mark.parametrize(
    ("intent", "answer"), [("dont_know", UNKNOWN), ("rather_not_say", DECLINED), ("skip", UNKNOWN)]
)
def test_dont_know_decline_and_skip_count_as_answers(wording: Wording, intent: str, answer: str) -> None:
    talk = begun(Talk(wording))
    asked = []
    while not talk.sums_up:
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
def test_skipped_question_is_acknowledged_with_its_consequence(
    wording: Wording, question: Question, intent: str
) -> None:
    answers = lacking_all_of(question.fields)
    talk = put(wording, answers).hear(intent)
    assert talk.said[0].text == f"{left_open(wording, intent)} {consequence(wording, answers, question)}"
    assert talk.asks not in question.fields
    assert not talk.advised


@pytest.mark.parametrize("field", [field for question in questions() for field in question.fields])
def test_skipping_a_single_field_names_its_own_consequence_only(wording: Wording, field: str) -> None:
    answers = lacking_only(field)
    question = Question(question_of(field).part, (field,))
    said = put(wording, answers).hear("skip").said[0].text
    assert said == f"{left_open(wording, 'skip')} {consequence(wording, answers, question)}"


def left_open(wording: Wording, intent: str) -> str:
    text: str = wording.responses[f"utter_left_open_{intent}"][0]["text"]
    return text


def consequence(wording: Wording, answers: dict[str, Any], question: Question) -> str:
    """The expected note on a skipped question: the rules that cannot apply without it, or that none is lost."""
    lost = impact_of(question, company_of(answers), answers).lost
    if not lost:
        return wording.text("utter_without_it")
    named = "; ".join(wording.text(f"utter_feeds_{rule}") for rule in lost[:3])
    return wording.text("utter_without_it_lost", rules=named)


def test_skip_without_an_open_question_is_not_an_answer(wording: Wording) -> None:
    for intent in LEAVING_OPEN:
        talk = Talk(wording).hear(intent, text="skip")
        assert (talk.form, talk.answers) == (None, {})


def test_every_question_states_how_many_are_left(wording: Wording) -> None:
    talk = begun(Talk(wording))
    while not talk.sums_up:
        number = len(list(open_questions(company_of(talk.answers), talk.answers)))
        told = f"(At most {number - 1} more after this.)" if number > 1 else "(The last one.)"
        assert talk.question.endswith(told)
        talk.hear("dont_know")


def test_summary_precedes_the_advice_and_lists_all_answers(wording: Wording) -> None:
    told = {**SMALL_SERVICE_FIRM, "has_crm": UNKNOWN, "leadership": DECLINED}
    talk = put(wording, told)
    while not talk.sums_up:
        talk.hear("dont_know")
    assert not talk.advised
    text = talk.said[-1].text
    assert [f"- {clause}" for clause in clauses(wording, talk.answers)] == [
        line for line in text.splitlines() if line.startswith("- ")
    ]
    [open_line] = [line for line in text.splitlines() if line.startswith("Left open: ")]
    assert "whether you have a CRM" in open_line and "who leads technology and AI" in open_line


@pytest.mark.parametrize(("text", "intent"), [("yes", "affirm"), ("yes that's right", "affirm")])
def test_confirming_the_summary_gives_the_advice(wording: Wording, text: str, intent: str) -> None:
    assert put(wording, SMALL_SERVICE_FIRM).say(text, intent).advised


@pytest.mark.parametrize("intent", ["deny", "choose", "dont_know", "skip", "rather_not_say"])
def test_summary_stays_open_until_it_is_confirmed(wording: Wording, intent: str) -> None:
    talk = put(wording, SMALL_SERVICE_FIRM)
    before = talk.answers
    talk.hear(intent, text="hm")
    assert (talk.sums_up, talk.advised, talk.answers) == (True, False, before)


def test_corrected_summary_is_repeated(wording: Wording) -> None:
    talk = put(wording, SMALL_SERVICE_FIRM).say("no, we have no website", "deny")
    assert "Changed: you have no website, instead of: you have a website." in talk.text
    assert "- you have no website" in talk.said[-1].text
    assert talk.sums_up


def test_correction_that_opens_a_question_asks_it_before_the_summary(wording: Wording) -> None:
    talk = put(wording, SMALL_SERVICE_FIRM).say("sorry, we have a CTO", "inform_tech_stack")
    assert talk.asks == "cto_ai_expertise"
    while not talk.sums_up:
        talk.hear("dont_know")
    assert "- a CTO is in place" in talk.said[-1].text


def test_summary_is_confirmed_only_once(wording: Wording) -> None:
    talk = advised(wording, SMALL_SERVICE_FIRM).say("we have no website", "inform_tech_stack")
    assert not talk.sums_up
    assert "My reading" in talk.text


def test_consecutive_misses_offer_a_person(talk: Talk) -> None:
    begun(talk)
    offers = []
    for intent in ("choose", "choose", "dont_know", "choose"):
        talk.hear(intent, [{"entity": "reply", "value": {}}], "blorp")
        offers.append("utter_offer_person" in [one.response for one in talk.said])
    assert offers == [False, True, False, False]


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
    while not talk.sums_up:
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
    assert talk.question == question
    assert (talk.asks, talk.answers) == (field, before)
    assert talk.wording.responses["utter_not_an_answer"][0]["text"] in talk.text


@pytest.mark.parametrize(
    "text", ["2 million euros", "85k a month", "somewhere between 5 and 20 million", "$400k to $2M"]
)
def test_ambiguous_revenue_asks_for_clarification(talk: Talk, text: str) -> None:
    begun(talk).say(text, "inform_company_size")
    assert "revenue_band" not in talk.answers
    assert talk.asks == "revenue_band"
    assert f'"{text}"' in talk.text


def test_visitor_question_is_answered_and_the_open_question_repeated(talk: Talk) -> None:
    question, before = asked_for(talk, "leadership").question, talk.answers
    talk.say("what does a caio cost", "faq")
    talk.hear("faq", [{"entity": "topic", "value": "cost/caio/fractional"}])
    assert "Source: the article" in talk.text
    assert (talk.question, talk.answers) == (question, before)


def test_unintelligible_message_keeps_the_interview_in_place(talk: Talk) -> None:
    question, before = asked_for(talk, "leadership").question, talk.answers
    talk.hear("nlu_fallback", text="blorp")
    assert (talk.question, talk.answers) == (question, before)


def test_facts_in_the_opening_are_acknowledged_and_not_asked_again(talk: Talk) -> None:
    talk.say("We're an accounting firm, about 4 mil a year, everything's on Xero and Hubspot", "inform_company_size")
    assert {"revenue_band", "business", "has_crm", "has_cloud"} <= set(talk.answers)
    assert "Noted: " in talk.text
    asked = set()
    while not talk.sums_up:
        assert talk.asks not in {"revenue_band", "business", "has_crm", "has_cloud"}
        asked.add(talk.asks)
        talk.hear("dont_know")
    assert asked


def test_fact_for_another_question_is_kept_without_closing_the_open_one(talk: Talk) -> None:
    begun(talk).say("we have a CTO", "inform_tech_stack")
    assert (talk.asks, talk.answers) == ("revenue_band", {"leadership": "cto"})
    assert "Noted: a CTO is in place." in talk.text


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
        ("dev_team", "neither", {"dev_team": False, "custom_tech_needed": False}),
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
    assert "don't seem to fit together" in text
    assert text.index(clauses(wording, {"tech_works": False})[0]) < text.index("don't seem to fit together")
    assert "fit together" not in put(wording, SMALL_SERVICE_FIRM).text
