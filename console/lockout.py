"""Locks out a network that keeps trying wrong tokens, and an operator whose token comes with wrong codes.

In memory: each replica counts for itself.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from assistant.turns.api_errors import ApiError

MOST_FAILURES = 5
LOCKED = 15 * 60  # seconds since the last failure
_MOST_NETWORKS = 10_000  # that are remembered; the ones that failed longest ago are forgotten


@dataclass
class _Failures:
    number: int = 0
    last: float = 0.0


class Lockout:
    """Failed sign-ins by network or operator.

    Args:
        clock: counts seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._networks: OrderedDict[str, _Failures] = OrderedDict()

    def check(self, network: str) -> None:
        """Raises:
        ApiError: this network is locked out.
        """
        failures = self._networks.get(network, _Failures())
        left = failures.last + LOCKED - self._clock()
        if failures.number >= MOST_FAILURES and left > 0:
            raise ApiError(429, "locked", "Too many wrong attempts. Please try again in 15 minutes.", int(left) + 1)

    def failed(self, network: str) -> None:
        """Count a wrong token."""
        failures = self._networks.pop(network, _Failures())
        now = self._clock()
        recent = failures.number if now < failures.last + LOCKED else 0
        self._networks[network] = _Failures(recent + 1, now)
        if len(self._networks) > _MOST_NETWORKS:
            self._networks.popitem(last=False)

    def succeeded(self, network: str) -> None:
        """Forget the wrong tokens before a right one."""
        self._networks.pop(network, None)
