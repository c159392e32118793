"""Whatever the framework decides can be said: complete, in short messages, with grounds, source and doubts."""

from __future__ import annotations

import random
import re
from itertools import chain
from typing import Any

import pytest
import yaml

from actions.company import clauses, company_of
from actions.wording import Wording
from advisor.advice import Advice, advise
from advisor.article import facts, source
from advisor.fields import DECLINED, UNKNOWN, yes_no_fields
from advisor.framework import framework
from advisor.prices import figures
from tests.actions.talk import Said, advice_in_words
from tests.advisor import reference
from tests.content import ROOT

LONGEST = 110  # words in a bubble
CASES: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / "tests" / "advisor" / "golden_cases.yml").read_text(encoding="utf-8")
)


def golden_answers() -> list[dict[str, Any]]:
    return [case["company"] for case in CASES]


def random_answers(count: int, seed: int) -> list[dict[str, Any]]:
    """Companies with random answers, some of them not known or declined, and with a number of people now and then."""
    rng = random.Random(seed)
    found = []
    for _ in range(count):
        answers = reference.some_company(rng, rng.choice((0.0, 0.2, 0.5, 0.8, 1.0)))
        for field in reference.VALUES:
            if field not in answers and rng.random() < 0.2:
                answers[field] = rng.choice((UNKNOWN, DECLINED))
        if rng.random() < 0.2:
            answers["headcount"] = rng.randrange(1, 500)
        found.append(answers)
    return found


@pytest.fixture(scope="module")
def told(wording: Wording) -> list[tuple[dict[str, Any], Advice, list[Said]]]:
    """Answers of all sorts, the advice for them, and what is said."""
    every = golden_answers() + random_answers(400, seed=31)
    return [(answers, advise(company_of(answers)), advice_in_words(wording, answers)) for answers in every]


Told = list[tuple[dict[str, Any], Advice, list[Said]]]


def words(wording: Wording, response: str) -> str:
    """A response up to its first placeholder: enough to recognise it by."""
    text: str = wording.responses[response][0]["text"]
    return text.partition("{")[0].strip()


def spoken(said: list[Said]) -> str:
    return "\n".join(one.text for one in said)


def test_sample_covers_every_role_rule_term_and_flag(told: Told) -> None:
    advice = [one for _, one, _ in told]
    assert {one.role for one in advice} == {row.role for row in framework().roles}
    assert {one.rule for one in advice} == {row.id for row in framework().roles}
    assert {one.strength for one in advice} == {row.strength for row in framework().roles}
    assert {one.engagement for one in advice} == {row.terms for row in framework().terms}
    assert set(chain.from_iterable(one.flags for one in advice)) == {row.id for row in framework().flags}


def test_the_framework_decides_nothing_that_there_are_no_words_for(wording: Wording) -> None:
    wanted = {f"utter_flag_{row.words or row.id}" for row in framework().flags}
    for row in framework().roles:
        wanted |= {f"utter_verdict_{row.role}", f"utter_role_{row.role}", f"utter_rule_{row.words or row.id}"}
        wanted |= {f"utter_strength_{row.strength}"} - {"utter_strength_none"}
    wanted |= {f"utter_terms_{row.words or row.id}" for row in framework().terms if row.words is not None}
    wanted |= {f"utter_cost_{row.words}" for row in framework().costs}
    wanted |= {f"utter_hours_{row.words}" for row in framework().hours}
    assert wanted - set(wording.responses) == set()


def test_every_value_that_decides_has_a_clause_and_every_field_a_name(wording: Wording) -> None:
    wanted = {f"utter_{field}_unknown" for field in reference.VALUES}
    for field, values in reference.VALUES.items():
        if field in yes_no_fields():
            wanted |= {f"utter_{field}_true", f"utter_{field}_false"}
        elif field in ("revenue_band", "ai_strategy", "leadership"):
            wanted |= {f"utter_{field}_{value}" for value in values}
    wanted |= {f"utter_business_{kind}" for kind in chain.from_iterable(reference.VALUES["business"])}
    assert wanted - set(wording.responses) == set()


def test_an_advice_has_no_gap_and_no_internal_name_in_it(told: Told) -> None:
    internal = re.compile(r"[{}]|\bNone\b|\bTrue\b|\bFalse\b|utter_|\b[A-Z]+_[A-Z_]+\b|\bP\d\d\b|\bF\d{3}\b")
    for answers, _, said in told:
        assert not internal.search(spoken(said)), (answers, internal.search(spoken(said)))


