"""Sessions of operators: a signed cookie, and a form token that belongs to it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

import jwt

IDLE = 30 * 60  # seconds without a request
LONGEST = 12 * 60 * 60  # seconds since the sign-in
_ALGORITHM = "HS256"
_AUDIENCE = "seatwise-console"


@dataclass(frozen=True)
class Session:
    """A browser with one of the pages open."""

    operator: str | None  # None before the sign-in
    form_token: str  # goes along with every form, so that no other website can send one
    opened: int  # Unix time


class Sessions:
    """Opens sessions, and reads them from their cookies.

    Args:
        token: whatever opens the pages. A new one ends all sessions.
        secret: signs sessions together with the token. Without one they end with the process.
        clock: tells the Unix time.
    """

    def __init__(self, token: str, secret: str | None, clock: Callable[[], float] = time.time) -> None:
        self._key = hmac.new((secret or secrets.token_hex()).encode(), token.encode(), hashlib.sha256).digest()
        self._clock = clock

    def open(self, operator: str | None = None) -> Session:
        """A new session, signed in if it has an operator."""
        return Session(operator, secrets.token_urlsafe(), int(self._clock()))

    def cookie(self, session: Session) -> str:
        """The value of the cookie after a request of this session."""
        claims = {
            "sub": session.operator or "",
            "form": session.form_token,
            "opened": session.opened,
            "used": int(self._clock()),
            "aud": _AUDIENCE,
        }
        return jwt.encode(claims, self._key, _ALGORITHM)

    def read(self, cookie: str | None) -> Session | None:
        """The session of a cookie; None if it is not one of ours or too old."""
        try:
            claims = jwt.decode(cookie or "", self._key, [_ALGORITHM], audience=_AUDIENCE)
        except (jwt.InvalidTokenError, UnicodeError):
            return None
        now = self._clock()
        if now >= claims["used"] + IDLE or now >= claims["opened"] + LONGEST:
            return None
        return Session(claims["sub"] or None, claims["form"], claims["opened"])
