"""How much a session and its network may send, and how much CPU time that may take."""

from __future__ import annotations

from collections import OrderedDict

from assistant.server.addresses import network_of
from assistant.server.token_bucket import TokenBuckets
from assistant.settings import Settings

_MOST_SESSIONS = 20_000  # whose networks are known; the ones that asked longest ago are forgotten


class RateLimits:
    """The rate limits of a channel, for sessions and for networks."""

    def __init__(self, settings: Settings) -> None:
        self._messages = TokenBuckets(settings.messages_a_minute)
        self._from_address = TokenBuckets(settings.address_messages_a_minute)
        self._visits = TokenBuckets(settings.address_visits_a_minute)
        self._cpu = TokenBuckets(settings.cpu_seconds_a_minute)
        self._cpu_from_address = TokenBuckets(settings.address_cpu_seconds_a_minute)
        self._networks: OrderedDict[str, str] = OrderedDict()

    def on_connect(self, address: str) -> None:
        """Count a new session or connection.

        Raises:
            ApiError: too many came from this network.
        """
        self._visits.take(network_of(address))

    def on_message(self, session: str, address: str) -> None:
        """Count a request of a session.

        Raises:
            ApiError: too much came from this session or from this network, or it has cost too much.
        """
        network = network_of(address)
        self._networks.pop(session, None)
        self._networks[session] = network
        if len(self._networks) > _MOST_SESSIONS:
            self._networks.popitem(last=False)
        self._cpu.check(session)
        self._cpu_from_address.check(network)
        self._messages.take(session)
        self._from_address.take(network)

    def charge(self, session: str, seconds: float) -> None:
        """Charge a session and its network for CPU time."""
        self._cpu.spend(session, seconds)
        if network := self._networks.get(session):
            self._cpu_from_address.spend(network, seconds)
