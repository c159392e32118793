"""Answers messages in other languages: this chat speaks English, said in the visitor's language."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Events, Turn, TurnAction


class SpeakEnglish(TurnAction):
    """Says, in the language of the message where we have the words, that this chat speaks English."""

    def name(self) -> str:
        return "action_speak_english"

    def respond(self, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
        general = "utter_speak_english"
        own = f"{general}_{turn.language}"
        text = turn.wording.text(own if own in turn.wording else general)
        dispatcher.utter_message(text=text, buttons=turn.wording.buttons(general))
        return []
