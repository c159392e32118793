"""Question selection against brute force: the questions that can change the outcome and make sense are asked."""

from __future__ import annotations

import random
from statistics import median, quantiles
from typing import Any

import pytest

from advisor.company import UNKNOWN, Company, read_company
from advisor.decision import decide
from advisor.errors import ContentError
from advisor.fields import check_conditions, fields
from advisor.interview import Question, is_askable, open_questions, question_of, questions
from tests.advisor import reference

ASKED = [field for question in questions() for field in question.fields]
OPENING: tuple[str, ...] = (
    *("revenue_band", "business", "has_website", "has_crm", "has_cloud"),
    *("leveraging_ai", "ai_strategy", "generic_tools_no_strategy"),
)
"""The fields stated in a detailed opening message: revenue, business, systems and use of AI."""

Outcome = tuple[str, str | None, tuple[str, ...]]


def outcome(company: Company) -> Outcome:
    decision = decide(company)
    return decision.role, decision.engagement, decision.flags


def some_answers(chance: random.Random, known: float) -> dict[str, Any]:
    """Random answers to some fields; a few of the others were asked and are unknown."""
    company = reference.some_company(chance, known)
    return {**{field: UNKNOWN for field in ASKED if field not in company and chance.random() < 0.15}, **company}


def answers_to(chance: random.Random, fields: set[str]) -> Company:
    """Answers to these fields, some of them unknown."""
    everything = reference.some_company(chance, chance.choice((0.6, 0.9, 1.0)))
    return {field: value for field, value in everything.items() if field in fields}


def askable(truth: Company, known: Company) -> Company:
    """Of the answers of a company those that are known or that it makes sense to ask for."""
    return {field: value for field, value in truth.items() if field in known or is_askable(field, known)}


def interview(
    truth: Company, told: dict[str, Any], *, one_by_one: bool = False
) -> tuple[list[Question], dict[str, Any]]:
    """The questions asked of a company with these answers, in order, and all answers at the end."""
    asked: list[Question] = []
    answers = dict(told)
    while question := next(open_questions(read_company(answers), answers), None):
        asked.append(question)
        replied = question.fields[:1] if one_by_one else question.fields
        answers.update({field: truth.get(field, UNKNOWN) for field in replied})
        assert len(asked) <= len(ASKED), "the interview does not end"
    return asked, answers


@pytest.mark.parametrize("known", [0.0, 0.2, 0.4, 0.6, 0.8])
def test_answers_to_skipped_questions_never_change_the_outcome(known: float) -> None:
    chance = random.Random(int(known * 10))
    for _ in range(15 if known < 0.2 else 40):  # slower the less is known
        answers = some_answers(chance, known)
        company = read_company(answers)
        open_fields = {field for field in ASKED if field not in answers and is_askable(field, company)}
        asked = {field for question in open_questions(company, answers) for field in question.fields}
        for _ in range(40):
            all_of_it = answers_to(chance, open_fields)
            of_those_asked = {field: value for field, value in all_of_it.items() if field in asked}
            assert outcome({**company, **all_of_it}) == outcome({**company, **of_those_asked}), (answers, all_of_it)


@pytest.mark.parametrize("known", [0.3, 0.6, 0.85])
def test_fields_that_alone_change_the_outcome_are_asked(known: float) -> None:
    chance = random.Random(int(known * 100))
    for _ in range(100):
        answers = some_answers(chance, known)
        company = read_company(answers)
        asked = {field for question in open_questions(company, answers) for field in question.fields}
        for field in set(ASKED) - set(answers):
            if not is_askable(field, company):
                assert field not in asked, (answers, field)
            elif any(outcome({**company, field: value}) != outcome(company) for value in reference.VALUES[field]):
                assert field in asked, (answers, field)


def test_interview_reaches_the_advice_of_all_answers_together() -> None:
    """Skipped questions would have made no difference, from the first question to the last."""
    chance = random.Random(41)
    for _ in range(100):
        truth = reference.some_company(chance, chance.choice((0.5, 0.9, 1.0)))
        told = {field: value for field, value in truth.items() if chance.random() < chance.choice((0.0, 0.3, 0.6))}
        _, answers = interview(truth, told)
        known = read_company(answers)
        assert outcome(known) == outcome(askable(truth, known)), (truth, told)


