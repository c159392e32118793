"""The database is stopped, frozen or locked under load: messages are rejected with an explanation or answered later."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from bench.cluster import signal_all
from tests.faults.conftest import Report
from tests.faults.load import Browser, Health, Load, load, watched
from tests.faults.records import Records, Tally
from tests.faults.system import Replica, System, eventually

RECOVERY = 12.0  # seconds; ten are required, but the test machine may be busy
HEALTHY = 2.0  # seconds; one is required
OPEN_QUESTION = "/answer{"  # what the buttons of an open question send
SHORT, LONG = 2.0, 30.0  # seconds

FAULTS: dict[str, tuple[Callable[[System], None], Callable[[System], None]]] = {
    "stopped": (lambda system: system.postgresql.stop(), lambda system: system.postgresql.start()),
    "frozen": (lambda system: system.postgresql.freeze(), lambda system: system.postgresql.thaw()),
}


def visitors_in_interview(count: int, *addresses: str) -> list[Browser]:
    """Visitors with an open question, which an assistant without its history would not repeat."""
    visitors = [Browser(*addresses) for _ in range(count)]
    for visitor in visitors:
        assert OPEN_QUESTION in str(visitor.send("which one do we need?").answer)
    return visitors


def talk_while(system: System, fault: str, seconds: float) -> tuple[Load, Health, float]:
    """Eight visitors talk through nginx before, during and after the fault; returns the recovery time in seconds."""
    begin, end = FAULTS[fault]
    with watched(*system.addresses) as health, load(visitors_in_interview(8, system.nginx_url)) as talk:
        eventually(lambda: talk.answered >= 16)
        begin(system)
        time.sleep(seconds)
        end(system)
        over = time.monotonic()
        eventually(lambda: talk.recovery(over) < float("inf"))
    return talk, health, talk.recovery(over)


def check(system: System, talk: Load, tally: Tally, health: Health, recovery: float) -> None:
    """Check that nothing is lost, no answer ignores the history, and no process was restarted."""
    assert tally.exactly_once
    assert all(OPEN_QUESTION in str(one.answer) for one in talk.sent)
    assert all(replica.alive for replica in system.replicas)
    assert not health.failures
    assert health.longest < HEALTHY
    assert recovery < RECOVERY


def details(talk: Load, health: Health, recovery: float) -> str:
    return (
        f"{talk.failed_attempts}; all were answered again after {recovery:.1f} s, "
        f"/health took {health.longest:.2f} s at most"
    )


def test_replica_without_database_rejects_messages_and_recovers(system: System) -> None:
    [visitor] = visitors_in_interview(1, system.addresses[0])
    system.postgresql.stop()
    rejected = visitor.send("about 4 million", give_up_after=0.1)
    ready = requests.get(f"{system.addresses[0]}ready", timeout=10)
    system.postgresql.start()
    assert rejected.answer is None
    assert "not_stored" in rejected.rejected
    assert (ready.status_code, ready.json()["database"]) == (503, "away")
    assert "Got it" in str(visitor.send("about 4 million", rejected.message).answer)
    assert system.records.said(visitor.conversation) == ["which one do we need?", "about 4 million"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("seconds", [SHORT, pytest.param(LONG, marks=pytest.mark.slow)])
def test_database_outage_only_delays_messages(system: System, report: Report, fault: str, seconds: float) -> None:
    talk, health, recovery = talk_while(system, fault, seconds)
    tally = system.records.tally(talk.sent)
    report(
        "F5", f"PostgreSQL was {fault} for {seconds:.0f} s under eight visitors", tally, details(talk, health, recovery)
    )
    check(system, talk, tally, health, recovery)


def terminate_lock_connections(system: System, seconds: float) -> None:
    """Keep terminating the connections of the locks."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        system.records.terminate(system.records.lock_connections())
        time.sleep(0.5)


def freeze_lock_connections(system: System, seconds: float) -> None:
    """Suspend the connections of the locks for a while."""
    eventually(lambda: bool(system.records.lock_connections()))
    frozen = system.records.lock_connections()
    signal_all(frozen, signal.SIGSTOP)
    time.sleep(seconds)
    signal_all(frozen, signal.SIGCONT)


@pytest.mark.parametrize("fault", [terminate_lock_connections, freeze_lock_connections])
@pytest.mark.parametrize("seconds", [SHORT, pytest.param(LONG, marks=pytest.mark.slow)])
def test_lost_or_stuck_locks_only_delay_messages(
    system: System, report: Report, fault: Callable[[System, float], None], seconds: float
) -> None:
    visitors = visitors_in_interview(4, *system.addresses)
    windows = [Browser(*reversed(system.addresses), other=visitor) for visitor in visitors]
    with (
        system.actions.slow(0.3),
        watched(*system.addresses) as health,
        load([*visitors, *windows]) as talk,
    ):
        fault(system, seconds)
        over = time.monotonic()
        eventually(lambda: talk.recovery(over) < float("inf"))
    recovery = talk.recovery(over)
    tally = system.records.tally(talk.sent)
    done = "were repeatedly terminated" if fault is terminate_lock_connections else "were frozen"
    what = f"the connections of the locks {done} for {seconds:.0f} s under four visitors with two windows each"
    report("F4", what, tally, details(talk, health, recovery))
    check(system, talk, tally, health, recovery)


@pytest.mark.slow
def test_sqlite_locked_by_a_backup_only_delays_messages(system: System, report: Report, tmp_path: Path) -> None:
    file = tmp_path / "seatwise.db"
    alone = Replica(tmp_path, {**system.settings, "SEATWISE_DATABASE_URL": f"sqlite:///{file}"})
    alone.start()
    try:
        with watched(alone.address) as health, load(visitors_in_interview(4, alone.address)) as talk:
            eventually(lambda: talk.answered >= 8)
            keep_locked(file, seconds=20)
            over = time.monotonic()
            eventually(lambda: talk.recovery(over) < float("inf"))
    finally:
        alone.stop()
    recovery = talk.recovery(over)
    tally = Records(f"sqlite:///{file}").tally(talk.sent)
    what = "another process held the write lock of SQLite for 20 s under four visitors of one replica"
    report("F6", what, tally, details(talk, health, recovery))
    check(system, talk, tally, health, recovery)


def keep_locked(file: Path, seconds: float) -> None:
    """Hold the write lock in another process for a while."""
    hold = "import sqlite3, sys, time; c = sqlite3.connect(sys.argv[1], 60); c.execute('BEGIN IMMEDIATE'); "
    hold += "time.sleep(float(sys.argv[2])); c.rollback()"
    subprocess.run([sys.executable, "-c", hold, str(file), str(seconds)], check=True)
