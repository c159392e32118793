"""Who is talking: a visitor is known by a token that we signed, never by an id that a client names."""

from __future__ import annotations

import secrets
import time

import jwt

from assistant.channels.messages import Refusal

LIFETIME = 24 * 60 * 60  # seconds
SHORTEST_SECRET = 32  # bytes: what HS256 asks for (RFC 7518, section 3.2)
_ALGORITHM = "HS256"
_AUDIENCE = "seatwise-web"


class Sessions:
    """Opens sessions and knows them again by their token.

    Args:
        secret: the key that signs tokens. Without one a random key is used, and all tokens end with the process.
    """

    def __init__(self, secret: str | None = None) -> None:
        self._key = secret or secrets.token_hex(SHORTEST_SECRET)

    def open(self) -> tuple[str, str, int]:
        """A new session: its id (128 random bits), its token, and when that expires (Unix time)."""
        session_id = secrets.token_hex(16)
        expires = int(time.time()) + LIFETIME
        claims = {"sub": session_id, "aud": _AUDIENCE, "exp": expires}
        return session_id, jwt.encode(claims, self._key, _ALGORITHM), expires

    def of(self, authorization: str | None) -> str:
        """The id of the session of an ``Authorization`` header.

        Raises:
            Refusal: there is no token, or it has expired, or it is not one of ours.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refusal(401, "no_token", "This needs the token of a session.")
        try:
            claims = jwt.decode(
                token, self._key, [_ALGORITHM], audience=_AUDIENCE, options={"require": ["sub", "aud", "exp"]}
            )
        except jwt.ExpiredSignatureError:
            raise Refusal(401, "expired", "This session has expired; please start a new one.") from None
        except (jwt.InvalidTokenError, UnicodeError):
            raise Refusal(401, "bad_token", "This token is not valid; please start a new session.") from None
        return str(claims["sub"])
