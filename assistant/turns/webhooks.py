"""Posts the messages of the outbox to the firm's own address, as standardwebhooks.com specifies.

Nothing is stored in the outbox and nothing is sent unless an operator has configured that address.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import os
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timezone
from ipaddress import ip_address

import aiohttp
from yarl import URL

from advisor.errors import SeatwiseError
from assistant.settings import secret
from assistant.stores.database import StoreUnavailable
from assistant.stores.outbox import RECEIVER, Outbox, OutboxMessage

SECRET = "SEATWISE_WEBHOOK_SECRET"
_POLL = 2.0  # seconds
_SHORTEST_KEY = 24  # bytes, as the rules ask
_TIMEOUT = 15.0  # seconds for one delivery

_log = logging.getLogger(__name__)

Send = Callable[[OutboxMessage], Awaitable[None]]
"""Delivers a message or raises."""


class _Rejected(aiohttp.ClientError):
    """The receiver answered with a status other than success."""


class Webhook:
    """Posts messages to one address.

    Args:
        url: an https address, or one of this machine.
        key: signs each delivery: "whsec_" and at least 24 bytes in base64.

    Raises:
        SeatwiseError: the address or the key is not valid.
    """

    def __init__(self, url: str, key: str) -> None:
        self._url = _address(url)
        self._key = _key(key)

    async def __call__(self, message: OutboxMessage) -> None:
        """Raises:
        aiohttp.ClientError: it did not arrive, or the receiver answered with an error.
        asyncio.TimeoutError: the receiver did not answer in time.
        """
        body = _body(message)
        headers = {"Content-Type": "application/json", "Idempotency-Key": message.key, **self._signed(message, body)}
        timeout = aiohttp.ClientTimeout(total=_TIMEOUT)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(self._url, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            if answer.status >= 300:
                raise _Rejected(f"status {answer.status}")

    def _signed(self, message: OutboxMessage, body: bytes) -> dict[str, str]:
        now = str(int(time.time()))
        signed = f"{message.key}.{now}.".encode() + body
        digest = hmac.new(self._key, signed, hashlib.sha256).digest()
        signature = f"v1,{base64.b64encode(digest).decode()}"
        return {"webhook-id": message.key, "webhook-timestamp": now, "webhook-signature": signature}


class OutboxWorker:
    """Polls the outbox and delivers what is due."""

    def __init__(self, outbox: Outbox, send: Send) -> None:
        self._outbox = outbox
        self._send = send

    async def run(self) -> None:
        """Run until canceled; a message under way is claimed again when its lease ends."""
        while True:
            try:
                messages = await self._outbox.claim()
                await asyncio.gather(*(self._deliver(message) for message in messages))
            except (StoreUnavailable, Exception) as error:  # noqa: BLE001  # the next poll may succeed
                _log.error("the outbox could not be read: %s", type(error).__name__)
                messages = []
            if not messages:
                await asyncio.sleep(_POLL)

    async def _deliver(self, message: OutboxMessage) -> None:
        try:
            await self._send(message)
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            why = _reason(error)
            _log.warning("attempt %d: %s", message.attempts + 1, why, extra={"ids": {"outbox": message.key}})
            await self._outbox.failed(message)
        else:
            await self._outbox.delivered(message)


def webhook() -> Webhook | None:
    """The one that the environment names, if it names one."""
    url = os.environ.get(RECEIVER)
    if not url:
        return None
    key = secret(SECRET)
    if not key:
        raise SeatwiseError(f'{RECEIVER} needs {SECRET}; make one with: echo "whsec_$(openssl rand -base64 32)"')
    return Webhook(url, key)


def _address(url: str) -> URL:
    with suppress(ValueError):  # its message may quote a password
        address = URL(url)
        if address.host and (address.scheme == "https" or address.scheme == "http" and _is_loopback(address.host)):
            return address
    raise SeatwiseError(
        f"{RECEIVER} must be an https address such as https://firm.example/hooks (http only on this machine)"
    )


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return host == "localhost" or ip_address(host).is_loopback
    return False


def _reason(error: Exception) -> str:
    """Why a delivery failed, in words that cannot hold the address, which may hold a password."""
    if isinstance(error, _Rejected):
        return str(error)
    cause = getattr(error, "os_error", error)
    return getattr(cause, "strerror", None) or type(error).__name__


def _key(value: str) -> bytes:
    try:
        key = base64.b64decode(value.removeprefix("whsec_"), validate=True)
    except ValueError:
        key = b""
    if len(key) < _SHORTEST_KEY:
        raise SeatwiseError(f'{SECRET} must be "whsec_" and {_SHORTEST_KEY} bytes or more in base64')
    return key


def _body(message: OutboxMessage) -> bytes:
    created = datetime.fromtimestamp(message.created, timezone.utc).isoformat()
    content = {"type": message.kind, "timestamp": created, "data": {**message.content, "channel": message.channel}}
    return json.dumps(content, ensure_ascii=False).encode()
