"""The whole table against a naive re-implementation, for every company that the table can tell apart.

First every condition is compared over all raw answers of its own fields; then every combination of condition values.
Together that is every possible company.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from advisor.advice import advise
from advisor.article import facts
from advisor.company import FIELDS, Company, read_company
from advisor.conditions import CONDITIONS
from advisor.framework import STRENGTHS, Decision, decide_company, framework_version
from advisor.whatif import Situation
from tests.advisor import reference

TABLE = yaml.safe_load((Path(__file__).parents[2] / "advisor" / "framework.yml").read_text(encoding="utf-8"))

READINGS: dict[str, Callable[[reference.Letters], object]] = {
    "band": lambda x: x.band,
    "caio_in_place": lambda x: x.caio,
    "cto_in_place": lambda x: x.cto,
    "infrastructure": lambda x: x.infra,
    "technology_to_lead": lambda x: x.t,
    "ai_trigger": lambda x: x.a,
    "no_strategy": lambda x: x.n,
    "ai_leadership_wanted": lambda x: x.a or x.n,
    "upgrades_and_ai": lambda x: x.u,
    "cto_ready": lambda x: {"yes": True, "no": "refuted", "open": "unsettled"}[x.c],
    "warning_sign": lambda x: x.w,
    "service_business": lambda x: x.service,
    "much_ai": lambda x: x.m,
    "daily_cto": lambda x: x.daily_cto,
    "full_time_ai": lambda x: x.full_time_ai,
}
"""The reference's own reading of every condition."""

GROUPS = (
    ("revenue_band",),
    ("leadership",),
    ("business", "ai_initiatives", "dev_team", "custom_tech_needed", "has_website", "has_crm", "has_cloud"),
    (
        *("ai_strategy", "tech_upgrades_needed", "ai_strategy_needed_now", "tech_works", "leveraging_ai"),
        *("generic_tools_no_strategy", "competitors_gaining", "build_vs_buy_pending"),
    ),
    ("cto_ai_expertise", "cto_bandwidth", "cto_accountable"),
    ("warn_later", "warn_tools_first", "warn_no_metrics", "warn_cannot_keep_up"),
    ("daily_hands_on_cto",),
    ("ai_full_time_scale",),
)
"""Fields that some condition reads together. No condition reads from two groups, so the groups vary freely."""


class Case(NamedTuple):
    """One company with both opinions of it."""

    company: Company
    decision: Decision
    verdict: reference.Verdict


class Witness(dict[str, Any]):
    """A company that remembers what it was asked."""

    asked: set[str]

    def get(self, field: str, default: Any = None) -> Any:
        self.asked.add(field)
        return super().get(field, default)


def raw_answers(fields: Iterable[str]) -> Iterator[Company]:
    """Every combination of answers to these fields, no answer included; the unanswered come first."""
    answers = [[{}, *({field: value} for value in reference.VALUES[field])] for field in fields]
    for combination in product(*answers):
        yield {field: value for answer in combination for field, value in answer.items()}


@cache
def cases() -> list[Case]:
    """One company for every combination of condition values that any company can have."""
    groups = []
    for fields in GROUPS:
        kinds: dict[reference.Letters, Company] = {}
        for company in raw_answers(fields):
            kinds.setdefault(reference.read(company), company)
        groups.append(list(kinds.values()))
    companies = ({field: part[field] for part in parts for field in part} for parts in product(*groups))
    return [Case(company, decide_company(company), reference.decide(company)) for company in companies]


def some_companies(count: int, seed: int) -> list[Company]:
    chance = random.Random(seed)
    return [reference.some_company(chance, chance.choice((0.2, 0.5, 0.8, 1.0))) for _ in range(count)]


