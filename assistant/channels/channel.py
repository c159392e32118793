"""What every channel of Seatwise is: routes that translate requests to messages, and answers to the channel's own form.

To add one: subclass ``Channel`` in a module of its own and name the class in credentials.yml. Rasa makes the channel by
``from_credentials`` and adds its routes below ``/webhooks/NAME``.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic

from assistant.server.app import Application, application
from assistant.turns.dispatcher import RunTurn, TurnListener


class Channel(InputChannel):
    """One way to reach the assistant."""

    @abstractmethod
    def add_routes(self, routes: Blueprint, application: Application) -> TurnListener:
        """Define the routes of the channel, which pass an ``IncomingMessage`` to ``application.turns``.

        Returns:
            The listener that delivers the answers, also those of turns that are resumed after a crash.
        """

    def blueprint(self, on_new_message: RunTurn) -> Blueprint:
        """The routes, as Rasa asks for them."""
        return _Routes(self, on_new_message)


class _Routes(Blueprint):
    """Routes that are defined once it is known which server they are added to."""

    def __init__(self, channel: Channel, run_turn: RunTurn) -> None:
        super().__init__(channel.name())
        self.ctx.channel = channel
        self.ctx.run_turn = run_turn

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Define the routes and add them to the server."""
        shared = application(app, self.ctx.run_turn)
        channel: Channel = self.ctx.channel
        shared.turns.register(channel.name(), channel.add_routes(self, shared))
        super().register(app, options)  # type: ignore[no-untyped-call]
