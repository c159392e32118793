"""The mail that invites somebody to the chat before a call, with a link whose reference belongs to that call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from advisor.content import DATA, load

_FILE = DATA / "conversation" / "booking.yml"


@dataclass(frozen=True)
class InvitationMail:
    """A mail, ready for whoever sends it."""

    subject: str
    text: str


def invitation_mail(link: str, firm: str, name: str | None = None) -> InvitationMail:
    """The mail.

    Args:
        link: the address of the chat, with the signed reference of the call.
        firm: who invites.
        name: who is invited; None where that is not known.
    """
    values = {"link": link, "firm": firm, "name": name}
    greeting = "utter_invitation_greeting" if name else "utter_invitation_greeting_unnamed"
    parts = (greeting, *(f"utter_invitation_{part}" for part in ("text", "link", "use", "signature")))
    responses = load(_FILE)["responses"]
    return InvitationMail(
        _text(responses, "utter_invitation_subject", values),
        "\n\n".join(_text(responses, part, values) for part in parts) + "\n",
    )


def _text(responses: dict[str, Any], name: str, values: dict[str, str | None]) -> str:
    text: str = responses[name][0]["text"]
    return text.format(**values)