def as_text(company: Company) -> str:
    return json.dumps(advise(read_company(company)).as_json())


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_condition_reads_all_raw_answers_as_the_reference_does(name: str) -> None:
    condition, reading = CONDITIONS[name], READINGS[name]
    for company in raw_answers(condition.fields):
        assert condition.read(company) == reading(reference.read(company)), company


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_condition_asks_for_its_own_fields_and_for_no_other(name: str) -> None:
    asked: set[str] = set()
    for company in raw_answers(CONDITIONS[name].fields):
        witness = Witness(company)
        witness.asked = asked
        CONDITIONS[name].read(witness)
    assert asked == set(CONDITIONS[name].fields)


def test_no_condition_reads_from_two_groups_of_fields() -> None:
    for name, condition in CONDITIONS.items():
        assert [group for group in GROUPS if set(group) & set(condition.fields)] == [
            group for group in GROUPS if set(condition.fields) <= set(group)
        ], name


def test_every_field_but_headcount_decides_something_and_an_amount_decides_through_its_band() -> None:
    read = {field for condition in CONDITIONS.values() for field in condition.fields}
    assert set(FIELDS) - read == {"headcount", "annual_revenue"}
    assert read == set(reference.VALUES) == {field for group in GROUPS for field in group}


def test_the_cases_hold_every_combination_of_condition_values_once() -> None:
    combinations = {reference.read(case.company) for case in cases()}
    assert len(combinations) == len(cases()) == 80_640
    for company in some_companies(2_000, seed=1):
        assert reference.read(company) in combinations


@pytest.mark.parametrize("part", ["role", "rule", "strength", "matched", "flags", "engagement"])
def test_the_decision_is_the_reference_s_for_every_case(part: str) -> None:
    wrong = [case for case in cases() if getattr(case.decision, part) != getattr(case.verdict, part)]
    shown = [(case.company, getattr(case.decision, part), getattr(case.verdict, part)) for case in wrong[:3]]
    assert not wrong, f"{len(wrong)} of {len(cases())} differ in {part}; company, ours, the table's: {shown}"


def test_the_engagement_row_is_the_reference_s_for_every_case() -> None:
    assert [case.company for case in cases() if case.decision.engagement_rule != case.verdict.terms] == []


def test_the_decision_is_the_reference_s_for_companies_of_random_answers() -> None:
    for company in some_companies(3_000, seed=2):
        ours, theirs = decide_company(company), reference.decide(company)
        assert (ours.role, ours.rule, ours.engagement) == (theirs.role, theirs.rule, theirs.engagement), company


def test_every_case_gets_exactly_one_of_the_ten_roles_by_the_first_rule_that_matched() -> None:
    roles = {
        *("BOTH_FRACTIONAL", "CTO_COVERS_AI", "ADD_CAIO", "CTO_FIRST", "CTO_THEN_CAIO", "CAIO_FIRST"),
        *("ONE_OF_THE_TWO", "CTO_IN_PLACE", "ROLES_IN_PLACE", "NOT_COVERED"),
    }
    assert {case.decision.role for case in cases()} == roles
    for case in cases():
        assert case.decision.matched[0] == case.decision.rule
        assert list(case.decision.matched) == sorted(set(case.decision.matched))


def test_every_row_of_the_roles_table_is_the_decisive_one_somewhere() -> None:
    rows = [(row["id"], row["role"], row["strength"], row["basis"]) for row in TABLE["roles"]]
    assert {(one.rule, one.role, one.strength, one.basis) for one in (case.decision for case in cases())} == set(rows)
    assert len(set(rows)) == len(rows), "two rows cannot be told apart"


def test_every_flag_fires_somewhere_and_is_absent_somewhere() -> None:
    for flag in ("MAY_NEED_BOTH", "END_STATE_BOTH"):
        assert {flag in case.decision.flags for case in cases()} == {True, False}
    assert {flag for case in cases() for flag in case.decision.flags} == {row["id"] for row in TABLE["flags"]}


def test_every_engagement_row_fires_somewhere() -> None:
    assert {case.decision.engagement_rule for case in cases()} == {row["id"] for row in TABLE["engagement"]}


