"""A process that delivers what waits in an outbox, and may kill itself at any step of that."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from assistant.delivery import worker
from assistant.delivery.destinations import senders
from assistant.delivery.worker import OutboxWorker
from assistant.settings import Settings
from assistant.stores import outbox, tables
from assistant.stores.database import Database
from assistant.stores.outbox import Outbox
from tests.assistant.delivery.conftest import load
from tests.faults.dying import die_at

_OURS = (f"assistant{os.sep}delivery{os.sep}", f"assistant{os.sep}stores{os.sep}outbox.py")


def deliver(url: str, environment: Mapping[str, str], last: int, steps: Any) -> None:
    """Deliver until nothing waits.

    Args:
        url: of the database.
        environment: settings of the destinations.
        last: the step at which to die; 0 for none.
        steps: shared count of the steps done.
    """
    outbox.LEASE = 0.5  # who was killed is not waited for
    outbox._FIRST_PAUSE = worker._POLL = 0.01
    die_at(last, steps, _OURS)
    asyncio.run(_deliver_all(Database(url), Settings.from_environment(environment)))


async def _deliver_all(store: Database, settings: Settings) -> None:
    waiting = Outbox(store)
    left = select(tables.outbox.c.number).where(tables.outbox.c.delivered.is_(None))
    running = asyncio.create_task(OutboxWorker(waiting, senders(settings, load, waiting)).run())
    while await store.run(lambda connection: connection.execute(left).first()):
        await asyncio.sleep(0.02)
    running.cancel()
