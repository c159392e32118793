"""The way to a person."""

from __future__ import annotations

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import cards
from actions.turn import Events, Turn, TurnAction
from assistant.settings import settings

OUTBOX = "outbox"
"""The slot whose values are delivered to the firm: see assistant/stores/outbox.py."""


class TalkToPerson(TurnAction):
    """Says how to reach the firm, and lets the firm know that somebody asked, where it wants to be told.

    The way is its booking link if the operator gave one, otherwise its website.
    """

    def name(self) -> str:
        return "action_talk_to_person"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        booking = settings().booking_url
        if booking:
            text = turn.wording.text("utter_talk_to_person", booking=booking)
            dispatcher.utter_message(text=text, json_message=cards.handoff(turn.wording, text, booking))
        else:
            dispatcher.utter_message(response="utter_talk_to_person_unlinked")
        return [SlotSet(OUTBOX, {"kind": "handoff", "content": {"conversation": turn.conversation}})]
