"""Mails say the same in plain text and HTML, and nothing that a visitor typed can change their form."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, strict
from html import unescape
from html.parser import HTMLParser

import dkim
import pytest
from icalendar import Calendar

from assistant.delivery.attempt import Refused
from assistant.delivery.letter import Letters
from assistant.delivery.parcel import Parcel
from tests.assistant.delivery.conftest import LEAD, message

LETTERS = Letters("chat@firm.example", "sales@firm.example")


class Reader(HTMLParser):
    """The words that a page shows, and its tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] not in ("title",):
            self.words += data.split()


def written(kind: str = "lead", parcel: Parcel = LEAD, letters: Letters = LETTERS) -> EmailMessage:
    """The mail as a receiving server reads it."""
    raw = letters.letter(message(kind=kind, destination="mail"), parcel).as_bytes()
    assert max(map(len, raw.split(b"\r\n"))) <= 998  # RFC 5322, section 2.1.1
    assert dkim.rfc822_parse(raw)[0]
    read = message_from_bytes(raw, policy=SMTP + strict)
    assert isinstance(read, EmailMessage)
    assert not read.defects
    return read


def text_and_page(mail: EmailMessage) -> tuple[str, str]:
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text and page
    return text.get_content().replace("\r\n", "\n"), page.get_content()


def test_prospect_gets_the_time_of_the_call_and_a_calendar_file() -> None:
    content = {"conversation": "visitor", "state": "moved", "start": 1_796_151_600.0, "sequence": 7}
    told = replace(message(kind="call", destination="mail"), content=content)
    mail = LETTERS.letter(told, LEAD)
    assert (mail["To"], mail["Reply-To"]) == ("zoe@acme.example", "sales@firm.example")
    assert mail["Subject"] == "Our call is now on Tuesday, December 1, 2:00 PM EST"
    text, page = text_and_page(mail)
    assert "Our call has been moved to Tuesday, December 1, 2:00 PM EST." in text
    assert LEAD.brief_link and LEAD.brief_link not in text + page
    [attached] = mail.iter_attachments()
    [call] = Calendar.from_ical(attached.get_content()).walk("VEVENT")
    assert (attached.get_content_type(), call["sequence"]) == ("text/calendar", 7)


def test_firm_gets_the_lead_and_answers_the_prospect() -> None:
    mail = written()
    assert (mail["From"], mail["To"], mail["Reply-To"]) == (
        "chat@firm.example",
        "sales@firm.example",
        "zoe@acme.example",
    )
    assert mail["Subject"] == "New lead: Zoë Miller, Acme <Labs>"
    assert mail["Auto-Submitted"] == "auto-generated"
    text, _ = text_and_page(mail)
    for part in ("+1 555 0142", "Tuesday after 4", "A fractional CTO first (Firm)", LEAD.brief_link, "14 people"):
        assert part and part in text


def test_firm_gets_the_wish_for_a_person_with_the_way_to_the_chat() -> None:
    link = "https://chat.firm.example/console/conversations/visitor"
    mail = written("handoff", Parcel("visitor", chat_link=link))
    assert (mail["To"], mail["Reply-To"]) == ("sales@firm.example", None)
    assert "asking for a person" in mail["Subject"]
    assert link in text_and_page(mail)[0]


def test_prospect_gets_the_link_and_answers_the_firm() -> None:
    mail = written("report")
    assert (mail["To"], mail["Reply-To"]) == ("zoe@acme.example", "sales@firm.example")
    text, page = text_and_page(mail)
    assert LEAD.report_link and LEAD.report_link in text
    assert f'href="{LEAD.report_link}"' in page
    assert "555" not in text + page  # only what was asked for


@pytest.mark.parametrize("kind", ["handoff", "lead", "lead.updated", "overdue", "report"])
def test_text_and_page_say_the_same(kind: str) -> None:
    parcel = replace(LEAD, call=1_700_000_000.0, call_state="booked", claimed_by="Ann")
    text, page = text_and_page(written(kind, parcel))
    lines = [re.sub(r"^(\* |-+$)", "", line) for line in text.splitlines()]
    shown = [word for word in Reader(page).words if word != "•"]
    assert shown == " ".join(lines).split()


def test_what_a_visitor_typed_is_inert() -> None:
    nasty = "<script>alert(1)</script><img src=x onerror=y>"
    contact = {**LEAD.contact, "name": nasty, "topic": f"{nasty}\r\nBcc: all@acme.example"}
    _, page = text_and_page(written(parcel=replace(LEAD, contact=contact, brief=f"# {nasty}\n- {nasty}")))
    assert not {"script", "img"} & set(Reader(page).tags)
    assert nasty in unescape(page)


def test_line_breaks_begin_no_header() -> None:
    contact = {**LEAD.contact, "name": "Zoë\r\nBcc: all@acme.example\r\n\r\nHello", "company": "A\u2028cme\x00"}
    mail = written(parcel=replace(LEAD, contact=contact))
    assert mail["Bcc"] is None
    assert mail["Subject"] == "New lead: Zoë Bcc: all@acme.example Hello, A cme"


@pytest.mark.parametrize(
    "address", ["zoe@acme.example\r\nBcc: all@acme.example", "zoe@acme.example, all@acme.example", "zoe", ""]
)
def test_address_that_is_none_is_not_written_to(address: str) -> None:
    with pytest.raises(Refused):
        written("report", replace(LEAD, contact={"email": address}))


def test_each_mail_keeps_its_id_over_all_attempts() -> None:
    first, again, other = (
        LETTERS.letter(message(number, destination="mail", attempts=attempts), LEAD)["Message-ID"]
        for number, attempts in ((1, 0), (1, 5), (2, 0))
    )
    assert first == again != other
    assert re.fullmatch(r"<[0-9a-f]{32}@firm\.example>", first)


def test_report_without_a_link_is_a_dead_letter() -> None:
    with pytest.raises(Refused, match="SEATWISE_PUBLIC_URL"):
        written("report", replace(LEAD, report_link=None))


def test_lead_without_details_of_the_talk_is_short() -> None:
    text, _ = text_and_page(written(parcel=Parcel("visitor", {"phone": "+1 555 0142"}, "2026-11", 1_700_000_000.0)))
    assert text == (
        "+1 555 0142 would like to talk to you.\n\n"
        "Phone: +1 555 0142\n"
        "Agreed to be contacted: Tuesday, November 14, 2023, 22:13 UTC, text 2026-11\n"
    )
