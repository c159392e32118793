"""An invitation says what it is for and holds the link of its call; what is missing for it is one line."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from icalendar import Calendar

from advisor.errors import SeatwiseError
from assistant.booking.invitations import InvitationMail, invitation_mail
from assistant.settings import Settings
from tests.assistant.delivery.servers import Mailbox

ENVIRONMENT = {
    "SEATWISE_PUBLIC_URL": "https://chat.firm.example/",
    "SEATWISE_SMTP_URL": "smtps://user:secret@mail.firm.example",
    "SEATWISE_MAIL_FROM": "chat@firm.example",
    "SEATWISE_NAME": "Firm & Sons",
}


def mail(email: str = "jane@acme.example", name: str = "Jane", **changes: str) -> InvitationMail:
    return invitation_mail("acme-7.sig", email, name, Settings.from_environment({**ENVIRONMENT, **changes}))


def test_an_invitation_has_the_link_of_its_call() -> None:
    made = mail()
    assert made.to == "jane@acme.example"
    assert made.link == "https://chat.firm.example/chat?ref=acme-7.sig"
    lines = made.text.splitlines()
    assert (lines[0], lines[-1]) == ("Hello Jane,", "Firm & Sons")
    assert made.link in lines
    assert "{" not in made.subject + made.text


@pytest.mark.parametrize("name", ["", " "])
def test_somebody_without_a_name_is_greeted_too(name: str) -> None:
    assert mail(name=name).text.startswith("Hello,\n")


def test_a_name_is_one_line_and_not_a_pattern() -> None:
    assert mail(name="Jane\r\nBcc: x@y.example {firm}").text.startswith("Hello Jane Bcc: x@y.example {firm},\n")


@pytest.mark.parametrize("missing", ["SEATWISE_PUBLIC_URL", "SEATWISE_SMTP_URL"])
def test_missing_setting_is_named_in_one_line(missing: str) -> None:
    with pytest.raises(SeatwiseError, match=missing) as error:
        mail(**{missing: ""})
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("address", ["jane", "jane@acme", "jane@acme.example\r\nBcc: x@y.example", ""])
def test_mistyped_address_is_one_line(address: str) -> None:
    with pytest.raises(SeatwiseError, match="not an e-mail address") as error:
        mail(address)
    assert "\n" not in str(error.value)


def invite(*more: str, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **ENVIRONMENT, "SEATWISE_SECRET": "k" * 32, **changes}
    command = [sys.executable, "-m", "assistant", "invite", "acme-7", "jane@acme.example", "Jane", *more]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_command_line_mails_the_invitation() -> None:
    mailbox = Mailbox()
    done = invite(SEATWISE_SMTP_URL=f"smtp://127.0.0.1:{mailbox.port}")
    mailbox.close()
    assert (done.returncode, done.stdout) == (0, "The invitation is on its way to jane@acme.example.\n")
    [letter] = mailbox.mails
    assert letter["To"] == "jane@acme.example"
    assert "https://chat.firm.example/chat?ref=acme-7." in letter.get_body(("plain",)).get_content()


def test_time_of_the_call_comes_as_a_calendar_file_that_moves_the_entry() -> None:
    mailbox = Mailbox()
    server = f"smtp://127.0.0.1:{mailbox.port}"
    for at in ("2026-12-01T15:00-05:00", "2026-12-02T09:30-05:00"):
        assert invite(at, SEATWISE_SMTP_URL=server).returncode == 0
    mailbox.close()
    first, moved = (Calendar.from_ical(next(letter.iter_attachments()).get_content()) for letter in mailbox.mails)
    [call], [later] = first.walk("VEVENT"), moved.walk("VEVENT")
    assert str(call.decoded("dtstart")) == "2026-12-01 20:00:00+00:00"
    assert call["uid"] == later["uid"]
    assert later["sequence"] >= call["sequence"]


def test_time_without_a_time_zone_is_one_line() -> None:
    done = invite("tomorrow")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "time zone" in done.stderr


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"SEATWISE_PUBLIC_URL": ""}, "seatwise: an invitation needs"),
        ({"SEATWISE_SMTP_URL": "smtp://127.0.0.1:1"}, "seatwise: the invitation was not sent: "),
    ],
)
def test_what_keeps_an_invitation_from_being_sent_is_one_line(changes: dict[str, str], says: str) -> None:
    done = invite(**changes)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(says)
    assert done.stderr.count("\n") == 1
