"""An erasure leaves none of a visitor's words on disk: not in tables, logs, journals or free space."""

from __future__ import annotations

import base64
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
import socketio
from sqlalchemy import Table, insert, text

from assistant.launcher import ROOT
from assistant.stores import database
from assistant.stores.privacy import TABLES, export
from assistant.stores.references import References
from assistant.stores.tables import bookings, holds
from bench.cluster import Cluster, postgresql
from tests.canary import CANARY, files_containing
from tests.security.conftest import KEY, running_target
from tests.security.target import TIMEOUT, Target

KINDS = [name for name in TABLES if name not in ("places", "posts", "cards", "replies")]
"""What is stored of a visitor of the web channel; the others are of Slack."""
PHONE = "+1 212 555 0142"
TRACES = (CANARY, PHONE, "12125550142")
UNREACHABLE_WEBHOOK = {
    "SEATWISE_WEBHOOK_URL": "http://127.0.0.1:1/hook",
    "SEATWISE_WEBHOOK_SECRET": f"whsec_{base64.b64encode(b'a key of at least twenty-four bytes').decode()}",
}


class Visitor:
    """A visitor with messages, contact details, a call, a rating, a lead, an unanswered question and a verdict."""

    def __init__(self, target: Target) -> None:
        self._target = target
        client = socketio.SimpleClient()
        client.connect(
            target.url, auth={"v": 1, "ref": References([KEY]).signed(f"{CANARY}-7")}, transports=["websocket"]
        )
        session = client.receive(timeout=TIMEOUT)[1]
        client.disconnect()
        self.id: str = session["session_id"]
        self.headers = {"Authorization": f"Bearer {session['token']}"}
        self.say(f"hello {CANARY}")
        self.say(f"what notice period is in the contract, {CANARY}?")
        self.say("we make $5M a year and we have no AI strategy")
        self.say("no more questions, give me the verdict")
        self.say("can I share this with my boss")
        self.say("can somebody from the firm join this chat?")
        self.say(f"I'm {CANARY.title()} Ortiz, {CANARY}@acme.com, {PHONE}, please write to me")
        self.say("send it")
        self._insert(holds, at=time.time(), held_by=CANARY)
        self._insert(bookings, uid=f"{CANARY}-{self.id}", state="booked", start=1.0, end=2.0, sequence=1)
        self._rate(session["token"])

    def _insert(self, table: Table, **row: Any) -> None:
        """What does not come from the visitor."""
        self._target.stored.run_sync(
            lambda connection: connection.execute(insert(table), {"conversation": self.id, **row})
        )

    def say(self, words: str) -> requests.Response:
        message = {"id": str(uuid4()), "text": words}
        return requests.post(f"{self._target.web}messages", json=message, headers=self.headers, timeout=TIMEOUT)

    def erase(self) -> requests.Response:
        return requests.delete(f"{self._target.web}session", headers=self.headers, timeout=TIMEOUT)

    def _rate(self, token: str) -> None:
        told = requests.get(f"{self._target.web}messages", headers=self.headers, timeout=TIMEOUT).json()
        client = socketio.SimpleClient()
        client.connect(self._target.url, auth={"v": 1, "token": token}, transports=["websocket"])
        assert client.call("rate", {"id": told["messages"][0]["id"], "value": "up"}) == {"ok": True}
        client.disconnect()


def missing(target: Target, visitor: Visitor) -> list[str]:
    """The tables without rows of a visitor."""
    held = target.stored.run_sync(lambda connection: export(connection, visitor.id))
    return [name for name in KINDS if not held[name]]


def by_command(target: Target, visitor: Visitor) -> dict[str, int]:
    """Erase with the operator command while the server runs; returns the receipt."""
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "erase", visitor.id],
        cwd=ROOT,
        env={**os.environ, "SEATWISE_DATABASE_URL": target.stored.url},
        capture_output=True,
        text=True,
        check=True,
    )
    receipt: dict[str, int] = json.loads(done.stdout)
    assert receipt.pop("scrubbed") is True
    return receipt


