"""Which websites may talk to us: our own pages, and those that the operator names.

Browsers tell the origin of a page truthfully. Who is no browser may say anything or nothing; the token of a session and
the limits hold for everybody.
"""

from __future__ import annotations

import re

from advisor.errors import SeatwiseError

ORIGINS = "SEATWISE_ORIGINS"
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "600",
}


class Origins:
    """The websites that may embed the assistant.

    Args:
        setting: their origins, divided by spaces, such as "https://www.firm.example".

    Raises:
        SeatwiseError: one of them is no origin.
    """

    def __init__(self, setting: str | None = None) -> None:
        self._named = frozenset((setting or "").lower().split())
        for name in sorted(self._named):
            if not _ORIGIN.fullmatch(name):
                raise SeatwiseError(f"{ORIGINS} must hold origins such as https://www.firm.example, and has {name!r}")

    def allow(self, origin: str | None, host: str | None) -> bool:
        """Whether a request may come from there.

        Args:
            origin: the header of that name; None where there is none.
            host: the one that the request was sent to, with its port.
        """
        if origin is None or origin.lower() in self._named:
            return True
        return host is not None and origin.lower() in (f"http://{host.lower()}", f"https://{host.lower()}")

    def headers(self, origin: str | None, preflight: bool = False) -> dict[str, str]:
        """What tells a browser that the page of an allowed origin may read the answer."""
        if origin is None:
            return {}
        told = {"Access-Control-Allow-Origin": origin, "Vary": "Origin", "Access-Control-Expose-Headers": "Retry-After"}
        return {**told, **(_PREFLIGHT if preflight else {})}
