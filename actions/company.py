"""The company as the slots of a conversation hold it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.types import DomainDict

from actions.wording import has, wording
from advisor.company import FIELDS, UNANSWERED, UNKNOWN, Company, is_value, read_company
from advisor.conditions import MANY_INITIATIVES

Answers = dict[str, Any]
"""Field -> value, unknown or declined: all that was answered, known or not."""


def answers_of(tracker: Tracker) -> Answers:
    """What was answered so far. A value that its field does not take counts as not answered."""
    held = {field: _unwrapped(tracker.slots.get(field)) for field in FIELDS}
    return {field: value for field, value in held.items() if value is not None and is_value(field, value)}


def company_of(answers: Answers) -> Company:
    """What is known of the company."""
    return read_company(answers)


def by_button(tracker: Tracker) -> bool:
    """Whether the last message is a button's answer, and no words of the visitor's."""
    return bool(tracker.latest_message["intent"].get("name") == "answer")


def stated_in(tracker: Tracker) -> Answers:
    """The facts that the last message states, by a button or in words; none that their fields do not take."""
    stated: Answers = {}
    for entity in tracker.latest_message["entities"]:
        field, value = entity["entity"], entity["value"]
        if field == "business":
            stated.setdefault(field, []).append(value)
        elif field in FIELDS:
            stated[field] = value
    unwrapped = {field: _unwrapped(stated[field]) for field in FIELDS if field in stated}
    return {field: value for field, value in unwrapped.items() if is_value(field, value)}


def things_named(tracker: Tracker) -> list[str]:
    """What a follow-up or a correction names, in the words of the company reader."""
    return [entity["value"] for entity in tracker.latest_message["entities"] if entity["entity"] == "named"]


def held_before(tracker: Tracker, fields: Collection[str]) -> Answers:
    """What was answered to these fields before the last message."""
    held: Answers = {}
    earlier = False
    for event in reversed(tracker.events):
        if earlier and event["event"] == "reset_slots":
            break
        if earlier and event["event"] == "slot" and event["name"] in fields:
            held.setdefault(event["name"], _unwrapped(event["value"]))
        earlier = earlier or event["event"] == "user"
    return {field: value for field, value in held.items() if value is not None}


def _unwrapped(value: Any) -> Any:
    """A list slot holds even "unknown" as a list."""
    if isinstance(value, list) and len(value) == 1 and value[0] in UNANSWERED:
        return value[0]
    return value


def clauses(domain: DomainDict, answers: Answers) -> list[str]:
    """The known facts as clauses in plain words: "you have a CRM"."""
    return [
        clause
        for field, value in answers.items()
        if not (field == "leveraging_ai" and answers.get("generic_tools_no_strategy"))  # which says it more kindly
        and is_known(value)
        for clause in _clauses(domain, field, value)
    ]


def is_known(value: Any) -> bool:
    """Whether an answer says something, and is not a question left open."""
    return isinstance(value, list) or value not in UNANSWERED


def name_of(domain: DomainDict, field: str) -> str:
    """How a field is called where its answer is not known."""
    return wording(domain, f"utter_{field}_{UNKNOWN}")


def _clauses(domain: DomainDict, field: str, value: Any) -> list[str]:
    if field == "headcount":
        if value == 1:
            return [wording(domain, "utter_headcount_one")]
        return [wording(domain, "utter_headcount", headcount=value)]
    if field == "ai_initiatives" and isinstance(value, int):
        value = int(MANY_INITIATIVES) if value >= MANY_INITIATIVES else 0
    parts = value if isinstance(value, list) else [value]
    responses = [f"utter_{field}_{str(part).lower()}" for part in parts]
    return [wording(domain, response) for response in responses if has(domain, response)]
