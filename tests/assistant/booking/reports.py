"""Reports as Cal.com and Calendly send and sign them, with some of their many keys.

The shapes are those of Cal.com's ``sendPayload.ts`` and of Calendly's documentation of ``invitee.created``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timezone
from typing import Any

from assistant.booking.webhooks import CALCOM_SIGNATURE, CALENDLY_SIGNATURE

SECRET = "the-secret-of-a-booking-service"
DAY = 24 * 60 * 60
FIRST = 1_796_000_000  # Unix time of the first call: a Monday in November 2026
HALF_AN_HOUR = 30 * 60


def calcom(event: str, uid: str, at: float, start: float, reference: str | None, **more: Any) -> bytes:
    """A body of Cal.com."""
    payload = {
        "type": "intro",
        "title": "Intro between Firm and Jane",
        "startTime": _iso(start),
        "endTime": _iso(start + HALF_AN_HOUR),
        "organizer": {"name": "Firm", "email": "firm@firm.example", "timeZone": "America/New_York"},
        "attendees": [{"name": "Jane", "email": "jane@acme.example", "timeZone": "America/New_York"}],
        "uid": uid,
        "bookingId": 91,
        "iCalSequence": 0,
        **({"metadata": {"ref": reference, "videoCallUrl": "https://video.example/1"}} if reference else {}),
        **more,
    }
    return json.dumps({"triggerEvent": event, "createdAt": _iso(at), "payload": payload}).encode()


def calendly(event: str, uid: str, at: float, start: float, reference: str | None, **more: Any) -> bytes:
    """A body of Calendly."""
    payload = {
        "uri": uid,
        "name": "Jane",
        "email": "jane@acme.example",
        "old_invitee": None,
        "new_invitee": None,
        "rescheduled": False,
        "scheduled_event": {"start_time": _iso(start), "end_time": _iso(start + HALF_AN_HOUR), "status": "active"},
        "tracking": {"utm_source": None, "utm_content": reference, "salesforce_uuid": None},
        **more,
    }
    return json.dumps({"event": event, "created_at": _iso(at), "created_by": "https://x", "payload": payload}).encode()


def calcom_headers(body: bytes, secret: str = SECRET) -> dict[str, str]:
    """The headers that Cal.com signs a body with."""
    return {CALCOM_SIGNATURE: _hmac(secret, body)}


def calendly_headers(body: bytes, at: float, secret: str = SECRET) -> dict[str, str]:
    """The headers that Calendly signs a body with at a time."""
    return {CALENDLY_SIGNATURE: f"t={int(at)},v1={_hmac(secret, f'{int(at)}.'.encode() + body)}"}


def _hmac(secret: str, signed: bytes) -> str:
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
