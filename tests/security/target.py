"""The assistant under attack: its address, processes, tables and logs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from sqlalchemy import text

from assistant.stores.database import Database
from bench.usage import children

SECRET = "the merger with Quaggafish"
"""Content of visitor messages, which may be stored only with their conversation."""

TIMEOUT = 60  # seconds; the test machine may be busy


@dataclass(frozen=True)
class Target:
    """A running assistant."""

    url: str
    folder: Path
    processes: dict[int, str]  # of the assistant: id -> command line
    stored: Database

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        return "127.0.0.1", int(urlsplit(self.url).port or 0)

    @property
    def web(self) -> str:
        """The base URL of the web channel."""
        return f"{self.url}webhooks/web/"

    def select(self, query: str, **values: str) -> list[Any]:
        """Query its database."""
        return list(self.stored.run_sync(lambda connection: connection.execute(text(query), values).all()))

    def received(self, conversation: str) -> list[str]:
        """The ids of the answered messages of a conversation."""
        query = "SELECT message FROM inbox WHERE conversation = :name AND done IS NOT NULL ORDER BY received"
        return [row.message for row in self.select(query, name=conversation)]

    def events(self, conversation: str) -> list[dict[str, Any]]:
        """The events of a conversation."""
        query = "SELECT event FROM events WHERE conversation = :name ORDER BY number"
        return [json.loads(row.event) for row in self.select(query, name=conversation)]

    def said(self, conversation: str) -> list[str]:
        """The user messages of a conversation, as stored by Rasa."""
        return [event["text"] for event in self.events(conversation) if event["event"] == "user"]

    def slots(self, conversation: str) -> dict[str, Any]:
        """The current values of the slots set in a conversation."""
        return {event["name"]: event["value"] for event in self.events(conversation) if event["event"] == "slot"}

    def check_alive(self) -> None:
        """Check that the process was not restarted and is ready."""
        assert self.processes.items() <= children().items(), "the process has ended"
        answer = requests.get(f"{self.url}ready", timeout=TIMEOUT)
        assert answer.json() == {"database": "ok", "actions": "ok", "model": "ok"}

    def check_logs(self) -> None:
        """Check that no visitor messages were logged."""
        [log] = self.folder.glob("*.log")
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        assert [line[:300] for line in lines if "quaggafish" in line.lower()] == [], log
