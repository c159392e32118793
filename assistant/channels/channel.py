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
from assistant.turns.dispatcher import RunTurn


class Channel(InputChannel):
    """One way to reach the assistant."""

    @abstractmethod
    def add_routes(self, routes: Blueprint, application: Application) -> None:
        """Define the routes of the channel, and register who delivers its answers.

        A route passes an ``IncomingMessage`` to ``application.turns``. The listener that is passed to
        ``application.turns.register`` gets the answers, also of turns that are resumed after a crash.
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
        self.ctx.channel.add_routes(self, application(app, self.ctx.run_turn))
        super().register(app, options)  # type: ignore[no-untyped-call]
