"""The named situations of golden_cases.yml, which the consultant can review, get their expected advice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from advisor.advice import advise
from advisor.company import read_company
from advisor.decision import decide
from advisor.framework import framework

HERE = Path(__file__).parent
SITUATIONS: dict[str, dict[str, Any]] = {
    situation["name"]: situation
    for situation in yaml.safe_load((HERE / "golden_cases.yml").read_text(encoding="utf-8"))
}
EXACT = ("role", "rule", "strength", "engagement", "flags", "matched", "costs", "hours")
AT_LEAST = ("facts", "contingent_on", "would_change")


def advice_for(situation: dict[str, Any]) -> dict[str, Any]:
    """The advice as plain lists, with costs and hours by name."""
    advice = advise(read_company(situation["company"])).as_json()
    figures = {part: [figure["name"] for figure in advice[part]] for part in ("costs", "hours")}
    return {name: list(part) if isinstance(part, tuple) else part for name, part in {**advice, **figures}.items()}


@pytest.mark.parametrize("name", SITUATIONS)
def test_situation_gets_its_expected_advice(name: str) -> None:
    advice, wanted = advice_for(SITUATIONS[name]), {"flags": [], **SITUATIONS[name]["advice"]}
    exact = {part: wanted[part] for part in EXACT if part in wanted}
    assert {part: advice[part] for part in exact} == exact
    for part in AT_LEAST:
        assert [one for one in wanted.get(part, []) if one not in advice[part]] == [], advice[part]
        assert advice[part] == [] or wanted.get(part) != [], f"{part} should be empty"


@pytest.mark.parametrize("name", [name for name in SITUATIONS if "same_as" in SITUATIONS[name]])
def test_situation_gets_the_same_advice_as_its_twin(name: str) -> None:
    assert advice_for(SITUATIONS[name]) == advice_for(SITUATIONS[SITUATIONS[name]["same_as"]])


@pytest.mark.parametrize("name", SITUATIONS)
def test_situation_exercises_the_rules_it_lists(name: str) -> None:
    decision = decide(read_company(SITUATIONS[name]["company"]))
    named = {one for one in SITUATIONS[name]["shows"] if re.fullmatch(r"[PE]\d\d", one)}
    assert named <= {decision.rule, decision.engagement_rule}


def test_situations_have_unique_names_and_known_keys() -> None:
    text = (HERE / "golden_cases.yml").read_text(encoding="utf-8")
    assert text.count("\n- name: ") == len(SITUATIONS), "two situations have the same name"
    for situation in SITUATIONS.values():
        assert set(situation) - {"same_as"} == {"name", "shows", "company", "advice"}
        assert {"role", "rule", "engagement"} <= set(situation["advice"]) <= {*EXACT, *AT_LEAST}


def test_every_case_rule_term_and_gap_is_covered() -> None:
    shown = {one for situation in SITUATIONS.values() for one in situation["shows"]}
    variants = {1: "ab", 4: "ab", 10: "abcd", 11: "ab", 12: "ab", 15: "ab", 21: "ab"}
    cases = {f"case {number}{letter}" for number in range(1, 36) for letter in variants.get(number, [""])}
    rows = {row.id for row in (*framework().roles, *framework().terms)}
    assert cases | rows | {"G2", "G5", "G9", "G10", "G16"} <= shown


def test_situations_cover_every_role_and_strength() -> None:
    advice = [advice_for(situation) for situation in SITUATIONS.values()]
    for part in ("role", "strength"):
        assert {one[part] for one in advice} == {getattr(row, part) for row in framework().roles}
