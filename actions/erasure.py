"""Deleting the conversation."""

from __future__ import annotations

from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import cards
from actions.history import REQUESTED_SLOT
from actions.turn import Events, Turn, TurnAction
from assistant.stores.erasures import receipt


class AskWhetherToErase(TurnAction):
    """Asks before anything is deleted; the interview waits."""

    def name(self) -> str:
        return "action_ask_whether_to_erase"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        dispatcher.utter_message(response="utter_erase_confirm")
        return [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]


class Erase(TurnAction):
    """Says that the conversation is deleted, which the delivery of the message does first (assistant/turns)."""

    def name(self) -> str:
        return "action_erase"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        text = turn.wording.text("utter_erased", receipt=receipt(turn.conversation))
        dispatcher.utter_message(text=text, json_message=cards.erased())
        return []
