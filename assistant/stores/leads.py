"""Leads: whom the firm may contact, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.contacts.contact import Contact


@dataclass(frozen=True)
class Lead:
    """A visitor who agreed to be contacted. Times are seconds since 1970."""

    conversation: str
    contact: Contact
    consent: str  # the version of the text that the visitor agreed to
    consented: float
    answers_included: bool  # whether the firm may see the answers and the verdict
    created: float
    updated: float
    claimed_by: str | None = None
    claimed: float | None = None
    call: float | None = None
    call_state: str | None = None  # booked, moved or canceled
    call_sequence: int = 0
