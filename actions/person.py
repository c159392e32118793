"""The way to a person."""

from __future__ import annotations

import os
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

BOOKING = "SEATWISE_BOOKING_URL"


class TalkToPerson(Action):
    """Says how to reach the firm: by its booking link if the operator gave one, otherwise by its website."""

    def name(self) -> str:
        return "action_talk_to_person"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        booking = os.environ.get(BOOKING)
        if booking:
            dispatcher.utter_message(response="utter_talk_to_person", booking=booking)
        else:
            dispatcher.utter_message(response="utter_talk_to_person_unlinked")
        return []
