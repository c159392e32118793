"""A test client for the web channel: sends messages, presses buttons, answers the interview for a company."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests
import yaml

from advisor.company import Company
from advisor.fields import UNKNOWN, fields
from advisor.interview import is_askable

SAID: dict[tuple[str, Any], str] = {
    ("has_website", True): "we have a website",
    ("has_crm", True): "we have a CRM",
    ("has_cloud", True): "we have cloud systems",
    ("has_crm", False): "we have no CRM",
    ("has_cloud", False): "we have no cloud systems",
    ("tech_works", True): "our technology works",
    ("tech_works", False): "our technology does not do its job",
    ("tech_upgrades_needed", True): "we need technology upgrades",
    ("dev_team", True): "we have developers",
    ("custom_tech_needed", True): "we need custom software built",
    ("ai_strategy", "none"): "we have no AI strategy",
    ("ai_strategy", "in_place"): "we have an AI strategy",
    ("leveraging_ai", True): "we make real use of AI",
    ("leveraging_ai", False): "we do not use AI",
    ("generic_tools_no_strategy", True): "people use ChatGPT but there is no plan",
    ("competitors_gaining", True): "competitors are ahead with AI",
    ("build_vs_buy_pending", True): "we have to decide build or buy",
    ("daily_hands_on_cto", True): "the product needs a CTO hands-on every day",
    ("ai_full_time_scale", True): "AI at a scale that needs full-time oversight",
    ("cto_ai_expertise", True): "our CTO has real AI expertise",
    ("cto_bandwidth", True): "our CTO has time for AI",
    ("cto_bandwidth", False): "our CTO has no time for AI",
    ("cto_accountable", True): "our CTO is accountable for AI results",
    ("warn_later", True): "AI always comes later",
    ("warn_tools_first", True): "it always starts with which tools",
    ("warn_no_metrics", True): "no AI metrics",
    ("warn_cannot_keep_up", True): "our CTO cannot keep up with AI",
}
"""The text of answers that no single button covers."""

CONFIRMED = {"confirmed": True}
CONFIRM = f"/answer{json.dumps(CONFIRMED)}"
"""Confirms the summary, which comes between the last question and the advice."""

_CONVERSATION = Path(__file__).parents[1] / "data" / "conversation"


def words_of(response: str, file: str) -> str:
    """What a response in data/conversation says."""
    content = yaml.safe_load((_CONVERSATION / f"{file}.yml").read_text(encoding="utf-8"))
    text: str = content["responses"][response][0]["text"]
    return text


LEAD_INS = [
    words_of(response, "interview").removesuffix("{question}")
    for response in ("utter_back_to_the_question", "utter_and_the_question", "utter_last_question")
]
"""What may stand before a question that comes back, is asked again, or is the last."""

NOTICE = words_of("utter_first_contact", "greetings")
"""The last line of our first message, unless it is the greeting."""

KEEP_WHAT_IF = words_of("utter_keep_what_if", "what_if")
"""The button that makes answers of what was supposed; it answers no question."""

MOST_QUESTIONS = 30  # more than there are
LONGEST_TURN = 30  # seconds; a turn takes milliseconds, but the test machine may be busy


@dataclass
class Visitor:
    """One conversation over HTTP with a running assistant."""

    address: str
    messages: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        answer = requests.post(f"{self.address}webhooks/web/session", timeout=LONGEST_TURN)
        answer.raise_for_status()
        self._token = answer.json()["token"]

    def post(self, content: dict[str, Any]) -> requests.Response:
        """Send raw message content."""
        headers = {"Authorization": f"Bearer {self._token}"}
        return requests.post(
            f"{self.address}webhooks/web/messages", json=content, headers=headers, timeout=LONGEST_TURN
        )

    def _send(self, **content: str) -> str:
        answer = self.post({"id": str(uuid4()), **content})
        assert answer.status_code == 200, answer.text
        self.messages = answer.json()["messages"]
        return self.heard

    def replayed(self) -> list[dict[str, Any]]:
        """The assistant's messages so far, as a client gets them that comes back."""
        headers = {"Authorization": f"Bearer {self._token}"}
        answer = requests.get(f"{self.address}webhooks/web/messages", headers=headers, timeout=LONGEST_TURN)
        answer.raise_for_status()
        messages: list[dict[str, Any]] = answer.json()["messages"]
        return messages

    def say(self, text: str) -> str:
        """Send text; returns the reply as one text."""
        return self._send(text=text)

    def press(self, payload: str) -> str:
        """Press an offered button."""
        return self._send(payload=payload)

    def choose(self, title: str) -> str:
        """Press the button with this title."""
        assert title in self.buttons, f"no button {title!r} among {list(self.buttons)}"
        return self.press(self.buttons[title])

    @property
    def heard(self) -> str:
        """The text of the last reply."""
        return "\n".join(message.get("text", "") for message in self.messages)

    @property
    def buttons(self) -> dict[str, str]:
        """The buttons below the last message: title -> payload."""
        return {button["title"]: button["payload"] for button in self.messages[-1].get("buttons", [])}

    @property
    def asked(self) -> dict[str, dict[str, Any]]:
        """The answers offered by the open question, by title; empty if no question is open."""
        payloads = ((title, re.fullmatch(r"/answer(\{.*\})", payload)) for title, payload in self.buttons.items())
        offers = {title: json.loads(found[1]) for title, found in payloads if found}
        return {title: offer for title, offer in offers.items() if offer != CONFIRMED and title != KEEP_WHAT_IF}

    @property
    def confirming(self) -> bool:
        """Whether the summary is waiting for confirmation."""
        return CONFIRM in self.buttons.values()

    @property
    def question(self) -> str:
        """The open question as it is worded, without its lead-in; or else the last paragraph of the last message."""
        last = _without_sources(self.messages[-1].get("text", "")).split("\n\n")[-1]
        found = next((last.removeprefix(lead) for lead in LEAD_INS if last.startswith(lead)), last)
        return found[:1].upper() + found[1:]

    @property
    def pending(self) -> tuple[str, dict[str, str]]:
        """The open question with its buttons."""
        return self.question, self.buttons

    @property
    def answered(self) -> str:
        """The last reply without the open question."""
        *before, last = self.messages
        paragraphs = _without_sources(last.get("text", "")).split("\n\n")[:-1]
        return "\n".join([*(message.get("text", "") for message in before), *paragraphs])

    def answer_as(self, company: Company) -> None:
        """Answer the open question for this company, with a matching button or in text."""
        open_fields = {name for offer in self.asked.values() for name in offer}
        if title := self._fitting(company):
            self.choose(title)
            return
        said = [SAID[name, company[name]] for name in sorted(open_fields) if (name, company.get(name)) in SAID]
        if open_fields == {"ai_initiatives"} and "ai_initiatives" in company:
            said = [str(company["ai_initiatives"])]
        self.say(" and ".join(said) or "not sure")

    def press_as(self, company: Company) -> None:
        """Press what fits this company best: a button, what is to be ticked of a checklist, or else the last button."""
        several = self.messages[-1].get("custom", {}).get("several", [])
        true = [one["title"] for one in several if self._fits(company, one["payload"])]
        if self._fitting(company) or not true:
            self.choose(self._fitting(company) or list(self.asked)[-1])
        else:
            self.say(" and ".join(true))  # as the widget sends what is ticked

    def _fitting(self, company: Company) -> str | None:
        """The title of the button that says of each field in question how it is with this company."""
        open_fields = {name for offer in self.asked.values() for name in offer}
        whole = (title for title, offer in self.asked.items() if set(offer) == open_fields)
        return next((title for title in whole if self._fits(company, self.buttons[title])), None)

    @staticmethod
    def _fits(company: Company, payload: str) -> bool:
        values = json.loads(payload.removeprefix("/answer"))
        return all(_offered(company, name) == value for name, value in values.items())

    def be_interviewed(self, company: Company) -> list[str]:
        """Ask for advice, say what nobody would ask this company, and answer all questions up to the verdict.

        Returns:
            The questions.
        """
        self.say("which one do we need?")
        unasked = [name for name in company if name in fields() and not is_askable(name, company)]
        if said := [SAID[name, company[name]] for name in unasked if (name, company[name]) in SAID]:
            self.say(" and ".join(said))
        return self.answer_all(lambda: self.answer_as(company))

    def answer_all(self, answer: Callable[[], object]) -> list[str]:
        """Answer one question after another, and confirm the summary if there is one; returns the questions."""
        questions = []
        while self.asked:
            questions.append(self.question)
            assert len(questions) < MOST_QUESTIONS, f"the interview does not end: {questions[-3:]}"
            answer()
        if self.confirming:
            self.confirm()
        assert self.verdict, f"no verdict: {self.heard}"
        return questions

    def confirm(self) -> str:
        """Confirm the summary; returns the advice."""
        assert self.confirming, f"no summary to confirm: {self.heard}"
        return self.press(CONFIRM)

    @property
    def verdict(self) -> dict[str, Any] | None:
        """The card of the verdict, if the last reply gave it."""
        cards = (message.get("custom", {}) for message in self.messages)
        return next((card for card in cards if card.get("type") == "verdict"), None)


def _without_sources(text: str) -> str:
    """A text without its last lines, which name the sections of the article and say that a program is talking."""
    lines = text.split("\n")
    while lines and (lines[-1].startswith("Source: ") or lines[-1] == NOTICE):
        lines.pop()
    return "\n".join(lines)


def _offered(company: Company, name: str) -> Any:
    """An answer in the form used by buttons."""
    value = company.get(name, UNKNOWN)
    return list(value) if isinstance(value, tuple) else value