def by_http(target: Target, visitor: Visitor) -> dict[str, int]:
    """Erase as the visitor; returns the receipt."""
    answer = visitor.erase()
    assert answer.status_code == 200
    receipt: dict[str, int] = answer.json()["erased"]
    return receipt


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """An assistant with an SQLite file."""
    with running_target(tmp_path_factory.mktemp("erased"), UNREACHABLE_WEBHOOK) as target:
        yield target


@pytest.mark.parametrize("erase", [by_http, by_command])
def test_sqlite_keeps_no_trace_on_disk(alone: Target, erase: Callable[[Target, Visitor], dict[str, int]]) -> None:
    visitor = Visitor(alone)
    assert missing(alone, visitor) == []
    assert files_containing(alone.folder, *TRACES) != set()
    receipt = erase(alone, visitor)
    assert all(receipt[name] >= 1 for name in KINDS), receipt
    assert files_containing(alone.folder, *TRACES) == set()
    names = files_containing(alone.folder, visitor.id)
    assert all(name.endswith(".log") for name in names), "logs contain ids only"
    assert visitor.say("hello again").status_code == 410


def test_postgresql_keeps_traces_only_in_its_write_ahead_log(tmp_path: Path) -> None:
    with (
        postgresql() as cluster,
        running_target(tmp_path, {**UNREACHABLE_WEBHOOK, "SEATWISE_DATABASE_URL": cluster.url}) as target,
    ):
        visitors = [Visitor(target), Visitor(target)]
        assert [missing(target, visitor) for visitor in visitors] == [[], []]
        assert files_containing(written(cluster) / "base", *TRACES) != set()
        for visitor, erase in zip(visitors, (by_http, by_command), strict=True):
            receipt = erase(target, visitor)
            assert all(receipt[name] >= 1 for name in KINDS), receipt
        deadline = time.monotonic() + TIMEOUT
        while found := files_containing(written(cluster), *TRACES, *(visitor.id for visitor in visitors)):
            if all(name.startswith("pg_wal/") for name in found) or time.monotonic() > deadline:
                break
            time.sleep(0.5)
        assert {name.partition("/")[0] for name in found} <= {"pg_wal"}, "the write-ahead log cannot be scrubbed"
        assert files_containing(tmp_path, *TRACES) == set()


def written(cluster: Cluster) -> Path:
    """The data folder of a cluster, after a checkpoint."""
    stored = database.Database(cluster.url)
    with stored.outside_transactions() as connection:
        connection.execute(text("CHECKPOINT"))
    return cluster.data


@contextmanager
def stopped(cluster: Cluster) -> Iterator[None]:
    cluster.stop()
    try:
        yield
    finally:
        cluster.start()


def test_restored_backup_does_not_resurrect_conversations(tmp_path: Path) -> None:
    file, backup = tmp_path / "seatwise.db", tmp_path / "elsewhere.db"
    with running_target(tmp_path, UNREACHABLE_WEBHOOK) as target:
        visitor, other = Visitor(target), Visitor(target)
        with sqlite3.connect(file) as connection:
            connection.execute("VACUUM INTO ?", [str(backup)])
        connection.close()
        by_http(target, visitor)
    for old in tmp_path.glob("seatwise.db*"):
        old.unlink()
    backup.rename(file)
    with running_target(tmp_path, UNREACHABLE_WEBHOOK) as target:
        assert missing(target, visitor) == KINDS
        assert missing(target, other) == []
        answer = requests.get(f"{target.web}messages", headers=visitor.headers, timeout=TIMEOUT)
        assert (answer.status_code, answer.json()["error"]) == (410, "erased")


def test_erasure_is_reported_only_if_it_happened(tmp_path: Path) -> None:
    with (
        postgresql() as cluster,
        running_target(tmp_path, {**UNREACHABLE_WEBHOOK, "SEATWISE_DATABASE_URL": cluster.url}) as target,
    ):
        visitor = Visitor(target)
        with stopped(cluster):
            answer = visitor.erase()
            assert (answer.status_code, answer.json()["error"]) == (503, "not_erased")
        assert missing(target, visitor) == []
        assert by_http(target, visitor)["messages"] == 8
        assert missing(target, visitor) == KINDS
