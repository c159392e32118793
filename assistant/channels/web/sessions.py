"""Sessions: a visitor is identified by a token that we signed, never by an id that a client sends."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import jwt

from assistant.settings import SHORTEST_KEY
from assistant.stores.references import References
from assistant.turns.api_errors import ApiError

LIFETIME = 24 * 60 * 60  # seconds from the last visit
LONGEST = 30 * 24 * 60 * 60  # seconds: the maximum age of a session, however often it is renewed
_ALGORITHM = "HS256"
_AUDIENCE = "seatwise-web"


@dataclass(frozen=True)
class Session:
    """One visitor's conversation, and the token that opens it."""

    id: str  # 128 random bits
    token: str
    opened: int  # Unix time
    expires: int  # Unix time
    resumed: bool = False

    def as_json(self) -> dict[str, str | int | bool]:
        """The session as the client gets it."""
        return {"session_id": self.id, "token": self.token, "expires": self.expires, "resumed": self.resumed}


class Sessions:
    """Opens sessions and resumes them by their token.

    Args:
        secret: the keys that sign tokens, separated by spaces: the first signs, those after it are still accepted.
            Without one a random key is used, and all tokens end with the process.
    """

    def __init__(self, secret: str | None = None) -> None:
        self._keys = (secret or secrets.token_hex(SHORTEST_KEY)).split()
        self._verified = lru_cache(maxsize=4096)(self._verify)  # a token comes with every message

    @property
    def references(self) -> References:
        """The references of calls that the same keys have signed."""
        return References(self._keys)

    def open(self) -> Session:
        """A new session."""
        return self._signed(secrets.token_hex(16), int(time.time()), resumed=False)

    def for_token(self, token: str | None) -> Session:
        """The session of a token, with a fresh one, so that it lasts as long as its visitor comes back in time.

        Without a valid token it is a new session.
        """
        if not token:
            return self.open()
        try:
            claims = self._claims(token)
        except ApiError:
            return self.open()
        return self._signed(str(claims["sub"]), _opened(claims), resumed=True)

    def renewed(self, session: Session) -> Session:
        """The session of an open connection, with a fresh token if less than half of its lifetime is left.

        Raises:
            ApiError: the session has reached its maximum age.
        """
        now = time.time()
        end = session.opened + LONGEST
        if now >= end:
            raise _expired()
        if session.expires - now > LIFETIME / 2 or session.expires == end:
            return session
        return self._signed(session.id, session.opened, resumed=True)

    def of(self, authorization: str | None, expired_for: float = 0) -> str:
        """The id of the session of an ``Authorization`` header.

        Args:
            authorization: the header.
            expired_for: accept a token that expired up to this many seconds ago.

        Raises:
            ApiError: there is no token, or it has expired, or it is not one of ours.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise ApiError(401, "no_token", "This needs the token of a session.")
        return str(self._claims(token, expired_for)["sub"])

    def _signed(self, session: str, opened: int, resumed: bool) -> Session:
        expires = min(int(time.time()) + LIFETIME, opened + LONGEST)
        claims = {"sub": session, "aud": _AUDIENCE, "opened": opened, "exp": expires}
        return Session(session, jwt.encode(claims, self._keys[0], _ALGORITHM), opened, expires, resumed)

    def _claims(self, token: str, expired_for: float = 0) -> Mapping[str, Any]:
        claims = self._verified(token)
        if claims["exp"] <= time.time() - expired_for:
            raise _expired()
        return claims

    def _verify(self, token: str) -> Mapping[str, Any]:
        for key in self._keys:
            try:
                claims: dict[str, Any] = jwt.decode(
                    token,
                    key,
                    [_ALGORITHM],
                    audience=_AUDIENCE,
                    options={"require": ["sub", "aud", "exp"], "verify_exp": False},
                )
            except (jwt.InvalidTokenError, UnicodeError):
                continue
            return MappingProxyType(claims)
        raise ApiError(401, "bad_token", "This token is not valid; please start a new session.")


def _expired() -> ApiError:
    return ApiError(401, "expired", "This session has expired; please start a new one.")


def _opened(claims: Mapping[str, Any]) -> int:
    """When the session was opened. Tokens of version 0.3.0 do not say, so their own age counts."""
    return int(claims.get("opened", claims["exp"] - LIFETIME))