@pytest.mark.parametrize("part", ["costs", "hours"])
def test_every_row_of_costs_and_hours_fires_somewhere(part: str) -> None:
    shown = {getattr(case.decision, part) for case in cases()} - {()}
    assert {name for names in shown for name in names} == {name for row in TABLE[part] for name in row["figures"]}


def test_no_money_is_named_where_no_hire_is_advised() -> None:
    for case in cases():
        if case.decision.engagement is None or case.decision.role in ("CTO_FIRST", "ONE_OF_THE_TWO", "NOT_COVERED"):
            assert case.decision.costs == case.decision.hours == ()


def test_every_case_rests_on_at_least_one_fact_of_the_article() -> None:
    known = set(facts())
    for case in cases():
        assert case.decision.facts
        assert known.issuperset(case.decision.facts)


def test_every_advice_rests_on_facts_of_the_article_triggers_included() -> None:
    for company in some_companies(300, seed=3):
        named = advise(company).facts
        assert named
        assert set(named) <= set(facts())
        assert len(named) == len(set(named))


def test_unknown_declined_and_missing_are_the_same() -> None:
    for company in some_companies(150, seed=4):
        missing = [field for field in FIELDS if field not in company and field != "annual_revenue"]
        for answer in ("unknown", "declined"):
            assert as_text({**dict.fromkeys(missing, answer), **company}) == as_text(company)


def test_the_same_company_gives_the_same_bytes_in_whatever_order_it_is_told() -> None:
    chance = random.Random(5)
    for company in some_companies(150, seed=5):
        shuffled = dict(chance.sample(sorted(company.items()), len(company)))
        assert as_text(company) == as_text(company) == as_text(shuffled)


def test_headcount_changes_nothing() -> None:
    for company in some_companies(100, seed=6):
        assert as_text({**company, "headcount": 40}) == as_text(company)


def test_every_advice_says_which_version_of_the_framework_gave_it() -> None:
    assert advise({}).framework_version == framework_version() == TABLE["version"]


def fields_read_for(decision: Decision) -> set[str]:
    """The fields of the fired row and of those above it, in the table of roles and in that of engagement."""
    deciding = next(
        index
        for index, row in enumerate(TABLE["roles"])
        if (row["id"], row["role"], row["strength"]) == (decision.rule, decision.role, decision.strength)
    )
    terms = [row["id"] for row in TABLE["engagement"]].index(decision.engagement_rule)
    rows = TABLE["roles"][: deciding + 1] + TABLE["engagement"][: terms + 1]
    return {field for row in rows for name in row.get("when", {}) for field in CONDITIONS[name].fields}


def test_a_field_that_neither_the_fired_row_nor_a_higher_one_reads_changes_nothing() -> None:
    tried = 0
    for company in some_companies(1_500, seed=7):
        decision = decide_company(company)
        for field in set(reference.VALUES) - fields_read_for(decision):
            for value in reference.VALUES[field]:
                other = decide_company({**company, field: value})
                assert other.outcome == decision.outcome, (company, field, value)
                assert (other.rule, other.strength) == (decision.rule, decision.strength), (company, field, value)
                tried += 1
    assert tried > 10_000


def test_an_unknown_never_makes_an_advice_firmer_unless_the_advice_says_that_it_hangs_on_it() -> None:
    """Adding "unknown" never raises the strength, except where ``contingent_on`` names that very field.

    "not X" is fixed as "X is not known to be true". So a company whose developers we do not know of is read as one
    without, and a firmer rule may fire than if we knew of them. That is allowed, but the advice must then say that it
    hangs on that field.
    """
    about_terms = {"daily_hands_on_cto", "ai_full_time_scale"}
    deciding = [case.company for case in cases() if about_terms.isdisjoint(case.company)]
    raised = 0
    for company in [*deciding, *some_companies(2_000, seed=8)]:
        strength = STRENGTHS.index(decide_company(company).strength)
        for field in company:
            without = {other: value for other, value in company.items() if other != field}
            if STRENGTHS.index(decide_company(without).strength) > strength:
                raised += 1
                assert field in Situation(without).contingent_on(), (company, field)
    assert raised > 100
