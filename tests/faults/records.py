"""Compares the tables with the messages sent, to find lost and duplicated ones."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from tests.faults.load import Sent

Event = dict[str, Any]


@dataclass(frozen=True)
class Tally:
    """The outcome of a number of messages."""

    sent: int
    stored: int  # exactly once in the conversation
    lost: int  # accepted but not stored, or neither accepted nor rejected
    duplicated: int  # with two user events, answers or webhook messages
    longest: float  # seconds from the first attempt to the answer
    retries: int  # attempts without an answer

    @property
    def exactly_once(self) -> bool:
        """Whether every message is stored exactly once."""
        return self.stored == self.sent and not self.lost and not self.duplicated


class Records:
    """The tables of a database, read over separate connections."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, future=True, poolclass=NullPool)

    def events(self, conversation: str) -> list[Event]:
        """The events of a conversation; checks that they have no gaps and one session start."""
        wanted = "SELECT number, event FROM events WHERE conversation = :conversation ORDER BY number"
        rows = self._read(wanted, conversation=conversation)
        assert [number for number, _ in rows] == list(range(len(rows))), f"gaps in {conversation}"
        events = [json.loads(event) for _, event in rows]
        begun = sum(event["event"] == "session_started" for event in events)
        assert begun == bool(events), f"{conversation} began {begun} times"
        return events

    def said(self, conversation: str) -> list[str]:
        """The stored texts of the visitor."""
        return [event["text"] for event in self.events(conversation) if event["event"] == "user"]

    def order(self, conversation: str) -> list[str]:
        """The ids of the visitor's messages in conversation order."""
        return [event["message_id"] for event in self.events(conversation) if event["event"] == "user"]

    def accepted(self, conversation: str) -> int:
        """The number of accepted messages, answered or not."""
        wanted = "SELECT count(*) FROM inbox WHERE conversation = :conversation"
        return int(self._read(wanted, conversation=conversation)[0][0])

    def answers(self, conversation: str) -> dict[str, Any]:
        """The stored answer of each answered message."""
        wanted = "SELECT message, answer FROM inbox WHERE conversation = :conversation AND done IS NOT NULL"
        return {message: json.loads(answer) for message, answer in self._read(wanted, conversation=conversation)}

    def attempts(self, conversation: str, message: str) -> int:
        """The number of attempts to process a message."""
        wanted = "SELECT attempts FROM inbox WHERE conversation = :conversation AND message = :message"
        return int(self._read(wanted, conversation=conversation, message=message)[0][0])

    def unanswered(self) -> int:
        """The number of accepted messages without an answer."""
        return int(self._read("SELECT count(*) FROM inbox WHERE done IS NULL")[0][0])

    def webhook_messages(self, conversation: str) -> list[tuple[int, Any]]:
        """The webhook messages of a conversation: the number of the causing event, and the content."""
        wanted = "SELECT number, content FROM outbox WHERE conversation = :conversation ORDER BY number"
        return [(number, json.loads(content)) for number, content in self._read(wanted, conversation=conversation)]

    def undelivered(self) -> int:
        """The number of undelivered webhook messages."""
        return int(self._read("SELECT count(*) FROM outbox WHERE delivered IS NULL")[0][0])

    def count(self) -> int:
        """The number of events."""
        return int(self._read("SELECT count(*) FROM events")[0][0])

    def conversations(self) -> list[str]:
        """The conversations with an event."""
        return [row[0] for row in self._read("SELECT DISTINCT conversation FROM events ORDER BY 1")]

    def lock_connections(self) -> list[int]:
        """The PostgreSQL processes that hold or wait for a conversation lock."""
        return [row[0] for row in self._read("SELECT DISTINCT pid FROM pg_locks WHERE locktype = 'advisory'")]

    def terminate(self, processes: Iterable[int]) -> None:
        """Terminate these PostgreSQL connections."""
        self._read("SELECT pg_terminate_backend(pid) FROM unnest(CAST(:these AS int[])) AS pid", these=list(processes))

    def at(self, work: Callable[[Connection], Any]) -> Any:
        """Run work in a repeatable-read transaction."""
        with self._engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            return work(connection)

    def tally(self, sent: Sequence[Sent]) -> Tally:
        """Compare the tables with the messages sent; retries count as one message."""
        messages: dict[tuple[str, str], list[Sent]] = defaultdict(list)
        for one in sent:
            messages[one.conversation, one.message].append(one)
        stored: Counter[tuple[str, str]] = Counter()
        spoken: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        outgoing: Counter[tuple[str, str]] = Counter()
        answers = {}
        for conversation in {conversation for conversation, _ in messages}:
            asked_by = {number for number, _ in self.webhook_messages(conversation)}
            key = (conversation, "")
            for number, event in enumerate(self.events(conversation)):
                if event["event"] == "user":
                    key = (conversation, event["message_id"])
                    stored[key] += 1
                if event["event"] == "bot":
                    spoken[key][(event.get("text") or "").strip()] += 1
                outgoing[key] += number in asked_by
            answers |= {(conversation, message): answer for message, answer in self.answers(conversation).items()}
        lost = {
            key
            for key, attempts in messages.items()
            if not stored[key] and (any(one.accepted for one in attempts) or not any(one.rejected for one in attempts))
        }
        duplicated = {
            key
            for key, attempts in messages.items()
            if stored[key] > 1
            or outgoing[key] > 1
            or _said_again(spoken[key], answers.get(key, ()))
            or any(one.answer is not None and one.answer != answers.get(key) for one in attempts)
        }
        return Tally(
            sent=len(messages),
            stored=sum(stored[key] == 1 for key in messages),
            lost=len(lost),
            duplicated=len(duplicated),
            longest=max((one.waited for one in sent if one.answer is not None), default=0.0),
            retries=sum(len(one.failed_attempts) for one in sent),
        )

    def _read(self, statement: str, **values: Any) -> list[Any]:
        try:
            with self._engine.connect() as connection:
                return list(connection.execute(text(statement), values).all())
        except DBAPIError as error:  # a database that was just restarted may take a moment
            raise AssertionError(str(error.orig)) from error


def _said_again(spoken: Counter[str], answer: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a text was said more often than it stands in the answer, whose messages may hold several of them."""
    said = "\n".join(str(message.get("text", "")) for message in answer)
    return any(times > said.count(text) for text, times in spoken.items() if text)
