"""Several windows of one visitor talk concurrently, possibly at different replicas."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.faults.conftest import Report
from tests.faults.load import Browser, Load, Sent, send_all
from tests.faults.records import Records
from tests.faults.system import System, eventually

WINDOWS = 6
TEN = 10
ONE_ACTION = "can I talk to a person?"  # runs a single action if no question is open


def windows(system: System) -> list[Browser]:
    """Pages of one visitor; each alternates between the replicas."""
    first = Browser(*system.addresses)
    others = [Browser(*system.addresses[:: (-1) ** page], other=first) for page in range(1, WINDOWS)]
    return [first, *others]


def in_order(records: Records, load: Load) -> bool:
    """Whether the messages of each page are stored in order."""
    [conversation] = {one.conversation for one in load.sent}
    stored = records.order(conversation)
    pages = [[one.message for one in sent] for sent in load.of]
    return all([message for message in stored if message in page] == page for page in pages)


def test_messages_from_several_windows_are_stored_once_in_order(system: System, report: Report) -> None:
    load = send_all(windows(system), most=4)
    tally = system.records.tally(load.sent)
    report("F1", "six concurrent windows of one visitor at both replicas, four messages each", tally)
    assert tally.exactly_once and tally.sent == WINDOWS * 4
    assert in_order(system.records, load)


@pytest.mark.slow
def test_messages_of_20_visitors_are_stored_once_in_order(system: System, report: Report) -> None:
    loads = [send_all(windows(system), most=4) for _ in range(20)]
    tally = system.records.tally([one for load in loads for one in load.sent])
    report("F1", "the same for twenty visitors", tally)
    assert tally.exactly_once and tally.sent == 20 * WINDOWS * 4
    assert all(in_order(system.records, load) for load in loads)


def test_retry_at_the_other_replica_gets_the_same_answer(system: System) -> None:
    browser, message = Browser(*system.addresses), str(uuid4())
    first, again = browser.send("what is a cto?", message), browser.send("what is a cto?", message)
    assert first.answer == again.answer
    assert system.records.said(browser.conversation) == ["what is a cto?"]


def ten_in_a_row(system: System, seconds: float) -> list[Sent]:
    """A visitor sends ten messages to both replicas in turn without waiting; each action takes this long."""
    first = Browser(*system.addresses)
    pages = [first, *(Browser(*system.addresses[:: (-1) ** number], other=first) for number in range(1, TEN))]
    with system.actions.slow(seconds), ThreadPoolExecutor(TEN) as pool:
        answers = []
        for number, page in enumerate(pages, start=1):
            answers.append(pool.submit(page.send, ONE_ACTION, give_up_after=300))
            eventually(lambda: system.records.accepted(first.conversation) == number)  # noqa: B023
    return [answer.result() for answer in answers]


def test_10_slow_actions_of_one_conversation_are_answered_in_order(system: System, report: Report) -> None:
    sent = ten_in_a_row(system, seconds=0.4)
    tally = system.records.tally(sent)
    report("F10", "ten messages of one visitor wait at both replicas, each for an action of 0.4 seconds", tally)
    assert tally.exactly_once and tally.sent == TEN
    assert system.records.order(sent[0].conversation) == [one.message for one in sent]


@pytest.mark.slow
def test_queue_longer_than_any_timeout_is_answered_in_order(system: System, report: Report) -> None:
    sent = ten_in_a_row(system, seconds=7)
    tally = system.records.tally(sent)
    actions = sum(system.actions.run.count(one.message) for one in sent)
    report("F10", "the same with actions of 7 seconds, 70 in all", tally, f"{actions} actions were run")
    assert tally.exactly_once and tally.sent == TEN
    assert system.records.order(sent[0].conversation) == [one.message for one in sent]