def test_an_advice_is_in_plain_words_and_not_in_names_of_fields(told: Told) -> None:
    names = re.compile(r"\b\w+_\w+\b")
    for answers, _, said in told:
        assert not names.search(spoken(said)), (answers, names.search(spoken(said)))


def test_no_message_of_an_advice_is_empty_or_falls_apart(told: Told) -> None:
    for answers, _, said in told:
        assert all(line.strip() for one in said for line in one.text.splitlines()), answers
        assert all(one.text and "\n\n" not in one.text for one in said), answers


def test_no_message_of_an_advice_is_longer_than_a_bubble(told: Told) -> None:
    lengths = [len(one.text.split()) for _, _, said in told for one in said]
    assert [length for length in lengths if length > LONGEST] == []


def test_the_first_thing_said_is_the_seat_and_the_rule_that_gives_it(told: Told, wording: Wording) -> None:
    for _, advice, said in told:
        first = said[0].text
        assert first.startswith(words(wording, f"utter_verdict_{advice.role}"))
        assert words(wording, f"utter_rule_{advice.words.rule}") in first


def test_a_rule_is_given_no_reasons_that_another_rule_rests_on(wording: Wording) -> None:
    answers = {"leadership": "caio", "dev_team": True, "competitors_gaining": True, "ai_strategy": "none"}
    first, *_ = advice_in_words(wording, answers)
    assert "you have developers to manage." in first.text
    assert "competitors" not in first.text and "AI strategy" not in first.text


@pytest.mark.parametrize("answers", [{"business": ["ai_product"]}, {"daily_hands_on_cto": True}])
@pytest.mark.parametrize("known", [{"leadership": "caio"}, {"leadership": "none", "ai_strategy": "none"}, {}])
def test_technology_by_our_own_reading_is_called_ours(
    wording: Wording, answers: dict[str, Any], known: dict[str, Any]
) -> None:
    first, *_ = advice_in_words(wording, {**known, **answers})
    assert "which we count as technology to lead" in first.text


def test_how_firm_an_advice_is_stands_beside_it(told: Told, wording: Wording) -> None:
    for _, advice, said in told:
        firm = [name for name in wording.responses if name.startswith("utter_strength_")]
        heard = [name for name in firm if words(wording, name) in said[0].text]
        presumes = "_if_nobody" if advice.strength == "firm" and "leadership" in advice.contingent_on else ""
        assert heard == ([f"utter_strength_{advice.strength}{presumes}"] if advice.strength != "none" else [])


def test_an_advice_cites_the_sections_of_all_its_facts(told: Told) -> None:
    for _, advice, said in told:
        [line] = [line for line in spoken(said).splitlines() if line.startswith("Source: ")]
        assert source().title in line
        for fact in advice.facts:
            assert facts()[fact].section in line
        assert advice.facts


def test_the_firm_discloses_its_interest_exactly_once_and_last(told: Told, wording: Wording) -> None:
    disclosure = words(wording, "utter_disclosure")
    for _, _, said in told:
        assert spoken(said).count(disclosure) == 1
        assert said[-1].text.startswith(disclosure)


def test_nobody_is_asked_for_contact_details_before_the_advice(told: Told) -> None:
    for _, _, said in told:
        assert all(not one.buttons for one in said[:-1])
        assert not re.search(r"e-?mail|phone|your name", spoken(said[:-1]), re.IGNORECASE)


def test_every_cost_and_amount_of_time_that_the_framework_gives_is_said(told: Told) -> None:
    for answers, advice, said in told:
        for figure in (*advice.costs, *advice.hours):
            assert figure.text in spoken(said), (answers, figure.name)


def test_no_price_is_said_that_the_framework_does_not_give(told: Told) -> None:
    """A CAIO's price alone stands beside that of the pair on purpose: the article does not fit it to the other (X…)."""
    prices = ("both_price_framework", "both_price_model", "caio_fractional_price", "caio_salary")
    for answers, advice, said in told:
        given = {figure.name for figure in advice.costs}
        if "both_price_model" in given:
            given.add("caio_fractional_price")
        heard = {name for name in prices if figures()[name].text in spoken(said)}
        assert heard <= given, (answers, heard - given)


