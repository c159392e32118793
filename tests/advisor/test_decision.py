"""The whole table against a naive reference, for every company that the table can distinguish."""

from __future__ import annotations

import dataclasses
import json
import os
import random
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice, product, repeat
from typing import Any

import pytest

from advisor.advice import advise
from advisor.article import facts
from advisor.company import read_company
from advisor.compiled import compiled
from advisor.decision import contradictions, decide
from advisor.fields import fields
from advisor.framework import STRENGTHS, framework
from advisor.whatif import Situation
from tests.advisor import reference

Raw = dict[str, Any]
PARTS = ("role", "rule", "strength", "matched", "flags", "engagement")

TECHNOLOGY = (
    *("business", "dev_team", "custom_tech_needed", "has_website", "has_crm", "has_cloud", "daily_hands_on_cto"),
)
AI = (
    *("tech_works", "tech_upgrades_needed", "ai_strategy", "ai_strategy_needed_now", "leveraging_ai"),
    *("generic_tools_no_strategy", "competitors_gaining", "build_vs_buy_pending", "ai_full_time_scale"),
)
CTO = (
    *("cto_ai_expertise", "cto_bandwidth", "cto_accountable"),
    *("warn_later", "warn_tools_first", "warn_no_metrics", "warn_cannot_keep_up"),
)
BANDS = ("lt_1m", "1m_10m", "10m_50m", "ge_50m")


def raw_answers(fields: Iterable[str]) -> Iterator[Raw]:
    """Every combination of answers to these fields, including no answer, which comes first."""
    answers = [[{}, *({field: value} for value in reference.VALUES[field])] for field in fields]
    for combination in product(*answers):
        yield {field: value for answer in combination for field, value in answer.items()}


def alike(fields: Iterable[str], **known: Any) -> list[Raw]:
    """One company for each set of letters that these fields can produce."""
    kinds: dict[reference.Letters, Raw] = {}
    for company in raw_answers(fields):
        kinds.setdefault(reference.read({**known, **company}), {**known, **company})
    return list(kinds.values())


def every_company() -> Iterator[Raw]:
    """One company for every combination of letters; one_person_both, the number of initiatives and the CTO's
    conditions without a CTO have their own tests."""
    leaders = [{"leadership": leader} for leader in ("none", "caio", "both")] + alike(CTO, leadership="cto")
    bands: list[Raw] = [{}, *({"revenue_band": band} for band in BANDS)]
    for parts in product(leaders, alike(TECHNOLOGY), alike(AI), bands):
        yield {field: part[field] for part in parts for field in part}


def some_companies(count: int, seed: int) -> list[Raw]:
    chance = random.Random(seed)
    return [reference.some_company(chance, chance.choice((0.2, 0.5, 0.8, 1.0))) for _ in range(count)]


def as_text(company: Raw) -> str:
    return json.dumps(advise(read_company(company)).as_json())


@dataclasses.dataclass
class Found:
    """How many companies were compared, and what their decisions consist of."""

    compared: int = 0
    fired: set[tuple[str, ...]] = dataclasses.field(default_factory=set)
    flags: set[str] = dataclasses.field(default_factory=set)
    terms: set[str | None] = dataclasses.field(default_factory=set)
    figures: set[str] = dataclasses.field(default_factory=set)


def compare(share: int, shares: int) -> Found:
    """Compare a share of all companies with the reference."""
    found = Found()
    for company in islice(every_company(), share, None, shares):
        ours, theirs = decide(company), reference.decide(company)
        for part in PARTS:
            assert getattr(ours, part) == getattr(theirs, part), company
        assert ours.engagement_rule == theirs.terms, company
        assert ours.matched[0] == ours.rule
        assert ours.facts
        if ours.engagement is None or ours.role in ("CTO_FIRST", "ADD_CTO", "ONE_OF_THE_TWO", "NOT_COVERED"):
            assert ours.costs == ours.hours == ()
        found.compared += 1
        found.fired.add((ours.rule, ours.role, ours.strength, ours.basis))
        found.flags.update(ours.flags)
        found.terms.add(ours.engagement_rule)
        found.figures.update(ours.costs + ours.hours)
    return found


def test_decision_matches_the_reference_for_every_company(capsys: pytest.CaptureFixture[str]) -> None:
    shares = os.cpu_count() or 1
    with ProcessPoolExecutor(shares) as pool:
        found = list(pool.map(compare, range(shares), repeat(shares)))
    table = framework()
    fired = set().union(*(one.fired for one in found))
    assert fired == {(row.id, row.role, row.strength, row.basis) for row in table.roles}, "a rule never matches"
    assert set().union(*(one.flags for one in found)) == {row.id for row in table.flags}, "a flag is never raised"
    assert set().union(*(one.terms for one in found)) == {row.id for row in table.terms}, "some terms never apply"
    figures = {name for row in (*table.costs, *table.hours) for name in row.figures}
    assert set().union(*(one.figures for one in found)) == figures
    with capsys.disabled():
        print(f"\ncompanies compared with the reference: {sum(one.compared for one in found):,}")


