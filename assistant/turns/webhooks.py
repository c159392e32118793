"""Posts the messages of the outbox to the firm's own address, as standardwebhooks.com specifies.

Nothing is stored in the outbox and nothing is sent unless an operator has configured that address.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone

import aiohttp
from standardwebhooks import Webhook

from assistant.settings import Settings
from assistant.stores.database import StoreUnavailable
from assistant.stores.outbox import Outbox, OutboxMessage

_POLL = 2.0  # seconds
_TIMEOUT = 15.0  # seconds for one delivery

_log = logging.getLogger(__name__)

Send = Callable[[OutboxMessage], Awaitable[None]]
"""Delivers a message or raises."""


class _Rejected(aiohttp.ClientError):
    """The receiver answered with a status other than success."""


class WebhookSender:
    """Posts messages to one address.

    Args:
        url: an https address, or one of this machine.
        secret: signs each delivery: "whsec_" and at least 24 bytes in base64.
    """

    def __init__(self, url: str, secret: str) -> None:
        self._url = url
        self._signer = Webhook(secret)

    async def __call__(self, message: OutboxMessage) -> None:
        """Raises:
        aiohttp.ClientError: it did not arrive, or the receiver answered with an error.
        asyncio.TimeoutError: the receiver did not answer in time.
        """
        body = _body(message)
        now = datetime.now(timezone.utc)
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": message.key,
            "webhook-id": message.key,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signer.sign(message.key, now, body),
        }
        timeout = aiohttp.ClientTimeout(total=_TIMEOUT)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(self._url, data=body.encode(), headers=headers, allow_redirects=False) as answer,
        ):
            if answer.status >= 300:
                raise _Rejected(f"status {answer.status}")


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


def webhook_sender(settings: Settings) -> WebhookSender | None:
    """The one that the settings describe; None where they name no address."""
    if settings.webhook_url and settings.webhook_secret:
        return WebhookSender(settings.webhook_url, settings.webhook_secret)
    return None


def _reason(error: Exception) -> str:
    """Why a delivery failed, without the address, which may hold a password."""
    if isinstance(error, _Rejected):
        return str(error)
    cause = getattr(error, "os_error", error)
    return getattr(cause, "strerror", None) or type(error).__name__


def _body(message: OutboxMessage) -> str:
    created = datetime.fromtimestamp(message.created, timezone.utc).isoformat()
    data = {**message.content, "channel": message.channel}
    return json.dumps({"type": message.kind, "timestamp": created, "data": data}, ensure_ascii=False)
