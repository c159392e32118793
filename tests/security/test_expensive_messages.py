"""One visitor sends the most expensive messages; other visitors and /health are not slowed down."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, cycle
from statistics import quantiles
from uuid import uuid4

import pytest
import requests

from assistant.nlu.budget import LONGEST
from tests.conftest import NO_LIMITS
from tests.expensive import REVIEWED
from tests.security.conftest import running_target
from tests.security.target import TIMEOUT, Target

ROUNDS, VISITS = 4, 90  # the two phases alternate, so that noise affects both
QUESTION = "what does a caio cost?"
LONGEST_HEALTH_CHECK = 0.1  # seconds
_NOISE = 0.02  # seconds: doubling a health check of three milliseconds is within the noise of a busy machine


@dataclass
class Times:
    """Durations of answers and health checks in seconds."""

    answers: list[float] = field(default_factory=list)
    health: list[float] = field(default_factory=list)


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """An assistant with the default rate limits, behind one proxy."""
    settings = {**dict.fromkeys(NO_LIMITS, ""), "SEATWISE_PROXIES": "1"}
    with running_target(tmp_path_factory.mktemp("expensive"), settings) as running:
        yield running


def test_expensive_messages_do_not_slow_down_others(limited: Target) -> None:
    addresses = (f"198.51.{number // 250}.{number % 250}" for number in count())
    calm, attack = Times(), Times()
    _visit(limited, addresses, Times(), 5)
    hostile = _Hostile(limited)
    with hostile.at_work():
        while 429 not in hostile.statuses:  # from here on it sends at the sustained rate limit
            time.sleep(0.1)
    for _ in range(ROUNDS):
        _visit(limited, addresses, calm, VISITS)
        with hostile.at_work():
            _visit(limited, addresses, attack, VISITS)
    print(f"\np95 in ms without and with one hostile visitor, whose messages got {_counted(hostile.statuses)}:")
    for what in ("answers", "health"):
        without, beside = _p95(getattr(calm, what)), _p95(getattr(attack, what))
        print(f"  {what:8} {without * 1000:6.1f} {beside * 1000:6.1f}  {beside / without:.2f} x")
        assert beside <= max(2 * without, _NOISE)
    assert max(attack.health) < LONGEST_HEALTH_CHECK
    limited.check_alive()
    assert hostile.statuses.count(200) >= ROUNDS


def _visit(target: Target, addresses: Iterator[str], times: Times, visits: int) -> None:
    """Visitors from different addresses ask one question each, one after the other."""
    with requests.Session() as browser:
        for _, address in zip(range(visits), addresses, strict=False):
            headers = {"X-Forwarded-For": address}
            token = browser.post(f"{target.web}session", headers=headers, timeout=TIMEOUT).json()["token"]
            message = {"id": str(uuid4()), "text": QUESTION}
            begun = time.perf_counter()
            answer = browser.post(
                f"{target.web}messages",
                json=message,
                headers={**headers, "Authorization": f"Bearer {token}"},
                timeout=TIMEOUT,
            )
            times.answers.append(time.perf_counter() - begun)
            assert answer.status_code == 200, answer.text
            for _ in range(3):
                begun = time.perf_counter()
                assert browser.get(f"{target.url}health", timeout=TIMEOUT).status_code == 200
                times.health.append(time.perf_counter() - begun)
                time.sleep(0.02)


class _Hostile:
    """An attacker who sends expensive messages as fast as the limits allow."""

    def __init__(self, target: Target) -> None:
        self.statuses: list[int] = []
        self._target = target
        self._texts = cycle(REVIEWED.values())
        self._browser = requests.Session()
        self._browser.headers["X-Forwarded-For"] = "203.0.113.9"
        session = self._browser.post(f"{target.web}session", timeout=TIMEOUT).json()
        self._browser.headers["Authorization"] = f"Bearer {session['token']}"

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Send messages during the block."""
        over = threading.Event()
        thread = threading.Thread(target=self._send, args=(over,))
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _send(self, over: threading.Event) -> None:
        while not over.is_set():
            message = {"id": str(uuid4()), "text": next(self._texts)[:LONGEST]}
            answer = self._browser.post(f"{self._target.web}messages", json=message, timeout=TIMEOUT)
            self.statuses.append(answer.status_code)
            if answer.status_code == 429:
                over.wait(0.1)


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


def _counted(statuses: list[int]) -> str:
    return ", ".join(f"{statuses.count(status)} x {status}" for status in sorted(set(statuses)))
