"""Visitors for both sides, over our web channel or Rasa's REST channel."""

from __future__ import annotations

import random
from collections.abc import Generator
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import requests
import yaml

from assistant.turns.dispatcher import NO_ANSWER
from bench.environments import ROOT

_LONGEST_TURN = 60  # seconds
_LONGEST_INTERVIEW = 12  # answers
_QUESTIONS = 5  # held-out questions per visitor
_SMALL_TALK = ("thanks, that helps", "are you a bot?", "goodbye")

LONG_TALK = (
    *("what does a caio cost?", "who reports to whom", "how many hours", "blorp fnarg", "which one do we need?"),
    *("not sure", "why do you ask?", "stop", "thanks", "what is a cto"),
)
"""Ten messages that can be repeated."""

Buttons = list[str]
"""The payloads offered by an answer; None in their place means no answer."""


class Visitor(Protocol):
    """One conversation."""

    def say(self, message: str) -> Buttons | None:
        """Send text or the payload of a button, and wait for the answer."""


class WebVisitor:
    """A visitor of our web channel, whose messages go to random replicas."""

    def __init__(self, *addresses: str) -> None:
        self._http, self._places = _connection(), [f"{address}webhooks/web/" for address in addresses]
        token = _post(self._http, f"{random.choice(self._places)}session", {})["token"]
        self._http.headers["Authorization"] = f"Bearer {token}"

    def say(self, message: str) -> Buttons | None:
        """Payloads have a separate field; the apology for a missing answer counts as no answer."""
        kind = "payload" if message.startswith("/") else "text"
        answer = _post(self._http, f"{random.choice(self._places)}messages", {"id": str(uuid4()), kind: message})
        messages = answer["messages"]
        return None if any(said.get("text") == NO_ANSWER for said in messages) else _buttons(messages)


class RestVisitor:
    """A visitor of Rasa's REST channel."""

    def __init__(self, address: str) -> None:
        self._http, self._place, self._id = _connection(), f"{address}webhooks/rest/webhook", uuid4().hex

    def say(self, message: str) -> Buttons | None:
        """Send text or a payload in the same field."""
        return _buttons(_post(self._http, self._place, {"sender": self._id, "message": message}))


def conversation(number: int) -> Generator[tuple[str, str], Buttons | None, None]:
    """Yields the messages of one visitor with their kinds; receives the buttons of each answer.

    The visitor opens the chat, asks questions, answers the interview by buttons, asks again and leaves.
    """
    dice = random.Random(number)
    questions = dice.sample(_held_out(), _QUESTIONS)
    yield "small talk", "/greet"
    for question in questions[:-2]:
        yield "question", question
    offered = yield "interview", "/ask_for_advice"
    for _ in range(_LONGEST_INTERVIEW):
        answers = [payload for payload in offered or () if payload.startswith("/answer")]
        if not answers:
            break
        offered = yield "interview", dice.choice(answers)
    for question in questions[-2:]:
        yield "question", question
    for words in _SMALL_TALK:
        yield "small talk", words


@cache
def _held_out() -> list[str]:
    """Held-out questions."""
    return [line for path in sorted((ROOT / "tests/held_out/faq").glob("*.yml")) for line in _examples(path)]


def _examples(path: Path) -> list[str]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [line.removeprefix("- ") for topic in content["nlu"] for line in topic["examples"].splitlines()]


def _connection() -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxies for this machine
    return session


def _post(session: requests.Session, url: str, content: dict[str, Any]) -> Any:
    answer = session.post(url, json=content, timeout=_LONGEST_TURN)
    answer.raise_for_status()
    return answer.json()


def _buttons(messages: list[dict[str, Any]]) -> Buttons | None:
    if not messages:
        return None
    return [button["payload"] for message in messages for button in message.get("buttons") or ()]
