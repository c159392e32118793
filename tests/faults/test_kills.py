"""A replica is killed or stopped while visitors talk through nginx."""

from __future__ import annotations

import pytest

from tests.faults.conftest import Report
from tests.faults.load import Browser, load
from tests.faults.system import System, eventually

TALK_TO_PERSON = "can somebody from the firm join this chat?"  # a single action and a webhook message
STALL = 12.0  # seconds; ten are required, but the test machine may be busy


def browsers(system: System, count: int) -> list[Browser]:
    """Visitors through nginx, which routes each of them to one of the replicas."""
    return [Browser(system.nginx_url) for _ in range(count)]


def test_messages_of_a_killed_replica_are_answered_by_the_other(system: System, report: Report) -> None:
    browser = Browser(*system.addresses)
    said = [browser.send("which one do we need?"), browser.send("about 4 million")]
    with system.actions.slow(2), load([browser], lambda _: "services", most=1) as left:
        eventually(lambda: system.records.accepted(browser.conversation) == 3)
        system.replicas[0].kill()
    said += [*left.sent, browser.send("nobody leads technology")]
    tally = system.records.tally(said)
    report("F2", "a replica was killed during an interview turn, and the visitor continued at the other one", tally)
    assert tally.exactly_once
    assert left.sent[0].failed_attempts, "answered before the replica was killed"
    assert "Got it" in str(said[-1].answer)


@pytest.mark.slow
def test_replica_killed_during_slow_actions_loses_no_messages(system: System, report: Report) -> None:
    visitors = browsers(system, 16)
    with system.actions.slow(3), load(visitors, lambda _: TALK_TO_PERSON, most=8) as talk:
        eventually(lambda: talk.answered >= 24)
        system.replicas[0].kill()
        eventually(lambda: talk.answered >= 56)
        system.replicas[0].start()
        eventually(lambda: talk.answered >= 72)
    eventually(lambda: system.records.unanswered() == 0)
    tally = system.records.tally(talk.sent)
    report(
        "F2",
        "one of two replicas was killed under sixteen visitors, with actions of 3 seconds, and restarted",
        tally,
        talk.failed_attempts,
    )
    assert tally.exactly_once
    assert tally.longest < STALL


@pytest.mark.slow
def test_rolling_restart_goes_unnoticed(system: System, report: Report) -> None:
    with load(browsers(system, 8)) as talk:
        for replica in system.replicas:
            eventually(lambda: talk.answered >= 20)
            replica.stop()
            replica.start()
            eventually(lambda: replica.turns > 0)  # noqa: B023  # nginx routes to it again
    tally = system.records.tally(talk.sent)
    report("F8", "both replicas were restarted one after the other under eight visitors", tally, talk.failed_attempts)
    assert tally.exactly_once
    assert all(one.answer is not None for one in talk.sent)
    assert tally.longest < STALL
