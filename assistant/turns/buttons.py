"""What the buttons on offer make of a message: only what was offered is a command, by a press or by its name.

A typed text may name a button by its title, or by its place ("the second one").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from assistant.stores.inbox import Words
from assistant.turns.api_errors import Refusal
from assistant.turns.messages import ALWAYS_ALLOWED, Question

Button = dict[str, str]
"""title and payload"""

_PLACES = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "last": -1}
_NAMED = re.compile(
    r"(?:i (?:mean|meant|choose|take|pick) |i'd (?:say|take|pick) )?(?:the )?(?P<place>" + "|".join(_PLACES) + r")"
    r"(?: (?:one|option|choice|answer|button))?(?: please)?"
)
_NUMBERED = re.compile(r"(?:i (?:mean|meant|choose|take|pick) )?(?:option|choice|answer) (?:number )?(?P<number>[1-9])")


_NOT_OFFERED = "That choice is not on offer in this conversation; please type your answer."


def read(question: Question, recent: Sequence[dict[str, Any]]) -> Words:
    """A message as Rasa is to see it: words, or the payload that was offered.

    Args:
        question: the message.
        recent: the last messages of ours in this conversation.

    Raises:
        Refusal: the payload of a button that was not offered here.
    """
    if not question.is_payload:
        latest: list[Button] = next((message["buttons"] for message in reversed(recent) if message.get("buttons")), [])
        return Words(chosen(question.text, latest) or question.text, question.text)
    if question.text in ALWAYS_ALLOWED:
        return Words(question.text, None)
    offered = dict(offer for message in recent for offer in _offers(message))
    if question.text not in offered:
        raise Refusal(422, "not_offered", _NOT_OFFERED)
    return Words(question.text, offered[question.text])


def _offers(message: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The payloads that a message offers, by its buttons and on its card, each with what the visitor sees of it."""
    for button in message.get("buttons", ()):
        yield button["payload"], button["title"]
    card = message.get("custom", {})
    for row in card.get("rows", ()):
        if "edit_payload" in row:
            yield row["edit_payload"], row["label"]
    for action in card.get("actions", ()):
        if "payload" in action:
            yield action["payload"], action["title"]


def chosen(text: str, buttons: Sequence[Button]) -> str | None:
    """The payload of the button that a text names.

    Args:
        text: as it was typed. A bare number is no place: it may be the answer itself.
        buttons: those on offer, in their order.
    """
    words = _words(text)
    for button in buttons:
        if _words(button["title"]) == words:
            return button["payload"]
    if any(button["payload"].count(":") > 1 for button in buttons):
        return None  # what is put in the question is another list than its buttons
    if named := _NAMED.fullmatch(words):
        place = _PLACES[named["place"]]
    elif numbered := _NUMBERED.fullmatch(words):
        place = int(numbered["number"]) - 1
    else:
        return None
    return buttons[place]["payload"] if -1 <= place < len(buttons) and buttons else None


def _words(text: str) -> str:
    return " ".join(re.findall(r"[\w$']+", text.casefold()))
