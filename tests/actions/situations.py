"""Talks at a given point: with this much told, at this question, or after the advice."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

from actions.company import company_of
from actions.wording import Wording
from advisor.company import UNKNOWN, VALUES
from advisor.framework import decide_company
from advisor.interview import open_questions, questions
from tests.actions.talk import Talk

ASKED = tuple(field for question in questions() for field in question.fields)

SMALL_SERVICE_FIRM: dict[str, Any] = {
    "revenue_band": "1m_10m",
    "business": ["service"],
    "leadership": "none",
    "ai_initiatives": 0,
    "has_website": True,
    "has_crm": True,
    "has_cloud": True,
    "tech_works": True,
    "tech_upgrades_needed": False,
    "dev_team": False,
    "custom_tech_needed": False,
    "leveraging_ai": False,
    "ai_strategy": "none",
    "generic_tools_no_strategy": True,
    "competitors_gaining": False,
    "build_vs_buy_pending": False,
    "daily_hands_on_cto": False,
    "ai_full_time_scale": False,
}
"""A company that is advised to take a CAIO first, with nothing left to ask."""


def begun(talk: Talk, **slots: Any) -> Talk:
    """The talk at the first question that is left if this much was told before."""
    return talk.know(**slots).hear("ask_for_advice")


def put(wording: Wording, answers: dict[str, Any]) -> Talk:
    """A new talk in which this much was answered, at its next question."""
    return begun(Talk(wording), **answers)


def advised(wording: Wording, answers: dict[str, Any]) -> Talk:
    """A new talk that has just come to the advice for these answers."""
    talk = put(wording, answers).go_ahead()
    assert talk.advised
    return talk


@cache
def _lacking(fields: tuple[str, ...]) -> dict[str, Any]:
    chance = random.Random(fields[0])
    others = [field for field in ASKED if field not in fields]
    for _ in range(20_000):
        answers = {one: chance.choice((UNKNOWN, *VALUES.get(one, (["service"],)))) for one in others}
        if len(fields) == 1 and len(_outcomes(answers, fields[0])) == 1:
            continue
        upcoming = next(open_questions(company_of(answers), answers), None)
        if upcoming and upcoming.fields == fields:
            return answers
    raise AssertionError(f"no company is asked for {fields}")


def lacking_only(field: str) -> dict[str, Any]:
    """Answers to everything but this field, with which it is still worth asking for; found by trying."""
    return dict(_lacking((field,)))


def lacking_all_of(fields: tuple[str, ...]) -> dict[str, Any]:
    """Answers with which this whole question comes next; found by trying."""
    return dict(_lacking(fields))


def _outcomes(answers: dict[str, Any], field: str) -> set[Any]:
    """The seats and terms that the values of this field lead to."""
    values = VALUES.get(field, (["service"], ["software_product"]))
    decisions = [decide_company(company_of({**answers, field: value})) for value in values]
    return {(decision.outcome, decision.flags) for decision in decisions}