def test_interview_terminates_and_asks_nothing_twice() -> None:
    chance = random.Random(42)
    for _ in range(100):
        truth = reference.some_company(chance, chance.choice((0.0, 0.3, 0.7, 1.0)))
        asked, _ = interview(truth, some_answers(chance, chance.choice((0.0, 0.2, 0.5))))
        fields = [field for question in asked for field in question.fields]
        assert len(set(fields)) == len(fields)
        assert len(asked) <= len(questions())


def test_interview_answered_field_by_field_terminates() -> None:
    chance = random.Random(43)
    for _ in range(40):
        truth = reference.some_company(chance, 0.8)
        asked, _ = interview(truth, {}, one_by_one=True)
        assert len({question.fields[0] for question in asked}) == len(asked)


def test_questions_are_asked_in_file_order() -> None:
    chance = random.Random(44)
    order = list(questions())
    for _ in range(100):
        truth = reference.some_company(chance, chance.choice((0.3, 0.8, 1.0)))
        asked, _ = interview(truth, some_answers(chance, chance.choice((0.0, 0.3))))
        places = [order.index(question_of(question.fields[0])) for question in asked]
        assert places == sorted(places), asked


def test_open_questions_keep_file_order_and_cover_only_unanswered_fields() -> None:
    chance = random.Random(45)
    order = list(questions())
    for _ in range(60):
        answers = some_answers(chance, 0.4)
        listed = list(open_questions(read_company(answers), answers))
        places = [order.index(question_of(question.fields[0])) for question in listed]
        assert places == sorted(set(places))
        for question in listed:
            whole = question_of(question.fields[0])
            assert question.part == whole.part
            wanted = (one for one in whole.fields if one not in answers and is_askable(one, read_company(answers)))
            assert question.fields == tuple(wanted)


def test_nothing_is_asked_when_everything_was_asked() -> None:
    chance = random.Random(46)
    for _ in range(100):
        answers = dict.fromkeys(ASKED, UNKNOWN) | reference.some_company(chance, 0.5)
        assert list(open_questions(read_company(answers), answers)) == []


def test_unknown_answer_is_not_asked_again() -> None:
    assert next(open_questions({}, {})).fields == ("revenue_band",)
    assert next(open_questions({}, {"revenue_band"})).fields != ("revenue_band",)


@pytest.mark.parametrize(
    ("company", "left_out"),
    [
        ({"leadership": "none"}, {"cto_ai_expertise", "cto_bandwidth", "warn_later"}),
        ({"leadership": "cto", "ai_strategy": "none"}, {"ai_strategy_needed_now", "competitors_gaining"}),
        (
            {"leadership": "cto", "cto_ai_expertise": False, "ai_strategy": "none"},
            {"cto_bandwidth", "cto_accountable", "warn_later"},
        ),
        ({"leadership": "cto", "warn_later": True}, {"warn_tools_first", "warn_no_metrics", "cto_bandwidth"}),
        ({"leadership": "both"}, {"revenue_band", "has_website", "ai_strategy", "daily_hands_on_cto", "cto_bandwidth"}),
        ({"leadership": "caio", "dev_team": True}, {"has_website", "tech_works", "ai_strategy", "cto_bandwidth"}),
        (
            {"revenue_band": "10m_50m", "leadership": "none", "dev_team": True, "competitors_gaining": True},
            {"daily_hands_on_cto", "ai_full_time_scale"},
        ),
        ({"business": ["ai_product"]}, {"ai_initiatives"}),
        ({"leadership": "caio"}, {"ai_initiatives", "ai_full_time_scale", "daily_hands_on_cto"}),
        ({"revenue_band": "1m_10m", "business": ["service"]}, {"daily_hands_on_cto", "ai_full_time_scale"}),
        ({"revenue_band": "1m_10m", "leveraging_ai": False}, {"ai_initiatives", "ai_full_time_scale"}),
        (
            {"tech_upgrades_needed": True, "ai_strategy_needed_now": True, "leadership": "none"},
            {"dev_team", "competitors_gaining"},
        ),
    ],
)
def test_irrelevant_fields_are_not_asked(company: Company, left_out: set[str]) -> None:
    asked = {field for question in open_questions(company, company) for field in question.fields}
    assert asked & left_out == set()


