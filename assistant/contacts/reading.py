"""What was read of one message."""

from __future__ import annotations

import json
from dataclasses import dataclass

from assistant.contacts.contact import Contact


@dataclass(frozen=True)
class Reading:
    """The contact details that a message gives.

    Attributes:
        contact: the details.
        masked: the message with [name], [email], [phone] and [company] in their places.
        suggestion: the e-mail address that was probably meant, where the typed one looks mistyped.
    """

    contact: Contact
    masked: str
    suggestion: str | None = None

    def as_json(self) -> str:
        """The details and the suggestion, without the message."""
        return json.dumps({"contact": self.contact.known, "suggestion": self.suggestion}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Reading:
        """What ``as_json`` wrote; the message is gone."""
        content = json.loads(text)
        return cls(Contact(**content["contact"]), "", content["suggestion"])
