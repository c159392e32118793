"""Who may sign in: operators with tokens of their own, and whoever has the token that all share.

Tokens are long and random, so their plain SHA-256 gives nothing away. A second factor is a code from an authenticator
(TOTP, RFC 6238), which counts once. Used codes are remembered in memory: each replica remembers its own.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

import pyotp
from pyotp.exceptions import OTPVerificationError

from advisor.errors import SeatwiseError
from assistant.settings import OPERATOR, Settings

_ISSUER = "Seatwise"
_WINDOW = 1  # codes before and after the one of this half minute, for clocks that differ


@dataclass(frozen=True)
class Operator:
    """Somebody with a token of their own.

    Attributes:
        token: its SHA-256, in hexadecimal.
        code: the secret of their authenticator, in base32; None if they have none.
    """

    name: str
    token: str
    code: str | None


class Operators:
    """Everybody who may sign in.

    Args:
        settings: those of this process.
        clock: tells the Unix time.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self._shared = settings.console_token
        self._named = [_operator(line) for line in (settings.operators or "").splitlines() if line.strip()]
        self._clock = clock
        self._last_codes: dict[str, int] = {}  # which half minute the last code of an operator was of
        self.secrets = f"{settings.console_token}\n{settings.operators}"
        """Whatever opens the pages: sessions end when it changes."""

    @property
    def share_a_token(self) -> bool:
        """Whether there is a token that does not say whose it is."""
        return self._shared is not None

    @property
    def are_named(self) -> bool:
        """Whether somebody has a token of their own, which says who they are."""
        return bool(self._named)

    @property
    def have_codes(self) -> bool:
        """Whether somebody has an authenticator."""
        return any(one.code for one in self._named)

    def with_token(self, token: str) -> Operator | None:
        """The operator whose token this is; it takes as long for any token."""
        given = _digest(token)
        found = [one for one in self._named if hmac.compare_digest(one.token, given)]
        return found[0] if found else None

    def shares(self, token: str) -> bool:
        """Whether this is the token that all share."""
        return hmac.compare_digest(token.encode(), (self._shared or "").encode()) and self.share_a_token

    def has_name(self, name: str) -> bool:
        """Whether somebody with a token of their own is called so."""
        return name.casefold() in {one.name.casefold() for one in self._named}

    def takes_code(self, operator: Operator, code: str) -> bool:
        """Whether this code of the operator's authenticator counts, which it does once."""
        if operator.code is None:
            return True
        try:
            half_minute = pyotp.TOTP(operator.code).verify_and_get_timecode(
                code, for_time=self._clock(), valid_window=_WINDOW
            )
        except OTPVerificationError:
            return False
        if half_minute <= self._last_codes.get(operator.name, 0):
            return False
        self._last_codes[operator.name] = half_minute
        return True


def new_operator(name: str) -> str:
    """What ``python -m assistant operator NAME`` prints: a token, an authenticator's address, and their line.

    Raises:
        SeatwiseError: the name cannot be that of an operator.
    """
    token, code = secrets.token_urlsafe(), pyotp.random_base32()
    line = f"{name}: {_digest(token)}: {code}"
    if not name.isprintable() or name != name.strip() or OPERATOR.fullmatch(line) is None:
        raise SeatwiseError("a name has 1 to 80 characters, without colons; visitors see it")
    address = pyotp.TOTP(code).provisioning_uri(name=name, issuer_name=_ISSUER)
    return (
        f"Token: {token}\nAuthenticator: {address}\nLine of SEATWISE_OPERATORS: {line}\n"
        "The token is not stored. Without the last part of the line, no code is asked for.\n"
    )


def _operator(line: str) -> Operator:
    found = OPERATOR.fullmatch(line.strip())
    assert found is not None  # the settings are valid
    return Operator(found["name"], found["token"], found["code"])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
