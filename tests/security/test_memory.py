"""Ten minutes of load at the rate limits, from one session, one address and one IPv6 network: memory does not grow."""

from __future__ import annotations

import random
import string
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest
import requests
import socketio
from socketio.exceptions import SocketIOError

from bench.usage import MB, resident_bytes
from tests.conftest import NO_LIMITS
from tests.security.conftest import running_target
from tests.security.target import TIMEOUT, Target

MINUTES, WARM_UP = 10.0, 1.0
MOST_GROWTH = 50  # MB
SESSION = 20  # messages per session, for the address and the network


@pytest.mark.slow
def test_memory_does_not_grow_under_sustained_load(tmp_path: Path) -> None:
    settings = {**dict.fromkeys(NO_LIMITS, ""), "SEATWISE_PROXIES": "1"}
    over = threading.Event()
    sent: list[int] = []
    with running_target(tmp_path, settings) as target:
        [process] = target.processes
        attacks = [
            threading.Thread(target=attack, args=(target, over, sent)) for attack in (_session, _address, _network)
        ]
        for thread in attacks:
            thread.start()
        time.sleep(60 * WARM_UP)
        before = resident_bytes(process)
        time.sleep(60 * MINUTES)
        after = resident_bytes(process)
        over.set()
        for thread in attacks:
            thread.join()
        target.check_alive()
    counted = ", ".join(f"{sent.count(status)} x {status}" for status in sorted(set(sent)))
    print(f"{MINUTES:.0f} minutes, {counted}: {before / MB:.0f} MB before, {after / MB:.0f} MB after")
    assert sent.count(200) > 100 and sent.count(429) > 100
    assert after - before < MOST_GROWTH * MB


def _session(target: Target, over: threading.Event, sent: list[int]) -> None:
    """One session that never stops."""
    with requests.Session() as browser:
        browser.headers["X-Forwarded-For"] = "198.51.100.1"
        _open(target, browser, sent)
        while not over.is_set():
            _say(target, browser, sent, over)


def _address(target: Target, over: threading.Event, sent: list[int]) -> None:
    """One address that opens one session after the other."""
    _many(target, over, sent, lambda: "198.51.100.2")


def _network(target: Target, over: threading.Event, sent: list[int]) -> None:
    """One IPv6 network with a different address for each session."""
    numbers = count(1)
    _many(target, over, sent, lambda: f"2001:db8::{next(numbers):x}")


def _many(target: Target, over: threading.Event, sent: list[int], address: Callable[[], str]) -> None:
    while not over.is_set():
        with requests.Session() as browser, _socket(target, browser, address()):
            if _open(target, browser, sent):
                for _ in range(SESSION):
                    _say(target, browser, sent, over)
            else:
                over.wait(0.2)


@contextmanager
def _socket(target: Target, browser: requests.Session, address: str) -> Iterator[None]:
    """A socket from this address that reads the history."""
    browser.headers["X-Forwarded-For"] = address
    client = socketio.SimpleClient()
    with suppress(SocketIOError):
        client.connect(target.url, headers={"X-Forwarded-For": address}, auth={"v": 1}, transports=["websocket"])
        client.call("history", {}, timeout=TIMEOUT)
    yield
    client.disconnect()


def _open(target: Target, browser: requests.Session, sent: list[int]) -> bool:
    answer = browser.post(f"{target.web}session", timeout=TIMEOUT)
    sent.append(answer.status_code)
    if answer.status_code == 200:
        browser.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return answer.status_code == 200


def _say(target: Target, browser: requests.Session, sent: list[int], over: threading.Event) -> None:
    words = " ".join("".join(random.choices(string.ascii_letters + string.digits, k=8)) for _ in range(60))
    message = {"id": str(uuid4()), "text": f"we have 40 people, what does a caio cost? {words}"}
    answer = browser.post(f"{target.web}messages", json=message, timeout=TIMEOUT)
    sent.append(answer.status_code)
    if answer.status_code != 200:
        over.wait(0.05)
