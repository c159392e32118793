"""Brings leads to the firm's channel: a card for each, and in its thread what happens afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from sqlalchemy.engine import Connection

from actions.wording import Wording
from assistant.briefing.brief import brief_of
from assistant.channels.slack import board
from assistant.channels.slack.blocks.chat import chat_post, news_post
from assistant.channels.slack.blocks.lead import News, erased_card, lead_card
from assistant.channels.slack.blocks.post import Level, Post, named
from assistant.channels.slack.clients import NotInstalled
from assistant.channels.slack.firm import Firm
from assistant.channels.slack.happenings import happening
from assistant.channels.slack.identity import Target
from assistant.channels.slack.posting import Later, Never, Plainer, Postman
from assistant.channels.slack.refusals import RICH_BLOCKS, Refusals
from assistant.delivery.attempt import Refused, Retry
from assistant.delivery.parcel import Parcel, parcel
from assistant.dossier import dossier
from assistant.stores import outbox
from assistant.stores.database import Database
from assistant.stores.erasures import Erased, check
from assistant.stores.leads import lead_of
from assistant.stores.outbox import OutboxMessage
from assistant.stores.retractions import ERASED, EXPIRED, Posted, take_back

LEAD = "lead"
"""What the names of posts begin with."""
_NEWS: Mapping[str, News] = {
    "lead": "lead",
    "lead.updated": "updated",
    "unclaimed": "unclaimed",
    "handoff": "handoff",
}
_LOUD = ("lead", "unclaimed", "handoff")  # also shown in the channel if they come in a thread
_DELETED = "message_not_found"
_GONE = (_DELETED, "cant_update_message", "edit_window_closed", "channel_not_found")
"""Why a card cannot be changed that was posted once."""
_LONGEST = 30.0  # seconds for one call, with its retries; less than the lease of a message

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class _Lead:
    """What the firm's channel may know of a conversation, and its card."""

    parcel: Parcel
    brief: Mapping[str, Any] | None
    claimed: float | None
    card: board.Hung | None


