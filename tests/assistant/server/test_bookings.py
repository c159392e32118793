"""Booking services report to routes that exist only with their secret, and only signed reports reach a lead."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from prometheus_client import REGISTRY
from sqlalchemy import insert, select, text

from assistant.booking.links import link_of
from assistant.booking.webhooks import LONGEST
from assistant.settings import Settings
from assistant.stores.database import Database
from assistant.stores.privacy import erase
from assistant.stores.references import CONVERSATION, References
from assistant.stores.schema import upgrade
from assistant.stores.tables import bookings, leads
from tests.assistant.booking.reports import (
    DAY,
    FIRST,
    SECRET,
    calcom,
    calcom_headers,
    calendly,
    calendly_headers,
)
from tests.assistant.channels.web.server import KEY, running
from tests.conftest import NO_LIMITS

LEAD = "c0ffee"
NOW = FIRST - DAY
SIGNED = References([KEY], CONVERSATION).signed(LEAD)
ENVIRONMENT = {"SEATWISE_SECRET": KEY, **NO_LIMITS}
SECRETS = {"SEATWISE_CALCOM_SECRET": SECRET, "SEATWISE_CALENDLY_KEY": SECRET}


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> Database:
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('stored') / 'seatwise.db'}")
    upgrade(made)
    row = {
        "conversation": LEAD,
        "details": "sealed",
        "consent": "1",
        "answers_included": True,
        **dict.fromkeys(("consented", "created", "updated"), time.time()),
    }
    made.run_sync(lambda connection: connection.execute(insert(leads), row))
    return made


@pytest.fixture
def url(store: Database) -> Iterator[str]:
    with running(Settings.from_environment({**ENVIRONMENT, **SECRETS}), store) as (address, _):
        yield f"{address}/webhooks/booking"


def call_of(store: Database) -> tuple[Any, ...]:
    wanted = select(leads.c.call, leads.c.call_state, leads.c.call_sequence)
    return tuple(store.run_sync(lambda connection: connection.execute(wanted).one()))


def post_calcom(url: str, body: bytes, **headers: str) -> requests.Response:
    return requests.post(f"{url}/calcom", body, headers={**calcom_headers(body), **headers}, timeout=5)


def post_calendly(url: str, body: bytes, at: float | None = None) -> requests.Response:
    return requests.post(f"{url}/calendly", body, headers=calendly_headers(body, at or time.time()), timeout=5)


def counted(outcome: str) -> float:
    return REGISTRY.get_sample_value("seatwise_bookings_total", {"outcome": outcome}) or 0.0


def test_calls_of_calcom_are_booked_moved_and_canceled(url: str, store: Database) -> None:
    reports = [
        (calcom("BOOKING_CREATED", "u1", NOW, FIRST, SIGNED), (FIRST, "booked", 0)),
        (
            calcom("BOOKING_RESCHEDULED", "u2", NOW + 9, FIRST + DAY, None, rescheduleUid="u1"),
            (FIRST + DAY, "moved", 1),
        ),
        (calcom("BOOKING_CANCELLED", "u2", NOW + 99, FIRST + DAY, None), (FIRST + DAY, "canceled", 2)),
    ]
    for body, outcome in reports:
        assert post_calcom(url, body).json() == {"outcome": "changed"}
        assert call_of(store) == outcome
    assert [post_calcom(url, body).json()["outcome"] for body, _ in reports] == ["unchanged"] * 3
    assert call_of(store) == reports[-1][1]


def test_calls_of_calendly_are_booked_moved_and_canceled_out_of_order(url: str, store: Database) -> None:
    booked = calendly("invitee.created", "https://i/1", NOW, FIRST, SIGNED)
    moved = calendly("invitee.created", "https://i/2", NOW + 9, FIRST + DAY, SIGNED, old_invitee="https://i/1")
    old = calendly("invitee.canceled", "https://i/1", NOW + 9, FIRST, SIGNED, rescheduled=True)
    canceled = calendly("invitee.canceled", "https://i/2", NOW + 99, FIRST + DAY, SIGNED)
    outcomes = [post_calendly(url, body).json()["outcome"] for body in (old, moved, booked)]
    assert outcomes == ["ignored", "changed", "unchanged"]
    assert call_of(store) == (FIRST + DAY, "moved", 1)
    assert post_calendly(url, canceled).json()["outcome"] == "changed"
    assert call_of(store) == (FIRST + DAY, "canceled", 2)


def test_forged_late_and_oversized_reports_change_nothing(url: str, store: Database) -> None:
    body = calcom("BOOKING_CREATED", "u1", NOW, FIRST, SIGNED)
    unsigned = requests.post(f"{url}/calcom", body, timeout=5)
    tampered = post_calcom(url, body.replace(b"u1", b"u2"), **calcom_headers(body))
    late = post_calendly(url, calendly("invitee.created", "https://i/1", NOW, FIRST, SIGNED), time.time() - 200)
    assert [one.status_code for one in (unsigned, tampered, late)] == [401] * 3
    assert {one.json()["error"] for one in (unsigned, tampered, late)} == {"bad_signature"}
    assert post_calcom(url, body + b" " * LONGEST).status_code == 413
    assert post_calcom(url, b'{"triggerEvent": "BOOKING_CREATED"}').status_code == 400
    assert requests.get(f"{url}/calcom", timeout=5).status_code == 405
    assert call_of(store) == (None, None, 0)


def test_bookings_of_others_are_counted_and_not_stored(url: str, store: Database) -> None:
    before = counted("unknown")
    for reference in (None, "", LEAD, f"{LEAD}.forged", References([KEY]).signed(LEAD)):
        report = calcom("BOOKING_CREATED", "u1", NOW, FIRST, reference)
        assert post_calcom(url, report).json() == {"outcome": "unknown"}
    assert counted("unknown") == before + 5
    assert store.run_sync(lambda connection: connection.execute(select(bookings)).all()) == []


def test_a_booking_of_an_erased_conversation_is_not_stored(url: str, store: Database) -> None:
    store.run_sync(lambda connection: erase(connection, LEAD))
    report = calcom("BOOKING_CREATED", "u1", NOW, FIRST, SIGNED)
    assert post_calcom(url, report).json() == {"outcome": "erased"}
    assert store.run_sync(lambda connection: connection.execute(select(bookings)).all()) == []


def test_nobody_who_booked_is_in_the_database(url: str, store: Database) -> None:
    post_calcom(url, calcom("BOOKING_CREATED", "u1", NOW, FIRST, SIGNED))
    rows = store.run_sync(lambda connection: connection.execute(select(bookings)).mappings().all())
    assert "jane" not in json.dumps([dict(row) for row in rows]).lower()


def test_without_a_secret_there_is_no_route(store: Database) -> None:
    body = calcom("BOOKING_CREATED", "u1", NOW, FIRST, SIGNED)
    only_calcom = {"SEATWISE_CALCOM_SECRET": SECRET}
    for secrets, statuses in (({}, [404, 404]), (only_calcom, [200, 404])):
        with running(Settings.from_environment({**ENVIRONMENT, **secrets}), store) as (address, _):
            url = f"{address}/webhooks/booking"
            assert [post_calcom(url, body).status_code, post_calendly(url, body).status_code] == statuses


def test_the_reference_of_the_booking_link_finds_the_lead(url: str, store: Database) -> None:
    chosen = Settings.from_environment({**ENVIRONMENT, "SEATWISE_BOOKING_URL": "https://calendly.com/firm"})
    reference = (link_of(LEAD, chosen) or "").partition("utm_content=")[2]
    post_calendly(url, calendly("invitee.created", "https://i/1", NOW, FIRST, reference))
    assert call_of(store) == (FIRST, "booked", 0)


def test_a_report_that_cannot_be_stored_is_sent_again(url: str, store: Database) -> None:
    store.run_sync(lambda connection: connection.execute(text("ALTER TABLE bookings RENAME TO away")))
    report = calcom("BOOKING_CREATED", "u1", NOW, FIRST, SIGNED)
    assert post_calcom(url, report).status_code == 503
    store.run_sync(lambda connection: connection.execute(text("ALTER TABLE away RENAME TO bookings")))
    assert post_calcom(url, report).json() == {"outcome": "changed"}