@pytest.mark.parametrize(
    ("company", "wanted"),
    [
        ({}, {"revenue_band", "business", "leadership", "has_website", "tech_works", "ai_strategy"}),
        ({"leadership": "cto", "ai_strategy": "none"}, {"cto_ai_expertise", "cto_bandwidth", "warn_later"}),
        ({"revenue_band": "1m_10m", "business": ["software_product"]}, {"daily_hands_on_cto"}),
        ({"tech_upgrades_needed": True, "leadership": "none"}, {"ai_strategy", "ai_strategy_needed_now"}),
        ({"leadership": "caio"}, {"business"}),
        ({"leadership": "caio", "leveraging_ai": True, "revenue_band": "10m_50m"}, {"business", "ai_initiatives"}),
        ({"revenue_band": "1m_10m", "dev_team": True}, {"daily_hands_on_cto"}),
        ({"revenue_band": "1m_10m", "leveraging_ai": True}, {"ai_full_time_scale"}),
    ],
)
def test_relevant_fields_are_asked(company: Company, wanted: set[str]) -> None:
    asked = {field for question in open_questions(company, company) for field in question.fields}
    assert wanted <= asked


@pytest.mark.parametrize(
    ("field", "company", "makes_sense"),
    [
        ("revenue_band", {}, True),  # nothing has to be known first
        ("daily_hands_on_cto", {}, False),
        ("daily_hands_on_cto", {"business": ("service", "other")}, False),
        ("daily_hands_on_cto", {"business": ("service", "software_product")}, True),
        ("daily_hands_on_cto", {"business": ["ai_product"]}, True),
        ("daily_hands_on_cto", {"business": ("service",), "dev_team": True}, True),
        ("daily_hands_on_cto", {"dev_team": False}, False),
        ("ai_initiatives", {"leveraging_ai": True, "revenue_band": "ge_50m"}, True),
        ("ai_initiatives", {"leveraging_ai": True}, False),
        ("ai_initiatives", {"leveraging_ai": False}, False),
        ("ai_full_time_scale", {"leveraging_ai": UNKNOWN}, False),
        ("ai_full_time_scale", {"business": ("ai_product",), "leveraging_ai": False}, True),
    ],
)
def test_field_is_askable_if_one_of_its_conditions_holds(field: str, company: Company, makes_sense: bool) -> None:
    assert is_askable(field, company) is makes_sense


def test_only_these_fields_are_not_asked_of_everybody() -> None:
    conditional = {field for field in ASKED if not is_askable(field, {})}
    assert conditional == {"daily_hands_on_cto", "ai_full_time_scale", "ai_initiatives"}


def test_volunteered_answer_counts_though_nobody_would_ask_for_it() -> None:
    company: Company = {"revenue_band": "1m_10m", "business": ("service",), "ai_strategy": "none"}
    assert not is_askable("ai_full_time_scale", company)
    assert outcome({**company, "ai_full_time_scale": True}) != outcome(company)


def test_condition_of_an_unknown_field_or_value_is_rejected() -> None:
    declared = fields()
    for wrong in ({"no_such_field": (True,)}, {"leveraging_ai": ("perhaps",)}, {"business": ("bakery",)}):
        field = declared["ai_initiatives"].copy(update={"asked_if": (wrong,)})
        with pytest.raises(ContentError, match="asked_if"):
            check_conditions(field, declared)


def test_interview_asks_for_exactly_the_fields_of_the_decision() -> None:
    assert sorted(ASKED) == sorted(reference.VALUES)
    assert set(ASKED) <= set(fields())


def test_interview_is_short(capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(47)
    companies = [reference.some_company(chance, 1.0) for _ in range(80)]
    openings: dict[str, tuple[str, ...]] = {"nothing known": (), "a rich opening": OPENING}
    report = []
    for name, opening in openings.items():
        told = [{field: truth[field] for field in opening} for truth in companies]
        lengths = [len(interview(truth, known)[0]) for truth, known in zip(companies, told, strict=True)]
        ninth = quantiles(lengths, n=10)[-1]
        report.append(
            f"questions from {name}: median {median(lengths)}, nine of ten up to {ninth}, most {max(lengths)}"
        )
        assert median(lengths) <= (9 if not opening else 6)
    with capsys.disabled():
        print("\n" + "\n".join(report))
