"""The mail that invites somebody to the chat before a call, with a link whose reference belongs to that call."""

from __future__ import annotations

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from advisor.errors import SeatwiseError
from assistant.booking.wording import wording
from assistant.settings import Settings

_NAME = "Seatwise"  # of a firm that has not set its own, as the chat has it


@dataclass(frozen=True)
class InvitationMail:
    """A mail for whoever sends it."""

    to: str
    subject: str
    opening: tuple[str, ...]  # paragraphs before the link
    label: str  # of the link
    link: str
    closing: tuple[str, ...]  # paragraphs after it

    @property
    def text(self) -> str:
        """All of it as plain text."""
        return "\n\n".join((*self.opening, f"{self.label}:\n{self.link}", *self.closing)) + "\n"


def invitation_mail(reference: str, email: str, name: str, settings: Settings) -> InvitationMail:
    """The mail.

    Args:
        reference: of the call, signed.
        email: who is invited.
        name: their name; empty where it is not known.
        settings: of the firm that invites.

    Raises:
        SeatwiseError: a setting that it needs is missing, or this is not an e-mail address.
    """
    if not settings.public_url or not settings.smtp_url:
        missing = "SEATWISE_PUBLIC_URL" if not settings.public_url else "SEATWISE_SMTP_URL"
        raise SeatwiseError(f"an invitation needs {missing}; see docs/settings.md")
    try:
        to = validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise SeatwiseError(f"this is not an e-mail address: {error}") from None
    say, invited = wording().text, " ".join(name.split())
    greeting = "utter_invitation_greeting" if invited else "utter_invitation_greeting_unnamed"
    return InvitationMail(
        to=to,
        subject=say("utter_invitation_subject"),
        opening=(say(greeting, name=invited), say("utter_invitation_text")),
        label=say("utter_invitation_link"),
        link=f"{settings.public_url.rstrip('/')}/chat?ref={reference}",
        closing=(say("utter_invitation_use"), settings.name or _NAME),
    )
