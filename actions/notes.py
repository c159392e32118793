"""What a message told us, said back: what is new, what is changed, and what falls with a change."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.company import Answers, answers_of, by_button, clauses, held_before, is_known, name_of, stated_in
from actions.wording import wording
from advisor.interview import fallen


def take_in(
    dispatcher: CollectingDispatcher, domain: DomainDict, tracker: Tracker, given: Answers | None = None
) -> tuple[Answers, list[dict[str, Any]]]:
    """Say back what the last message told, and drop the answers that lost their ground by it.

    Args:
        dispatcher: takes what is said.
        domain: the wording.
        tracker: with the message; Rasa has filled the slots of what it states.
        given: what it answers besides, read in the light of the open question.

    Returns:
        All answers as they are now, and the events that make the slots so.
    """
    given = given or {}
    told = {**stated_in(tracker), **given}
    after = {**answers_of(tracker), **told}
    known = held_before(tracker, told)
    before = {**{field: value for field, value in after.items() if field not in told}, **known}
    changed = {field: value for field, value in told.items() if field in known and known[field] != value}
    new = {field: value for field, value in told.items() if field not in known}
    if not by_button(tracker):  # whoever presses a button sees what it says
        _say(dispatcher, domain, "utter_noted", clauses(domain, new))
        if not new and not changed:
            _say(dispatcher, domain, "utter_noted_before", clauses(domain, told))
    _say(dispatcher, domain, "utter_changed", _changes(domain, known, changed))
    gone = {field: ground for field, ground in fallen(before, after).items() if field not in told}
    if gone:
        named = ", ".join(name_of(domain, field) for field in gone)
        because = "; ".join(_state(domain, ground, after[ground]) for ground in dict.fromkeys(gone.values()))
        dispatcher.utter_message(text=wording(domain, "utter_dropped", named=named, because=because))
    events = [SlotSet(field, value) for field, value in {**given, **dict.fromkeys(gone)}.items()]
    return {field: value for field, value in after.items() if field not in gone}, events


def _say(dispatcher: CollectingDispatcher, domain: DomainDict, response: str, said: list[str]) -> None:
    if said:
        dispatcher.utter_message(text=wording(domain, response, facts="; ".join(said)))


def _changes(domain: DomainDict, known: Answers, changed: Answers) -> list[str]:
    """The changed facts as clauses, each with what was held before; what is open now is only named."""
    said = []
    for field, value in changed.items():
        new, old = clauses(domain, {field: value}), clauses(domain, {field: known[field]})
        if not is_known(value):
            said.append(_state(domain, field, value))
        elif new and old and new != old:
            said.append(wording(domain, "utter_instead", new=" and ".join(new), old=" and ".join(old)))
        elif new != old:
            said += new
    return said


def _state(domain: DomainDict, field: str, value: Any) -> str:
    """How things stand with a field, as a clause: what is known of it, or that it is open."""
    if is_known(value):
        return " and ".join(clauses(domain, {field: value}))
    return wording(domain, "utter_now_open", name=name_of(domain, field))
