"""Two real replicas over one PostgreSQL: nothing is lost and nothing doubled, whichever of them a message reaches."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
from sqlalchemy import text

from assistant.launcher import serving
from assistant.stores import database, unanswered
from assistant.stores.database import Database
from tests.conftest import NO_LIMITS
from tests.postgresql import Cluster, postgresql

PATIENCE = 60  # seconds


@dataclass
class Replicas:
    """The addresses of the replicas, and the database behind them."""

    replicas: list[str]
    stored: Database
    postgresql: Cluster

    def said(self, conversation: str) -> list[str]:
        """What the visitor said, as it is stored with the conversation."""
        wanted = text("SELECT event FROM events WHERE conversation = :name ORDER BY number")
        rows = self.stored.now(lambda connection: connection.execute(wanted, {"name": conversation}).scalars().all())
        found = [json.loads(row) for row in rows]
        assert sum(event["event"] == "session_started" for event in found) == 1
        return [event["text"] for event in found if event["event"] == "user"]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicas]:
    folder: Path = tmp_path_factory.mktemp("replicas")
    with ExitStack() as stack:
        behind = stack.enter_context(postgresql())
        settings = {
            **NO_LIMITS,
            database.PLACE: behind.url,
            unanswered.PLACE: str(folder / "unanswered.jsonl"),
            "SEATWISE_SECRET": "a-secret-that-both-replicas-share-and-long-enough",
        }
        replicas = [stack.enter_context(serving(logs=folder, environment=settings)) for _ in range(2)]
        yield Replicas(replicas, Database(behind.url), behind)


@dataclass
class Sender:
    """A visitor whose messages go to either replica."""

    cluster: Replicas

    def __post_init__(self) -> None:
        opened = requests.post(f"{self.cluster.replicas[0]}webhooks/web/session", timeout=PATIENCE).json()
        self.conversation: str = opened["session_id"]
        self.headers = {"Authorization": f"Bearer {opened['token']}"}

    def send(self, replica: int, words: str, message: str | None = None, timeout: float = PATIENCE) -> Any:
        content = {"id": message or str(uuid4()), "text": words}
        url = f"{self.cluster.replicas[replica]}webhooks/web/messages"
        answer = requests.post(url, json=content, headers=self.headers, timeout=timeout)
        assert answer.status_code == 200, answer.text
        return answer.json()["messages"]


def test_messages_of_one_conversation_that_reach_both_replicas_at_once_are_all_stored_once(cluster: Replicas) -> None:
    sender = Sender(cluster)
    answered: list[str] = []

    def talk(number: int) -> None:
        for turn in range(4):
            words = f"what is a caio, asks {number} for the time {turn}"
            assert sender.send((number + turn) % 2, words)
            answered.append(words)

    threads = [threading.Thread(target=talk, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answered) == 24
    assert Counter(cluster.said(sender.conversation)) == Counter(answered)


def test_a_message_that_is_sent_again_to_the_other_replica_gets_the_one_answer(cluster: Replicas) -> None:
    sender = Sender(cluster)
    message = str(uuid4())
    first = sender.send(0, "what is a cto?", message)
    assert sender.send(1, "what is a cto?", message) == first
    assert cluster.said(sender.conversation) == ["what is a cto?"]


def test_a_client_that_loses_its_connection_finds_the_answer_at_the_other_replica(cluster: Replicas) -> None:
    sender = Sender(cluster)
    message = str(uuid4())
    with pytest.raises(requests.Timeout):
        sender.send(0, "what does a caio cost?", message, timeout=0.005)
    assert sender.send(1, "what does a caio cost?", message)
    assert cluster.said(sender.conversation) == ["what does a caio cost?"]


def test_without_its_database_a_replica_takes_nothing_in_says_so_and_goes_on_when_it_is_back(cluster: Replicas) -> None:
    sender = Sender(cluster)
    sender.send(0, "which one do we need?")
    message = str(uuid4())
    refused = {"id": message, "text": "about 4 million"}
    cluster.postgresql.stop()
    try:
        url = f"{cluster.replicas[0]}webhooks/web/messages"
        answer = requests.post(url, json=refused, headers=sender.headers, timeout=PATIENCE)
        assert (answer.status_code, answer.json()["error"]) == (503, "not_stored")
        assert requests.get(f"{cluster.replicas[0]}health", timeout=PATIENCE).status_code == 200
        ready = requests.get(f"{cluster.replicas[0]}ready", timeout=PATIENCE)
        assert (ready.status_code, ready.json()["database"]) == (503, "away")
    finally:
        cluster.postgresql.start()
    assert "Noted" in json.dumps(sender.send(0, "about 4 million", message))
    assert cluster.said(sender.conversation) == ["which one do we need?", "about 4 million"]


def test_what_a_killed_replica_left_is_answered_by_the_other_one_and_the_talk_goes_on(cluster: Replicas) -> None:
    """The last test: afterwards one replica is gone."""
    sender = Sender(cluster)
    sender.send(0, "which one do we need?")
    [victim] = [pid for pid in _children() if f"--port {cluster.replicas[0].split(':')[2].strip('/')}" in _command(pid)]
    message = str(uuid4())
    lost = threading.Thread(target=_lose, args=(sender, message))
    lost.start()
    os.kill(victim, signal.SIGKILL)
    lost.join()
    assert "Noted" in json.dumps(sender.send(1, "about 4 million", message))
    assert "website" in json.dumps(sender.send(1, "we're a law firm and nobody leads technology"))
    assert cluster.said(sender.conversation) == [
        "which one do we need?",
        "about 4 million",
        "we're a law firm and nobody leads technology",
    ]


def _lose(sender: Sender, message: str) -> None:
    with suppress(requests.RequestException, AssertionError):  # it may have been answered before the end
        sender.send(0, "about 4 million", message)


def _children() -> list[int]:
    tasks = Path("/proc/self/task").iterdir()
    return [int(pid) for task in tasks for pid in (task / "children").read_text().split()]


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
