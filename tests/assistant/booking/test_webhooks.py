"""Reports of booking services are believed only with a signature of theirs, and read to one kind of booking."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from assistant.booking.webhooks import (
    CALCOM_SIGNATURE,
    CALENDLY_SIGNATURE,
    ReportError,
    SignatureError,
    from_calcom,
    from_calendly,
)
from assistant.stores.bookings import Booking
from tests.assistant.booking.reports import (
    DAY,
    FIRST,
    HALF_AN_HOUR,
    SECRET,
    calcom,
    calcom_headers,
    calendly,
    calendly_headers,
)

NOW = FIRST - DAY
INVITEE = "https://api.calendly.com/scheduled_events/e1/invitees/i"


def read_calcom(body: bytes, **headers: str) -> Booking | None:
    return from_calcom(SECRET, {**calcom_headers(body), **headers}[CALCOM_SIGNATURE], body, NOW)


def read_calendly(body: bytes, at: float = NOW) -> Booking | None:
    return from_calendly(SECRET, calendly_headers(body, at)[CALENDLY_SIGNATURE], body, NOW)


def test_reports_of_calcom_are_read() -> None:
    end, sequence = FIRST + HALF_AN_HOUR, NOW * 1000
    booked = Booking("u1", "c.sig", "booked", FIRST, end, sequence)
    assert read_calcom(calcom("BOOKING_CREATED", "u1", NOW, FIRST, "c.sig")) == booked
    moved = calcom("BOOKING_RESCHEDULED", "u2", NOW, FIRST, None, rescheduleUid="u1", rescheduleStartTime="x")
    assert read_calcom(moved) == Booking("u2", None, "moved", FIRST, end, sequence, "u1")
    canceled = calcom("BOOKING_CANCELLED", "u2", NOW, FIRST, "c.sig", cancellationReason="ill")
    assert read_calcom(canceled) == Booking("u2", "c.sig", "canceled", FIRST, end, sequence)


def test_reports_of_calendly_are_read() -> None:
    end, sequence = FIRST + HALF_AN_HOUR, NOW * 1000
    booked = Booking(f"{INVITEE}1", "c.sig", "booked", FIRST, end, sequence)
    assert read_calendly(calendly("invitee.created", f"{INVITEE}1", NOW, FIRST, "c.sig")) == booked
    moved = calendly("invitee.created", f"{INVITEE}2", NOW, FIRST, "c.sig", old_invitee=f"{INVITEE}1")
    assert read_calendly(moved) == Booking(f"{INVITEE}2", "c.sig", "moved", FIRST, end, sequence, f"{INVITEE}1")
    canceled = calendly("invitee.canceled", f"{INVITEE}2", NOW, FIRST, "c.sig", old_invitee=f"{INVITEE}1")
    assert read_calendly(canceled) == Booking(f"{INVITEE}2", "c.sig", "canceled", FIRST, end, sequence)


def test_the_other_half_of_a_move_says_nothing_new() -> None:
    old = calendly("invitee.canceled", f"{INVITEE}1", NOW, FIRST, "c.sig", rescheduled=True, new_invitee=f"{INVITEE}2")
    assert read_calendly(old) is None


@pytest.mark.parametrize("event", ["PING", "MEETING_ENDED", "BOOKING_REQUESTED", "FORM_SUBMITTED"])
def test_reports_of_something_else_are_ignored(event: str) -> None:
    body = json.dumps({"triggerEvent": event, "createdAt": "2026-11-30T10:00:00Z", "payload": {"x": 1}}).encode()
    assert read_calcom(body) is None
    assert read_calendly(json.dumps({"event": "routing_form_submission.created", "payload": {}}).encode()) is None


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose clock is not UTC."""
    with monkeypatch.context() as changed:
        changed.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


def test_a_time_without_offset_is_utc(elsewhere: None) -> None:
    booking = read_calcom(calcom("BOOKING_CREATED", "u1", NOW, FIRST, None, startTime="2026-11-30T10:00:00"))
    assert booking is not None
    assert booking.start == 1_796_032_800


CALCOM = calcom("BOOKING_CREATED", "u1", NOW, FIRST, "c.sig")
CALENDLY = calendly("invitee.created", "u1", NOW, FIRST, "c.sig")


@pytest.mark.parametrize("place", [0, len(CALCOM) // 2, len(CALCOM) - 1])
def test_one_changed_byte_makes_calcoms_signature_wrong(place: int) -> None:
    body = bytearray(CALCOM)
    body[place] ^= 1
    with pytest.raises(SignatureError):
        from_calcom(SECRET, calcom_headers(CALCOM)[CALCOM_SIGNATURE], bytes(body), NOW)


@pytest.mark.parametrize(
    "signature",
    [None, "", "no-secret-provided", "ü", calcom_headers(CALCOM, "other")[CALCOM_SIGNATURE], "0" * 64],
)
def test_other_signatures_of_calcom_are_refused(signature: str | None) -> None:
    with pytest.raises(SignatureError):
        from_calcom(SECRET, signature, CALCOM, NOW)


@pytest.mark.parametrize("age", [-179, 0, 179])
def test_calendlys_signature_is_good_for_three_minutes(age: int) -> None:
    assert read_calendly(CALENDLY, NOW - age) is not None


@pytest.mark.parametrize("age", [-181, 181, DAY])
def test_calendlys_signature_of_another_time_is_refused(age: int) -> None:
    with pytest.raises(SignatureError, match="old"):
        read_calendly(CALENDLY, NOW - age)


GOOD = calendly_headers(CALENDLY, NOW)[CALENDLY_SIGNATURE]


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        GOOD.replace("v1=", "v0="),
        GOOD.partition(",")[2],
        GOOD.replace(f"t={NOW}", f"t={NOW + 1}"),
        f"{GOOD}\n",
        f"t=9{'9' * 400},v1={'0' * 64}",
        f"t=１{NOW},v1={'0' * 64}",
        calendly_headers(CALENDLY, NOW, "other")[CALENDLY_SIGNATURE],
    ],
)
def test_other_signatures_of_calendly_are_refused(signature: str | None) -> None:
    with pytest.raises(SignatureError):
        from_calendly(SECRET, signature, CALENDLY, NOW)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not JSON",
        b"\xff\xfe",
        b"[]",
        b'{"triggerEvent": "BOOKING_CREATED"}',
        calcom("BOOKING_CREATED", "u1", NOW, FIRST, "c.sig", startTime="soon"),
        calcom("BOOKING_CREATED", "u" * 256, NOW, FIRST, "c.sig"),
    ],
)
def test_signed_body_of_another_form_is_an_error_without_its_content(body: bytes) -> None:
    with pytest.raises(ReportError) as error:
        read_calcom(body)
    assert "soon" not in str(error.value)
    with pytest.raises(ReportError):
        read_calendly(body)
