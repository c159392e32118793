"""A visitor's own data: all of it, and how long it is kept."""

from __future__ import annotations

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Events, Turn, TurnAction
from assistant.settings import settings
from assistant.stores import links


class ExportData(TurnAction):
    """Gives the link to everything that is stored of the conversation."""

    def name(self) -> str:
        return "action_export_data"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        link = links.new("export")
        text = turn.wording.text("utter_data_link", link=link.address, link_days=links.MOST_DAYS)
        dispatcher.utter_message(text=text, buttons=turn.wording.buttons("utter_data_link"))
        return [SlotSet(links.SLOT, link.as_stored())]


class SayRetention(TurnAction):
    """Says how long conversations and contact details are kept."""

    def name(self) -> str:
        return "action_say_retention"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        chosen = settings()
        response = "utter_retention" if chosen.keep_days else "utter_retention_unlimited"
        text = turn.wording.text(response, days=chosen.keep_days, lead_days=chosen.lead_days)
        dispatcher.utter_message(text=text, buttons=turn.wording.buttons("utter_retention"))
        return []
