"""A database with its outbox, servers to deliver to, and a lead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.delivery.parcel import Parcel, Verdict
from assistant.stores.database import Database
from assistant.stores.outbox import OutboxMessage
from assistant.stores.schema import upgrade
from tests.assistant.delivery.servers import Receiver

LEAD = Parcel(
    "visitor",
    {
        "name": "Zoë Miller",
        "email": "zoe@acme.example",
        "phone": "+1 555 0142",
        "company": "Acme <Labs>",
        "topic": "a CTO for two days a week",
        "when": "Tuesday after 4",
    },
    "2026-11",
    1_700_000_000.0,
    verdict=Verdict("CTO_FIRST", "A fractional CTO first", "Firm"),
    brief="# Acme\n\n- They said: **no one** owns our tech\n- 14 people",
    brief_link="https://chat.firm.example/brief/abc",
    report_link="https://chat.firm.example/report/xyz",
)


def message(number: int = 7, kind: str = "lead", destination: str = "webhook", attempts: int = 0) -> OutboxMessage:
    """A message of the outbox about the visitor."""
    content = {"conversation": "visitor"}
    return OutboxMessage("web", "visitor", number, kind, content, 1_700_000_000.0, attempts, destination)


async def load(_: OutboxMessage) -> Parcel:
    """The lead."""
    return LEAD


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def stored(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path / 'seatwise.db'}")
    upgrade(made)
    return made
