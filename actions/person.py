"""The way to a person."""

from __future__ import annotations

import os
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import cards
from actions.wording import wording

BOOKING = "SEATWISE_BOOKING_URL"
OUTBOX = "outbox"
"""The slot whose values are delivered to the firm: see assistant/stores/outbox.py."""


class TalkToPerson(Action):
    """Says how to reach the firm, and lets the firm know that somebody asked, where it wants to be told.

    The way is its booking link if the operator gave one, otherwise its website.
    """

    def name(self) -> str:
        return "action_talk_to_person"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        booking = os.environ.get(BOOKING)
        if booking:
            text = wording(domain, "utter_talk_to_person", booking=booking)
            dispatcher.utter_message(text=text, json_message=cards.handoff(domain, text, booking))
        else:
            dispatcher.utter_message(response="utter_talk_to_person_unlinked")
        return [SlotSet(OUTBOX, {"kind": "handoff", "content": {"conversation": tracker.sender_id}})]
