"""Where a request comes from, and how much whoever is there may ask."""

from __future__ import annotations

import os

from sanic import Sanic
from sanic.request import Request

from advisor.errors import SeatwiseError
from assistant.channels.limits import limit

PROXIES = "SEATWISE_PROXIES"
_MESSAGES = ("SEATWISE_MESSAGES_A_MINUTE", 60)  # of one session; a person types five
_FROM_ADDRESS = ("SEATWISE_ADDRESS_MESSAGES_A_MINUTE", 600)  # an office has one address
_VISITS = ("SEATWISE_ADDRESS_VISITS_A_MINUTE", 120)


class Allowance:
    """The limits of the web channel, for sessions and for addresses.

    Raises:
        SeatwiseError: a setting is no number.
    """

    def __init__(self) -> None:
        self._messages = limit(*_MESSAGES)
        self._from_address = limit(*_FROM_ADDRESS)
        self._visits = limit(*_VISITS)

    def visit(self, address: str) -> None:
        """Somebody opens a session or a connection.

        Raises:
            RateLimited: too many came from this address.
        """
        self._visits.take(address)

    def ask(self, session: str, address: str) -> None:
        """Somebody asks something of the assistant.

        Raises:
            RateLimited: too much came from this session, or from this address.
        """
        self._messages.take(session)
        self._from_address.take(address)


def trust_proxies(app: Sanic) -> None:
    """Take the visitor's address from the last so many entries of X-Forwarded-For, which our own proxies wrote.

    Raises:
        SeatwiseError: the setting is no number.
    """
    value = os.environ.get(PROXIES) or "0"
    if not (value.isascii() and value.isdigit()):
        raise SeatwiseError(f"{PROXIES} must be a number, and is {value!r}")
    app.config.PROXIES_COUNT = int(value)


def address_of(request: Request) -> str:
    """The visitor's address, as far as we can know it."""
    return str(request.remote_addr or request.ip)
