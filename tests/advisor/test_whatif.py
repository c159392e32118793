"""What would change an advice, and what it is contingent on, against brute force over the decision."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import Any

import pytest

from advisor.advice import advise
from advisor.company import Company, read_company
from advisor.decision import decide
from advisor.framework import STRENGTHS
from advisor.whatif import Change, Situation, changeable, distinct_values
from tests.advisor import reference

KINDS = ("service", "software_product", "ai_product", "other")

Flip = tuple[str, str, str | None]
"""The changed answers as JSON, with the resulting role and terms."""


def companies(count: int, seed: int, known: Sequence[float] = (0.0, 0.2, 0.5, 0.8, 1.0)) -> list[Company]:
    chance = random.Random(seed)
    return [reference.some_company(chance, chance.choice(known)) for _ in range(count)]


def other_answers(company: Company, field: str) -> list[Any]:
    """All other values of the field. For business, one kind is added or removed; unknown becomes one kind."""
    present = company.get(field)
    if field == "business":
        known = set(present or ())
        return [[kind for kind in KINDS if kind in known ^ {changed}] for changed in KINDS]
    return [value for value in reference.VALUES[field] if value != present]


def flips(company: Company, changes: Iterator[Company]) -> set[Flip]:
    """The changes that lead to another role or other terms."""
    present = decide(company)
    found = set()
    for change in changes:
        decision = decide({**company, **change})
        if (decision.role, decision.engagement) != (present.role, present.engagement):
            found.add((json.dumps(change, sort_keys=True), decision.role, decision.engagement))
    return found


def singles(company: Company, fields: Sequence[str]) -> set[Flip]:
    return flips(company, ({field: value} for field in fields for value in other_answers(company, field)))


def pairs(company: Company, fields: Sequence[str]) -> set[Flip]:
    return flips(
        company,
        (
            {first: one, second: other}
            for first, second in combinations(fields, 2)
            for one, other in product(other_answers(company, first), other_answers(company, second))
        ),
    )


def as_flips(changes: Sequence[Change]) -> set[Flip]:
    found = {(json.dumps(change.set, sort_keys=True), change.role, change.engagement) for change in changes}
    assert len(found) == len(changes), "a change is listed twice"
    return found


def test_every_value_of_every_field_can_be_changed() -> None:
    assert set(changeable()) == set(reference.VALUES)
    for field in set(reference.VALUES) - {"business", "ai_initiatives"}:
        assert list(distinct_values(field)) == reference.VALUES[field]


def test_single_changes_match_brute_force() -> None:
    for company in companies(400, seed=11):
        expected = singles(company, list(reference.VALUES))
        assert expected, "over all fields, some single change always flips"
        assert as_flips(advise(company).would_change) == expected, company


def test_changing_a_single_business_kind_is_sufficient() -> None:
    for company in companies(300, seed=12):
        every_set = ({"business": kinds} for kinds in reference.VALUES["business"])
        both_call_for_a_cto = {"software_product", "ai_product"} <= set(company.get("business", ()))
        if flips(company, every_set) and not both_call_for_a_cto:
            assert singles(company, ["business"]), company


def test_listed_changes_lead_to_the_promised_advice() -> None:
    for company in companies(60, seed=13):
        for change in advise(company).would_change:
            again = advise(read_company({**company, **change.set}))
            assert (again.role, again.engagement) == (change.role, change.engagement), (company, change)


def test_revenue_changes_are_listed_as_bands() -> None:
    advice = advise(read_company({"annual_revenue": 5_000_000, "ai_initiatives": 7}))
    assert {"revenue_band": "ge_50m"} in [change.set for change in advice.would_change]
    assert not any("annual_revenue" in change.set for change in advice.would_change)


def test_pairs_are_listed_exactly_when_no_single_change_flips() -> None:
    chance = random.Random(14)
    listed = {"singles": 0, "pairs": 0, "nothing": 0}
    for number, company in enumerate(companies(400, seed=14)):
        fields = list(reference.VALUES)
        if number % 4:  # mostly fields that do not flip alone
            fields = [field for field in fields if not singles(company, [field])]
        fields = chance.sample(fields, chance.randint(1, min(12, len(fields))))
        alone, together = singles(company, fields), pairs(company, fields)
        assert as_flips(Situation(company).would_change(fields)) == (alone or together), (company, fields)
        listed["singles" if alone else "pairs" if together else "nothing"] += 1
    assert min(listed.values()) >= 15, listed


def test_answers_that_flip_only_together_are_listed_as_a_pair() -> None:
    company = {"revenue_band": "10m_50m", "has_website": False}
    changes = Situation(company).would_change(["has_crm", "has_cloud"])
    assert changes == [Change({"has_crm": False, "has_cloud": False}, "CTO_FIRST", "NOT_COVERED")]


def test_what_if_analysis_does_not_modify_the_company() -> None:
    for company in companies(50, seed=15):
        before = json.dumps(company)
        situation = Situation(company)
        situation.would_change()
        situation.contingent_on()
        assert json.dumps(company) == before


def test_advice_with_everything_known_is_not_contingent() -> None:
    for company in companies(300, seed=16, known=(1.0,)):
        assert set(company) == set(changeable())
        assert advise(company).contingent_on == ()


def test_advice_is_contingent_on_unknown_fields_only() -> None:
    for company in companies(400, seed=17):
        contingent = advise(company).contingent_on
        assert len(contingent) == len(set(contingent))
        assert set(contingent) <= set(changeable()) - set(company)


def test_advice_is_contingent_on_every_unknown_that_alone_would_change_it() -> None:
    for company in companies(2_000, seed=18):
        present = decide(company)
        contingent = advise(company).contingent_on
        for field in set(changeable()) - set(company):
            for value in other_answers(company, field):
                decision = decide({**company, field: value})
                weaker = STRENGTHS.index(decision.strength) < STRENGTHS.index(present.strength)
                if weaker or decision.outcome != present.outcome:
                    assert field in contingent, (company, field, value)


def test_every_contingent_field_can_change_or_weaken_the_advice() -> None:
    """Every listed field is needed: some answers to the unknown fields change the advice only together with it."""
    chance = random.Random(19)
    for company in companies(60, seed=19, known=(0.2, 0.5, 0.8)):
        present = decide(company)
        unknown = [field for field in changeable() if field not in company]
        for field in advise(company).contingent_on:
            assert any(
                _unsettles(company, answers) and not _unsettles(company, {**answers, field: None})
                for answers in _completions(chance, unknown, field)
            ), (company, field, present)


def test_fields_that_advice_is_not_contingent_on_never_change_it() -> None:
    chance = random.Random(20)
    for company in companies(1_500, seed=20, known=(0.0, 0.3, 0.5, 0.8, 0.9)):
        situation = Situation(company)
        contingent = situation.contingent_on()
        others = [field for field in changeable() if field not in company and field not in contingent]
        for _ in range(30):
            answers = {field: chance.choice(reference.VALUES[field]) for field in others if chance.random() < 0.7}
            outcome = decide({**company, **answers}).outcome
            assert outcome == situation.decision.outcome, (company, answers, contingent)


@pytest.mark.parametrize(
    ("company", "fields"),
    [
        ({"leadership": "cto", "ai_strategy": "none"}, {"cto_ai_expertise", "cto_bandwidth", "cto_accountable"}),
        ({"revenue_band": "10m_50m"}, {"tech_upgrades_needed", "has_website", "has_crm", "has_cloud"}),
        ({"revenue_band": "1m_10m", "tech_works": True}, {"leveraging_ai"}),
        ({"has_cloud": True}, {"has_website", "has_crm", "ai_strategy"}),
        ({"leadership": "none", "ai_strategy": "none"}, {"tech_works", "tech_upgrades_needed"}),
    ],
)
def test_contingent_fields_include_weakening_and_joint_answers(company: Company, fields: set[str]) -> None:
    assert fields <= set(advise(company).contingent_on)


def _unsettles(company: Company, answers: Company) -> bool:
    """Whether these answers change or weaken the advice; None leaves a field unanswered."""
    present = decide(company)
    decision = decide({**company, **{field: value for field, value in answers.items() if value is not None}})
    weaker = STRENGTHS.index(decision.strength) < STRENGTHS.index(present.strength)
    return weaker or decision.outcome != present.outcome


def _completions(chance: random.Random, unknown: Sequence[str], field: str) -> Iterator[Company]:
    """Answers to this field alone, then with one other unknown field, then with random sets of them."""
    for value in reference.VALUES[field]:
        yield {field: value}
        for other in unknown:
            for answer in reference.VALUES[other]:
                yield {other: answer, field: value}
    for _ in range(20_000):
        among = chance.sample(list(unknown), min(len(unknown), chance.randint(2, 4)))
        yield {one: chance.choice(reference.VALUES[one]) for one in (*among, field)}
