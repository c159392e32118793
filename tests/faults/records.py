"""What is in the tables, held against what was sent: what was lost on the way, and what came about twice."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
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
    """What became of so many messages."""

    sent: int
    stored: int  # once each, with the conversation
    lost: int  # taken in and not stored, or neither taken in nor refused
    doubled: int  # messages with two user events, with two answers or with two parcels
    longest: float  # seconds from sending a message to its answer, all tries included
    retries: int  # tries that brought no answer

    @property
    def whole(self) -> bool:
        """Whether every message is stored once, and none twice."""
        return self.stored == self.sent and not self.lost and not self.doubled


class Records:
    """The tables of a database, read with connections of our own."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, future=True, poolclass=NullPool)

    def events(self, conversation: str) -> list[Event]:
        """What happened in a conversation; its numbers have no gap, and it began once."""
        wanted = "SELECT number, event FROM events WHERE conversation = :conversation ORDER BY number"
        rows = self._read(wanted, conversation=conversation)
        assert [number for number, _ in rows] == list(range(len(rows))), f"gaps in {conversation}"
        events = [json.loads(event) for _, event in rows]
        begun = sum(event["event"] == "session_started" for event in events)
        assert begun == bool(events), f"{conversation} began {begun} times"
        return events

    def said(self, conversation: str) -> list[str]:
        """What the visitor said, as it is stored with the conversation."""
        return [event["text"] for event in self.events(conversation) if event["event"] == "user"]

    def order(self, conversation: str) -> list[str]:
        """The messages of the visitor, as they follow each other in the conversation."""
        return [event["message_id"] for event in self.events(conversation) if event["event"] == "user"]

    def taken(self, conversation: str) -> int:
        """How many messages were taken in, answered or not."""
        wanted = "SELECT count(*) FROM inbox WHERE conversation = :conversation"
        return int(self._read(wanted, conversation=conversation)[0][0])

    def answers(self, conversation: str) -> dict[str, Any]:
        """The stored answer to each message that is done."""
        wanted = "SELECT message, answer FROM inbox WHERE conversation = :conversation AND done IS NOT NULL"
        return {message: json.loads(answer) for message, answer in self._read(wanted, conversation=conversation)}

    def attempts(self, conversation: str, message: str) -> int:
        """How often a message was worked on."""
        wanted = "SELECT attempts FROM inbox WHERE conversation = :conversation AND message = :message"
        return int(self._read(wanted, conversation=conversation, message=message)[0][0])

    def undone(self) -> int:
        """How many messages were taken in and are not answered."""
        return int(self._read("SELECT count(*) FROM inbox WHERE done IS NULL")[0][0])

    def parcels(self, conversation: str) -> list[tuple[int, Any]]:
        """The parcels of a conversation: the event that asked for each, and what it says."""
        wanted = "SELECT number, content FROM outbox WHERE conversation = :conversation ORDER BY number"
        return [(number, json.loads(content)) for number, content in self._read(wanted, conversation=conversation)]

    def undelivered(self) -> int:
        """How many parcels have not arrived."""
        return int(self._read("SELECT count(*) FROM outbox WHERE delivered IS NULL")[0][0])

    def count(self) -> int:
        """How many events there are."""
        return int(self._read("SELECT count(*) FROM events")[0][0])

    def conversations(self) -> list[str]:
        """Those with an event."""
        return [row[0] for row in self._read("SELECT DISTINCT conversation FROM events ORDER BY 1")]

    def lock_connections(self) -> list[int]:
        """The processes of PostgreSQL that hold a conversation's lock for a replica, or wait for it."""
        return [row[0] for row in self._read("SELECT DISTINCT pid FROM pg_locks WHERE locktype = 'advisory'")]

    def cut(self, processes: Iterable[int]) -> None:
        """Have PostgreSQL end these connections."""
        self._read("SELECT pg_terminate_backend(pid) FROM unnest(CAST(:these AS int[])) AS pid", these=list(processes))

    def at(self, work: Callable[[Connection], Any]) -> Any:
        """Do something in a transaction that sees one moment only."""
        with self._engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            return work(connection)

    def tally(self, sent: Sequence[Sent]) -> Tally:
        """Hold the tables against what was sent; a message that was sent again counts once."""
        messages: dict[tuple[str, str], list[Sent]] = defaultdict(list)
        for one in sent:
            messages[one.conversation, one.message].append(one)
        stored: Counter[tuple[str, str]] = Counter()
        spoken: Counter[tuple[str, str]] = Counter()
        parcels: Counter[tuple[str, str]] = Counter()
        answers = {}
        for conversation in {conversation for conversation, _ in messages}:
            asked_by = {number for number, _ in self.parcels(conversation)}
            key = (conversation, "")
            for number, event in enumerate(self.events(conversation)):
                if event["event"] == "user":
                    key = (conversation, event["message_id"])
                    stored[key] += 1
                spoken[key] += event["event"] == "bot"
                parcels[key] += number in asked_by
            answers |= {(conversation, message): answer for message, answer in self.answers(conversation).items()}
        lost = {
            key
            for key, tries in messages.items()
            if not stored[key] and (any(one.taken for one in tries) or not any(one.refused for one in tries))
        }
        doubled = {
            key
            for key, tries in messages.items()
            if stored[key] > 1
            or parcels[key] > 1
            or spoken[key] > len(answers.get(key, ()))
            or any(one.answer is not None and one.answer != answers.get(key) for one in tries)
        }
        return Tally(
            sent=len(messages),
            stored=sum(stored[key] == 1 for key in messages),
            lost=len(lost),
            doubled=len(doubled),
            longest=max((one.waited for one in sent if one.answer is not None), default=0.0),
            retries=sum(len(one.setbacks) for one in sent),
        )

    def _read(self, statement: str, **values: Any) -> list[Any]:
        try:
            with self._engine.connect() as connection:
                return list(connection.execute(text(statement), values).all())
        except DBAPIError as error:  # a database that a test has just brought back may take a moment
            raise AssertionError(str(error.orig)) from error
