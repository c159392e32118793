"""The way to a person."""

from __future__ import annotations

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import cards
from actions.advice import UNSETTLED, outcome
from actions.company import company_of
from actions.turn import Events, Turn, TurnAction
from advisor.advice import advise
from assistant.booking.links import link_of
from assistant.settings import settings

OUTBOX = "outbox"
"""The slot whose values are delivered to the firm: see assistant/stores/outbox.py."""


class TalkToPerson(TurnAction):
    """Says how to reach the firm, and lets the firm know that somebody asked, where it wants to be told.

    The way is its booking link, for this conversation, if the operator gave one, otherwise its website.
    """

    def name(self) -> str:
        return "action_talk_to_person"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        booking, wording = link_of(turn.conversation, settings()), turn.wording
        parts = [wording.text("utter_contact_not_sent")] if turn.gives_contact else [wording.text("utter_gladly")]
        parts.append(
            wording.text("utter_talk_to_person", booking=booking)
            if booking
            else wording.text("utter_talk_to_person_unlinked")
        )
        if turn.advised_on and (advice := advise(company_of(turn.advised_on))).role not in UNSETTLED:
            parts.append(wording.text("utter_take_along", now=outcome(wording, advice)))
        text = " ".join(parts)
        dispatcher.utter_message(text=text, json_message=cards.handoff(wording, text, booking))
        return [SlotSet(OUTBOX, {"kind": "handoff", "content": {"conversation": turn.conversation}})]
