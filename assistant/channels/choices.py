"""A typed text that names one of the buttons on offer: by its title, or by its place ("the second one")."""

from __future__ import annotations

import re
from collections.abc import Sequence

Button = dict[str, str]
"""title and payload"""

_PLACES = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "last": -1}
_NAMED = re.compile(
    r"(?:i (?:mean|meant|choose|take|pick) |i'd (?:say|take|pick) )?(?:the )?(?P<place>" + "|".join(_PLACES) + r")"
    r"(?: (?:one|option|choice|answer|button))?(?: please)?"
)
_NUMBERED = re.compile(r"(?:i (?:mean|meant|choose|take|pick) )?(?:option|choice|answer) (?:number )?(?P<number>[1-9])")


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
