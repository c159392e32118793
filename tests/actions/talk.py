"""A conversation with the actions alone: a real tracker and dispatcher, and a few lines in the place of Rasa.

What Rasa does with a message is imitated as far as the interview needs it: entities fill the slots of the same name, an
open form hears the message first, a rule answers what the form does not take, and a form that is done gives way.
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

from actions.advice import give_advice
from actions.company import answers_in
from actions.turn import CONFIRMED
from actions.wording import Wording
from advisor.company import FIELDS
from assistant.nlu.company_extractor import CompanyExtractor
from tests.content import rules

Entities = list[dict[str, Any]]


_EXECUTOR = ActionExecutor()
_EXECUTOR.register_package("actions")
ACTIONS = _EXECUTOR.actions
FORMS = {name.removeprefix("validate_") for name in ACTIONS if name.startswith("validate_")}

TALK = ("confirmed", "revisited", "advised_on", "about")
"""The slots besides the fields of a company."""

GO_AHEAD = "Yes, go ahead"


@dataclass(frozen=True)
class Said:
    """One message of ours as it reaches the visitor: its text, and title and payload of its buttons."""

    text: str
    buttons: dict[str, str]
    response: str | None = None


def as_said(wording: Wording, message: Mapping[str, Any]) -> Said:
    """What becomes of a message of the dispatcher; a named response is looked up, and its values filled in."""
    response = message.get("response")
    if not response:
        return Said(message["text"], {button["title"]: button["payload"] for button in message["buttons"]})
    words = wording.responses[response][0]
    text = re.sub(r"{(\w+)}", lambda name: str(message.get(name[1], name[0])), words["text"])
    buttons = {button["title"]: _unbraced(button["payload"]) for button in words.get("buttons", ())}
    return Said(text, buttons, response)


def _unbraced(payload: str) -> str:
    return payload.replace("{{", "{").replace("}}", "}")


def advice_in_words(wording: Wording, answers: Mapping[str, Any]) -> list[Said]:
    """The messages of the advice for these answers."""
    dispatcher = CollectingDispatcher()
    give_advice(dispatcher, wording, dict(answers))
    return [as_said(wording, message) for message in dispatcher.messages]


def parsed(payload: str) -> tuple[str, dict[str, Any]]:
    """Intent and values of a button's payload."""
    found = re.fullmatch(r"/(\w+)({.*})?", payload)
    assert found, f"not the payload of a button: {payload}"
    return found[1], json.loads(found[2] or "{}")


def entities(values: Mapping[str, Any]) -> Entities:
    """Entities as Rasa makes them of a payload: one for each member of a list."""
    return [
        {"entity": name, "value": member}
        for name, value in values.items()
        for member in (value if isinstance(value, list) else [value])
    ]


@dataclass
class Talk:
    """One visitor's conversation: ``said`` is what was answered to the last message."""

    wording: Wording
    slots: dict[str, Any] = field(default_factory=dict)
    form: str | None = None
    said: list[Said] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        known = self.slots
        self.slots = dict.fromkeys(("requested_slot", *FIELDS, *TALK))
        self.know(**known)
        self._message: dict[str, Any] = {}
        self._extractor = CompanyExtractor()

    @property
    def text(self) -> str:
        return "\n".join(one.text for one in self.said)

    @property
    def question(self) -> str:
        """The open question of the interview in words; empty if there is none."""
        last = self.said[-1] if self.said else Said("", {})
        return last.text if self.form and any(one.startswith("/answer") for one in last.buttons.values()) else ""

    @property
    def asks(self) -> str | None:
        """The field that is asked for."""
        field: str | None = self.slots["requested_slot"]
        return field

    @property
    def advised(self) -> bool:
        """Whether the last turn gave the whole advice."""
        return any(one.response == "utter_disclosure" for one in self.said)

    @property
    def sums_up(self) -> bool:
        """Whether the summary stands there, to be confirmed."""
        return self.asks == CONFIRMED

    @property
    def answers(self) -> dict[str, Any]:
        """What was answered so far."""
        return answers_in(self.slots)

    @property
    def _tracker(self) -> Tracker:
        loop = {"name": self.form} if self.form else {}
        return Tracker("visitor", self.slots, self._message, self.events, False, None, loop, None)

    @property
    def buttons(self) -> dict[str, str]:
        """The buttons of all that was said last."""
        return {title: payload for one in self.said for title, payload in one.buttons.items()}

    def know(self, **slots: Any) -> Talk:
        """Let this much have been told before."""
        self._apply({"event": "slot", "name": name, "value": value} for name, value in slots.items())
        return self

    def press(self, title: str) -> Talk:
        """Press one of the buttons that are offered."""
        intent, values = parsed(self.buttons[title])
        return self.hear(intent, entities(values))

    def go_ahead(self) -> Talk:
        """Say yes to the summary, if it stands there."""
        return self.press(GO_AHEAD) if self.sums_up else self

    def say(self, text: str, intent: str) -> Talk:
        """Type something of which the classifier makes this intent; its facts are read as they are in the pipeline."""
        message = Message(data={"text": text, "intent": {"name": intent}})
        self._extractor.process([message])
        return self.hear(message.get("intent")["name"], message.get("entities"), text)

    def hear(
        self,
        intent: str,
        found: Entities | None = None,
        text: str = "",
        selector: dict[str, Any] | None = None,
        **more: Any,
    ) -> Talk:
        """Take in a message as the pipeline hands it on, and answer it; ``more`` is known of its intent besides."""
        self.said = []
        about = {"intent": {"name": intent, **more}, "entities": found or [], "text": text}
        self._message = {**about, "response_selector": selector or {}}
        self.events.append({"event": "user", "parse_data": self._message})
        self._fill(found or [])
        if self.form and self._ask():
            return self
        for name in rules()[intent]:
            if name in ACTIONS:  # the others are answered without Python
                self._run(name)
        self._go_on()
        return self

    def _fill(self, found: Entities) -> None:
        for name in {entity["entity"] for entity in found} & set(FIELDS):
            values = [entity["value"] for entity in found if entity["entity"] == name]
            self.know(**{name: values if name == "business" else values[-1]})

    def _go_on(self) -> None:
        """After a rule: back to the question that is still open."""
        if self.form and not self.question:
            self._ask()

    def _ask(self) -> bool:
        """Let the open form hear the message and ask on; False if the message is none of its business."""
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
        self.events += [{"event": "bot", "metadata": {"utter_action": one.response}} for one in said]
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
                self._run("action_continue_interview")
