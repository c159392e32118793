"""Posts the answers, wherever the turn ran: what is not out when a process dies is posted by another.

How far an answer is out is stored after each post (``slack_turns``). Slack has no way to ask whether a post has arrived
and none to post once: a process that dies between the two leaves a post that comes again.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from weakref import WeakValueDictionary

from assistant.channels.rate_limits import RateLimits
from assistant.channels.slack.blocks.post import Level
from assistant.channels.slack.blocks.words import words
from assistant.channels.slack.clients import NotInstalled
from assistant.channels.slack.identity import Target
from assistant.channels.slack.pages import pages_of, plainer, type_of
from assistant.channels.slack.posting import Later, Never, Plainer, Postman
from assistant.channels.slack.refusals import RICH_BLOCKS, Refusals
from assistant.channels.slack.status import Statuses
from assistant.channels.slack.talks import LEASE, Outgoing, Talks
from assistant.metrics import SLACK_POSTS
from assistant.stores.database import StoreUnavailable
from assistant.stores.inbox import Inbox, Messages
from assistant.turns.dispatcher import TurnListener
from assistant.turns.messages import ERASED

_LONGEST_POST = 15.0  # seconds, retries included: less than a lease
_WITHOUT_CLAIM = 4.0  # seconds after which an answer is claimed before it is posted: a lease less a post
_SWEEP = 1.0  # seconds between two looks for answers that are due
_FIRST_PAUSE = 1.0  # seconds before a post is tried again; each further one is twice as long
_LONGEST_PAUSE = 300.0
_MOST_ATTEMPTS = 16  # about an hour

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
        talks: where answers go.
        inbox: the answers.
        postman: posts them.
        statuses: show that a turn is worked on.
        refusals: what workspaces do not take.
        limits: what visitors may cost.
    """

    def __init__(
        self,
        talks: Talks,
        inbox: Inbox,
        postman: Postman,
        statuses: Statuses,
        refusals: Refusals,
        limits: RateLimits,
    ) -> None:
        self._talks = talks
        self._inbox = inbox
        self._postman = postman
        self._statuses = statuses
        self._refusals = refusals
        self._limits = limits
        self._expected: dict[_Key, _Expected] = {}  # turns that run here
        self._behind: set[str] = set()  # conversations with an answer that was put off
        self._sorry: set[_Key] = set()  # of turns that have failed here
        self._posting: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

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
            if key not in self._expected and (stored := await self._talks.target(conversation, turn)):
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
                out: Outgoing | None = Outgoing(conversation, turn, expected.target)
            else:
                out = await self._talks.claim(conversation, turn)
            is_unasked = out is None and target is None
            if is_unasked:
                await self._talks.adopt(conversation, turn)
                out = await self._talks.claim(conversation, turn)
            if out:
                await self._post(out, messages)
            if out and is_unasked:
                await self._statuses.settle(conversation, out.target.place)
            await self._statuses.end(conversation, turn, target.place if target else None)

    async def told(self, conversation: str, turn: str, messages: Messages) -> None:
        """The other process posts it, unless it dies."""
        with _logged("an answer"):
            await self._talks.adopt(conversation, turn, LEASE)

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

    def spent(self, conversation: str, cpu_seconds: float) -> None:
        """Charge the conversation for the CPU time."""
        self._limits.charge(conversation, cpu_seconds)

    async def sweep(self) -> None:
        """Post what is due, again and again: what failed a while ago, and what a crash left."""
        with _logged("unasked messages"):
            for conversation, turn in await self._talks.unasked():
                await self._talks.adopt(conversation, turn)
        while True:
            await asyncio.sleep(_SWEEP)
            with _logged("what is due"):
                for conversation, turn in await self._talks.due():
                    await self._resume(conversation, turn)

    def _is_ours(self, conversation: str, turn: str, expected: _Expected) -> bool:
        """Whether posting an answer is still left to this process.

        A turn that Slack shows to be worked on may have been stopped, and a lease comes to an end.
        """
        is_young = time.monotonic() - expected.at < _WITHOUT_CLAIM
        return is_young and conversation not in self._behind and not self._statuses.is_shown(conversation, turn)

    async def _resume(self, conversation: str, turn: str) -> None:
        out = await self._talks.claim(conversation, turn)
        if out:
            answer = await self._inbox.answer_to(conversation, turn)
            if answer is None:  # the turn still runs, or waits for somebody to take it up
                await self._talks.note(out, LEASE)
                return
            await self._post(out, answer)
        await self._statuses.end(conversation, turn, out.target.place if out else None)

    async def _post(self, out: Outgoing, messages: Messages) -> None:
        """Post what is not out yet, after what was to be posted before it."""
        async with self._posting.setdefault(out.conversation, asyncio.Lock()):
            try:
                is_ours = await self._send(out, messages)
            except Later as error:
                SLACK_POSTS.labels("put off").inc()
                await self._put_off(out, error.after)
            except (Never, NotInstalled) as error:
                SLACK_POSTS.labels("refused").inc()
                _log.error("not posted: %s", error, extra=_ids(out))
                await self._talks.note(out, done=True)
            else:
                self._behind.discard(out.conversation)
                if is_ours:
                    SLACK_POSTS.labels("posted").inc()
                    await self._talks.note(out, done=True)

    async def _send(self, out: Outgoing, messages: Messages, *, tracked: bool = True) -> bool:
        """Post one after the other; False if somebody stopped that or goes on elsewhere.

        Raises:
            Later, Never, NotInstalled: the next one does not pass.
        """
        workspace = out.target.place.workspace
        if await self._refusals.has(workspace, RICH_BLOCKS):
            out.level = max(out.level, Level.PLAIN)
        begun_at = out.level
        if out.target.respond:
            return await self._respond(out, messages)
        while out.messages < len(messages):
            pages = pages_of(out, messages[out.messages])
            while out.posts < len(pages):
                key = f"{out.conversation} {out.turn} {out.messages} {out.posts}"
                try:
                    await asyncio.wait_for(self._postman.post(out.target, pages[out.posts], key), _LONGEST_POST)
                except asyncio.TimeoutError:
                    raise Later from None
                except Plainer:
                    _log.error("blocks were refused", extra=_ids(out))
                    pages = plainer(out, pages, messages[out.messages])
                    continue
                if begun_at == Level.RICH and out.level == Level.PLAIN:
                    await self._refusals.add(workspace, RICH_BLOCKS)
                out.posts += 1
                is_last = out.messages == len(messages) - 1 and out.posts == len(pages)
                if tracked and not is_last and not await self._talks.note(out):
                    return False
            out.messages, out.posts = out.messages + 1, 0
        return True

    async def _respond(self, out: Outgoing, messages: Messages) -> bool:
        """Reply to a command with all of the answer at once: its address works five times."""
        every = [page for message in messages for page in pages_of(out, message)]
        try:
            if every:
                await self._postman.respond(out.target, every)
        except Plainer:
            if out.level == Level.TEXT:
                raise Never("invalid_blocks") from None
            out.level += 1
            return await self._respond(out, messages)
        except Never:  # its half hour is over: a direct message is as private
            out.target = replace(out.target, respond=None)
            return await self._send(out, messages)
        return True

    async def _post_last(self, conversation: str, turn: str, target: Target | None, messages: Messages) -> None:
        """Say that the conversation was erased; nothing of it is stored any more, its target neither."""
        if target is None:
            return
        said = [*messages, {"text": words().text("utter_slack_erased")}]
        with suppress(Later, Never, NotInstalled):
            await self._send(Outgoing(conversation, turn, target), said, tracked=False)
        await self._statuses.end(conversation, turn, target.place)

    async def _put_off(self, out: Outgoing, after: float | None) -> None:
        out.attempts += 1
        self._behind.add(out.conversation)
        pause = max(min(_FIRST_PAUSE * 2 ** (out.attempts - 1), _LONGEST_PAUSE), after or 0.0)
        given_up = out.attempts >= _MOST_ATTEMPTS
        _log.log(logging.ERROR if given_up else logging.WARNING, "not posted yet", extra=_ids(out))
        await self._talks.note(out, pause, done=given_up)


def _ids(out: Outgoing) -> dict[str, dict[str, str]]:
    return {"ids": {"conversation": out.conversation, "message": out.turn}}


@contextmanager
def _logged(what: str) -> Iterator[None]:
    """Keep a failure from whoever called: the turn is stored, and what is due is tried again."""
    try:
        yield
    except (StoreUnavailable, Exception) as error:  # noqa: BLE001  # whatever it is, Rasa must not see it
        where = "".join(traceback.format_tb(error.__traceback__))
        _log.error("%s could not be brought to Slack: %s\n%s", what, type(error).__name__, where)
