"""Encrypts contact details, so that no table, log or backup holds them in clear.

The keys are derived from those of SEATWISE_SECRET: the first encrypts, all of them decrypt.
"""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from advisor.errors import SeatwiseError
from assistant.settings import SECRET, settings

_PURPOSE = b"seatwise contact details"  # the same keys sign sessions
_LENGTH = 32  # bytes of a Fernet key


def seal(content: str) -> str:
    """The content, encrypted.

    Raises:
        SeatwiseError: SEATWISE_SECRET is not set.
    """
    return _keys(settings().secret).encrypt(content.encode()).decode()


def unseal(token: str) -> str:
    """The content of a token.

    Raises:
        SeatwiseError: SEATWISE_SECRET is not set, or none of its keys opens the token.
    """
    try:
        return _keys(settings().secret).decrypt(token.encode()).decode()
    except InvalidToken:
        raise SeatwiseError(f"contact details were sealed with a key that is no longer in {SECRET}") from None


@lru_cache(maxsize=4)
def _keys(secret: str | None) -> MultiFernet:
    if not secret:
        raise SeatwiseError(f"{SECRET} must be set: it encrypts contact details")
    return MultiFernet([Fernet(_derived(key)) for key in secret.split()])


def _derived(key: str) -> bytes:
    derived = HKDF(SHA256(), _LENGTH, salt=None, info=_PURPOSE).derive(key.encode())
    return base64.urlsafe_b64encode(derived)