def test_a_flag_is_said_when_it_is_raised_and_only_then(told: Told, wording: Wording) -> None:
    for answers, advice, said in told:
        for row in framework().flags:
            text = wording.text(f"utter_flag_{row.words or row.id}")
            assert (text in spoken(said)) == ((row.words or row.id) in advice.words.flags), (answers, row.id)


def test_the_terms_are_said_where_there_is_somebody_to_hire(told: Told) -> None:
    for answers, advice, said in told:
        undecided = advice.role in ("NOT_COVERED", "ONE_OF_THE_TWO") and advice.engagement == "NOT_COVERED"
        assert ("Terms: " in spoken(said)) == (advice.engagement is not None and not undecided), answers


def test_no_change_is_named_that_would_not_change_the_role(told: Told, wording: Wording) -> None:
    for answers, advice, said in told:
        own = wording.responses[f"utter_role_{advice.role}"][0]["text"]
        changes = [line for line in spoken(said).splitlines() if line.startswith("- if ")]
        assert not any(line.endswith(f": {own}") for line in changes), (answers, changes)
        assert len(changes) == len(set(changes)) <= 4


def test_every_change_that_is_named_comes_true(told: Told, wording: Wording) -> None:
    said_of = {clauses(wording, change)[0]: change for change in possible_answers()}
    checked = 0
    for answers, _, said in told:
        for line in spoken(said).splitlines():
            if line.startswith("- if "):
                changed, _, promised = line.removeprefix("- if ").rpartition(": ")
                company = dict(company_of(answers))
                for field, value in read_back(changed, said_of).items():
                    company[field] = [*company.get(field, ()), *value] if field == "business" else value
                role = advise(company).role
                assert wording.responses[f"utter_role_{role}"][0]["text"] == promised, (answers, line)
                checked += 1
    assert checked > 300


def possible_answers() -> list[dict[str, Any]]:
    """Every single answer that can be put as a clause."""
    singles = [(field, value) for field, values in reference.VALUES.items() for value in values if field != "business"]
    kinds = sorted(set(chain.from_iterable(reference.VALUES["business"])))
    return [{field: value} for field, value in singles] + [{"business": [kind]} for kind in kinds]


def read_back(text: str, said_of: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The answers of one clause, or of two joined by an "and"; a clause may have one of its own."""
    if text in said_of:
        return said_of[text]
    parts = text.split(" and ")
    splits = ((" and ".join(parts[:at]), " and ".join(parts[at:])) for at in range(1, len(parts)))
    first, second = next((one, other) for one, other in splits if one in said_of and other in said_of)
    return {**said_of[first], **said_of[second]}


def test_what_could_still_change_an_advice_is_named(told: Told, wording: Wording) -> None:
    for answers, advice, said in told:
        lines = [line for line in spoken(said).splitlines() if line.startswith(words(wording, "utter_contingent_on"))]
        assert len(lines) == bool(advice.contingent_on), answers
        if lines:
            named = [f for f in advice.contingent_on if words(wording, f"utter_{f}_unknown") in lines[0]]
            assert named[:5] == list(advice.contingent_on)[:5], answers


def test_headcount_is_said_not_to_count(wording: Wording) -> None:
    note = words(wording, "utter_headcount_unused")
    company = {"revenue_band": "1m_10m", "ai_strategy": "none"}
    assert note in spoken(advice_in_words(wording, {**company, "headcount": 35}))
    assert note not in spoken(advice_in_words(wording, company))


def test_one_person_under_both_hats_is_warned(wording: Wording) -> None:
    assert words(wording, "utter_hats") in spoken(advice_in_words(wording, {"leadership": "one_person_both"}))
    assert words(wording, "utter_hats") not in spoken(advice_in_words(wording, {"leadership": "cto"}))


def test_unknown_and_declined_answers_are_no_grounds(wording: Wording) -> None:
    known = {"revenue_band": "1m_10m", "ai_strategy": "none"}
    more = {"has_crm": UNKNOWN, "has_cloud": DECLINED, "leadership": UNKNOWN, "business": DECLINED}
    assert advice_in_words(wording, {**known, **more}) == advice_in_words(wording, known)


def test_the_same_answers_in_another_order_give_the_same_words(told: Told, wording: Wording) -> None:
    for answers, _, said in told[::10]:
        assert advice_in_words(wording, dict(reversed(answers.items()))) == said, answers
