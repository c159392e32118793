"""Messages as the clients of the web channel write them: JSON over HTTP, events over Socket.IO."""

from __future__ import annotations

import json

from assistant.turns.api_errors import ApiError
from assistant.turns.messages import IncomingMessage

CHANNEL = "web"
LONGEST_BODY = 16 * 1024  # bytes; 1,000 characters take 12,000 where a client escapes every one of them


def from_body(session: str, body: bytes) -> IncomingMessage:
    """The message in the body of an HTTP request; see docs/openapi.yml.

    Raises:
        ApiError: it is not a valid message.
    """
    if len(body) > LONGEST_BODY:
        raise ApiError(413, "too_large", f"A request may have at most {LONGEST_BODY} bytes.")
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise ApiError(400, "not_json", "The request is not JSON.") from None
    return _from_fields(session, fields)


def from_event(session: str, content: object) -> IncomingMessage:
    """The message in a ``user_uttered`` event; see docs/protocol.md.

    Raises:
        ApiError: it is not a valid message.
    """
    if not isinstance(content, dict):
        return _from_fields(session, content)
    field = "payload" if content.get("kind") == "button" else "text"
    return _from_fields(session, {"id": content.get("id"), field: content.get("message")})


def _from_fields(session: str, fields: object) -> IncomingMessage:
    if not isinstance(fields, dict):
        raise ApiError(400, "not_an_object", "The request must be a JSON object.")
    if ("text" in fields) == ("payload" in fields):
        raise ApiError(400, "text_or_payload", "A message needs either a text or a payload.")
    if "text" in fields:
        return IncomingMessage.from_text(CHANNEL, session, fields.get("id"), fields["text"])
    return IncomingMessage.from_payload(CHANNEL, session, fields.get("id"), fields["payload"])
