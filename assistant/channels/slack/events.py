"""What people write: direct messages, mentions, threads in which we are, and the slash command."""

from __future__ import annotations

import logging
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from assistant.channels.slack.blocks.words import words
from assistant.channels.slack.clients import Clients
from assistant.channels.slack.identity import Place, Target, Workspace, command, direct, shared
from assistant.channels.slack.posting import Postman
from assistant.channels.slack.reception import Reception, is_late, sentence
from assistant.channels.slack.stops import Stops
from assistant.channels.slack.talks import Talks
from assistant.channels.slack.text import mentions, plain
from assistant.channels.slack.titles import Titles
from assistant.stores.database import StoreUnavailable
from assistant.turns.api_errors import ApiError

Payload = dict[str, Any]

_SAID = (None, "file_share", "thread_broadcast")
"""The subtypes of what a person has written; all others tell of something."""
_GREETING = "/greet"

_log = logging.getLogger(__name__)


class Events:
    """The listeners of events and commands.

    Args:
        reception: takes what people say.
        talks: where conversations go on.
        clients: of the Web API.
        postman: tells people what went wrong.
        titles: say what a conversation is about.
        stops: stop what is not posted yet.
    """

    def __init__(
        self,
        reception: Reception,
        talks: Talks,
        clients: Clients,
        postman: Postman,
        titles: Titles,
        stops: Stops,
    ) -> None:
        self._reception = reception
        self._talks = talks
        self._clients = clients
        self._postman = postman
        self._titles = titles
        self._stops = stops

    async def message(self, body: Payload, event: Payload, context: AsyncBoltContext) -> None:
        """A message in a direct message, or in a channel that we are in."""
        if event.get("subtype") not in _SAID or event.get("bot_id") or not event.get("user"):
            return
        workspace = workspace_of(context)
        if event.get("channel_type") == "im":
            thread = event.get("thread_ts") or event["ts"]
            await self._hear(event, context, direct(workspace, event["user"], event["channel"], thread))
            return
        if not event.get("thread_ts") or mentions(event.get("text") or "", context.bot_user_id or ""):
            return  # a mention comes as an event of its own
        place = shared(workspace, event["channel"], event["thread_ts"], stranger_of(body, event, workspace))
        if await self._is_here(place):
            await self._hear(event, context, place)

    async def mention(self, body: Payload, event: Payload, context: AsyncBoltContext) -> None:
        """A mention, in a channel or in a thread: the answer is in the thread."""
        if event.get("bot_id") or not event.get("user"):
            return
        workspace = workspace_of(context)
        thread = event.get("thread_ts") or event["ts"]
        if event["channel"].startswith("D"):
            place = direct(workspace, event["user"], event["channel"], thread)
        else:
            place = shared(workspace, event["channel"], thread, stranger_of(body, event, workspace))
        await self._hear(event, context, place)

    async def command(self, body: Payload, context: AsyncBoltContext, ack: AsyncAck) -> None:
        """The slash command; the answer comes as one private reply."""
        place = command(workspace_of(context), body["user_id"])
        target = Target(place, body["user_id"], body.get("response_url"))
        text, what = plain(body.get("text") or "", context.bot_user_id), f"command {body['trigger_id']}"
        try:
            await (self._reception.hear(target, what, text) if text else self._reception.press(target, what, _GREETING))
        except (ApiError, StoreUnavailable) as error:
            await ack(text=sentence(error), response_type="ephemeral")
        else:
            await ack()

    async def stopped(self, body: Payload, event: Payload, context: AsyncBoltContext) -> None:
        """Somebody has pressed the stop button of a thread."""
        await self._stops.stop(workspace_of(context), event, body.get("event_id") or event["event_ts"])

    async def removed(self, context: AsyncBoltContext) -> None:
        """The app was uninstalled."""
        await self._forget(workspace_of(context))

    async def revoked(self, event: Payload, context: AsyncBoltContext) -> None:
        """Tokens were revoked; without that of the bot there is nothing left to do."""
        if event.get("tokens", {}).get("bot"):
            await self._forget(workspace_of(context))

    async def _hear(self, event: Payload, context: AsyncBoltContext, place: Place) -> None:
        target = Target(place, event["user"], late=is_late(event["ts"]))
        text, what = plain(event.get("text") or "", context.bot_user_id), said(event)
        try:
            if not text and event.get("files"):
                await self._postman.whisper(target, words().text("utter_slack_files"))
            elif not text:
                await self._reception.press(target, what, _GREETING)
            else:
                await self._titles.heard(place, await self._reception.hear(target, what, text))
        except ApiError as error:
            if error.status >= 500:
                raise  # Slack sends it again
            await self._postman.whisper(target, error.message)

    async def _is_here(self, place: Place) -> bool:
        """Whether we are in a thread."""
        return await self._talks.conversation_at(place) is not None

    async def _forget(self, workspace: Workspace) -> None:
        await self._clients.forget(workspace)
        _log.warning("the app was removed from %s", workspace.key)


def said(event: Payload) -> str:
    """What tells a message of Slack from all others: a mention and the message itself are the same."""
    return f"message {event['channel']} {event['ts']}"


def workspace_of(context: AsyncBoltContext) -> Workspace:
    """The workspace in which the app got a request."""
    return Workspace(context.enterprise_id, context.team_id)


def stranger_of(body: Payload, event: Payload, workspace: Workspace) -> str | None:
    """The user, if they belong to another organization (Slack Connect)."""
    home = event.get("user_team") or event.get("source_team") or event.get("team")
    is_foreign = bool(body.get("is_ext_shared_channel")) and home not in (None, workspace.team, workspace.enterprise)
    return str(event["user"]) if is_foreign else None
