"""Where booking services report: /webhooks/booking/calcom and /webhooks/booking/calendly, each if its secret is set."""

from __future__ import annotations

import logging
import time

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.booking.webhooks import (
    CALCOM_SIGNATURE,
    CALENDLY_SIGNATURE,
    LONGEST,
    Read,
    ReportError,
    SignatureError,
    from_calcom,
    from_calendly,
)
from assistant.metrics import BOOKINGS
from assistant.server.responses import reply
from assistant.settings import Settings
from assistant.stores.bookings import put
from assistant.stores.database import Database, StoreUnavailable
from assistant.stores.erasures import Erased
from assistant.stores.references import CONVERSATION, References
from assistant.turns.api_errors import ApiError

_log = logging.getLogger(__name__)

_NOT_STORED = ApiError(503, "not_stored", "This report could not be stored; please send it again.")


def add_booking_routes(app: Sanic, settings: Settings, store: Database) -> None:
    """Add the routes of the services that the settings have a secret of."""
    references = References((settings.secret or "").split(), CONVERSATION)
    services = {
        "calcom": (settings.calcom_secret, CALCOM_SIGNATURE, from_calcom),
        "calendly": (settings.calendly_key, CALENDLY_SIGNATURE, from_calendly),
    }
    for name, (secret, header, read) in services.items():
        if secret:
            receive = _Receiver(store, references, secret, header, read)
            app.add_route(receive, f"/webhooks/booking/{name}", methods=["POST"], name=f"booking_{name}")


class _Receiver:
    """Stores what one service reports. A service repeats what is not answered with success, so what is none of our
    business is a success too."""

    def __init__(self, store: Database, references: References, secret: str, header: str, read: Read) -> None:
        self._store = store
        self._references = references
        self._secret = secret
        self._header = header
        self._read = read

    async def __call__(self, request: Request) -> HTTPResponse:
        outcome = await self._receive(request.body, request.headers.get(self._header))
        BOOKINGS.labels(outcome).inc()
        return reply({"outcome": outcome})

    async def _receive(self, body: bytes, signature: str | None) -> str:
        if len(body) > LONGEST:
            raise ApiError(413, "too_long", f"A report has at most {LONGEST} bytes.")
        try:
            booking = self._read(self._secret, signature, body, time.time())
        except SignatureError as error:
            raise ApiError(401, "bad_signature", str(error)) from None
        except ReportError as error:
            _log.warning("a booking could not be read: %s", error)
            raise ApiError(400, "unreadable", str(error)) from None
        if booking is None:
            return "ignored"
        conversation = self._references.read(booking.reference)
        try:
            return await self._store.run(lambda connection: put(connection, booking, conversation))
        except Erased:
            return "erased"
        except StoreUnavailable:
            raise _NOT_STORED from None
