"""What booking services report by webhook, verified and read into a ``Booking``.

Payloads are described at https://cal.com/docs/developing/guides/automation/webhooks and at
https://developer.calendly.com/docs/webhooks/overview. They name the person who booked; nothing of that is read.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from pydantic import BaseModel, Field, ValidationError, validator

from advisor.errors import SeatwiseError
from assistant.stores.bookings import Booking, State

Read = Callable[[str, str | None, bytes, float], Booking | None]
"""Reads a report, given the secret, the header with its signature, the body as it came, and the Unix time.

None is a report of something else. Raises ``SignatureError`` or ``ReportError``.
"""

CALCOM_SIGNATURE = "X-Cal-Signature-256"
CALENDLY_SIGNATURE = "Calendly-Webhook-Signature"
LONGEST = 16 * 1024  # bytes of a body; the proxies of deploy/ let no more through

_TOLERANCE = 3 * 60.0  # seconds, as Calendly recommends: older signatures may be replays
_TIMESTAMPED = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")
_CALCOM_STATES: dict[str, State] = {
    "BOOKING_CREATED": "booked",
    "BOOKING_RESCHEDULED": "moved",
    "BOOKING_CANCELLED": "canceled",
}
_CALENDLY_STATES: dict[str, State] = {"invitee.created": "booked", "invitee.canceled": "canceled"}


class SignatureError(SeatwiseError):
    """The signature is missing, wrong or too old."""


class ReportError(SeatwiseError):
    """The signature is right, and the body is not what the service documents."""


class _Part(BaseModel):
    """A part of a payload; of its many keys only those that are declared are read."""

    @validator("*")
    def _aware(cls, value: Any) -> Any:
        """Services state the offset; a time without one is UTC, and never that of this machine."""
        return value.replace(tzinfo=timezone.utc) if isinstance(value, datetime) and value.tzinfo is None else value


class _CalcomMetadata(_Part):
    ref: str | None


class _CalcomBooking(_Part):
    uid: str = Field(max_length=255)
    start: datetime = Field(alias="startTime")
    end: datetime = Field(alias="endTime")
    moved_from: str | None = Field(alias="rescheduleUid", max_length=255)
    metadata: _CalcomMetadata | None


class _CalcomReport(_Part):
    at: datetime = Field(alias="createdAt")
    payload: _CalcomBooking


class _CalendlyTracking(_Part):
    utm_content: str | None


class _CalendlyTime(_Part):
    start: datetime = Field(alias="start_time")
    end: datetime = Field(alias="end_time")


class _CalendlyInvitee(_Part):
    uri: str = Field(max_length=255)
    moved_from: str | None = Field(alias="old_invitee", max_length=255)
    rescheduled: bool | None
    tracking: _CalendlyTracking | None
    scheduled_event: _CalendlyTime


class _CalendlyReport(_Part):
    at: datetime = Field(alias="created_at")
    payload: _CalendlyInvitee


class _CalcomKind(_Part):
    kind: str = Field(alias="triggerEvent")


class _CalendlyKind(_Part):
    kind: str = Field(alias="event")


def from_calcom(secret: str, signature: str | None, body: bytes, now: float) -> Booking | None:
    """See ``Read``. Cal.com signs the body alone, so what keeps replays harmless is that they change nothing."""
    if not hmac.compare_digest((signature or "").encode(), _hex_digest(secret, body)):
        raise SignatureError("the signature of Cal.com is wrong")
    state = _CALCOM_STATES.get(_parsed(_CalcomKind, body).kind)
    if state is None:
        return None
    report = _parsed(_CalcomReport, body)
    booking, metadata = report.payload, report.payload.metadata
    return Booking(
        uid=booking.uid,
        reference=metadata and metadata.ref,
        state=state,
        start=booking.start.timestamp(),
        end=booking.end.timestamp(),
        sequence=_milliseconds(report.at),
        replaces=booking.moved_from if state == "moved" else None,
    )


def from_calendly(key: str, signature: str | None, body: bytes, now: float) -> Booking | None:
    """See ``Read``. A move is another booking in place of the old one, whose cancellation tells nothing new."""
    stamped = _TIMESTAMPED.fullmatch(signature or "")
    if stamped is None or not hmac.compare_digest(
        stamped[2].encode(), _hex_digest(key, f"{stamped[1]}.".encode() + body)
    ):
        raise SignatureError("the signature of Calendly is wrong")
    if abs(now - int(stamped[1])) > _TOLERANCE:
        raise SignatureError("the signature of Calendly is too old")
    state = _CALENDLY_STATES.get(_parsed(_CalendlyKind, body).kind)
    if state is None:
        return None
    report = _parsed(_CalendlyReport, body)
    invitee, tracking = report.payload, report.payload.tracking
    if state == "canceled" and invitee.rescheduled:
        return None
    return Booking(
        uid=invitee.uri,
        reference=tracking and tracking.utm_content,
        state="moved" if state == "booked" and invitee.moved_from else state,
        start=invitee.scheduled_event.start.timestamp(),
        end=invitee.scheduled_event.end.timestamp(),
        sequence=_milliseconds(report.at),
        replaces=invitee.moved_from if state == "booked" else None,
    )


def _hex_digest(secret: str, signed: bytes) -> bytes:
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest().encode()


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _parsed(model: Any, body: bytes) -> Any:
    try:
        return model.parse_raw(body)
    except ValidationError as error:
        where = ".".join(str(step) for step in error.errors()[0]["loc"])
        raise ReportError(f"not the report that was expected: see {where}") from None
