"""Delivers what waits in the outbox, each destination at its own pace."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from assistant.delivery.attempt import Refused, Retry, Send
from assistant.metrics import DELIVERIES
from assistant.stores.database import StoreUnavailable
from assistant.stores.outbox import REMINDERS, Outbox, OutboxMessage, Routes

_POLL = 2.0  # seconds
_SWEEP = 30.0  # seconds between two looks for leads that nobody has claimed

_log = logging.getLogger(__name__)


class OutboxWorker:
    """Polls the outbox and delivers what is due, one attempt each.

    Args:
        outbox: what waits.
        senders: the destinations and how to reach them.
        routes: which of them a kind of message goes to.
        unclaimed_minutes: after how many a lead that nobody has claimed is announced again, and after as many more
            by mail; 0 for never.
    """

    def __init__(
        self, outbox: Outbox, senders: Mapping[str, Send], routes: Routes | None = None, unclaimed_minutes: int = 0
    ) -> None:
        self._outbox = outbox
        self._senders = senders
        self._routes = routes or {}
        self._unclaimed_minutes = unclaimed_minutes

    async def run(self) -> None:
        """Run until canceled; a message under way is claimed again when its lease ends."""
        work = [self._deliver_to(destination) for destination in self._senders]
        if self._unclaimed_minutes and any(map(self._routes.get, REMINDERS)):
            work.append(self._announce_unclaimed())
        await asyncio.gather(*work)

    async def _deliver_to(self, destination: str) -> None:
        while True:
            try:
                messages = await self._outbox.claim(destination)
                await asyncio.gather(*(self._deliver(message) for message in messages))
            except (StoreUnavailable, Exception) as error:  # noqa: BLE001  # the next poll may succeed
                _log.error("the outbox could not be read: %s", type(error).__name__)
                messages = []
            if not messages:
                await asyncio.sleep(_POLL)

    async def _announce_unclaimed(self) -> None:
        while True:
            try:
                await self._outbox.announce_unclaimed(self._unclaimed_minutes, self._routes)
            except (StoreUnavailable, Exception) as error:  # noqa: BLE001  # another replica may have done it
                _log.warning("unclaimed leads were not announced: %s", type(error).__name__)
            await asyncio.sleep(_SWEEP)

    async def _deliver(self, message: OutboxMessage) -> None:
        try:
            await self._senders[message.destination](message)
        except Refused as error:
            await self._outbox.refused(message, str(error))
            self._count(message, "refused", error.problem)
        except Retry as error:
            again = await self._outbox.failed(message, str(error), error.after)
            self._count(message, "retried" if again else "given_up", error.problem)
        except Exception as error:  # noqa: BLE001  # a fault of ours must not stop what waits behind it
            again = await self._outbox.failed(message, type(error).__name__)
            self._count(message, "retried" if again else "given_up", type(error).__name__)
        else:
            await self._outbox.delivered(message)
            self._count(message, "delivered")

    def _count(self, message: OutboxMessage, result: str, problem: str = "") -> None:
        DELIVERIES.labels(message.destination, result).inc()
        if problem:
            level = logging.WARNING if result == "retried" else logging.ERROR
            said = "attempt %d at %s: %s: %s"
            ids = {"ids": {"outbox": message.key}}
            _log.log(level, said, message.attempts + 1, message.destination, result, problem, extra=ids)
