"""Brings the answers to Slack, wherever the turn ran: what is not out when a process dies is posted by another."""

from __future__ import annotations

import asyncio
import logging
import math
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from assistant.channels.rate_limits import RateLimits
from assistant.channels.slack.answers import Answers
from assistant.channels.slack.blocks.words import words
from assistant.channels.slack.identity import Target
from assistant.channels.slack.outgoing import LEASE, Outgoing, OutgoingAnswers
from assistant.channels.slack.pages import type_of
from assistant.channels.slack.posting import Postman
from assistant.channels.slack.status import Statuses
from assistant.stores.database import StoreUnavailable
from assistant.stores.inbox import Inbox, Messages
from assistant.turns.dispatcher import TurnListener
from assistant.turns.messages import ERASED

_WITHOUT_CLAIM = 4.0  # seconds after which an answer is claimed before it is posted: a lease less a post
_SWEEP = 1.0  # seconds between two looks for answers that are due

_log = logging.getLogger(__name__)
_Key = tuple[str, str]


@dataclass(frozen=True)
class _Expected:
    """A turn that runs here, and since when posting its answer is left to this process (seconds; never: -inf)."""

    target: Target
    at: float


class Delivery(TurnListener):
    """Brings the answers of all turns to Slack.

    Args:
        outgoing: which answers are to be posted.
        inbox: what they say.
        answers: posts them.
        postman: tells people what went wrong.
        statuses: show that a turn is worked on.
        limits: what visitors may cost.
    """

    def __init__(
        self,
        outgoing: OutgoingAnswers,
        inbox: Inbox,
        answers: Answers,
        postman: Postman,
        statuses: Statuses,
        limits: RateLimits,
    ) -> None:
        self._outgoing = outgoing
        self._inbox = inbox
        self._answers = answers
        self._postman = postman
        self._statuses = statuses
        self._limits = limits
        self._expected: dict[_Key, _Expected] = {}  # turns that run here
        self._sorry: set[_Key] = set()  # of turns that have failed here

    def expect(self, conversation: str, turn: str, target: Target, *, is_ours: bool) -> None:
        """A message has been stored whose turn is about to start here.

        Args:
            conversation: whose it is.
            turn: its id.
            target: where the answer goes.
            is_ours: whether it came in here first, so that posting the answer is left to this process.
        """
        self._expected[conversation, turn] = _Expected(target, time.monotonic() if is_ours else -math.inf)

    async def started(self, conversation: str, turn: str) -> None:
        """Show that it is worked on, if it takes long."""
        with _logged("a status"):
            key = (conversation, turn)
            if key not in self._expected and (stored := await self._outgoing.target(conversation, turn)):
                self._expected[key] = _Expected(stored, -math.inf)
            if key in self._expected:
                self._statuses.begin(conversation, turn, self._expected[key].target.place)

    async def answered(self, conversation: str, turn: str, messages: Messages) -> None:
        """Post the answer, and show that the turn is over."""
        with _logged("an answer"):
            expected = self._expected.pop((conversation, turn), None)
            target = expected.target if expected else None
            self._sorry.discard((conversation, turn))
            if any(type_of(message) == ERASED for message in messages):
                await self._post_last(conversation, turn, target, messages)
                return
            if expected and self._is_ours(conversation, turn, expected):
                out: Outgoing | None = self._outgoing.reserved(conversation, turn, expected.target)
            else:
                out = await self._outgoing.claim(conversation, turn)
                if out is None and expected:
                    await self._outgoing.release(conversation, turn)
            is_unasked = out is None and target is None
            if is_unasked:
                await self._outgoing.adopt(conversation, turn)
                out = await self._outgoing.claim(conversation, turn)
            if out:
                await self._answers.post(out, messages)
            if out and is_unasked:
                await self._statuses.settle(conversation, out.target.place)
            await self._statuses.end(conversation, turn, target.place if target else None)

    async def told(self, conversation: str, turn: str, messages: Messages) -> None:
        """The other process posts it, unless it dies."""
        with _logged("an answer"):
            await self._outgoing.adopt(conversation, turn, LEASE)

    async def failed(self, conversation: str, turn: str) -> None:
        """Say so once. The message is stored, and is worked on again."""
        with _logged("an apology"):
            key = (conversation, turn)
            expected = self._expected.get(key)
            target = expected.target if expected else None
            if target and key not in self._sorry:
                self._sorry.add(key)
                await self._postman.whisper(target, words().text("utter_slack_not_yet"))
            await self._statuses.end(conversation, turn, target.place if target else None)

    def spent(self, conversation: str, turn: str, cpu_seconds: float) -> None:
        """Charge the place for the CPU time."""
        if expected := self._expected.get((conversation, turn)):
            self._limits.charge(expected.target.place.key, cpu_seconds)

    async def sweep(self) -> None:
        """Post what is due, again and again: what failed a while ago, and what a crash left."""
        with _logged("unasked messages"):
            for conversation, turn in await self._outgoing.unasked():
                await self._outgoing.adopt(conversation, turn)
        while True:
            await asyncio.sleep(_SWEEP)
            with _logged("what is due"):
                for conversation, turn in await self._outgoing.due():
                    await self._resume(conversation, turn)

    def _is_ours(self, conversation: str, turn: str, expected: _Expected) -> bool:
        """Whether posting an answer is still left to this process.

        A turn that Slack shows to be worked on may have been stopped, and a lease comes to an end.
        """
        is_young = time.monotonic() - expected.at < _WITHOUT_CLAIM
        return (
            is_young and not self._answers.is_behind(conversation) and not self._statuses.is_shown(conversation, turn)
        )

    async def _resume(self, conversation: str, turn: str) -> None:
        out = await self._outgoing.claim(conversation, turn)
        if out:
            answer = await self._inbox.answer_to(conversation, turn)
            if answer is None:  # the turn still runs, or waits for somebody to take it up
                await self._outgoing.note(out, LEASE)
                return
            await self._answers.post(out, answer)
        await self._statuses.end(conversation, turn, out.target.place if out else None)

    async def _post_last(self, conversation: str, turn: str, target: Target | None, messages: Messages) -> None:
        """Say that the conversation was erased; nothing of it is stored any more, its target neither."""
        if target is None:
            return
        said = [*messages, {"text": words().text("utter_slack_erased")}]
        await self._answers.post_untracked(Outgoing(conversation, turn, target), said)
        await self._statuses.end(conversation, turn, target.place)


@contextmanager
def _logged(what: str) -> Iterator[None]:
    """Keep a failure from whoever called: the turn is stored, and what is due is tried again."""
    try:
        yield
    except (StoreUnavailable, Exception) as error:  # noqa: BLE001  # whatever it is, Rasa must not see it
        where = "".join(traceback.format_tb(error.__traceback__))
        _log.error("%s could not be brought to Slack: %s\n%s", what, type(error).__name__, where)
