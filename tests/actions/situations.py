"""Conversations at a given point: with given answers, at a given question, or after the advice."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

from actions.company import company_of
from actions.wording import Wording, uncapitalized
from advisor.decision import decide
from advisor.fields import UNKNOWN
from advisor.interview import open_questions, questions
from advisor.whatif import distinct_values
from tests.actions.talk import Talk, words

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
"""A company that is advised to hire a CAIO first, with no questions left."""


def begun(talk: Talk, **slots: Any) -> Talk:
    """The conversation at the first remaining question after these answers."""
    return talk.know(**slots).hear("ask_for_advice")


def put(wording: Wording, answers: dict[str, Any]) -> Talk:
    """A new conversation with these answers, at its next question."""
    return begun(Talk(wording), **answers)


def told(wording: Wording, answers: dict[str, Any]) -> Talk:
    """A new conversation in which these answers were typed, at its next question or at the summary."""
    talk = Talk(wording)
    talk.events.append({"event": "user", "text": "…", "parse_data": {}})
    return talk.know(**answers).hear("inform_company_size")


def coming_back(wording: Wording, question: str) -> str:
    """A question as it is asked again after something else was said; the last one is announced as such already."""
    if question.startswith(words(wording, "utter_last_question")):
        return question
    return wording.text("utter_back_to_the_question", question=uncapitalized(question))


def advised(wording: Wording, answers: dict[str, Any]) -> Talk:
    """A new conversation that has just reached the advice for these answers."""
    talk = put(wording, answers).go_ahead()
    assert talk.advised
    return talk


@cache
def _lacking(fields: tuple[str, ...]) -> dict[str, Any]:
    chance = random.Random(fields[0])
    others = [field for field in ASKED if field not in fields]
    for _ in range(20_000):
        answers = {one: chance.choice((UNKNOWN, *_values(one))) for one in others}
        if len(fields) == 1 and len(_outcomes(answers, fields[0])) == 1:
            continue
        upcoming = next(open_questions(company_of(answers), answers), None)
        if upcoming and upcoming.fields == fields:
            return answers
    raise AssertionError(f"no company is asked for {fields}")


def lacking_only(field: str) -> dict[str, Any]:
    """Answers to all other fields for which this field is still worth asking; found by trial and error."""
    return dict(_lacking((field,)))


def lacking_all_of(fields: tuple[str, ...]) -> dict[str, Any]:
    """Answers after which this whole question comes next; found by trial and error."""
    return dict(_lacking(fields))


def _values(field: str) -> tuple[Any, ...]:
    return (["service"], ["software_product"]) if field == "business" else distinct_values(field)


def _outcomes(answers: dict[str, Any], field: str) -> set[Any]:
    """The outcomes and flags that the values of this field lead to."""
    decisions = [decide(company_of({**answers, field: value})) for value in _values(field)]
    return {(decision.outcome, decision.flags) for decision in decisions}
