"""What is attacked: its address, its processes, its tables and its logs."""

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
"""What visitors say here; it may stand in the tables of their conversation and nowhere else."""

PATIENCE = 60  # seconds; a machine for tests can be busy


@dataclass(frozen=True)
class Target:
    """A running assistant."""

    url: str
    folder: Path
    processes: dict[int, str]  # of the assistant: id -> command line
    stored: Database

    @property
    def place(self) -> tuple[str, int]:
        """Host and port."""
        return "127.0.0.1", int(urlsplit(self.url).port or 0)

    @property
    def web(self) -> str:
        """Where the web channel begins."""
        return f"{self.url}webhooks/web/"

    def select(self, query: str, **values: str) -> list[Any]:
        """Rows of its database."""
        return list(self.stored.run_sync(lambda connection: connection.execute(text(query), values).all()))

    def received(self, conversation: str) -> list[str]:
        """The ids of the messages of a conversation that are stored and done."""
        query = "SELECT message FROM inbox WHERE conversation = :name AND done IS NOT NULL ORDER BY received"
        return [row.message for row in self.select(query, name=conversation)]

    def events(self, conversation: str) -> list[dict[str, Any]]:
        """The events of a conversation."""
        query = "SELECT event FROM events WHERE conversation = :name ORDER BY number"
        return [json.loads(row.event) for row in self.select(query, name=conversation)]

    def said(self, conversation: str) -> list[str]:
        """What a visitor said, as Rasa took it."""
        return [event["text"] for event in self.events(conversation) if event["event"] == "user"]

    def slots(self, conversation: str) -> dict[str, Any]:
        """The slots that were set in a conversation, as they are now."""
        return {event["name"]: event["value"] for event in self.events(conversation) if event["event"] == "slot"}

    def check_alive(self) -> None:
        """The process is the one that was started, and it serves."""
        assert self.processes.items() <= children().items(), "the process has ended"
        answer = requests.get(f"{self.url}ready", timeout=PATIENCE)
        assert answer.json() == {"database": "ok", "actions": "ok", "model": "ok"}

    def check_logs(self) -> None:
        """No visitor's words stand in its log."""
        [log] = self.folder.glob("*.log")
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        assert [line[:300] for line in lines if "quaggafish" in line.lower()] == [], log
