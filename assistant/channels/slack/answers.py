"""Posts one answer: post after post, more plainly where blocks are refused, and later where Slack is away.

How far it is out is stored after each post. Slack has no way to ask whether a post has arrived and none to post once:
what a process leaves that dies between the two is known by its echo (see echoes.py), or comes again.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from weakref import WeakValueDictionary

from assistant.channels.slack.blocks.post import Level, Post, named
from assistant.channels.slack.clients import NotInstalled
from assistant.channels.slack.outgoing import Outgoing, OutgoingAnswers
from assistant.channels.slack.pages import pages_of, plainer
from assistant.channels.slack.posting import Later, Never, Plainer, Postman
from assistant.channels.slack.refusals import RICH_BLOCKS, Refusals
from assistant.metrics import SLACK_POSTS
from assistant.stores.inbox import Messages

_LONGEST_POST = 15.0  # seconds, retries included: less than a lease
_FIRST_PAUSE = 1.0  # seconds before a post is tried again; each further one is twice as long
_LONGEST_PAUSE = 300.0
_MOST_ATTEMPTS = 16  # about an hour

_log = logging.getLogger(__name__)


class Answers:
    """Posts answers.

    Args:
        outgoing: how far they are out.
        postman: sends posts.
        refusals: what workspaces do not take.
    """

    def __init__(self, outgoing: OutgoingAnswers, postman: Postman, refusals: Refusals) -> None:
        self._outgoing = outgoing
        self._postman = postman
        self._refusals = refusals
        self._behind: set[str] = set()  # conversations with an answer that was put off
        self._posting: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def is_behind(self, conversation: str) -> bool:
        """Whether an answer of a conversation was put off by this process."""
        return conversation in self._behind

    async def post(self, out: Outgoing, messages: Messages) -> None:
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
                await self._outgoing.note(out, done=True)
            else:
                self._behind.discard(out.conversation)
                if is_ours:
                    SLACK_POSTS.labels("posted").inc()
                    await self._outgoing.note(out, done=True)

    async def post_untracked(self, out: Outgoing, messages: Messages) -> None:
        """Post an answer of which nothing is stored any more, as far as that works at once."""
        with suppress(Later, Never, NotInstalled):
            await self._send(out, messages, tracked=False)

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
                    post = named(pages[out.posts], out.name)
                    await asyncio.wait_for(self._postman.post(out.target, post, key), _LONGEST_POST)
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
                if tracked and not is_last and not await self._outgoing.note(out):
                    return False
            out.messages, out.posts = out.messages + 1, 0
        return True

    async def pages(self, out: Outgoing, messages: Messages) -> list[Post]:
        """All posts of an answer, as rich as its workspace takes them."""
        if await self._refusals.has(out.target.place.workspace, RICH_BLOCKS):
            out.level = max(out.level, Level.PLAIN)
        return [page for message in messages for page in pages_of(out, message)]

    async def _respond(self, out: Outgoing, messages: Messages) -> bool:
        """Reply to a command with all of the answer at once: its address works five times."""
        every = await self.pages(out, messages)
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

    async def _put_off(self, out: Outgoing, after: float | None) -> None:
        out.attempts += 1
        self._behind.add(out.conversation)
        pause = max(min(_FIRST_PAUSE * 2 ** (out.attempts - 1), _LONGEST_PAUSE), after or 0.0)
        given_up = out.attempts >= _MOST_ATTEMPTS
        _log.log(logging.ERROR if given_up else logging.WARNING, "not posted yet", extra=_ids(out))
        await self._outgoing.note(out, pause, done=given_up)


def _ids(out: Outgoing) -> dict[str, dict[str, str]]:
    return {"ids": {"conversation": out.conversation, "message": out.turn}}
