"""What is said of calls outside of the conversation: in calendars and in mails."""

from __future__ import annotations

from functools import cache

from actions.wording import Wording
from advisor.content import DATA, load


@cache
def wording() -> Wording:
    """The sentences of data/conversation/booking.yml.

    Raises:
        ContentError: it is missing or is not YAML.
    """
    return Wording(load(DATA / "conversation" / "booking.yml")["responses"])
