"""The process is killed at every step between a stored lead and a receiver's answer: it arrives once by its key."""

from __future__ import annotations

import base64
import multiprocessing
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.settings import Settings
from assistant.stores import outbox
from assistant.stores.database import Database
from assistant.stores.schema import upgrade
from tests.assistant.delivery.conftest import LEAD
from tests.assistant.delivery.servers import Answer, Mailbox, Receiver
from tests.faults.conftest import Report
from tests.faults.deliverer import deliver
from tests.faults.records import Tally
from tests.faults.system import WEBHOOK_KEY, eventually

ACCEPTED = Answer(200, b'{"results": [{"id": "1"}]}')
SLOWLY = 3.0  # seconds
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.faults.deliverer"])


@dataclass
class Firm:
    """The three places where a lead arrives."""

    webhook: Receiver
    hubspot: Receiver
    mailbox: Mailbox

    @property
    def environment(self) -> dict[str, str]:
        """The settings that lead there."""
        return {
            "SEATWISE_WEBHOOK_URL": self.webhook.url,
            "SEATWISE_WEBHOOK_SECRET": f"whsec_{base64.b64encode(WEBHOOK_KEY).decode()}",
            "SEATWISE_HUBSPOT_URL": self.hubspot.address,
            "SEATWISE_HUBSPOT_TOKEN": "token",
            "SEATWISE_SMTP_URL": f"smtp://127.0.0.1:{self.mailbox.port}",
            "SEATWISE_MAIL_FROM": "chat@firm.example",
            "SEATWISE_MAIL_TO": "sales@firm.example",
        }

    def arrived(self) -> list[set[Any]]:
        """What arrived at each place, without repetitions that the receiver recognizes."""
        return [
            {(one.headers["webhook-id"], one.body) for one in self.webhook.got},
            {(one.content["inputs"][0]["id"], one.body) for one in self.hubspot.got},
            {mail["Message-ID"] for mail in self.mailbox.mails},
        ]

    def attempts(self) -> list[int]:
        """How often each place was told."""
        return [len(self.webhook.got), len(self.hubspot.got), len(self.mailbox.mails)]

    def forget(self) -> None:
        """Begin anew."""
        for got in (self.webhook.got, self.hubspot.got, self.mailbox.mails):
            got.clear()


@pytest.fixture(scope="module")
def open_firm() -> Iterator[Firm]:
    made = Firm(Receiver(), Receiver(), Mailbox())
    made.hubspot.otherwise = ACCEPTED
    yield made
    for place in (made.webhook, made.hubspot, made.mailbox):
        place.close()


@pytest.fixture
def firm(open_firm: Firm) -> Firm:
    open_firm.forget()
    return open_firm


def with_lead(folder: Path, name: str, firm: Firm) -> Database:
    """A database with a lead that waits to be delivered."""
    store = Database(f"sqlite:///{folder / name}.db")
    upgrade(store)
    routes = outbox.routes(Settings.from_environment(firm.environment))
    wish = {"kind": "lead", "content": {"conversation": "visitor"}}
    store.run_sync(lambda connection: outbox.put(connection, "web", "visitor", [(3, wish)], routes))
    return store


def begin(store: Database, firm: Firm, last: int = 0) -> tuple[Any, Any]:
    """Start a process that delivers; with it, the counter of its steps."""
    steps = _processes.Value("i", 0)
    process = _processes.Process(target=deliver, args=(store.url, firm.environment, last, steps))
    process.start()
    return process, steps


def run(store: Database, firm: Firm, last: int = 0) -> int:
    """Deliver, to the end or to this step; returns the number of steps."""
    process, steps = begin(store, firm, last)
    process.join(30)
    assert process.exitcode in (0, -9)
    return int(steps.value)


def test_lead_arrives_once_wherever_the_process_was_killed(tmp_path: Path, firm: Firm, report: Report) -> None:
    of = run(with_lead(tmp_path, "whole", firm), firm)
    expected = [{one[0] if isinstance(one, tuple) else one for one in place} for place in firm.arrived()]
    assert list(map(len, expected)) == [1, 1, 1]
    once = arrived = repeated = 0
    for last in range(1, of + 1):
        firm.forget()
        store = with_lead(tmp_path, f"killed-{last}", firm)
        run(store, firm, last)
        run(store, firm)
        arrived += all(firm.attempts()) and store.run_sync(outbox.undelivered) == []
        once += list(map(len, firm.arrived())) == [1, 1, 1]
        repeated += sum(firm.attempts()) - 3
    tally = Tally(of, once, of - arrived, arrived - once, 0.0, 0)
    where = "the sending process was killed at every step between a stored lead and the answers of three receivers"
    report("F16", where, tally, f"{repeated} repetitions, each with the same key")
    assert tally.exactly_once


@pytest.mark.parametrize("place", ["webhook", "hubspot"])
def test_lead_that_was_accepted_but_not_answered_arrives_again_with_the_same_key(
    tmp_path: Path, firm: Firm, place: str
) -> None:
    store = with_lead(tmp_path, "accepted", firm)
    receiver: Receiver = getattr(firm, place)
    receiver.answers = [Answer(receiver.otherwise.status, receiver.otherwise.body, delay=SLOWLY)]
    process, _ = begin(store, firm)
    eventually(lambda: bool(receiver.got))
    process.kill()
    process.join(30)
    run(store, firm)
    assert len(receiver.got) == 2
    assert list(map(len, firm.arrived())) == [1, 1, 1]
    assert LEAD.contact["email"] in receiver.got[1].body.decode()
