"""Sends one post to where it belongs, and says what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from yarl import URL

from assistant.channels.slack.blocks.post import Post
from assistant.channels.slack.clients import Clients, NotInstalled, is_revoked
from assistant.channels.slack.identity import Place, Target, Workspace, direct
from assistant.settings import Settings
from assistant.stores.database import StoreUnavailable

_BLOCKS = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"}
_LATER = {"fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"}
_HOSTS = (".slack.com", ".slack-gov.com")
_MOST_TEAMS = 1000  # of one call
_MOST_BLOCKS = 50  # of a message


class Plainer(Exception):  # noqa: N818  # says what to do
    """These blocks were refused; plainer ones may pass."""


class Later(Exception):  # noqa: N818  # says what to do
    """It may pass when it is tried again.

    Args:
        after: seconds that Slack asks to wait; None where it does not say.
    """

    def __init__(self, after: float | None = None) -> None:
        super().__init__("not now")
        self.after = after


class Never(Exception):  # noqa: N818  # says what to do
    """It will not pass however often it is tried."""


class Postman:
    """Sends posts.

    Args:
        settings: those of this process.
        clients: of the Web API.
    """

    def __init__(self, settings: Settings, clients: Clients) -> None:
        self._api = URL(settings.slack_api_url)
        self._clients = clients

    async def post(self, target: Target, post: Post, key: str, *, broadcast: bool = False) -> str:
        """Post a message; returns its ``ts``.

        Args:
            target: where to.
            post: what to post.
            key: the same at every attempt. Slack promises nothing for it, but its own clients send it against doubles.
            broadcast: whether a post in a thread is seen in its channel too.

        Raises:
            Plainer, Later, Never: it did not pass.
            NotInstalled: the app is not installed there.
        """
        client = await self._clients.of(target.place.workspace)
        content = {
            "channel": target.place.channel,
            "thread_ts": target.place.thread,
            "client_msg_id": str(uuid5(NAMESPACE_URL, key)),
            "unfurl_links": False,
            "unfurl_media": False,
            **({"reply_broadcast": True} if broadcast else {}),
            **_content(post),
        }
        return str((await self._call(target.place.workspace, client.chat_postMessage(**content)))["ts"])

    async def update(self, place: Place, ts: str, text: str, blocks: list[dict[str, Any]]) -> None:
        """Change a message of ours; it is no loss if that fails."""
        with suppress(Plainer, Later, Never, NotInstalled):
            await self.change(place, ts, Post(text, blocks))

    async def change(self, place: Place, ts: str, post: Post) -> None:
        """Change a message of ours. Slack keeps the blocks that it has if none are sent, so an empty list is.

        Raises:
            Plainer, Later, Never, NotInstalled: it is as it was.
        """
        client = await self._clients.of(place.workspace)
        content = {"blocks": [], **_content(post)}
        await self._call(place.workspace, client.chat_update(channel=place.channel, ts=ts, **content))

    async def delete(self, place: Place, ts: str) -> None:
        """Delete a message of ours.

        Raises:
            Later, Never, NotInstalled: it is still there.
        """
        client = await self._clients.of(place.workspace)
        await self._call(place.workspace, client.chat_delete(channel=place.channel, ts=ts))

    async def home(self, workspace: Workspace) -> Workspace:
        """The workspace that a token belongs to, by its own ids.

        Raises:
            Later, Never, NotInstalled: Slack does not say.
        """
        client = await self._clients.of(workspace)
        said = await self._call(workspace, client.auth_test())
        return Workspace(said.get("enterprise_id"), said["team_id"])

    async def workspaces(self, workspace: Workspace) -> set[str]:
        """The ids of all workspaces of the organization in which the app may be used.

        Raises:
            Later, Never, NotInstalled: Slack does not say.
        """
        client = await self._clients.of(workspace)
        found: set[str] = set()
        cursor = ""
        while True:
            said = await self._call(workspace, client.auth_teams_list(cursor=cursor, limit=_MOST_TEAMS))
            found |= {team["id"] for team in said["teams"]}
            cursor = (said.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return found

    async def write_to(self, workspace: Workspace, user: str, text: str) -> Place:
        """Begin a thread in the direct message with somebody.

        Raises:
            Later, Never: it did not pass.
            NotInstalled: the app is not installed there.
        """
        client = await self._clients.of(workspace)
        said = await self._call(workspace, client.chat_postMessage(channel=user, text=text))
        return direct(workspace, user, str(said["channel"]), str(said["ts"]))

    async def open_form(self, workspace: Workspace, trigger: str, view: dict[str, Any]) -> None:
        """Open a form for whoever pressed a button within the last three seconds.

        Raises:
            Later, Never, NotInstalled: it did not open.
        """
        client = await self._clients.of(workspace)
        await self._call(workspace, client.views_open(trigger_id=trigger, view=view))

    async def publish(self, workspace: Workspace, user: str, view: dict[str, Any]) -> None:
        """Show somebody their Home tab.

        Raises:
            Later, Never, NotInstalled: it was refused.
        """
        client = await self._clients.of(workspace)
        await self._call(workspace, client.views_publish(user_id=user, view=view))

    async def suggest(self, workspace: Workspace, channel: str, prompts: list[dict[str, str]]) -> None:
        """Suggest what to ask, in a direct message in which nothing was said yet.

        Raises:
            Later, Never, NotInstalled: it was refused.
        """
        client = await self._clients.of(workspace)
        call = client.assistant_threads_setSuggestedPrompts(channel_id=channel, prompts=prompts)
        await self._call(workspace, call)

    async def whisper(self, target: Target, text: str) -> None:
        """Tell somebody something that nobody else sees, where they are; it is no loss if it does not arrive."""
        with suppress(Plainer, Later, Never, NotInstalled, StoreUnavailable):
            if target.respond:
                await self.respond(target, [Post(text)])
                return
            client = await self._clients.of(target.place.workspace)
            place = target.place
            await self._call(
                place.workspace,
                client.chat_postEphemeral(channel=place.channel, user=target.user, text=text, thread_ts=place.thread)
                if not place.private
                else client.chat_postMessage(channel=place.channel, text=text, thread_ts=place.thread),
            )

    async def respond(self, target: Target, posts: Sequence[Post], *, replace: bool = False) -> None:
        """Reply privately to a command or a button: all posts as one message.

        Args:
            target: which has an address for replies.
            posts: what to say.
            replace: put it in the place of the message with the button.

        Raises:
            Plainer, Later, Never: it did not pass.
        """
        address = URL(target.respond or "")
        if not self._is_slack(address):
            raise Never
        post = Post("\n\n".join(one.text for one in posts), [block for one in posts for block in one.blocks])
        content = {"response_type": "ephemeral", "replace_original": replace, **_content(post)}
        try:
            async with self._clients.session().post(address, json=content, allow_redirects=False) as answer:
                said = (await answer.text())[:200]
                if answer.status == 429:
                    raise Later(_seconds(answer.headers.get("Retry-After")))
                if answer.status >= 500:
                    raise Later
                if any(error in said for error in _BLOCKS):
                    raise Plainer
                if answer.status >= 400:
                    raise Never
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
            raise Later from None

    def _is_slack(self, address: URL) -> bool:
        host = address.host or ""
        return (address.scheme == "https" and host.endswith(_HOSTS)) or address.origin() == self._api.origin()

    async def _call(self, workspace: Workspace, call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
        try:
            return await call
        except SlackApiError as error:
            reason = error.response.get("error")
            if is_revoked(error):
                await self._clients.forget(workspace)
                raise Never(reason) from None
            if error.response.status_code == 429 or reason in ("ratelimited", "rate_limited"):
                raise Later(_seconds(error.response.headers.get("Retry-After"))) from None
            if reason in _BLOCKS:
                raise Plainer from None
            if reason in _LATER or error.response.status_code >= 500:
                raise Later from None
            raise Never(reason) from None
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
            raise Later from None


def _content(post: Post) -> dict[str, Any]:
    return {"text": post.text or "…", **({"blocks": post.blocks[:_MOST_BLOCKS]} if post.blocks else {})}


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isascii() and header.isdigit() else None
