"""Which websites may call a channel from a browser: our own pages, and those that the operator names.

Browsers send the origin of a page truthfully. Other clients may send anything or nothing; session tokens and rate
limits hold for everybody.
"""

from __future__ import annotations

from collections.abc import Collection

from sanic import Sanic
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse, empty

from assistant.metrics import REFUSALS
from assistant.server.responses import error_response, reply
from assistant.turns.api_errors import ApiError

_FOREIGN = ApiError(403, "foreign_origin", "This website may not use this assistant.")
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "600",
}


class AllowedOrigins:
    """The websites that may embed the assistant.

    Args:
        origins: their origins in lower case, such as "https://www.firm.example".
    """

    def __init__(self, origins: Collection[str] = ()) -> None:
        self._origins = frozenset(origins)

    def allow(self, origin: str | None, host: str | None) -> bool:
        """Whether a request may come from there.

        Args:
            origin: the header of that name; None where there is none.
            host: the one that the request was sent to, with its port.
        """
        if origin is None or origin.lower() in self._origins:
            return True
        return host is not None and origin.lower() in (f"http://{host.lower()}", f"https://{host.lower()}")

    def headers(self, origin: str | None, preflight: bool = False) -> dict[str, str]:
        """What tells a browser that the page of an allowed origin may read the response."""
        if origin is None:
            return {}
        shared = {
            "Access-Control-Allow-Origin": origin,
            "Vary": "Origin",
            "Access-Control-Expose-Headers": "Retry-After",
        }
        return {**shared, **(_PREFLIGHT if preflight else {})}


def restrict_origins(app: Sanic, path: str, origins: AllowedOrigins) -> None:
    """Reject requests of other websites below this path, and let the pages of allowed ones read the responses.

    ``origin`` below the path tells any page whether it is allowed: browsers hide every other refusal from it, and its
    owner would never learn what to set.
    """
    question = f"{path}/origin"

    async def check(request: Request) -> HTTPResponse | None:
        if not request.path.startswith(path):
            return None
        origin = request.headers.get("origin")
        if not origins.allow(origin, request.headers.get("host")):
            REFUSALS.labels(_FOREIGN.code).inc()
            refusal = error_response(_FOREIGN)
            if request.path == question and request.method == "GET":
                refusal.headers.update(origins.headers(origin))
            return refusal
        if request.path == question and request.method == "GET":
            return reply({"allowed": True})
        return empty() if request.method == "OPTIONS" else None

    async def add_headers(request: Request, response: BaseHTTPResponse) -> None:
        origin = request.headers.get("origin")
        if request.path.startswith(path) and origins.allow(origin, request.headers.get("host")):
            response.headers.update(origins.headers(origin, preflight=request.method == "OPTIONS"))

    app.register_middleware(check)
    app.register_middleware(add_headers, "response")
