"""References in links that come back to us: signed, so that nobody can guess the one of somebody else.

The firm's reference of a call is in the link that it sends beforehand, and ours of a conversation in the booking link.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

from assistant.stores.calls import is_reference

CALL = b"reference of a call\0"
CONVERSATION = b"reference of a conversation\0"
"""What a reference is of: each is signed for its purpose, because the same keys sign all of them, and sessions too."""

_LENGTH = 16  # bytes of the signature


class References:
    """Signs and verifies references.

    Args:
        keys: the first signs, all are accepted (see ``sessions.Sessions``).
        purpose: ``CALL`` or ``CONVERSATION``.
    """

    def __init__(self, keys: Sequence[str], purpose: bytes = CALL) -> None:
        self._keys = keys
        self._purpose = purpose

    def signed(self, reference: str) -> str:
        """The reference for a link: itself, a dot, and its signature."""
        return f"{reference}.{self._signature(self._keys[0], reference)}"

    def read(self, signed: object) -> str | None:
        """The reference, if its signature is ours; otherwise None."""
        if not isinstance(signed, str):
            return None
        reference, _, signature = signed.rpartition(".")
        if not is_reference(reference) or not signature.isascii():
            return None
        valid = [hmac.compare_digest(signature, self._signature(key, reference)) for key in self._keys]
        return reference if any(valid) else None

    def _signature(self, key: str, reference: str) -> str:
        digest = hmac.new(key.encode(), self._purpose + reference.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:_LENGTH]).decode().rstrip("=")