class LeadSender:
    """The destination "slack" of the outbox.

    Args:
        store: the database.
        postman: posts.
        firm: where to.
        refusals: what its workspace does not take.
        wording: of the assistant.
    """

    def __init__(
        self, store: Database, postman: Postman, firm: Firm, refusals: Refusals, wording: Callable[[], Wording]
    ) -> None:
        self._store = store
        self._postman = postman
        self._firm = firm
        self._refusals = refusals
        self._wording = wording

    async def __call__(self, message: OutboxMessage) -> None:
        """Raises:
        Retry: Slack is away, or cannot take it now.
        Refused: Slack never takes it.
        """
        deliver = {"chat": self._chat, ERASED: self._take_back, EXPIRED: self._take_back}.get(message.kind, self._lead)
        try:
            await asyncio.wait_for(deliver(message), _LONGEST)
        except Erased:
            return  # nobody is to hear of it any more
        except asyncio.TimeoutError:
            raise Retry("Slack does not answer") from None
        except Later as error:
            raise Retry("Slack cannot take it now", after=error.after) from None
        except (Never, NotInstalled) as error:
            raise Refused("Slack refuses it", str(error)) from None

    async def _lead(self, message: OutboxMessage) -> None:
        """Post the card, or bring it up to date and say in its thread what is new."""
        read = partial(_read, message=message, wording=self._wording())
        lead, news = await self._store.run(read), _NEWS[message.kind]
        if lead.card and await self._changed(lead, news):
            change = message.content.get("change", "")
            post = partial(news_post, lead.parcel, news, change)
            await self._in_thread(lead.card, post, message, broadcast=news in _LOUD)
            return
        place = await self._firm.place()
        post = partial(lead_card, lead.parcel, lead.brief, news=news, claimed=lead.claimed)
        send: Callable[[Post], Awaitable[str]] = partial(self._post, Target(place, ""), key=message.key)
        ts = await self._plainly(post, send)
        await self._note(message.key, Posted(place.channel, ts, is_card=True))

    async def _changed(self, lead: _Lead, news: News) -> bool:
        """Bring the card up to date; False if it is gone."""
        assert lead.card
        place = replace(await self._firm.place(), channel=lead.card.channel)
        shown: News = "lead" if news == "updated" or (news == "handoff" and lead.parcel.contact) else news
        post = partial(lead_card, lead.parcel, lead.brief, news=shown, claimed=lead.claimed)
        try:
            await self._plainly(post, partial(self._postman.change, place, lead.card.ts))
        except Never as error:
            if str(error) not in _GONE:
                raise
            return False
        still = partial(check, conversation=lead.parcel.conversation)
        await self._unless_erased(still, Posted(lead.card.channel, lead.card.ts, is_card=True))
        return True

    async def _chat(self, message: OutboxMessage) -> None:
        """Say in the thread what happens in the conversation; where there is no card, nobody in Slack follows it."""
        card, told = await self._store.run(partial(happening, message=message))
        if card and told:
            await self._in_thread(card, partial(chat_post, told), message)

    async def _take_back(self, message: OutboxMessage) -> None:
        """Replace the card of an erased conversation, or delete what was posted below it."""
        post = Posted(**message.content)
        place = replace(await self._firm.place(), channel=post.channel)
        if post.is_card:
            try:
                return await self._postman.change(place, post.ts, erased_card(message.kind))
            except (Plainer, Never):
                pass  # a card that cannot be changed may be deleted
        try:
            await self._postman.delete(place, post.ts)
        except Never as error:
            if str(error) != _DELETED:
                raise

    async def _in_thread(
        self, card: board.Hung, post: Callable[..., Post], message: OutboxMessage, *, broadcast: bool = False
    ) -> None:
        place = replace(await self._firm.place(card.ts), channel=card.channel)
        send = partial(self._post, Target(place, ""), key=message.key, broadcast=broadcast)
        ts = await self._plainly(post, send)
        await self._note(message.key, Posted(card.channel, ts, is_card=False))

    async def is_out(self, key: str, post: Posted) -> None:
        """Note what is posted of the message with this key: who has sent it may have died before that."""
        with suppress(Erased):
            await self._note(key, post)

    async def _note(self, key: str, post: Posted) -> None:
        """Note what is posted; see ``_unless_erased``."""
        await self._unless_erased(partial(_note, key=key, post=post), post)

    async def _unless_erased(self, note: Callable[[Connection], None], post: Posted) -> None:
        """Note what was posted just now; if the conversation was erased meanwhile, take it back.

        Raises:
            Erased: it was.
        """
        try:
            await self._store.run(note)
        except Erased:
            await self._store.run(partial(take_back, posts=[post]))
            raise

    async def _post(self, target: Target, post: Post, key: str, *, broadcast: bool = False) -> str:
        name = f"{LEAD} {key}"
        return await self._postman.post(target, named(post, name), name, broadcast=broadcast)

    async def _plainly(self, post: Callable[..., Post], send: Callable[[Post], Awaitable[_Result]]) -> _Result:
        """Send a post, with plainer blocks if the workspace does not take it.

        Raises:
            Later, Never, NotInstalled: it does not pass.
        """
        home = await self._firm.home()
        first = Level.PLAIN if await self._refusals.has(home, RICH_BLOCKS) else Level.RICH
        for level in Level:
            if level >= first:
                try:
                    return await send(post(level=level))
                except Plainer:
                    if level == Level.RICH:
                        await self._refusals.add(home, RICH_BLOCKS)
        raise Never("invalid_blocks")


def _note(connection: Connection, key: str, post: Posted) -> None:
    """Note a post with its message, which has arrived by it."""
    note = board.hang if post.is_card else board.note_reply
    note(connection, outbox.conversation_of(key), post.channel, post.ts)
    outbox.note_arrival(connection, key, "slack")


def _read(connection: Connection, message: OutboxMessage, wording: Wording) -> _Lead:
    conversation = message.conversation
    check(connection, conversation)
    lead = lead_of(connection, conversation)
    told = parcel(connection, message, wording)
    card = board.hung(connection, conversation)
    if card and card.claimed_by:
        told = replace(told, claimed_by=card.claimed_by)  # Slack shows the name that belongs to the id
    brief = brief_of(dossier(connection, conversation), wording).as_json() if told.brief else None
    return _Lead(told, brief, lead.claimed if lead else None, card)
