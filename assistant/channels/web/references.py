"""The reference of a sales call, in the link that the firm sends: signed, so that it cannot be guessed."""

from __future__ import annotations

import base64
import hashlib
import hmac

from assistant.stores.calls import is_reference

_LENGTH = 16  # bytes of the signature
_PURPOSE = b"reference of a call\0"  # the same keys sign sessions


class References:
    """Signs and verifies references.

    Args:
        keys: the first signs, all are accepted (see ``sessions.Sessions``).
    """

    def __init__(self, keys: list[str]) -> None:
        self._keys = keys

    def signed(self, reference: str) -> str:
        """The reference for a link: itself, a dot, and its signature."""
        return f"{reference}.{_signature(self._keys[0], reference)}"

    def read(self, signed: object) -> str | None:
        """The reference, if its signature is ours; otherwise None."""
        if not isinstance(signed, str):
            return None
        reference, _, signature = signed.rpartition(".")
        if not is_reference(reference) or not signature.isascii():
            return None
        valid = [hmac.compare_digest(signature, _signature(key, reference)) for key in self._keys]
        return reference if any(valid) else None


def _signature(key: str, reference: str) -> str:
    digest = hmac.new(key.encode(), _PURPOSE + reference.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:_LENGTH]).decode().rstrip("=")
