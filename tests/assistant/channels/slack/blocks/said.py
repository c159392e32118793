"""Every message that the assistant can emit, as its clients get it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from rasa_sdk.executor import CollectingDispatcher

from actions.interview import response_of
from actions.summary import summary_card
from actions.verdict import give_advice
from actions.wording import Wording
from advisor.fields import fields
from advisor.interview import questions
from assistant.turns.messages import Message
from tests.actions.situations import SMALL_SERVICE_FIRM, lacking_all_of, put
from tests.actions.talk import Said, Talk, as_said
from tests.actions.test_faq import ask
from tests.content import ROOT, cells

CASES = yaml.safe_load((ROOT / "tests" / "advisor" / "golden_cases.yml").read_text(encoding="utf-8"))
BOOKING = "https://calendly.com/firm/intro?utm_content=a&b=c"


def everything(wording: Wording) -> dict[str, dict[str, Any]]:
    """All of them, by a name for each."""
    named = [*_verdicts(wording), *_answers(wording), *_interview(wording), *_others(wording), *_responses(wording)]
    return {name: message.as_json() for name, message in named}


def verdicts(wording: Wording) -> list[dict[str, Any]]:
    """The recommendations of all golden cases."""
    return [message.as_json() for _, message in _verdicts(wording)]


def of(said: Said) -> Message:
    """What was said in a conversation, as a message."""
    buttons = [{"title": title, "payload": payload} for title, payload in said.buttons.items()]
    return Message(said.text, buttons or None, custom=said.card, id="6b8f2c1e-0000-4000-8000-000000000001")


def _verdicts(wording: Wording) -> Iterator[tuple[str, Message]]:
    for case in CASES:
        dispatcher = CollectingDispatcher()
        give_advice(dispatcher, wording, {name: value for name, value in case["company"].items() if name in fields()})
        for number, message in enumerate(dispatcher.messages):
            yield f"verdict {case['name']} {number}", of(as_said(wording, message))


def _answers(wording: Wording) -> Iterator[tuple[str, Message]]:
    for topic in cells():
        for number, said in enumerate(ask(Talk(wording), topic).said):
            yield f"answer {topic} {number}", of(said)


def _interview(wording: Wording) -> Iterator[tuple[str, Message]]:
    for question in questions():
        for number, said in enumerate(put(wording, lacking_all_of(question.fields)).said):
            yield f"question {response_of(wording, question)} {number}", of(said)
    card = summary_card(wording, SMALL_SERVICE_FIRM, wording.text("utter_confirm"))
    buttons = wording.buttons("utter_confirm")
    yield "summary", Message(wording.text("utter_confirm"), buttons, custom=card)


def _others(wording: Wording) -> Iterator[tuple[str, Message]]:
    asked = {"type": "contact", "version": 1, "asked": "email"}
    yield "contact", Message(wording.text("utter_contact_ask_email"), _buttons(wording, "ask_email"), custom=asked)
    lines = "- Name: Jane *Doe*\n- Email: jane_doe@acme.example\n- Company: https://acme.example"
    text = wording.text("utter_contact_review", lines=lines)
    yield "review", Message(text, _buttons(wording, "review"), custom={"type": "contact", "version": 1})
    text = wording.text("utter_talk_to_person", booking=BOOKING)
    arrange = [{"title": "Book a call", "url": BOOKING}, {"title": "Leave my email", "payload": "/talk_to_person"}]
    handoff = {"type": "handoff", "version": 1, "title": "Talk to the firm", "text": text, "actions": arrange}
    yield "handoff", Message(text, custom=handoff)
    person = {"type": "person", "version": 1, "name": "Ann Lee", "text": "Hi, **Ann** here.\n- how can I help?"}
    yield "person", Message("Ann Lee: Hi, Ann here.", custom=person)
    held = {"type": "held", "version": 1, "fallback_text": "A person has the chat; they read along."}
    yield "held", Message("A person has the chat; they read along.", custom=held)
    yield "erased", Message("Your chat has been deleted.", custom={"type": "erased", "version": 1})
    yield "unknown", Message("What it says.", custom={"type": "hologram", "version": 1})
    yield "image", Message("A picture", image={"src": "https://firm.example/a.png", "alt": "A chart"})
    link = wording.text("utter_report_link", link="https://chat.firm.example/report/abc", link_days=14)
    yield "report", Message(link, wording.buttons("utter_report_link"))


def _responses(wording: Wording) -> Iterator[tuple[str, Message]]:
    """Each response as it is written, with its buttons; whatever its placeholders become is text as well."""
    others = {name: said for name, said in wording.responses.items() if not name.startswith("utter_slack_")}
    for name, variations in others.items():
        for number, one in enumerate(variations):
            buttons = wording.buttons(name) if not number else []
            yield f"{name} {number}", Message(one["text"], buttons or None)


def _buttons(wording: Wording, name: str) -> list[dict[str, str]]:
    return wording.buttons(f"utter_contact_{name}")
