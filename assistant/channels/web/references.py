"""The reference of a call in the link that the firm sends: signed, so that guessing one attaches no chat to it."""

from __future__ import annotations

import base64
import hashlib
import hmac

from assistant.stores.calls import is_reference

_LENGTH = 16  # bytes of the signature
_PURPOSE = b"reference of a call\0"  # the same keys sign sessions


class References:
    """Signs references and knows them again.

    Args:
        keys: the first signs, all are accepted (see ``sessions.Sessions``).
    """

    def __init__(self, keys: list[str]) -> None:
        self._keys = keys

    def signed(self, reference: str) -> str:
        """The reference as it stands in a link: itself, a dot, and its signature."""
        return f"{reference}.{_signature(self._keys[0], reference)}"

    def read(self, signed: object) -> str | None:
        """The reference, if it is one and we have signed it."""
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
