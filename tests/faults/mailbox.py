"""A second channel for tests: messages arrive by POST, and answers are appended to a mailbox file as JSON lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from assistant.channels.channel import Channel
from assistant.server.app import Application
from assistant.stores.inbox import Messages
from assistant.turns.dispatcher import TurnListener
from assistant.turns.messages import IncomingMessage


class MailboxChannel(Channel, TurnListener):
    """Receives letters and answers by letter."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @classmethod
    def name(cls) -> str:
        """The channel's path under /webhooks and its name in the tracker."""
        return "mailbox"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> MailboxChannel:
        """The channel as configured in credentials.yml."""
        return cls(Path((credentials or {})["file"]))

    def add_routes(self, routes: Blueprint, application: Application) -> TurnListener:
        """One route that returns as soon as the message is stored."""

        @routes.post("/letters")
        async def receive(request: Request) -> HTTPResponse:
            letter = request.json
            conversation = f"mailbox-{letter['sender']}"
            message = IncomingMessage.from_text(self.name(), conversation, letter["id"], letter["text"])
            received = await application.turns.receive(message)
            if received.answer is None:
                application.turns.start(received.pending)
            return empty(202)

        return self

    async def answered(self, conversation: str, turn: str, messages: Messages) -> None:
        """Append the answer to the mailbox."""
        line = json.dumps({"conversation": conversation, "turn": turn, "messages": messages})
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
