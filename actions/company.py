"""The company as the slots of a conversation hold it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.wording import Wording
from advisor.company import Company, is_value, read_company
from advisor.fields import DECLINED, UNANSWERED, UNKNOWN, fields
from advisor.whatif import distinct_values

Answer = bool | int | float | str | list[str] | tuple[str, ...]
"""A value of a field as a slot holds it, unknown or declined."""
Answers = dict[str, Answer]
"""All that was answered, by field, known or not."""


def answers_in(slots: Mapping[str, Any]) -> Answers:
    """What the slots of a conversation hold. A value that its field does not take counts as not answered."""
    held = {field: _unwrapped(slots.get(field)) for field in fields()}
    return {field: value for field, value in held.items() if value is not None and is_value(field, value)}


def stated_in(entities: Mapping[str, list[Any]]) -> Answers:
    """The facts among the entities of a message (name -> values); none that their fields do not take."""
    stated = {
        field: _unwrapped(entities[field] if field == "business" else entities[field][-1])
        for field in fields()
        if field in entities
    }
    return {field: value for field, value in stated.items() if is_value(field, value)}


def company_of(answers: Answers) -> Company:
    """What is known of the company."""
    return read_company(answers)


def _unwrapped(value: Any) -> Any:
    """A list slot holds even "unknown" as a list."""
    if isinstance(value, list) and value in ([UNKNOWN], [DECLINED]):
        return value[0]
    return value


def clauses(wording: Wording, answers: Answers) -> list[str]:
    """The known facts as clauses in plain words: "you have a CRM"."""
    return _in_words(wording, "utter", answers)


def briefs(wording: Wording, answers: Answers) -> list[str]:
    """The known facts as the items of a list: "a CRM"."""
    return _in_words(wording, "utter_brief", answers)


def _in_words(wording: Wording, kind: str, answers: Answers) -> list[str]:
    return [
        said
        for field, value in answers.items()
        if not (field == "leveraging_ai" and answers.get("generic_tools_no_strategy"))  # which says it more kindly
        and is_known(value)
        for said in _value_in_words(wording, f"{kind}_{field}", field, value)
    ]


def is_known(value: Any) -> bool:
    """Whether an answer says something, and is not a question left open."""
    return isinstance(value, (list, tuple)) or value not in UNANSWERED


def name_of(wording: Wording, field: str) -> str:
    """How a field is called where its answer is not known."""
    return wording.text(f"utter_{field}_{UNKNOWN}")


def _value_in_words(wording: Wording, response: str, field: str, value: Any) -> list[str]:
    if field == "headcount":
        return [wording.text(f"{response}_one") if value == 1 else wording.text(response, headcount=value)]
    if field == "ai_initiatives" and isinstance(value, int):
        steps = (*(step for step in distinct_values(field) if isinstance(step, int)), 1)  # no rule tells 1 from 0
        value = max(step for step in steps if step <= value)
    parts = value if isinstance(value, (list, tuple)) else [value]
    responses = [f"{response}_{str(part).lower()}" for part in parts]
    return [wording.text(response) for response in responses if response in wording]
