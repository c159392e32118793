"""The Slack channel: open as soon as its settings are there, by HTTP or in Socket Mode."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint

from advisor.errors import SeatwiseError
from assistant.channels.channel import Channel
from assistant.channels.slack.clients import Clients
from assistant.server.app import Application
from assistant.settings import Settings, settings
from assistant.turns.dispatcher import TurnListener

CHANNEL = "slack"


class SlackChannel(Channel):
    """The channel of Slack."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @classmethod
    def name(cls) -> str:
        """The channel's path under /webhooks and its name in the tracker."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> SlackChannel:
        """The channel as the environment describes it; credentials.yml only opens it.

        Raises:
            SystemExit: a setting cannot be used; one line says why, where Rasa would print a traceback.
        """
        try:
            return cls(settings())
        except SeatwiseError as error:
            raise SystemExit(f"seatwise: {error}") from None

    def add_routes(self, routes: Blueprint, application: Application) -> TurnListener:
        """Nothing at all without settings for Slack."""
        if not self._settings.serves_slack:
            return TurnListener()
        clients = Clients(self._settings, application.store)
        application.on_stop.append(clients.close)
        return TurnListener()
