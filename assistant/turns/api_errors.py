"""What a request gets that is not carried out."""

from __future__ import annotations

from advisor.errors import SeatwiseError


class Refusal(SeatwiseError):  # noqa: N818  # not a fault of ours
    """Status, code and sentence tell the client why."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def erased() -> Refusal:
    """The conversation was erased."""
    return Refusal(410, "erased", "This chat has been deleted. Please start a new one.")


def not_erased() -> Refusal:
    """The erasure failed, and the visitor must not believe otherwise."""
    return Refusal(503, "not_erased", "I could not delete this chat just now. Please try again in a moment.")


def not_stored() -> Refusal:
    """Nothing was taken in. A new one each time, for one that is raised again keeps the words of all its past."""
    return Refusal(
        503,
        "not_stored",
        "I cannot take that in just now. Nothing you told me before is lost; please try again in a moment.",
    )


def conversation_full() -> Refusal:
    """The conversation may have no more messages."""
    return Refusal(
        409,
        "conversation_full",
        "This conversation has grown too long for me to go on. Please start a new one; what you told me here is kept.",
    )
