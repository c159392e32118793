"""A conversation in a real database, event by event as Rasa writes them, without Rasa."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import insert

from actions.company import Answers
from actions.verdict import give_advice
from actions.wording import Wording
from assistant.contacts.contact import Contact
from assistant.contacts.reading import Reading
from assistant.contacts.sealing import seal
from assistant.dossier import Dossier, dossier
from assistant.stores.database import Database
from assistant.stores.leads import Lead
from assistant.stores.schema import upgrade
from assistant.stores.tables import calls, events, inbox, leads, records

BEGAN = 1_795_917_800.0  # November 29, 2026
SECONDS_APART = 10.0


@dataclass
class Recorded:
    """One conversation, whose events are numbered from zero."""

    folder: Path
    wording: Wording
    conversation: str = "a visitor"

    def __post_init__(self) -> None:
        self._database = Database(f"sqlite:///{self.folder / 'seatwise.db'}")
        upgrade(self._database)
        self._number = 0
        self._began = BEGAN

    @property
    def at(self) -> float:
        """When the last event was."""
        return self._began + (self._number - 1) * SECONDS_APART

    def passes(self, days: float) -> None:
        """Time passes until the next event."""
        self._began += days * 24 * 60 * 60

    def happens(self, event: str, **content: Any) -> int:
        """Store an event; returns its number."""
        number, self._number = self._number, self._number + 1
        row = {"conversation": self.conversation, "number": number, "at": self.at}
        self.insert(events, {**row, "event": json.dumps({"event": event, "timestamp": self.at, **content})})
        return number

    def says(self, text: str, intent: str = "nlu_fallback", **entities: Any) -> int:
        """The visitor types a message, which is understood as this intent, or topic if there is a slash in it."""
        return self._message(text, text, intent, entities)

    def gives(self, contact: Contact, masked: str, intent: str = "give_contact") -> int:
        """The visitor types a message with contact details, which are stored sealed and masked in its text."""
        return self._message(masked, masked, intent, {}, seal(Reading(contact, masked).as_json()))

    def presses(self, title: str, payload: str, intent: str, **entities: Any) -> int:
        """The visitor presses a button."""
        return self._message(payload, title, intent, entities)

    def sets(self, slot: str, value: Any) -> int:
        return self.happens("slot", name=slot, value=value)

    def answers(self, given: Answers) -> None:
        """The visitor answers by a button for each field."""
        for field, value in given.items():
            self.presses("Yes", f"/answer{json.dumps({field: value})}", "answer")
            self.sets(field, list(value) if isinstance(value, tuple) else value)

    def is_advised(self, given: Answers, quotes: Mapping[str, str] | None = None) -> int:
        """We give our verdict; returns the number of the event that remembers it."""
        dispatcher = CollectingDispatcher()
        changed = give_advice(dispatcher, self.wording, given, quotes)
        for message in dispatcher.messages:
            self.happens("bot", text=message["text"], metadata={}, data={"custom": message["custom"]})
        numbers = {event["name"]: self.sets(event["name"], event["value"]) for event in changed}
        return numbers["advised_on"]

    def is_recorded(self, event: int, body: Mapping[str, Any]) -> None:
        row = {"conversation": self.conversation, "event": event, "at": self.at, "body": json.dumps(body)}
        self.insert(records, {**row, "digest": "0" * 64, "hash": "0" * 64})

    def prepares(self, reference: str) -> None:
        self.insert(calls, {"conversation": self.conversation, "reference": reference, "at": self.at})

    def agrees(self, lead: Lead) -> None:
        """The visitor agrees to be contacted."""
        kept = {"details": seal(lead.contact.as_json()), "consent": lead.consent, "consented": lead.consented}
        times = {"created": lead.created, "updated": lead.updated}
        row = {"conversation": self.conversation, **kept, **times, "answers_included": lead.answers_included}
        self.insert(leads, row)

    def insert(self, table: Any, row: Mapping[str, Any]) -> None:
        self._database.run_sync(lambda connection: connection.execute(insert(table), row))

    def dossier(self, lead: Lead | None = None) -> Dossier:
        held = self._database.run_sync(lambda connection: dossier(connection, self.conversation))
        return replace(held, lead=lead)

    def _message(
        self, text: str, shown: str, intent: str, entities: Mapping[str, Any], contact: str | None = None
    ) -> int:
        message = str(uuid4())
        parsed: dict[str, Any] = {"intent": {"name": intent.partition("/")[0]}}
        if "/" in intent:
            parsed["intent"]["full_retrieval_intent_name"] = intent
        parsed["entities"] = [{"entity": name, "value": value} for name, value in entities.items()]
        number = self.happens("user", text=text, message_id=message, parse_data=parsed)
        stored = {
            "conversation": self.conversation,
            "message": message,
            "text": text,
            "shown": shown,
            "contact": contact,
        }
        self.insert(inbox, {**stored, "received": self.at, "taken": self.at, "done": self.at, "answer": "[]"})
        return number
