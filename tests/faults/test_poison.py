"""A message that hangs, raises or kills is given up after three attempts; others are answered, even after restarts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from assistant.stores.inbox import MOST_ATTEMPTS
from assistant.turns.dispatcher import GIVEN_UP
from tests.faults.conftest import Report
from tests.faults.load import Browser, load
from tests.faults.poison import BLOCKS, HANGS, KILLS, RAISES
from tests.faults.system import System, eventually, running

GIVE_UP = 420.0  # seconds; three hangs of half a minute, each followed by an expiring lease


@pytest.fixture(scope="module")
def vulnerable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Two replicas behind nginx that are vulnerable to poison messages."""
    with running(tmp_path_factory.mktemp("poison"), "tests/faults/poison.yml") as system:
        yield system


def slow_question(turn: int) -> str:
    """A question after a pause."""
    time.sleep(1.0)
    return f"what is a caio, for the time {turn}"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "words", "what"),
    [
        ("F14", BLOCKS, "blocked the event loop"),
        ("F14", HANGS, "never came back"),
        ("F15", RAISES, "raised an error"),
        ("F16", KILLS, "killed the process"),
    ],
)
def test_poison_message_is_given_up_without_affecting_others(
    vulnerable: System, report: Report, fault: str, words: str, what: str
) -> None:
    system = vulnerable
    system.recover()
    attacker = Browser(system.nginx_url)
    before = attacker.send("what is a caio?")
    begun = time.monotonic()
    with ThreadPoolExecutor(1) as page, load([Browser(system.nginx_url) for _ in range(6)], slow_question) as talk:
        poison = page.submit(attacker.send, words, give_up_after=GIVE_UP)
        while not poison.done() and time.monotonic() < begun + GIVE_UP:
            system.restart_dead_replicas()
            time.sleep(0.5)
    eventually(lambda: system.records.unanswered() == 0)
    given_up = poison.result()
    for replica in system.replicas:  # it is given up permanently
        replica.stop()
        replica.start()
    again = attacker.send(words, given_up.message)
    after = attacker.send("what is a cto?")
    tally = system.records.tally([*talk.sent, before, after])
    report(
        fault,
        f"a message {what} whenever it was processed, alongside six visitors",
        tally,
        f"it was set aside after {given_up.waited:.0f} s and {MOST_ATTEMPTS} attempts; {talk.failed_attempts}",
    )
    assert [message["text"] for message in given_up.answer] == [GIVEN_UP]
    assert again.answer == given_up.answer
    assert system.records.attempts(attacker.conversation, given_up.message) == MOST_ATTEMPTS
    assert tally.exactly_once
    assert all(one.answer is not None for one in talk.sent)
    assert not any(GIVEN_UP in str(one.answer) for one in talk.sent)
    assert all(requests.get(f"{address}ready", timeout=5).ok for address in system.addresses)
