"""Clients of Slack's Web API, one for each workspace, whose tokens are renewed before they expire."""

from __future__ import annotations

import asyncio
import logging
import time

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError, SlackTokenRotationError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from advisor.errors import SeatwiseError
from assistant.channels.slack.identity import Workspace
from assistant.channels.slack.installations import Installations
from assistant.settings import Settings
from assistant.stores.database import Database

_TIMEOUT = 10  # seconds for one call
_RENEW = 120  # minutes before a token expires
_KNOWN_FOR = 60.0  # seconds that a token is kept in memory, so that a revoked one is soon noticed
_REVOKED = {"token_revoked", "account_inactive", "invalid_auth", "token_expired"}

_quiet = logging.getLogger(__name__).getChild("sdk")
_quiet.setLevel(logging.CRITICAL)  # its messages quote what is posted, and cost time even where nobody sees them


class NotInstalled(SeatwiseError):  # noqa: N818  # a state, not an error
    """The app is not installed in this workspace."""


class Clients:
    """Clients of the Web API.

    Args:
        settings: those of this process.
        store: where the installations are.
    """

    def __init__(self, settings: Settings, store: Database) -> None:
        self.installations = Installations(store)
        self._settings = settings
        self._store = store
        self._session: aiohttp.ClientSession | None = None
        self._known: dict[Workspace, tuple[float, AsyncWebClient]] = {}
        self._bots: dict[str, AuthorizeResult] = {}  # by token
        self._renewing = asyncio.Lock()

    async def of(self, workspace: Workspace) -> AsyncWebClient:
        """The client of a workspace.

        Raises:
            NotInstalled: the app is not installed there, or not any more.
        """
        at, client = self._known.get(workspace, (0.0, None))
        if client is None or time.monotonic() - at > _KNOWN_FOR:
            client = self.with_token(await self._token_of(workspace))
            self._known[workspace] = (time.monotonic(), client)
        return client

    async def authorize(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        """Who we are in the workspace of a request, as Bolt wants to know it; None if we are not there."""
        try:
            client = await self.of(Workspace(enterprise_id, team_id))
        except NotInstalled:
            return None
        token = str(client.token)
        if token not in self._bots:
            found = await client.auth_test()
            self._bots = {  # one installation at a time renews its token, so old ones are few
                **self._bots,
                token: AuthorizeResult.from_auth_test_response(bot_token=token, auth_test_response=found),
            }
        return self._bots[token]

    def with_token(self, token: str | None) -> AsyncWebClient:
        """A client with this token."""
        handlers = [AsyncConnectionErrorRetryHandler(), AsyncServerErrorRetryHandler()]
        return AsyncWebClient(
            token,
            self._settings.slack_api_url,
            _TIMEOUT,
            session=self.session(),
            retry_handlers=handlers,
            logger=_quiet,
        )

    async def forget(self, workspace: Workspace) -> None:
        """Delete the installation of a workspace, which has been revoked."""
        self._known.clear()
        self._bots.clear()
        await self.installations.forget(workspace)

    async def close(self) -> None:
        """Close all connections."""
        if self._session:
            await self._session.close()

    def session(self) -> aiohttp.ClientSession:
        """The connections to Slack. A redirect is refused: it could lead anywhere."""
        if self._session is None or self._session.closed:
            trace = aiohttp.TraceConfig()
            trace.on_request_redirect.append(_refuse)
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=_TIMEOUT), trace_configs=[trace], trust_env=False
            )
        return self._session

    async def _token_of(self, workspace: Workspace) -> str:
        if self._settings.slack_bot_token:
            return self._settings.slack_bot_token
        found = await self.installations.find(workspace)
        if found and found.bot_token_expires_at and found.bot_token_expires_at < time.time() + _RENEW * 60:
            await self._renew(workspace)
            found = await self.installations.find(workspace)
        if not found or not found.bot_token:
            raise NotInstalled(f"the app is not installed in {workspace.key}")
        return str(found.bot_token)

    async def _renew(self, workspace: Workspace) -> None:
        """Renew the token of a workspace; a refresh token works once, so one replica does it and the others see."""
        async with self._renewing, self._store.lock(f"slack token {workspace.key}"):
            found = await self.installations.find(workspace)
            rotator = AsyncTokenRotator(
                client_id=self._settings.slack_client_id or "",
                client_secret=self._settings.slack_client_secret or "",
                client=self.with_token(None),
            )
            try:
                renewed = found and await rotator.perform_token_rotation(
                    installation=found, minutes_before_expiration=_RENEW
                )
            except (SlackTokenRotationError, SlackApiError):
                if found and (found.bot_token_expires_at or 0) > time.time():
                    return  # it still works, and the next call tries again
                raise NotInstalled(f"the token of {workspace.key} could not be renewed") from None
            if renewed:
                await self.installations.async_save(renewed)


def is_revoked(error: SlackApiError) -> bool:
    """Whether a call failed because the app was removed."""
    return error.response.get("error") in _REVOKED


async def _refuse(*_: object) -> None:
    raise aiohttp.ClientPayloadError("Slack must not redirect")
