"""What Slack shows of a thread: whether we work on it, or a person has it, and its title.

Only apps that are declared as agents may do so, and not on every plan. Nothing depends on it.
"""

from __future__ import annotations

import asyncio
import logging

import aiohttp
from slack_sdk.errors import SlackApiError

from assistant.channels.slack.clients import Clients, NotInstalled
from assistant.channels.slack.identity import Place
from assistant.channels.slack.refusals import SESSIONS, Refusals
from assistant.stores.database import StoreUnavailable

PROCESSING = "processing"
ACTIVE = "active"
SUSPENDED = "suspended"
_LONGEST_TITLE = 60  # characters
_OF_THE_WORKSPACE = {
    "access_denied",
    "enterprise_is_restricted",
    "feature_not_enabled",
    "missing_scope",
    "not_allowed_token_type",
    "not_authorized",
    "not_supported",
    "team_access_not_granted",
    "unknown_method",
}
"""Errors that every other thread of the workspace would get too."""

_log = logging.getLogger(__name__)


class Sessions:
    """The agent sessions of all workspaces.

    Args:
        clients: of the Web API.
        refusals: what workspaces do not allow.
    """

    def __init__(self, clients: Clients, refusals: Refusals) -> None:
        self._clients = clients
        self._refusals = refusals

    async def set_status(self, place: Place, status: str) -> None:
        """Show what goes on in a thread; a refusal is no matter."""
        await self._call(place, "agents.sessions.setStatus", status=status)

    async def rename(self, place: Place, title: str) -> None:
        """Give a thread its title in the list of sessions; a refusal is no matter."""
        words = " ".join(title.split())
        cut = words if len(words) <= _LONGEST_TITLE else f"{words[: _LONGEST_TITLE - 1].rstrip()}…"
        await self._call(place, "agents.sessions.rename", title=cut)

    async def _call(self, place: Place, method: str, **fields: str) -> None:
        workspace = place.workspace
        if place.thread is None:
            return
        try:
            if await self._refusals.has(workspace, SESSIONS):
                return
            client = await self._clients.of(workspace)
            content = {"channel_id": place.channel, "thread_ts": place.thread, **fields}
            await client.api_call(method, json=content)
        except SlackApiError as error:
            reason = error.response.get("error")
            if reason in _OF_THE_WORKSPACE:
                await self._refusals.add(workspace, SESSIONS)
            _log.info("%s was refused: %s", method, reason)
        except (NotInstalled, StoreUnavailable, aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            _log.info("%s failed: %s", method, type(error).__name__)
