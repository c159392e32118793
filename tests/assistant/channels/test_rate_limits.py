"""Each bucket allows a burst and then a fixed rate, independently of the others."""

from __future__ import annotations

import pytest

from assistant.channels.rate_limits import RateLimits
from assistant.server import token_bucket
from assistant.server.addresses import network_of
from assistant.server.token_bucket import TokenBuckets
from assistant.settings import Settings
from assistant.turns.api_errors import ApiError


class Clock:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(token_bucket, "time", made)
    return made


def taken(bucket: TokenBuckets, name: str) -> int:
    """The size of the allowed burst."""
    number = 0
    while True:
        try:
            bucket.take(name)
        except ApiError:
            return number
        number += 1


def test_burst_passes_and_then_the_rate_applies(clock: Clock) -> None:
    bucket = TokenBuckets(60)
    assert taken(bucket, "a") == 10
    clock.now += 3
    assert taken(bucket, "a") == 3
    clock.now += 3600
    assert taken(bucket, "a") == 10


def test_error_says_when_to_retry(clock: Clock) -> None:
    bucket = TokenBuckets(6)
    bucket.take("a")
    with pytest.raises(ApiError) as rejected:
        bucket.take("a")
    clock.now += rejected.value.retry_after or 0
    bucket.take("a")


def test_buckets_are_independent(clock: Clock) -> None:
    bucket = TokenBuckets(60)
    taken(bucket, "a")
    assert taken(bucket, "b") == 10


def test_number_of_buckets_is_bounded(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_bucket, "_MOST_BUCKETS", 3)
    bucket = TokenBuckets(60)
    for name in "abcdefgh":
        bucket.take(name)
    assert len(bucket._buckets) == 3


def test_debt_is_paid_back_first(clock: Clock) -> None:
    bucket = TokenBuckets(60)
    bucket.check("a")
    bucket.spend("a", 25)
    with pytest.raises(ApiError) as rejected:
        bucket.check("a")
    assert rejected.value.retry_after == 15
    bucket.check("b")
    clock.now += 16
    bucket.check("a")


def test_expensive_session_and_its_network_have_to_wait(clock: Clock) -> None:
    environment = {"SEATWISE_CPU_SECONDS_A_MINUTE": "6", "SEATWISE_ADDRESS_CPU_SECONDS_A_MINUTE": "12"}
    limits = RateLimits(Settings.from_environment(environment))
    for session in ("a", "b"):
        limits.on_message(session, "2001:db8::1")
        limits.charge(session, 1.5)
    with pytest.raises(ApiError):
        limits.on_message("a", "192.0.2.1")  # the session's budget applies at any address
    with pytest.raises(ApiError):
        limits.on_message("new", "2001:db8::ffff")  # the budget of its network is used up
    limits.on_message("new", "2001:db8:0:1::1")
    clock.now += 60
    limits.on_message("a", "2001:db8::1")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:0:7:1:2:3:4", "2001:db8:0:7::/64"),
        ("2001:db8:0:7::", "2001:db8:0:7::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_ipv6_address_counts_as_its_network(address: str, network: str) -> None:
    assert network_of(address) == network
