"""The process is killed at every step from a visitor's yes to the answer of a receiver: a lead arrives once."""

from __future__ import annotations

import base64
import multiprocessing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from assistant.settings import Settings
from assistant.stores import outbox, tables
from assistant.stores.database import Database
from assistant.stores.schema import upgrade
from tests.assistant.delivery.servers import Answer, Mailbox, Receiver
from tests.faults.agreeing import agree
from tests.faults.conftest import Report
from tests.faults.deliverer import deliver
from tests.faults.records import Tally
from tests.faults.system import WEBHOOK_KEY, eventually

PLACES = ("webhook", "hubspot", "mail")
SLOWLY = 3.0  # seconds
_LONGEST = 120.0  # seconds of a run; the machine may be busy
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.faults.deliverer", "tests.faults.agreeing"])
Work = Callable[[str, Mapping[str, str], int, Any], None]


class Firm:
    """The three places where a lead arrives."""

    def __init__(self) -> None:
        self.webhook, self.hubspot, self.mailbox = Receiver(), Receiver(), Mailbox()
        self.hubspot.otherwise = Answer(200, b'{"results": [{"id": "1"}]}')

    def settings(self, place: str) -> dict[str, str]:
        """Those that lead to one of them."""
        return {
            "webhook": {
                "SEATWISE_WEBHOOK_URL": self.webhook.url,
                "SEATWISE_WEBHOOK_SECRET": f"whsec_{base64.b64encode(WEBHOOK_KEY).decode()}",
            },
            "hubspot": {"SEATWISE_HUBSPOT_URL": self.hubspot.address, "SEATWISE_HUBSPOT_TOKEN": "token"},
            "mail": {
                "SEATWISE_SMTP_URL": f"smtp://127.0.0.1:{self.mailbox.port}",
                "SEATWISE_MAIL_FROM": "chat@firm.example",
                "SEATWISE_MAIL_TO": "sales@firm.example",
            },
        }[place]

    def arrived(self, place: str) -> list[Any]:
        """What arrived there, by what the receiver recognizes repetitions by."""
        if place == "webhook":
            return [(one.headers["webhook-id"], one.body) for one in self.webhook.got]
        if place == "hubspot":
            return [(one.content["inputs"][0]["id"], one.body) for one in self.hubspot.got]
        return [mail["Message-ID"] for mail in self.mailbox.mails]

    def forget(self) -> None:
        """Begin anew."""
        for got in (self.webhook.got, self.hubspot.got, self.mailbox.mails):
            got.clear()

    def close(self) -> None:
        """Refuse connections."""
        for place in (self.webhook, self.hubspot, self.mailbox):
            place.close()


@pytest.fixture(scope="module")
def open_firm() -> Iterator[Firm]:
    made = Firm()
    yield made
    made.close()


@pytest.fixture
def firm(open_firm: Firm) -> Firm:
    open_firm.forget()
    return open_firm


def empty(folder: Path, name: str) -> Database:
    """A database in which nothing was said."""
    store = Database(f"sqlite:///{folder / name}.db")
    upgrade(store)
    return store


def counted(connection: Connection) -> tuple[int, int]:
    """The number of leads, and of messages of the visitor that the conversation holds."""
    said = select(func.count()).where(tables.events.c.event.contains('"event": "user"'))
    kept = connection.execute(select(func.count()).select_from(tables.leads)).scalar_one()
    return kept, connection.execute(said).scalar_one()


def with_lead(folder: Path, name: str, settings: Mapping[str, str]) -> Database:
    """A database with a lead that waits to be delivered."""
    store = empty(folder, name)
    routes = outbox.routes(Settings.from_environment(settings))
    wish = {"kind": "lead", "content": {"conversation": "visitor"}}
    store.run_sync(lambda connection: outbox.put(connection, "web", "visitor", [(3, wish)], routes))
    return store


def begin(store: Database, settings: Mapping[str, str], last: int = 0, work: Work = deliver) -> tuple[Any, Any]:
    """Start a process that delivers, or does other work; with it, the count of its steps."""
    steps = _processes.RawValue("i", 0)
    process = _processes.Process(target=work, args=(store.url, settings, last, steps), daemon=True)
    process.start()
    return process, steps


def run(store: Database, settings: Mapping[str, str], last: int = 0, work: Work = deliver) -> int:
    """Work to the end or to this step; returns the number of steps."""
    process, steps = begin(store, settings, last, work)
    process.join(_LONGEST)
    assert process.exitcode in ((0, -9) if last else (0,))
    return int(steps.value)


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_lead_arrives_once_wherever_the_process_was_killed(
    tmp_path: Path, firm: Firm, report: Report, place: str
) -> None:
    settings = firm.settings(place)
    of = run(with_lead(tmp_path, "whole", settings), settings)
    stored = lost = repeated = doubled = 0
    for last in range(1, of + 1):
        firm.forget()
        store = with_lead(tmp_path, f"killed-{last}", settings)
        run(store, settings, last)
        run(store, settings)
        arrived = firm.arrived(place)
        stored += len(set(arrived)) == 1
        lost += not arrived or store.run_sync(outbox.undelivered) != []
        doubled += len(set(arrived)) > 1
        repeated += len(arrived) > 1
    tally = Tally(of, stored, lost, doubled, 0.0, 0)
    done = f"killed at each step between a stored lead and the answer of the {place} destination"
    report("F17", done, tally, f"{repeated} leads repeated, with the same key")
    assert tally.exactly_once


@pytest.mark.slow
def test_yes_is_a_lead_once_wherever_the_process_was_killed(tmp_path: Path, firm: Firm, report: Report) -> None:
    settings = firm.settings("webhook")
    of = run(empty(tmp_path, "whole"), settings, work=agree)
    stored = lost = doubled = 0
    for last in range(1, of + 1):
        firm.forget()
        store = empty(tmp_path, f"killed-{last}")
        run(store, settings, last, agree)
        run(store, settings, work=agree)  # the page has no answer and sends the message again
        run(store, settings)
        arrived, kept = firm.arrived("webhook"), store.run_sync(counted)
        stored += len(arrived) == 1 and kept == (1, 1)
        lost += not arrived
        doubled += len(arrived) > 1 or kept > (1, 1)
    tally = Tally(of, stored, lost, doubled, 0.0, 0)
    report("F17", "killed at each step between the visitor's yes and the stored lead", tally)
    assert tally.exactly_once


@pytest.mark.parametrize("place", ["webhook", "hubspot"])
def test_lead_that_was_accepted_but_not_answered_is_repeated_with_its_key(
    tmp_path: Path, firm: Firm, place: str
) -> None:
    settings = firm.settings(place)
    store = with_lead(tmp_path, "accepted", settings)
    receiver: Receiver = getattr(firm, place)
    receiver.answers = [replace(receiver.otherwise, delay=SLOWLY)]
    process, _ = begin(store, settings)
    eventually(lambda: bool(receiver.got))
    process.kill()
    process.join(30)
    run(store, settings)
    arrived = firm.arrived(place)
    assert (len(arrived), len(set(arrived))) == (2, 1)
