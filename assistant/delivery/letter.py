"""Writes the mails: to the firm about its leads, and to a prospect about the report that they asked for, or a call.

The same blocks become plain text and HTML, so that both say the same. The sentences are in data/conversation/mail.yml,
and the looks in assistant/pages/mail.html.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from actions.wording import Wording
from advisor.content import DATA, load
from advisor.firm import firm
from assistant.booking.arranged import invitation_to
from assistant.booking.invitations import InvitationMail
from assistant.delivery.attempt import Refused
from assistant.delivery.parcel import Parcel
from assistant.stores.erasures import digest
from assistant.stores.outbox import OutboxMessage

_WORDS = DATA / "conversation" / "mail.yml"
_PAGES = Environment(loader=FileSystemLoader(Path(__file__).parents[1] / "pages"), autoescape=True, trim_blocks=True)
_CONTACT = ("name", "email", "phone", "company", "topic", "when")
_TOLD = {"handoff": "handoff", "lead": "lead", "lead.updated": "updated", "overdue": "unclaimed"}
_BLANK_LINES = re.compile(r"\n{3,}")
_ESCAPED = re.compile(r"\\([^\w\s])")  # as in a brief
_LONGEST_SUBJECT = 120  # characters


@dataclass(frozen=True)
class Block:
    """A part of a mail."""

    kind: str  # text, heading, item, row or link
    text: str  # of a link its address
    label: str = ""

    def __str__(self) -> str:
        """As plain text."""
        match self.kind:
            case "heading":
                return f"\n{self.text}\n{'-' * len(self.text)}\n"
            case "item":
                return f"* {self.text}"
            case "row":
                return f"{self.label}: {self.text}"
            case "link":
                return f"\n{self.label}:\n{self.text}\n"
        return f"\n{self.text}\n"


class Letters:
    """Writes mails.

    Args:
        sender: the address that they come from.
        firm: the address that leads are mailed to.
    """

    def __init__(self, sender: str, firm: str | None) -> None:
        self._sender = sender
        self._firm = firm
        self._wording = Wording(load(_WORDS)["responses"])

    def letter(self, message: OutboxMessage, parcel: Parcel) -> EmailMessage:
        """The mail that a message of the outbox asks for.

        Raises:
            Refused: there is nobody to write to, or nothing to send.
        """
        prospect = parcel.contact.get("email")
        if message.kind == "report":
            subject, blocks = self._wording.text("utter_mail_report_subject"), list(self._report(parcel))
            return self._addressed(message.key, prospect, self._firm, subject, blocks)
        if message.kind == "call":
            return self._call(message, prospect)
        told = f"utter_mail_{_TOLD[message.kind]}"
        who = ", ".join(filter(None, (_who(parcel), parcel.contact.get("company"))))
        subject = self._wording.text(f"{told}_subject", who=who)
        blocks = [Block("text", self._wording.text(told, who=_who(parcel))), *self._lead(parcel)]
        return self._addressed(message.key, self._firm, prospect, subject, blocks)

    def invitation(self, mail: InvitationMail) -> EmailMessage:
        """The mail that invites somebody to the chat before a call."""
        blocks = [
            *(Block("text", one) for one in mail.opening),
            Block("link", mail.link, mail.label),
            *(Block("text", one) for one in mail.closing),
        ]
        return self._addressed(mail.link, mail.to, self._firm, mail.subject, blocks)

    def _call(self, message: OutboxMessage, prospect: str | None) -> EmailMessage:
        """The mail to a prospect that says when the call is, with a calendar file."""
        state, start = message.content["state"], message.content["start"]
        at = firm().spoken(datetime.fromtimestamp(start, timezone.utc))
        said = f"utter_mail_to_prospect_{state}"
        texts = (self._wording.text(said, at=at), self._wording.text("utter_mail_calendar"))
        blocks = [Block("text", one) for one in texts]
        subject = self._wording.text(f"{said}_subject", at=at)
        letter = self._addressed(message.key, prospect, self._firm, subject, blocks)
        canceled, sequence = state == "canceled", message.content["sequence"]
        file = invitation_to(message.conversation, start, sequence, canceled=canceled, attendee=prospect)
        method = {"method": "CANCEL" if canceled else "REQUEST"}
        letter.add_attachment(file, maintype="text", subtype="calendar", filename="call.ics", params=method)
        return letter

    def _addressed(
        self, key: str, to: str | None, reply_to: str | None, subject: str, blocks: list[Block]
    ) -> EmailMessage:
        if not to:
            raise Refused("there is no address to write to")
        subject = _line(subject)[:_LONGEST_SUBJECT]
        letter = EmailMessage(SMTP)
        letter["From"] = _address(self._sender)
        letter["To"] = _address(to)
        if reply_to:
            letter["Reply-To"] = _address(reply_to)
        letter["Subject"] = subject
        letter["Date"] = format_datetime(datetime.fromtimestamp(time.time(), timezone.utc))
        letter["Message-ID"] = f"<{digest(f'{key} {to}')[:32]}@{_address(self._sender).domain}>"
        letter["Auto-Submitted"] = "auto-generated"  # so that no machine answers
        text = _BLANK_LINES.sub("\n\n", "\n".join(map(str, blocks))).strip()
        letter.set_content(f"{text}\n", cte="quoted-printable")
        page = _PAGES.get_template("mail.html").render(subject=subject, blocks=blocks)
        letter.add_alternative(page, subtype="html", cte="quoted-printable")
        return letter

    def _report(self, parcel: Parcel) -> Iterator[Block]:
        if not parcel.report_link:
            raise Refused("there is no link to the report; SEATWISE_PUBLIC_URL must be set")
        yield Block("text", self._wording.text("utter_mail_report"))
        yield Block("link", parcel.report_link, self._wording.text("utter_mail_open_report"))
        yield Block("text", self._wording.text("utter_mail_report_expires"))
        yield Block("text", self._wording.text("utter_mail_report_not_you"))

    def _lead(self, parcel: Parcel) -> Iterator[Block]:
        for name, text in self._rows(parcel):
            if text:
                yield Block("row", _line(text), self._wording.text(f"utter_mail_{name}"))
        if parcel.answers and not parcel.brief:
            yield Block("heading", self._wording.text("utter_mail_answers"))
            yield from (Block("row", _line(value), _line(label)) for label, value in parcel.answers.items())
        if parcel.brief_link:
            yield Block("link", parcel.brief_link, self._wording.text("utter_mail_open_brief"))
        if parcel.chat_link:
            yield Block("link", parcel.chat_link, self._wording.text("utter_mail_open_chat"))
        yield from _blocks(parcel.brief or "")
        if "email" in parcel.contact:
            yield Block("text", self._wording.text("utter_mail_reply", who=_who(parcel)))

    def _rows(self, parcel: Parcel) -> Iterator[tuple[str, str | None]]:
        yield from ((name, parcel.contact.get(name)) for name in _CONTACT)
        if parcel.call_state:
            yield "call", self._wording.text(f"utter_mail_call_{parcel.call_state}", at=_moment(parcel.call))
        yield "claimed_by", parcel.claimed_by
        if parcel.verdict:
            yield "recommendation", f"{parcel.verdict.headline} ({parcel.verdict.strength})"
        if parcel.consented:
            at = _moment(parcel.consented)
            yield "consent", self._wording.text("utter_mail_consented", at=at, version=parcel.consent)


def _blocks(markdown: str) -> Iterator[Block]:
    """The lines of a brief."""
    for line in _ESCAPED.sub(r"\1", markdown.replace("**", "")).splitlines():
        text = line.strip()
        if text.startswith("#"):
            yield Block("heading", text.lstrip("#").strip())
        elif text.startswith(("- ", "* ")):
            yield Block("item", text[2:].strip())
        elif text:
            yield Block("text", text)


def _who(parcel: Parcel) -> str:
    """How a lead is called: by what is known of name, e-mail address and phone number, in this order."""
    contact = parcel.contact
    return _line(contact.get("name") or contact.get("email") or contact.get("phone") or "")


def _address(text: str) -> Address:
    try:
        return Address(addr_spec=text)
    except ValueError:  # a line break would begin another header
        raise Refused("the e-mail address is not valid") from None


def _line(text: str) -> str:
    """A text on one line, without control characters."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def _moment(at: float | None) -> str:
    return f"{datetime.fromtimestamp(at, timezone.utc):%A, %B %-d, %Y, %H:%M} UTC" if at else ""
