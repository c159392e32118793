"""What the firm's people do with a lead in their channel: claim it, answer the prospect, hand the chat back.

Nothing of what they write in the channel reaches a prospect; only what they put into the form does, which says so.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from sqlalchemy.engine import Connection

from advisor.errors import SeatwiseError
from assistant.channels.slack import board
from assistant.channels.slack.blocks.forms import answer_modal, answer_to_prospect
from assistant.channels.slack.blocks.presses import ANSWER, CLAIM, HAND_BACK
from assistant.channels.slack.blocks.words import words
from assistant.channels.slack.clients import NotInstalled
from assistant.channels.slack.firm import Firm
from assistant.channels.slack.identity import CHANNEL, Target
from assistant.channels.slack.posting import Later, Never, Plainer, Postman
from assistant.contacts.reader import read
from assistant.stores.audit import record
from assistant.stores.database import Database, StoreUnavailable
from assistant.stores.erasures import Erased, digest
from assistant.stores.holds import AlreadyHeld, holder
from assistant.stores.inbox import channel_of
from assistant.stores.leads import claim, lead_of
from assistant.turns import holding
from assistant.turns.api_errors import not_stored
from assistant.turns.dispatcher import TurnDispatcher
from assistant.turns.messages import Message

Payload = dict[str, Any]
Compose = Callable[[Connection], list[Message]]

BUTTONS = re.compile("|".join((CLAIM, ANSWER, HAND_BACK)))
_PATIENCE = 2.0  # seconds; Slack shows an error after three
_LONGEST_TELLING = 10.0  # seconds that a server which stops waits for it
_REACHABLE = ("email", "phone")

_log = logging.getLogger(__name__)


class NotYours(SeatwiseError):  # noqa: N818  # a state, not an error
    """Somebody else has the lead."""


class Desk:
    """The listeners of the buttons and the form of leads.

    Args:
        store: the database.
        turns: brings prospects what a person says.
        postman: opens the form, and tells people what went wrong.
        firm: whose people may do all that.
    """

    def __init__(self, store: Database, turns: TurnDispatcher, postman: Postman, firm: Firm) -> None:
        self._store = store
        self._turns = turns
        self._postman = postman
        self._firm = firm
        self._telling: set[asyncio.Task[None]] = set()

    async def pressed(self, body: Payload, action: Payload, ack: AsyncAck) -> None:
        """A button below a card or in its thread. Slack does not send that again, so they hear of errors."""
        does = {CLAIM: self._claim, ANSWER: self._open, HAND_BACK: self._hand_back}[action["action_id"]]
        try:
            told = await does(body, action["value"]) if await self._may(body) else _said("members_only")
        except (SeatwiseError, StoreUnavailable, Plainer, Later, Never) as error:
            told = _why(error)
        if told:
            await self._whisper(body, told)
        await ack()

    async def sent(self, body: Payload, view: Payload, ack: AsyncAck) -> None:
        """The form was sent: the prospect gets the answer, and the assistant is silent from now on."""
        hidden, given = json.loads(view["private_metadata"]), answer_to_prospect(view["state"]["values"])
        try:
            told = "" if await self._may(body) else _said("members_only")
            if not told:
                compose = partial(_answer, conversation=hidden["conversation"], user=body["user"], **given)
                await self._tell(hidden["conversation"], compose)
        except (SeatwiseError, StoreUnavailable, Later, Never) as error:
            told = _why(error)
        await (ack(response_action="errors", errors={"text": told}) if told else ack())

    async def finish(self) -> None:
        """Wait until the prospects have been told, which takes about as long as a post."""
        if self._telling:
            await asyncio.wait(self._telling, timeout=_LONGEST_TELLING)

    async def _may(self, body: Payload) -> bool:
        """Whether this is in the firm's channel, or in a form that was opened there, and done by one of its people."""
        channel = body.get("container", {}).get("channel_id", self._firm.channel)
        return channel == self._firm.channel and await self._firm.has(body)

    async def _claim(self, body: Payload, conversation: str) -> str:
        """The first one has the lead; what to tell the others."""
        user, handle = body["user"]["id"], _handle(body["user"])

        def change(connection: Connection) -> str:
            record(connection, "slack.claim", digest(conversation), handle)
            if claim(connection, conversation, handle):
                board.note_claim(connection, conversation, user)
                return ""
            lead, card = lead_of(connection, conversation), board.hung(connection, conversation)
            if lead is None:
                return _said("lead_gone")
            if card and card.claimed_by == user:
                return _said("claimed_by_you")
            who = f"<@{card.claimed_by}>" if card and card.claimed_by else lead.claimed_by
            return _said("claimed_already", who=who)

        return await self._store.run(change)

    async def _open(self, body: Payload, conversation: str) -> str:
        """Open the form with the answer."""
        look = partial(_look, conversation=conversation, user=body["user"])
        where, name = await self._store.run(look)
        view = answer_modal(json.dumps({"conversation": conversation}), where, name, holding.LONGEST_ANSWER)
        await self._postman.open_form(await self._firm.home(), body["trigger_id"], view)
        return ""

    async def _hand_back(self, body: Payload, conversation: str) -> str:
        await self._tell(conversation, partial(_release, conversation=conversation, user=body["user"]))
        return ""

    async def _tell(self, conversation: str, compose: Compose) -> None:
        """Tell the prospect. Slack is not kept waiting for a prospect who is in Slack too.

        Raises:
            SeatwiseError, StoreUnavailable: nothing was stored.
        """
        task = asyncio.create_task(self._turns.tell(conversation, compose))
        self._telling.add(task)
        task.add_done_callback(self._told)
        done, _ = await asyncio.wait({task}, timeout=_PATIENCE)
        if done:
            task.result()

    def _told(self, task: asyncio.Task[None]) -> None:
        self._telling.discard(task)
        if not task.cancelled() and (error := task.exception()) and not isinstance(error, SeatwiseError):
            _log.warning("a prospect was not told: %s", type(error).__name__)

    async def _whisper(self, body: Payload, text: str) -> None:
        """Tell whoever pressed something, beside what they pressed."""
        container = body["container"]
        try:
            place = await self._firm.place(container.get("thread_ts"))
        except (NotInstalled, Later, Never):
            return
        if container.get("channel_id") == place.channel:
            await self._postman.whisper(Target(place, body["user"]["id"]), text)


