"""Titles of conversations in Slack's list: the visitor's company once they name it, or else their first question."""

from __future__ import annotations

from assistant.channels.slack.identity import Place
from assistant.channels.slack.sessions import Sessions
from assistant.contacts.disclosure import MASKED
from assistant.contacts.reading import Reading
from assistant.contacts.sealing import unseal
from assistant.stores.inbox import PendingMessage, Received

_A_QUESTION = 3  # words: "hi there" says nothing about a conversation
_MOST_UNTITLED = 1000


class Titles:
    """Gives threads their titles.

    Args:
        sessions: have the titles.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._untitled: set[str] = set()  # conversations that began here with a greeting

    async def heard(self, place: Place, received: Received) -> None:
        """Somebody has typed a message; it may say what the conversation is about."""
        pending = received.pending
        is_open = received.is_opening or pending.conversation in self._untitled
        company = _company_in(pending) if received.is_first and place.private else None
        question = _question_in(pending) if is_open else None
        if title := company or question:
            self._untitled.discard(pending.conversation)
            await self._sessions.rename(place, title)
        elif received.is_opening and len(self._untitled) < _MOST_UNTITLED:
            self._untitled.add(pending.conversation)


def _company_in(pending: PendingMessage) -> str | None:
    """The company that a message names."""
    return Reading.from_json(unseal(pending.contact)).contact.company if pending.contact else None


def _question_in(pending: PendingMessage) -> str | None:
    """A message as a title, unless it is a greeting, a button or an introduction, or has somebody's details."""
    text = pending.text
    says_much = "?" in text or len(text.split()) >= _A_QUESTION
    return text if says_much and text[:1] != "/" and not pending.contact and not MASKED.search(text) else None
