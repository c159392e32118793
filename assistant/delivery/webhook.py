"""Posts messages to the firm's own address, as standardwebhooks.com specifies."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone

import aiohttp
from standardwebhooks import Webhook
from yarl import URL

from assistant.delivery.addresses import check
from assistant.delivery.attempt import Refused, Retry, check_status
from assistant.delivery.parcel import Load, Parcel, iso
from assistant.stores.erasures import digest
from assistant.stores.outbox import OutboxMessage

_TIMEOUT = 15.0  # seconds for one delivery
_GONE = 410
_MOST_READ = 1000  # bytes of an answer


class WebhookSender:
    """Posts messages to one address.

    A receiver that answers 410 wants nothing more: whatever follows is refused without asking it, until the address
    changes or a person sends a message again and it arrives.

    Args:
        url: an https address, or one of this machine.
        keys: one or two, separated by a space, while one replaces the other: "whsec_" and 24 bytes or more in base64.
            Each signs every delivery.
        load: puts together what is delivered.
        last_reason: why the latest message is a dead letter, if it is one: see ``Outbox.last_reason``.
        private: whether the address may be private.
    """

    def __init__(
        self,
        url: str,
        keys: str,
        load: Load,
        last_reason: Callable[[str], Awaitable[str | None]] | None = None,
        *,
        private: bool = False,
    ) -> None:
        self._url = URL(url)
        self._signers = [Webhook(key) for key in keys.split()]
        self._load = load
        self._last_reason = last_reason
        self._private = private
        self._gone = f"status {_GONE}: the receiver at SEATWISE_WEBHOOK_URL ({digest(url)[:8]}) wants nothing more"

    async def __call__(self, message: OutboxMessage) -> None:
        """Raises:
        Retry: it did not arrive, or the receiver cannot take it now.
        Refused: the receiver never takes it.
        """
        sent_again = message.reason == self._gone
        if not sent_again and self._last_reason and await self._last_reason(message.destination) == self._gone:
            raise Refused(self._gone)
        body = _body(message, await self._load(message))
        await check(self._url.host or "", self._url.port or 443, private=self._private)
        try:
            status, words, retry_after = await self._post(body, self._headers(message.key, body))
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise Retry(_problem(error)) from None
        if status == _GONE:
            raise Refused(self._gone)
        check_status(status, words, retry_after)

    async def _post(self, body: str, headers: dict[str, str]) -> tuple[int, str, str | None]:
        timeout = aiohttp.ClientTimeout(total=_TIMEOUT)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(self._url, data=body.encode(), headers=headers, allow_redirects=False) as answer,
        ):
            words = await answer.content.read(_MOST_READ) if answer.status >= 300 else b""
            return answer.status, words.decode(errors="replace"), answer.headers.get("Retry-After")

    def _headers(self, key: str, body: str) -> dict[str, str]:
        now = datetime.now(timezone.utc)
        return {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            "webhook-id": key,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(signer.sign(key, now, body) for signer in self._signers),
        }


def _problem(error: Exception) -> str:
    """Why a delivery failed, without the address, which may hold a password."""
    cause = getattr(error, "os_error", error)
    return getattr(cause, "strerror", None) or type(error).__name__


def _body(message: OutboxMessage, parcel: Parcel) -> str:
    data = {**message.content, "channel": message.channel, **parcel.as_json()}
    return json.dumps({"type": message.kind, "timestamp": iso(message.created), "data": data}, ensure_ascii=False)
