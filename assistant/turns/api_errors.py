"""Why a request is not carried out, as its client is told."""

from __future__ import annotations

import math

from advisor.errors import SeatwiseError


class ApiError(SeatwiseError):
    """A request that is not carried out.

    Args:
        status: the HTTP status.
        code: names the reason for programs, such as "too_long".
        message: names it for people.
        retry_after: in how many seconds the client may try again, where that is known.
    """

    def __init__(self, status: int, code: str, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after


def rate_limited(seconds: float) -> ApiError:
    """Too much at once; the client may try again after so many seconds."""
    message = "That was a little fast for me; please wait a moment and try again."
    return ApiError(429, "rate_limited", message, max(1, math.ceil(seconds)))


def erased() -> ApiError:
    """The conversation was erased."""
    return ApiError(410, "erased", "This chat has been deleted. Please start a new one.")


def not_erased() -> ApiError:
    """The erasure failed, and the visitor must not believe otherwise."""
    return ApiError(503, "not_erased", "I could not delete this chat just now. Please try again in a moment.")


def not_stored() -> ApiError:
    """Nothing was stored. A new error each time, because one that is raised again keeps its old traceback."""
    return ApiError(
        503,
        "not_stored",
        "I cannot take that in just now. Nothing you told me before is lost; please try again in a moment.",
    )


def conversation_full() -> ApiError:
    """The conversation may have no more messages."""
    return ApiError(
        409,
        "conversation_full",
        "This conversation has grown too long for me to go on. Please start a new one; what you told me here is kept.",
    )
