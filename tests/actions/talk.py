"""A conversation with the actions alone: a real tracker and dispatcher, with a minimal stand-in for Rasa.

The stand-in does only what the interview needs: entities fill the slots of the same name, the active form handles the
message first, rules answer what the form rejects, and a completed form is deactivated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa.shared.nlu.training_data.message import Message
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from actions.company import answers_in
from actions.turn import CONFIRMED
from actions.verdict import give_advice
from actions.wording import Wording
from advisor.fields import fields
from assistant.nlu.company_extractor import CompanyExtractor
from assistant.nlu.company_facts.model import trained
from tests.content import rules

Entities = list[dict[str, Any]]


_EXECUTOR = ActionExecutor()
_EXECUTOR.register_package("actions")
ACTIONS = _EXECUTOR.actions
FORMS = {name.removeprefix("validate_") for name in ACTIONS if name.startswith("validate_")}

TALK = ("confirmed", "revisited", "advised_on", "about", "quotes")
"""The slots that are not company fields."""

GO_AHEAD = "Yes, go ahead"


@dataclass(frozen=True)
class Said:
    """A bot message as the visitor receives it: its text, the titles and payloads of its buttons, and its card."""

    text: str
    buttons: dict[str, str]
    response: str | None = None
    card: dict[str, Any] | None = None


def as_said(wording: Wording, message: Mapping[str, Any]) -> Said:
    """Render a message of the dispatcher; a named response is looked up and its placeholders are filled."""
    response = message.get("response")
    if not response:
        text = "\n".join(filter(None, [message["text"], message.get("source")]))
        buttons = {button["title"]: button["payload"] for button in message["buttons"]}
        return Said(text, buttons, card=message.get("custom") or None)
    words = wording.responses[response][0]
    text = re.sub(r"{(\w+)}", lambda name: str(message.get(name[1], name[0])), words["text"])
    buttons = {button["title"]: _unbraced(button["payload"]) for button in words.get("buttons", ())}
    return Said(text, buttons, response)


def words(wording: Wording, response: str) -> str:
    """A response up to its first placeholder: enough to recognize it."""
    text: str = wording.responses[response][0]["text"]
    return text.partition("{")[0].strip()


def _unbraced(payload: str) -> str:
    return payload.replace("{{", "{").replace("}}", "}")


def advice_in_words(wording: Wording, answers: Mapping[str, Any]) -> list[Said]:
    """The messages of the advice for these answers."""
    dispatcher = CollectingDispatcher()
    give_advice(dispatcher, wording, dict(answers))
    return [as_said(wording, message) for message in dispatcher.messages]


def parsed(payload: str) -> tuple[str, dict[str, Any]]:
    """The intent and values of a button payload."""
    found = re.fullmatch(r"/(\w+)({.*})?", payload)
    assert found, f"not the payload of a button: {payload}"
    return found[1], json.loads(found[2] or "{}")


def entities(values: Mapping[str, Any]) -> Entities:
    """Entities as Rasa extracts them from a payload: one for each list member."""
    return [
        {"entity": name, "value": member}
        for name, value in values.items()
        for member in (value if isinstance(value, list) else [value])
    ]


@dataclass
class Talk:
    """One visitor's conversation: ``said`` holds the replies to the last message."""

    wording: Wording
    slots: dict[str, Any] = field(default_factory=dict)
    form: str | None = None
    said: list[Said] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        known = self.slots
        self.slots = dict.fromkeys(("requested_slot", *fields(), *TALK))
        self.know(**known)
        self.events.insert(0, {"event": "bot"})  # the greeting, which says that it is automated
        self._message: dict[str, Any] = {}
        self._extractor = CompanyExtractor(trained())

    @property
    def text(self) -> str:
        return "\n".join(one.text for one in self.said)

    @property
    def question(self) -> str:
        """The text of the open interview question; empty if there is none."""
        last = self.said[-1] if self.said else Said("", {})
        return last.text if self.form and any(one.startswith("/answer") for one in last.buttons.values()) else ""

    @property
    def asks(self) -> str | None:
        """The requested field."""
        field: str | None = self.slots["requested_slot"]
        return field

    @property
    def advised(self) -> bool:
        """Whether the last turn gave the whole advice."""
        return any(words(self.wording, "utter_disclosure") in one.text for one in self.said)

    @property
    def sums_up(self) -> bool:
        """Whether the summary is waiting for confirmation."""
        return self.asks == CONFIRMED

    @property
    def answers(self) -> dict[str, Any]:
        """The answers so far."""
        return answers_in(self.slots)

    @property
    def _tracker(self) -> Tracker:
        loop = {"name": self.form} if self.form else {}
        return Tracker("visitor", self.slots, self._message, self.events, False, None, loop, None)

    @property
    def buttons(self) -> dict[str, str]:
        """The buttons of the last replies."""
        return {title: payload for one in self.said for title, payload in one.buttons.items()}

    def know(self, **slots: Any) -> Talk:
        """Set these slots, as if answered before."""
        self._apply({"event": "slot", "name": name, "value": value} for name, value in slots.items())
        return self

    def press(self, title: str) -> Talk:
        """Press one of the offered buttons."""
        intent, values = parsed(self.buttons[title])
        return self.hear(intent, entities(values), self.buttons[title])

    def go_ahead(self) -> Talk:
        """Confirm the summary if it is open."""
        return self.press(GO_AHEAD) if self.sums_up else self

    def say(self, text: str, intent: str) -> Talk:
        """Send text classified as this intent; facts are extracted as in the pipeline."""
        message = Message(data={"text": text, "intent": {"name": intent}})
        self._extractor.process([message])
        return self.hear(message.get("intent")["name"], message.get("entities"), text)

    def hear(
        self,
        intent: str,
        found: Entities | None = None,
        text: str = "",
        selector: dict[str, Any] | None = None,
        nearest: Iterable[str] = (),
        **more: Any,
    ) -> Talk:
        """Handle a parsed message and reply; one without a text counts as a button that was pressed.

        ``nearest`` are the intents that it may have, the likeliest first; ``more`` holds further properties of its own.
        """
        self.said = []
        about = {"intent": {"name": intent, **more}, "entities": found or [], "text": text}
        ranking = [{"name": name, "confidence": 0.0} for name in nearest]
        self._message = {**about, "response_selector": selector or {}, "intent_ranking": ranking}
        self.events.append({"event": "user", "text": text or f"/{intent}", "parse_data": self._message})
        self._fill(found or [])
        if self.form and self._ask():
            return self
        for name in rules()[intent]:
            if name in ACTIONS:  # the others need no Python
                self._run(name)
        self._go_on()
        return self

    def _fill(self, found: Entities) -> None:
        for name in {entity["entity"] for entity in found} & set(fields()):
            values = [entity["value"] for entity in found if entity["entity"] == name]
            self.know(**{name: values if name == "business" else values[-1]})

    def _go_on(self) -> None:
        """Repeat the open question after a rule."""
        if self.form and not self.question:
            self._ask()

    def _ask(self) -> bool:
        """Let the active form handle the message and ask on; False if the form rejects it."""
        form = str(self.form)
        if any(event["event"] == "action_execution_rejected" for event in self._run(f"validate_{form}", form)):
            return False
        if self.slots["requested_slot"] is None and self.form == form:
            self.form = None
            self._run("action_continue_interview")
        return True

    def _run(self, action: str, noted_as: str = "") -> list[dict[str, Any]]:
        dispatcher = CollectingDispatcher()
        domain = {"responses": self.wording.responses}
        events: list[dict[str, Any]] = ACTIONS[action](dispatcher, self._tracker, domain)
        said = [as_said(self.wording, message) for message in dispatcher.messages]
        self.said += said
        self.events += [
            {
                "event": "bot",
                "text": one.text,
                "metadata": {"utter_action": one.response},
                "data": {"buttons": [{"title": title, "payload": payload} for title, payload in one.buttons.items()]},
            }
            for one in said
        ]
        if not any(event["event"] == "action_execution_rejected" for event in events):
            self.events.append({"event": "action", "name": noted_as or action})
        self._apply(events)
        return events

    def _apply(self, events: Iterable[dict[str, Any]]) -> None:
        for event in events:
            if event["event"] == "slot":
                self.events.append(event)
                self.slots[event["name"]] = event["value"]
            elif event["event"] == "reset_slots":
                self.events.append(event)
                self.slots = dict.fromkeys(self.slots)
            elif event["event"] == "active_loop":
                self.form = event["name"]
            elif event["event"] == "followup" and event["name"] in FORMS:
                self.form = event["name"]
                self._ask()
            elif event["event"] == "followup":
                self._run(event["name"])
