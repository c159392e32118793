"""Token buckets: a burst at once, and a rate per minute in the long run.

They are in memory, so each replica counts for itself; nginx in front of all has limits of its own (deploy/nginx).
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass

from assistant.turns.api_errors import rate_limited

_BURST = 1 / 6  # of a minute's allowance may come at once
_LEAST = 1.0  # token, however small the allowance
_MOST_BUCKETS = 20_000  # the ones used longest ago are forgotten


@dataclass
class _Bucket:
    tokens: float
    at: float


class TokenBuckets:
    """One bucket for each name.

    Args:
        a_minute: the allowance; a sixth of it may come at once.
    """

    def __init__(self, a_minute: int) -> None:
        self._rate = a_minute / 60
        self._most = max(_LEAST, a_minute * _BURST)
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, name: str) -> None:
        """Take one token.

        Raises:
            ApiError: this bucket is empty.
        """
        bucket = self._filled(name)
        if bucket.tokens < 1:
            raise rate_limited((1 - bucket.tokens) / self._rate)
        bucket.tokens -= 1

    def check(self, name: str) -> None:
        """Raises:
        ApiError: this bucket is in debt.
        """
        bucket = self._filled(name)
        if bucket.tokens <= 0:
            raise rate_limited(-bucket.tokens / self._rate)

    def spend(self, name: str, tokens: float) -> None:
        """Take a cost that is known only afterwards, into debt if it is more than the bucket holds."""
        self._filled(name).tokens -= tokens

    def _filled(self, name: str) -> _Bucket:
        now = time.monotonic()
        bucket = self._buckets.pop(name, None) or _Bucket(self._most, now)
        self._buckets[name] = bucket
        bucket.tokens = min(self._most, bucket.tokens + (now - bucket.at) * self._rate)
        bucket.at = now
        if len(self._buckets) > _MOST_BUCKETS:
            self._buckets.popitem(last=False)
        return bucket
