"""A lead has the call that stands, in whatever order and however often a booking service reports."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from typing import Any, get_args
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from assistant.settings import Settings
from assistant.stores.bookings import Booking, State, call, put
from assistant.stores.database import Database
from assistant.stores.erasures import Erased
from assistant.stores.outbox import put as put_outgoing
from assistant.stores.outbox import routes
from assistant.stores.privacy import erase, export
from assistant.stores.schema import upgrade
from assistant.stores.tables import leads, outbox
from bench.cluster import postgresql

BOOKED = Booking("u1", None, "booked", 5_000.0, 6_800.0, 1)
MOVED = Booking("u2", None, "moved", 9_000.0, 10_800.0, 2, "u1")
CANCELED = Booking("u2", None, "canceled", 9_000.0, 10_800.0, 3)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stored(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with ExitStack() as stack:
        if request.param == "postgresql":
            made = Database(stack.enter_context(postgresql()).url)
        else:
            made = Database(f"sqlite:///{tmp_path_factory.mktemp('stored') / 'seatwise.db'}")
        upgrade(made)
        yield made


@pytest.fixture(autouse=True)
def _a_firm_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATWISE_WEBHOOK_URL", "https://firm.example/hooks")
    monkeypatch.setenv("SEATWISE_WEBHOOK_SECRET", "whsec_dHdlbnR5LWZvdXItYnl0ZXMtb3ItbW9yZQ==")


def new_lead(stored: Database) -> str:
    """The conversation of a new lead."""
    row = {
        "conversation": uuid4().hex,
        "details": "sealed",
        "consent": "1",
        "answers_included": True,
        **dict.fromkeys(("consented", "created", "updated"), time.time()),
    }
    stored.run_sync(lambda connection: connection.execute(insert(leads), row))
    return str(row["conversation"])


def report(stored: Database, conversation: str, *news: Booking, named: bool = True) -> list[str]:
    """What comes of some news; the bookings of each conversation are others."""

    def own(uid: str | None) -> str:
        return f"{conversation}-{uid}"

    theirs = [replace(one, uid=own(one.uid), replaces=one.replaces and own(one.replaces)) for one in news]
    owner = conversation if named else None
    return stored.run_sync(lambda connection: [put(connection, one, owner) for one in theirs])


def call_of(stored: Database, conversation: str) -> tuple[Any, ...]:
    wanted = select(leads.c.call, leads.c.call_state, leads.c.call_sequence)
    mine = wanted.where(leads.c.conversation == conversation)
    return tuple(stored.run_sync(lambda connection: connection.execute(mine).one()))


def told(stored: Database, conversation: str) -> list[tuple[str, dict[str, Any]]]:
    """What the firm is told, in order."""
    mine = select(outbox.c.kind, outbox.c.content).where(outbox.c.conversation == conversation)
    rows = stored.run_sync(lambda connection: connection.execute(mine.order_by(outbox.c.created)).all())
    return [(kind, json.loads(content)) for kind, content in rows]


def test_a_call_is_booked_moved_and_canceled(stored: Database) -> None:
    lead = new_lead(stored)
    for news, outcome in (
        (BOOKED, (5_000, "booked", 0)),
        (MOVED, (9_000, "moved", 1)),
        (CANCELED, (9_000, "canceled", 2)),
    ):
        assert report(stored, lead, news) == ["changed"]
        assert call_of(stored, lead) == outcome
    assert told(stored, lead) == [
        ("lead.updated", {"conversation": lead, "change": change}) for change in ("booked", "moved", "canceled")
    ]


def test_repeated_and_late_news_are_not_told_again(stored: Database) -> None:
    lead = new_lead(stored)
    assert report(stored, lead, MOVED, BOOKED, MOVED, BOOKED) == ["changed", "unchanged", "unchanged", "unchanged"]
    assert call_of(stored, lead) == (9_000, "moved", 1)
    assert [content["change"] for _, content in told(stored, lead)] == ["moved"]


def test_one_of_two_booked_calls_still_stands_when_the_other_is_canceled(stored: Database) -> None:
    lead = new_lead(stored)
    second = Booking("u9", None, "booked", 20_000.0, 21_800.0, 2)
    report(stored, lead, BOOKED, second, replace(second, state="canceled", sequence=3))
    assert call_of(stored, lead) == (5_000, "booked", 1)
    report(stored, lead, replace(BOOKED, state="canceled", sequence=4))
    assert call_of(stored, lead) == (5_000, "canceled", 2)


def test_news_without_reference_belong_to_the_conversation_of_the_booking(stored: Database) -> None:
    lead = new_lead(stored)
    assert report(stored, lead, BOOKED, named=False) == ["unknown"]
    assert report(stored, lead, BOOKED) == ["changed"]
    assert report(stored, lead, MOVED, CANCELED, named=False) == ["changed", "changed"]
    assert call_of(stored, lead) == (9_000, "canceled", 2)


def test_without_a_lead_the_firm_is_not_told_and_a_later_lead_has_the_call(stored: Database) -> None:
    conversation = uuid4().hex
    assert report(stored, conversation, BOOKED) == ["unchanged"]
    assert told(stored, conversation) == []
    expected = {"call": 5_000, "call_state": "booked", "call_sequence": 0}
    assert stored.run_sync(lambda connection: call(connection, conversation)) == expected


def test_a_firm_without_webhook_gets_the_call_on_the_lead_only(
    stored: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SEATWISE_WEBHOOK_URL")
    lead = new_lead(stored)
    assert report(stored, lead, BOOKED) == ["changed"]
    assert (call_of(stored, lead), told(stored, lead)) == ((5_000, "booked", 0), [])


def test_news_never_take_the_number_of_an_event(stored: Database) -> None:
    lead = new_lead(stored)

    message = {"kind": "lead", "content": {"conversation": lead}}

    def ask(connection: Connection, number: int) -> None:
        put_outgoing(connection, "web", lead, [(number, message)], routes(Settings.from_environment(os.environ)))

    stored.run_sync(lambda connection: ask(connection, 7))
    report(stored, lead, BOOKED)
    stored.run_sync(lambda connection: ask(connection, 8))
    report(stored, lead, MOVED)
    assert [kind for kind, _ in told(stored, lead)] == ["lead", "lead.updated", "lead", "lead.updated"]


def test_bookings_are_exported_and_erased_with_their_conversation(stored: Database) -> None:
    lead = new_lead(stored)
    report(stored, lead, BOOKED)
    [held] = stored.run_sync(lambda connection: export(connection, lead))["bookings"]
    assert (held["uid"], held["state"]) == (f"{lead}-u1", "booked")
    assert stored.run_sync(lambda connection: erase(connection, lead))["bookings"] == 1
    with pytest.raises(Erased):
        report(stored, lead, MOVED)


def test_news_that_arrive_at_the_same_time_come_to_the_same_call(stored: Database) -> None:
    second = Booking("u9", None, "booked", 20_000.0, 21_800.0, 4)
    other = Database(stored.url)
    for _ in range(10):
        lead = new_lead(stored)
        with ThreadPoolExecutor(4) as threads:
            news = (BOOKED, MOVED, CANCELED, second)
            list(threads.map(report, (stored, other, stored, other), [lead] * 4, news))
        assert call_of(stored, lead) == (20_000, "booked", 2)


reported = st.builds(
    Booking,
    uid=st.sampled_from("abc"),
    reference=st.none(),
    state=st.sampled_from(get_args(State)),
    start=st.sampled_from((1_000.0, 2_000.0)),
    end=st.sampled_from((3_000.0, 4_000.0)),
    sequence=st.integers(1, 4),
    replaces=st.none() | st.sampled_from("abc"),
)


@settings(max_examples=50, deadline=None)
@given(st.data(), st.lists(reported, min_size=1, max_size=6))
def test_no_order_and_no_repetition_leads_to_another_call(
    stored: Database, data: st.DataObject, news: list[Booking]
) -> None:
    again = data.draw(st.permutations(news + data.draw(st.lists(st.sampled_from(news), max_size=4))))
    first, second = new_lead(stored), new_lead(stored)
    report(stored, first, *news)
    report(stored, second, *again)
    assert call_of(stored, first) == call_of(stored, second)