def test_random_companies_match_the_reference() -> None:
    for company in some_companies(20_000, seed=2):
        ours, theirs = decide(company), reference.decide(company)
        assert [getattr(ours, part) for part in PARTS] == [getattr(theirs, part) for part in PARTS], company


def test_one_person_in_both_roles_is_treated_as_a_cto_with_an_extra_fact() -> None:
    for company in some_companies(1_000, seed=9):
        one, other = (decide({**company, "leadership": leader}) for leader in ("one_person_both", "cto"))
        assert [getattr(one, part) for part in PARTS] == [getattr(other, part) for part in PARTS]
        assert set(one.facts) == {*other.facts, "F066.3"}


def test_every_field_but_headcount_affects_the_decision() -> None:
    read = set(compiled().levels)
    assert set(fields()) - read == {"headcount", "annual_revenue"}
    assert read == set(reference.VALUES)


def test_every_advice_cites_unique_existing_facts() -> None:
    for company in some_companies(300, seed=3):
        named = advise(company).facts
        assert named
        assert set(named) <= set(facts())
        assert len(named) == len(set(named))


def test_unknown_declined_and_missing_are_equivalent() -> None:
    for company in some_companies(150, seed=4):
        missing = [field for field in fields() if field not in company and field != "annual_revenue"]
        for answer in ("unknown", "declined"):
            assert as_text({**dict.fromkeys(missing, answer), **company}) == as_text(company)


def test_field_order_does_not_change_the_output() -> None:
    chance = random.Random(5)
    for company in some_companies(150, seed=5):
        shuffled = dict(chance.sample(sorted(company.items()), len(company)))
        assert as_text(company) == as_text(company) == as_text(shuffled)


def test_headcount_changes_nothing() -> None:
    for company in some_companies(100, seed=6):
        assert as_text({**company, "headcount": 40}) == as_text(company)


def test_advice_includes_the_framework_version() -> None:
    assert advise({}).framework_version == framework().version == "2026.2"


def test_fields_not_read_up_to_the_matching_rule_change_nothing() -> None:
    tried = 0
    table = compiled()
    for company in some_companies(1_500, seed=7):
        decision = decide(company)
        state = table.state_of(company)
        fired = [table.diagrams.result(one, state) for one in table.decides].index(True)
        terms = [table.diagrams.result(one, state) for one in table.terms_apply].index(True)
        read = [*table.applies[: fired + 1], *table.terms_lines[: terms + 1]]
        levels = {level for diagram in read for level in table.diagrams.levels(diagram)}
        for field in set(reference.VALUES) - {table.variables[level].field for level in levels}:
            for value in reference.VALUES[field]:
                other = decide({**company, field: value})
                assert other.outcome == decision.outcome, (company, field, value)
                assert (other.rule, other.strength) == (decision.rule, decision.strength), (company, field, value)
                tried += 1
    assert tried > 5_000


def test_removing_an_answer_never_strengthens_the_same_role() -> None:
    """Invariant of section 3.6. A different role may be stronger: the advice is then contingent on the answer."""
    raised = 0
    for company in some_companies(4_000, seed=8):
        decision = decide(company)
        for field in company:
            without = {other: value for other, value in company.items() if other != field}
            fewer = decide(without)
            if STRENGTHS.index(fewer.strength) > STRENGTHS.index(decision.strength):
                assert fewer.role != decision.role, (company, field)
                assert field in Situation(without).contingent_on(), (company, field)
                raised += 1
    assert raised > 100


def test_advice_is_contingent_on_leadership_exactly_when_unknown() -> None:
    for company in some_companies(500, seed=10):
        assert ("leadership" in advise(read_company(company)).contingent_on) == ("leadership" not in company)


@pytest.mark.parametrize(
    ("company", "fields"),
    [
        ({"ai_strategy": "in_place", "ai_strategy_needed_now": True}, ("ai_strategy", "ai_strategy_needed_now")),
        ({"cto_bandwidth": True, "warn_cannot_keep_up": True}, ("cto_bandwidth", "warn_cannot_keep_up")),
        ({"tech_works": False, "tech_upgrades_needed": False}, ("tech_works", "tech_upgrades_needed")),
        ({"business": ["service", "software_product"], "has_cloud": False}, ("business", "has_cloud")),
    ],
)
def test_contradictory_answers_are_found(company: Raw, fields: tuple[str, ...]) -> None:
    assert contradictions(company) == [fields]
    for field in fields:
        assert contradictions({name: value for name, value in company.items() if name != field}) == []
