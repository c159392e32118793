"""What people press: the buttons of a message, of which only the first counts, and those of the Home tab."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from sqlalchemy import select
from sqlalchemy.engine import Connection

from assistant.channels.slack.answers import Answers
from assistant.channels.slack.blocks import presses as blocks
from assistant.channels.slack.blocks.elements import PRESS
from assistant.channels.slack.blocks.post import Post
from assistant.channels.slack.blocks.words import words
from assistant.channels.slack.events import workspace_of
from assistant.channels.slack.forms import Forms
from assistant.channels.slack.identity import Place, Target, Workspace, command, direct, shared
from assistant.channels.slack.outgoing import Outgoing
from assistant.channels.slack.posting import Later, Never, Plainer, Postman
from assistant.channels.slack.reception import Reception, sentence
from assistant.channels.slack.talks import Talks
from assistant.stores.database import Database, StoreUnavailable
from assistant.stores.inbox import Inbox, Messages, recent
from assistant.stores.ratings import VALUES, rate
from assistant.stores.tables import inbox
from assistant.turns.api_errors import ApiError
from assistant.turns.buttons import offers

Payload = dict[str, Any]

_RECENT = 16  # answers

_log = logging.getLogger(__name__)


class Presses:
    """The listener of everything that can be pressed.

    Args:
        store: keeps ratings.
        reception: takes what people choose.
        talks: where conversations go on.
        answers: say what a private reply has said.
        postman: tells people what went wrong.
        forms: open at some buttons.
    """

    def __init__(
        self,
        store: Database,
        reception: Reception,
        talks: Talks,
        answers: Answers,
        postman: Postman,
        forms: Forms,
    ) -> None:
        self._store = store
        self._inbox = Inbox(store)
        self._reception = reception
        self._talks = talks
        self._answers = answers
        self._postman = postman
        self._forms = forms
        self._replacing: set[asyncio.Task[None]] = set()

    async def pressed(self, body: Payload, action: Payload, context: AsyncBoltContext, ack: AsyncAck) -> None:
        """Something was pressed. Slack does not send that again, so whoever pressed learns what went wrong."""
        name = action.get("action_id", "")
        kind = name.partition(":")[0]
        target = target_of(body, workspace_of(context))
        try:
            if name in (blocks.OPEN_CONTACT, blocks.OPEN_INTERVIEW):
                await self._forms.open(name, body["trigger_id"], target)
            elif kind == blocks.RATE:
                await self._rate(target, action.get("value") or "")
            elif name == blocks.DONE:
                await self._choose(body, target, blocks.ticked(body["state"]["values"]), "")
            elif kind == PRESS and body["container"]["type"] == "view":
                await self._forms.begin(target, f"press {body['trigger_id']}", action["value"])
            elif kind == PRESS:
                title = blocks.title_of(action, body.get("message", {}).get("blocks", ()))
                await self._choose(body, target, action.get("selected_option", action).get("value") or "", title)
        except (ApiError, StoreUnavailable) as error:
            await self._postman.whisper(target, sentence(error))
        await ack()

    async def _choose(self, body: Payload, target: Target, value: str, title: str) -> None:
        """Take the choice, and put it in the place of the buttons.

        Raises:
            ApiError: it is not on offer, or could not be stored.
        """
        if not value:
            await self._postman.whisper(target, words().text("utter_slack_several"))
            return
        payload = await self._payload_of(target.place, value)
        container = body["container"]
        pressed_at = time.time()
        received = await self._reception.press(
            target, f"press {container['channel_id']} {container['message_ts']}", payload
        )
        if not received.is_first and payload.startswith("/") and received.pending.text != payload:
            await self._postman.whisper(target, words().text("utter_slack_chosen_already"))
        else:
            chosen = title or value
            replace = (
                self._replace(body, target, chosen)
                if target.respond is None
                else self._replace_reply(target, payload, chosen, pressed_at)
            )
            task = asyncio.create_task(replace)
            self._replacing.add(task)
            task.add_done_callback(self._replacing.discard)

    async def _replace(self, body: Payload, target: Target, title: str) -> None:
        message = body["message"]
        shown = blocks.pressed(message.get("blocks", ()), target.user, title)
        await self._postman.update(target.place, message["ts"], message.get("text") or "", shown)

    async def _replace_reply(self, target: Target, payload: str, title: str, pressed_at: float) -> None:
        """Put the choice in the place of the buttons of a private reply, of which Slack does not say what it says."""
        with suppress(StoreUnavailable, Plainer, Later, Never):
            conversation = await self._talks.conversation_at(target.place) or ""
            answer = await self._store.run(
                lambda connection: _answer_with(connection, conversation, payload, pressed_at)
            )
            if answer:
                pages = await self._answers.pages(Outgoing(conversation, "", target), answer)
                shown = blocks.pressed([block for page in pages for block in page.blocks], target.user, title)
                text = "\n\n".join(page.text for page in pages)
                await self._postman.respond(target, [Post(text, shown)], replace=True)

    async def _payload_of(self, place: Place, value: str) -> str:
        """The payload of a value, which may be a token for one that was too long for a menu."""
        if not value.startswith(blocks.TOKEN):
            return value
        conversation = await self._talks.conversation_at(place)
        said = await self._store.run(lambda connection: recent(connection, conversation or ""))
        found = blocks.payload_of(value, [payload for message in said for payload, _ in offers(message)])
        return f"/{found}" if blocks.is_token(found) else found  # as a payload it is refused, which a text is not

    async def _rate(self, target: Target, value: str) -> None:
        """Store what somebody thinks of a message."""
        thumb, _, message = value.partition(" ")
        conversation = await self._talks.conversation_at(target.place)
        if thumb in VALUES and conversation and await self._inbox.has_said(conversation, message):
            await self._store.run(lambda connection: rate(connection, conversation, message, thumb))


def _answer_with(connection: Connection, conversation: str, payload: str, before: float) -> Messages:
    """The last answer that offered a payload; for a text, the last one with boxes to tick. Empty if there is none."""
    wanted = select(inbox.c.answer).where(inbox.c.conversation == conversation, inbox.c.done < before)
    rows = connection.execute(wanted.order_by(inbox.c.done.desc()).limit(_RECENT)).scalars()
    answers: Iterable[Messages] = map(json.loads, rows)
    return next((answer for answer in answers if any(_offers(message, payload) for message in answer)), [])


def _offers(message: dict[str, Any], payload: str) -> bool:
    if payload.startswith("/"):
        return any(offered == payload for offered, _ in offers(message))
    return bool(message.get("custom", {}).get("several"))


def target_of(body: Payload, workspace: Workspace) -> Target:
    """Where something was pressed, which is where the answer goes."""
    user, container = body["user"]["id"], body.get("container", {})
    respond = body.get("response_url")
    if container.get("is_ephemeral") or "message_ts" not in container:
        return Target(command(workspace, user), user, respond)
    channel = container["channel_id"]
    thread = container.get("thread_ts") or body.get("message", {}).get("thread_ts") or container["message_ts"]
    if channel.startswith("D"):
        return Target(direct(workspace, user, channel, thread), user)
    is_stranger = not workspace.enterprise and body["user"].get("team_id") not in (None, workspace.team)
    return Target(shared(workspace, channel, thread, user if is_stranger else None), user)
