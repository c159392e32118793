"""Socket Mode: we connect to Slack, which then needs no address of ours. The listeners are the same."""

from __future__ import annotations

import asyncio
import logging

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

from assistant.channels.slack.clients import Clients
from assistant.metrics import SLACK_CONNECTED

_PAUSE = 10.0  # seconds between two attempts at the first connection

_log = logging.getLogger(__name__)


class Socket:
    """The connection of this process.

    Args:
        app: with the listeners.
        token: the app-level token.
        clients: of the Web API, which says where to connect.
    """

    def __init__(self, app: AsyncApp, token: str, clients: Clients) -> None:
        self._app = app
        self._token = token
        self._clients = clients
        self._handler: AsyncSocketModeHandler | None = None
        SLACK_CONNECTED.set_function(lambda: self.connected)

    async def run(self) -> None:
        """Connect, and again whenever that is needed; an unreachable Slack keeps nothing else from starting."""
        quiet = logging.getLogger(__name__).getChild("sdk")
        quiet.setLevel(logging.CRITICAL)  # its messages quote requests
        client = self._clients.with_token(None)
        self._handler = AsyncSocketModeHandler(self._app, self._token, logger=quiet, web_client=client)
        while True:
            try:
                await self._handler.connect_async()  # type: ignore[no-untyped-call]
            except Exception as error:  # noqa: BLE001  # whatever keeps us from Slack may pass
                _log.error("no connection to Slack: %s", type(error).__name__)
                await asyncio.sleep(_PAUSE)
            else:
                _log.info("connected to Slack")
                return

    @property
    def connected(self) -> bool:
        """Whether Slack can reach us."""
        session = self._handler.client.current_session if self._handler else None
        return session is not None and not session.closed

    async def close(self) -> None:
        """Disconnect."""
        if self._handler:
            await self._handler.close_async()  # type: ignore[no-untyped-call]
