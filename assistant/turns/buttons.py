"""Matches messages to the buttons on offer: only a payload that was offered is a command.

A typed text may name a button by its title, or by its position ("the second one").
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from assistant.stores.inbox import MessageText
from assistant.turns.api_errors import ApiError
from assistant.turns.messages import ALWAYS_ALLOWED, IncomingMessage

ANSWER = "answer"
"""The intent of the buttons that answer a question."""

Button = dict[str, str]
"""title and payload"""

_POSITIONS = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "last": -1}
_NAMED = re.compile(
    r"(?:i (?:mean|meant|choose|take|pick) |i'd (?:say|take|pick) )?(?:the )?(?P<position>"
    + "|".join(_POSITIONS)
    + r")"
    r"(?: (?:one|option|choice|answer|button))?(?: please)?"
)
_NUMBERED = re.compile(r"(?:i (?:mean|meant|choose|take|pick) )?(?:option|choice|answer) (?:number )?(?P<number>[1-9])")


_NOT_OFFERED = "That choice is not on offer in this conversation; please type your answer."


def read(message: IncomingMessage, recent: Sequence[dict[str, Any]]) -> MessageText:
    """The text of a message as Rasa is to see it: what was typed, or the payload of a button.

    Args:
        message: what the visitor sent.
        recent: the last messages of the assistant in this conversation.

    Raises:
        ApiError: the payload was not offered here.
    """
    if not message.is_payload:
        latest: dict[str, Any] = next((one for one in reversed(recent) if one.get("buttons")), {})
        several = latest.get("custom", {}).get("several", [])
        payload = ticked(message.text, several) or chosen(message.text, latest.get("buttons", []))
        return MessageText(payload or message.text, message.text)
    if message.text in ALWAYS_ALLOWED or message.is_ours:
        return MessageText(message.text, None)
    offered = dict(offer for one in recent for offer in offers(one))
    if message.text not in offered:
        raise ApiError(422, "not_offered", _NOT_OFFERED)
    return MessageText(message.text, offered[message.text])


def offers(message: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The payloads that a message of the assistant offers, on its buttons and its card, each with its label."""
    for button in message.get("buttons", ()):
        yield button["payload"], button["title"]
    card = message.get("custom", {})
    for item in (item for section in card.get("sections", ()) for item in section["items"]):
        if "payload" in item:
            yield item["payload"], item["text"]
    for action in card.get("actions", ()):
        if "payload" in action:
            yield action["payload"], action["title"]


def ticked(text: str, several: Sequence[Button]) -> str | None:
    """The payload of a checklist: what is ticked as its payload says, and the opposite of whatever is not.

    Args:
        text: the titles of what is ticked, as clients join them: "A website, a CRM and cloud systems".
        several: the answers that can be given together, each of them yes or no.
    """
    titles = {_words(one["title"]): _values(one) for one in several}
    named = [_words(part) for part in re.split(r",|\band\b", text) if part.strip()]
    if not named or not all(name in titles for name in named):
        return None
    values: dict[str, bool] = {}
    for title, answers in titles.items():
        values |= answers if title in named else {field: not value for field, value in answers.items()}
    return f"/{ANSWER}{json.dumps(values)}"


def _values(button: Button) -> dict[str, bool]:
    values: dict[str, bool] = json.loads(button["payload"].removeprefix(f"/{ANSWER}"))
    return values


def chosen(text: str, buttons: Sequence[Button]) -> str | None:
    """The payload of the button that a text names.

    Args:
        text: as it was typed. A bare number is not a position: it may be the answer itself.
        buttons: those on offer, in order.
    """
    words = _words(text)
    for button in buttons:
        if _words(button["title"]) == words:
            return button["payload"]
    if any(button["payload"].count(":") > 1 for button in buttons):
        return None  # the question itself lists other things than its buttons
    if named := _NAMED.fullmatch(words):
        position = _POSITIONS[named["position"]]
    elif numbered := _NUMBERED.fullmatch(words):
        position = int(numbered["number"]) - 1
    else:
        return None
    return buttons[position]["payload"] if -1 <= position < len(buttons) and buttons else None


def _words(text: str) -> str:
    return " ".join(re.findall(r"[\w$']+", text.casefold()))
