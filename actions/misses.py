"""Messages that get no answer: not understood, said in passing, or about something else."""

from __future__ import annotations

import re

from rasa_sdk.executor import CollectingDispatcher

from actions.acknowledgement import in_short
from actions.turn import Events, Turn, TurnAction, asks_something

_OF_US = re.compile(r"\b(?:we|i|us|our|my|he|she|they)\b", re.I)
_TELLING = ("business", "revenue_band", "leadership")
"""Fields that tell a visitor that nothing is lost."""
_IN_PASSING = re.compile(
    "[\U0001f602\U0001f923\U0001f606\U0001f61c]|\\b(?:lol|lmao|haha+|hehe+|just kidding|jk|oops|whoops)\\b"
    r"|\bwrong (?:window|chat|tab)\b|\b(?:ignore|disregard) (?:that|this|it)\b"
    r"|\bsorry\b.*\b(?:kid|cat|dog|phone|autocorrect)\b",
    re.I,
)
"""Words of what is no answer and no question: a joke, a slip."""
_WAITS = re.compile(
    r"^\W*(?:ok |sorry,? )?(?:just )?(?:a|give me a) (?:sec|minute|moment)\b"
    r"|\b(?:hang on|hold on|one sec|one moment|brb|be right back)\b",
    re.I,
)
_OFFERING_A_PERSON = 2  # misses in a row


class TurnAway(TurnAction):
    """Declines what has nothing to do with us."""

    def name(self) -> str:
        return "action_turn_away"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        an_answer = turn.form and _OF_US.search(turn.text) and not asks_something(turn.text)  # "my nephew set that up"
        say_missed(dispatcher, turn, "utter_not_an_answer" if an_answer else "utter_out_of_scope")
        return []


def say_missed(dispatcher: CollectingDispatcher, turn: Turn, response: str) -> None:
    """Say that a message was not understood: the second time in other words, and from the third with a way out."""
    again = f"{response}_again"
    if turn.form and _WAITS.search(turn.text):
        dispatcher.utter_message(response="utter_take_your_time")
    elif turn.form and _IN_PASSING.search(turn.text) and not turn.history.misses:
        known = in_short(turn, {field: value for field, value in turn.answers.items() if field in _TELLING})
        dispatcher.utter_message(response="utter_in_passing_known" if known else "utter_in_passing", known=known)
    elif turn.history.misses >= _OFFERING_A_PERSON:
        dispatcher.utter_message(response="utter_offer_a_way_out" if turn.form else "utter_offer_person")
    else:
        said_before = turn.history.misses > 0 and again in turn.wording
        dispatcher.utter_message(response=again if said_before else response)
