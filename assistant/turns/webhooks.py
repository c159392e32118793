"""Brings what waits in the outbox to the firm's own address, by the rules of standardwebhooks.com.

Nothing is put into the outbox and nothing leaves unless an operator has named that address.
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
from assistant.stores.outbox import RECEIVER, Outbox, Parcel

SECRET = "SEATWISE_WEBHOOK_SECRET"
_LOOK = 2.0  # seconds between two looks into the outbox
_SHORTEST_KEY = 24  # bytes, as the rules ask
_PATIENCE = 15.0  # seconds for one delivery

_log = logging.getLogger(__name__)

Send = Callable[[Parcel], Awaitable[None]]
"""Delivers a parcel or raises."""


class _NotTaken(aiohttp.ClientError):
    """The receiver answered with something else than success."""


class Webhook:
    """Posts parcels to one address.

    Args:
        url: where to: https, or this machine.
        key: signs each delivery, so that the receiver knows who sent it: "whsec_" and at least 24 bytes in base64.

    Raises:
        SeatwiseError: the address is none, or the secret.
    """

    def __init__(self, url: str, key: str) -> None:
        self._url = _address(url)
        self._key = _key(key)

    async def __call__(self, parcel: Parcel) -> None:
        """Raises:
        aiohttp.ClientError: it did not arrive, or was not taken.
        asyncio.TimeoutError: nobody said that it was.
        """
        body = _body(parcel)
        headers = {"Content-Type": "application/json", "Idempotency-Key": parcel.key, **self._signed(parcel, body)}
        timeout = aiohttp.ClientTimeout(total=_PATIENCE)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(self._url, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            if answer.status >= 300:
                raise _NotTaken(f"status {answer.status}")

    def _signed(self, parcel: Parcel, body: bytes) -> dict[str, str]:
        now = str(int(time.time()))
        signed = f"{parcel.key}.{now}.".encode() + body
        digest = hmac.new(self._key, signed, hashlib.sha256).digest()
        signature = f"v1,{base64.b64encode(digest).decode()}"
        return {"webhook-id": parcel.key, "webhook-timestamp": now, "webhook-signature": signature}


class Courier:
    """Looks into the outbox again and again and delivers what is due."""

    def __init__(self, outbox: Outbox, send: Send) -> None:
        self._outbox = outbox
        self._send = send

    async def run(self) -> None:
        """Without end; cancelling it leaves a parcel under way to whoever looks after its lease."""
        while True:
            try:
                parcels = await self._outbox.claim()
                await asyncio.gather(*(self._deliver(parcel) for parcel in parcels))
            except (StoreUnavailable, Exception) as error:  # noqa: BLE001  # the next look may succeed
                _log.error("the outbox could not be looked through: %s", type(error).__name__)
                parcels = []
            if not parcels:
                await asyncio.sleep(_LOOK)

    async def _deliver(self, parcel: Parcel) -> None:
        try:
            await self._send(parcel)
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            why = _reason(error)
            _log.warning("attempt %d: %s", parcel.attempts + 1, why, extra={"ids": {"parcel": parcel.key}})
            await self._outbox.failed(parcel)
        else:
            await self._outbox.delivered(parcel)


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
    if isinstance(error, _NotTaken):
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


def _body(parcel: Parcel) -> bytes:
    created = datetime.fromtimestamp(parcel.created, timezone.utc).isoformat()
    content = {"type": parcel.kind, "timestamp": created, "data": parcel.content}
    return json.dumps(content, ensure_ascii=False).encode()
