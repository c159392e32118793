"""What the events of a conversation tell about its course."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from actions.company import Answers, answers_in
from advisor.fields import fields

REQUESTED_SLOT = "requested_slot"
CONTACT = "contact"
"""The slot with the visitor's contact details, sealed; also the metadata of a message that gives some."""

MISSES = (
    "utter_not_understood",
    "utter_not_covered",
    "utter_not_an_answer",
    "utter_in_passing",
    "utter_in_passing_known",
    "utter_offer_person",
    "utter_offer_a_way_out",
    "utter_not_understood_again",
    "utter_not_an_answer_again",
    "utter_out_of_scope",
    "utter_out_of_scope_again",
)
"""The responses that say that a message was not understood."""

Event = dict[str, Any]


@dataclass(frozen=True)
class History:
    """What the events of a conversation tell about its course."""

    events: Sequence[Event]

    @cached_property
    def actions(self) -> tuple[str, ...]:
        """The actions that have run since the visitor's last message."""
        return tuple(event["name"] for event in self.events[self._last_message :] if event["event"] == "action")

    @cached_property
    def actions_before(self) -> tuple[str, ...]:
        """The actions of the turn before the visitor's last message."""
        actions: list[str] = []
        for event in reversed(self.events[: self._last_message]):
            if event["event"] == "user":
                break
            if event["event"] == "action":
                actions.append(event["name"])
        return tuple(reversed(actions))

    @cached_property
    def answers_before(self) -> Answers:
        """The answers that were held before the last message."""
        slots: dict[str, Any] = {}
        for event in reversed(self.events[: self._last_message]):
            if event["event"] == "reset_slots":
                break
            if event["event"] == "slot" and event["name"] in fields():
                slots.setdefault(event["name"], event["value"])
        return answers_in(slots)

    @cached_property
    def questions_asked(self) -> tuple[str, ...]:
        """The first field of each question since the last fresh start, latest first."""
        asked: list[str] = []
        for event in reversed(self.events):
            if event["event"] in ("reset_slots", "restart"):
                break
            if event["event"] == "slot" and event["name"] == REQUESTED_SLOT and event["value"]:
                asked.append(event["value"])
        return tuple(asked)

    def times_asked(self, field: str) -> int:
        """In how many turns before this one, since the last fresh start, the question of this first field was asked."""
        times, asked = 0, False
        for event in self._since_fresh_start:
            if event["event"] == "user":
                times, asked = times + asked, False
            elif event["event"] == "slot" and event["name"] == REQUESTED_SLOT:
                asked = asked or event["value"] == field
        return times

    @cached_property
    def nothing_said_yet(self) -> bool:
        """Whether we have not said anything in this conversation, a greeting neither."""
        return not any(event["event"] == "bot" for event in self.events)

    @cached_property
    def told_in_words(self) -> bool:
        """Whether an answer since the last fresh start was typed, and so may have been misread."""
        typed = False
        for event in self._since_fresh_start:
            if event["event"] == "user":
                typed = not (event.get("text") or "").startswith("/")
            elif event["event"] == "slot" and typed and event["name"] in fields() and event["value"] is not None:
                return True
        return False

    @cached_property
    def _since_fresh_start(self) -> Sequence[Event]:
        restarts = (place for place, event in enumerate(self.events) if event["event"] in ("reset_slots", "restart"))
        return self.events[max(restarts, default=0) :]

    @cached_property
    def misses(self) -> int:
        """How many of our last turns in a row, this one not included, said that we did not understand."""
        misses, missed = 0, False
        for event in reversed(self.events[: self._last_message]):
            if event["event"] == "bot":
                missed = missed or (event.get("metadata") or {}).get("utter_action") in MISSES
            elif event["event"] == "user":
                if not missed:
                    break
                misses, missed = misses + 1, False
        return misses

    @cached_property
    def said_before(self) -> str:
        """What we said in the turn before the last message."""
        said: list[str] = []
        for event in reversed(self.events[: self._last_message]):
            if event["event"] == "user":
                break
            if event["event"] == "bot":
                said.append(event.get("text") or "")
        return "\n".join(reversed(said))

    @cached_property
    def text_before(self) -> str:
        """The visitor's message before the last one; empty if there is none."""
        before = (event for event in reversed(self.events[: self._last_message]) if event["event"] == "user")
        return str(next(before, {}).get("text") or "")

    @cached_property
    def offer(self) -> tuple[str, Mapping[str, Any]]:
        """The first button that we showed last: its intent and values; empty if we showed none."""
        for event in reversed(self.events[: self._last_message]):
            buttons = (event.get("data") or {}).get("buttons")
            if event["event"] == "bot" and buttons:
                intent, brace, values = buttons[0]["payload"].removeprefix("/").partition("{")
                return intent, json.loads(brace + values) if brace else {}
            if event["event"] == "user":
                break
        return "", {}

    @cached_property
    def is_about_contact(self) -> bool:
        """Whether our last message asked for contact details, or showed them."""
        said = (event for event in reversed(self.events[: self._last_message]) if event["event"] == "bot")
        card = (next(said, {}).get("data") or {}).get("custom") or {}
        return bool(card.get("type") == CONTACT)

    @cached_property
    def contacts_since(self) -> tuple[str, ...]:
        """The sealed contact details of the messages since they were last put into their slot, in order."""
        sealed: list[str] = []
        for event in reversed(self.events):
            if event["event"] == "reset_slots" or (event["event"] == "slot" and event["name"] == CONTACT):
                break
            if event["event"] == "user" and (token := (event.get("metadata") or {}).get(CONTACT)):
                sealed.append(token)
        return tuple(reversed(sealed))

    @cached_property
    def _last_message(self) -> int:
        """The place of the visitor's last message among the events."""
        places = (place for place in range(len(self.events) - 1, -1, -1) if self.events[place]["event"] == "user")
        return next(places, 0)
