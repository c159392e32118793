"""Acknowledging what a message stated: what is new, what changed, and which answers no longer hold because of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.advice import is_settled, so_far
from actions.company import Answers, briefs, clauses, is_known, name_of
from actions.own_words import OwnWords
from actions.summary import grouped
from actions.turn import ASKING, CONFIRMED, QUOTES, Events, Turn
from actions.wording import Wording, listed
from advisor.interview import invalidated
from assistant.nlu.company_facts.names import products_in

MUCH = 4  # facts in one message


def record_facts(
    dispatcher: CollectingDispatcher, turn: Turn, given: Answers | None = None, *, aside: bool = False
) -> tuple[Answers, Events]:
    """Say back what the message stated, and drop the answers that depended on something it changed.

    Args:
        dispatcher: takes what is said.
        turn: Rasa has filled the slots of the facts that its message states.
        given: what the message answers besides, read in the light of the open question.
        aside: whether the message is about something else in the first place, and its facts are only noted.

    Returns:
        All answers as they are now, and the events that make the slots so.
    """
    wording, given = turn.wording, turn.without_passing(given or {})
    told = {**turn.stated, **given}
    after = {**turn.answers, **told}
    known = {field: value for field, value in turn.history.answers_before.items() if field in told}
    before = {**{field: value for field, value in after.items() if field not in told}, **known}
    changed = {field: value for field, value in told.items() if field in known and known[field] != value}
    new = {field: value for field, value in told.items() if field not in known}
    if "business" in changed and not (turn.by_button or turn.intent == "change_answer"):
        new["business"] = changed.pop("business")  # told more closely: "two of our products are AI models"
    if not turn.by_button:  # a visitor who presses a button can see what it says
        _say_new(dispatcher, turn, new, aside=aside)
        if not new and not changed:
            _say(dispatcher, wording, *_held_before(turn, told))
        unread = turn.reply.unread([field for field in given if field not in turn.stated], after)
        if told and unread and not aside:
            dispatcher.utter_message(text=wording.text("utter_unread", part=unread[0]))
    _say(dispatcher, wording, "utter_changed", _changes(wording, known, changed))
    if changed and not turn.by_button:
        unchanged = {field: value for field, value in told.items() if field not in new and field not in changed}
        _say(dispatcher, wording, "utter_unchanged", clauses(wording, unchanged))
    gone = {field: ground for field, ground in invalidated(before, after).items() if field not in told}
    if gone:
        named = ", ".join(name_of(wording, field) for field in gone)
        because = "; ".join(_state(wording, ground, after[ground]) for ground in dict.fromkeys(gone.values()))
        dispatcher.utter_message(text=wording.text("utter_dropped", named=named, because=because))
    remaining = {field: value for field, value in after.items() if field not in gone}
    if turn.form and turn.requested != CONFIRMED and not turn.wants_advice:
        corrected = any(is_known(known[field]) for field in changed)
        settles = not turn.by_button and is_settled(remaining)
        lean = so_far(wording, remaining) if corrected or settles else ""
        if lean and (corrected or lean != so_far(wording, before)):
            dispatcher.utter_message(text=lean)
    events = [SlotSet(field, value) for field, value in {**given, **dict.fromkeys(gone)}.items()]
    events += _quote(turn, told, gone)
    return remaining, events


def _held_before(turn: Turn, told: Answers) -> tuple[str, list[str]]:
    """What to say of facts that are known; another amount in the same range still counts as a correction."""
    amount = OwnWords.of(turn.wording, turn.text, turn.reply, told).briefs.get("revenue_band")
    return ("utter_same_range", [amount]) if amount else ("utter_noted_before", clauses(turn.wording, told))


def in_short(turn: Turn, told: Answers) -> str:
    """What a message tells, as a list of a few words each, and in the visitor's own where it has some."""
    own = OwnWords.of(turn.wording, turn.text, turn.reply, told).briefs
    items = ([own[field]] if field in own else briefs(turn.wording, {field: value}) for field, value in told.items())
    return ", ".join(item for said in items for item in said)


def _quote(turn: Turn, told: Answers, gone: Collection[str]) -> Events:
    """Keep the visitor's own words for what they state now, in the place of those that no longer hold."""
    said = {} if turn.by_button else turn.reply.words_for([field for field in told if field not in turn.stated])
    kept = {field: words for field, words in turn.quotes.items() if field not in told and field not in gone}
    quotes = {**kept, **{field: words for field, words in said.items() if field in told}}
    return [SlotSet(QUOTES, quotes)] if quotes != turn.quotes else []


def _say_new(dispatcher: CollectingDispatcher, turn: Turn, new: Answers, *, aside: bool) -> None:
    """Say back what is new: in a sentence, or in a list by the parts of the interview if it is much."""
    if new.keys() <= {*turn.asked} and len(new) > 1:  # what was asked for needs no more than its name
        known = ", ".join(briefs(turn.wording, new))
        _say(dispatcher, turn.wording, "utter_noted", [known] if known else [])
        return
    if aside:  # the summary says them back, and so does a recommendation
        known = ", ".join(briefs(turn.wording, new)) if len(new) >= MUCH and turn.intent not in ASKING else ""
        _say(dispatcher, turn.wording, "utter_noted_aside", [known] if known else [])
        return
    products = products_in(turn.text)
    own = OwnWords.of(turn.wording, turn.text, turn.reply, new)
    rest = {field: value for field, value in new.items() if field not in own.clauses}
    said = [*own.clauses.values(), *clauses(turn.wording, rest)]
    if len(said) < MUCH:
        named = {
            clause: product for field, product in products.items() for clause in clauses(turn.wording, {field: True})
        }
        said = [f"{clause} ({named[clause]})" if clause in named else clause for clause in said]
        _say(dispatcher, turn.wording, "utter_noted", said)
        return
    parts = grouped(turn.wording, new, products, own.briefs)
    lines = "\n".join(f"- {label}: {said}" for label, said in parts.items())
    dispatcher.utter_message(text=turn.wording.text("utter_noted_much", lines=lines))


def _say(dispatcher: CollectingDispatcher, wording: Wording, response: str, said: list[str]) -> None:
    if said:
        dispatcher.utter_message(text=wording.text(response, facts=listed(said, "and")))


def _changes(wording: Wording, known: Answers, changed: Answers) -> list[str]:
    """The changed facts in a few words, each with its former value; what is open now is only named."""
    said = []
    for field, value in changed.items():
        new, old = briefs(wording, {field: value}), briefs(wording, {field: known[field]})
        if not is_known(value):
            said.append(_state(wording, field, value))
        elif new and old and new != old:
            said.append(wording.text("utter_instead", new=" and ".join(new), old=" and ".join(old)))
        elif new != old:
            said += new
    return said


def _state(wording: Wording, field: str, value: Any) -> str:
    """How things stand with a field, as a clause: what is known of it, or that it is open."""
    if is_known(value):
        return " and ".join(clauses(wording, {field: value}))
    return wording.text("utter_now_open", name=name_of(wording, field))