def _look(connection: Connection, conversation: str, user: Payload) -> tuple[str, str | None]:
    """Where the prospect reads, and the name to suggest to this user; None if they hold the conversation already.

    Raises:
        NotYours, AlreadyHeld: somebody else has the lead or the conversation.
        NoSuchConversation: it is gone.
    """
    _check_free(connection, conversation, user["id"])
    where = channel_of(connection, conversation)
    if where == CHANNEL and board.is_read_by_others(connection, conversation):
        where = "channel"
    if board.is_held_by(connection, conversation, user["id"]):
        return where, None
    return where, board.name_of(connection, user["id"]) or ""


def _answer(connection: Connection, conversation: str, user: Payload, name: str, text: str) -> list[Message]:
    """Take the conversation over, if that is not done, and answer.

    Raises:
        NotYours, AlreadyHeld: somebody else has the lead or the conversation.
        Unfit: the answer must not be posted where the prospect is.
    """
    record(connection, "slack.answer", digest(conversation), _handle(user))
    _check_free(connection, conversation, user["id"])
    name = name or board.name_of(connection, user["id"]) or ""
    if not (name and text):
        raise NotYours("your name or the message is missing")
    found = read(text).contact.known
    if any(kind in found for kind in _REACHABLE) and board.is_read_by_others(connection, conversation):
        raise Unfit
    if board.is_held_by(connection, conversation, user["id"]):
        card = board.hung(connection, conversation)
        return holding.answer(connection, conversation, (card and card.held_as) or "", text)
    if claim(connection, conversation, _handle(user)):
        board.note_claim(connection, conversation, user["id"])
    _check_free(connection, conversation, user["id"])  # again: somebody may have claimed it in the meantime
    joined = holding.take_over(connection, conversation, name)
    board.note_hold(connection, conversation, user["id"], name)
    return [*joined, *holding.answer(connection, conversation, name, text)]


def _release(connection: Connection, conversation: str, user: Payload) -> list[Message]:
    """Give the conversation back to the assistant.

    Raises:
        NotHeld: this user does not hold it.
    """
    record(connection, "slack.release", digest(conversation), _handle(user))
    if not board.is_held_by(connection, conversation, user["id"]):
        raise holding.NotHeld("you are not in this chat")
    return holding.hand_back(connection, conversation)


class Unfit(SeatwiseError):  # noqa: N818  # a state, not an error
    """Contact details would be posted where others read them."""


def _check_free(connection: Connection, conversation: str, user: str) -> None:
    """Raises:
    NotYours, AlreadyHeld: somebody else has the lead or the conversation.
    """
    held_by = holder(connection, conversation)
    if held_by and not board.is_held_by(connection, conversation, user):
        raise AlreadyHeld(f"{held_by} is in this chat")
    lead, card = lead_of(connection, conversation), board.hung(connection, conversation)
    if lead and lead.claimed_by and not (card and card.claimed_by == user):
        raise NotYours(f"{lead.claimed_by} has claimed this lead")


def _why(error: BaseException) -> str:
    """Why something was not done, for the person who wanted it."""
    if isinstance(error, Erased):
        return _said("lead_gone")
    if isinstance(error, Unfit):
        return _said("contact_in_channel")
    if isinstance(error, SeatwiseError) and not isinstance(error, NotInstalled):
        return _said("not_possible", why=str(error))
    return not_stored().message


def _said(what: str, **values: object) -> str:
    return words().text(f"utter_slack_{what}", **values)


def _handle(user: Payload) -> str:
    """What somebody is called in Slack, for the audit, the brief and other systems, to which an id means nothing."""
    return str(user.get("username") or user.get("name") or user["id"])[:80]
