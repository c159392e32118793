"""Contact details in a real conversation: asked for once, shown first, sent after a yes, and never stored in clear."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.launcher import serving
from tests.assistant.delivery.servers import Answer, Mailbox, Receiver
from tests.canary import CANARY, files_containing
from tests.conftest import own_files
from tests.faults.system import eventually
from tests.visitor import Visitor

KEY = "a-key-of-the-tests-with-more-than-thirty-two-bytes"
TOKEN = "a-token-of-the-tests-with-more-than-thirty-two-bytes"
EVERYTHING = f"I'm {CANARY.title()} Ortiz from Acme Tools, {CANARY}@acme.com, please call me on Tuesday"


@dataclass(frozen=True)
class Firm:
    """A running assistant whose firm takes leads, and the folder of its files."""

    address: str
    folder: Path

    def leads(self) -> list[tuple[str, str, bool]]:
        """Consent, sealed details and whether the answers are included, of all leads."""
        with sqlite3.connect(self.folder / "seatwise.db") as connection:
            rows = connection.execute(
                "SELECT consent, details, answers_included FROM leads ORDER BY created"
            ).fetchall()
        connection.close()
        return [(consent, details, bool(included)) for consent, details, included in rows]


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    folder = tmp_path_factory.mktemp("firm")
    settings = {**own_files(folder), "SEATWISE_SECRET": KEY, "SEATWISE_CONSOLE_TOKEN": TOKEN}
    with serving(logs=folder, environment=settings) as address:
        yield Firm(address, folder)


@pytest.fixture
def visitor(firm: Firm) -> Visitor:
    return Visitor(firm.address)


def test_details_are_shown_before_anything_is_sent(firm: Firm, visitor: Visitor) -> None:
    before = firm.leads()
    review = visitor.say(EVERYTHING)
    for shown in (f"Name: {CANARY.title()} Ortiz", f"Email: {CANARY}@acme.com", "Company: Acme Tools", "Tuesday"):
        assert shown in review
    assert firm.leads() == before
    assert "on its way" in visitor.choose("Send as is")
    [(consent, details, included)] = firm.leads()[len(before) :]
    assert consent
    assert CANARY not in details
    assert not included


def test_details_are_nowhere_in_clear_on_the_disk(firm: Firm, visitor: Visitor) -> None:
    visitor.say(EVERYTHING)
    visitor.choose("Send as is")
    assert files_containing(firm.folder) == set()


def test_typed_yes_sends_them(firm: Firm, visitor: Visitor) -> None:
    before = len(firm.leads())
    visitor.say("can someone call me at +1 212 555 0142?")
    visitor.say("yes, send it")
    assert len(firm.leads()) == before + 1


@pytest.mark.parametrize(
    ("yes", "included"),
    [
        ("Send as is", False),
        ("yes, include my answers", True),
        ("Yes include them. All of them.", True),
        ("send it without my answers", False),
    ],
)
def test_typed_yes_says_whether_the_answers_go_along(firm: Firm, visitor: Visitor, yes: str, included: bool) -> None:
    visitor.say("we are an accounting firm with 35 people and about $4 million in revenue")
    visitor.say("have somebody call me at +1 212 555 0142")
    before = len(firm.leads())
    assert "on its way" in visitor.say(yes)
    assert [one[2] for one in firm.leads()[before:]] == [included]


def test_person_is_asked_how_to_reach_the_visitor(visitor: Visitor) -> None:
    assert "How can they reach you?" in visitor.say("can I talk to a human")
    assert "jane@acme.com" in visitor.say("jane at acme dot com")


def test_more_details_are_asked_for_one_by_one_and_can_be_skipped(visitor: Visitor) -> None:
    visitor.say("my email is jane@acme.com, have somebody write to me")
    assert "your name" in visitor.choose("Add more details")
    assert "company" in visitor.say("Jane Ortiz")
    assert "talk about" in visitor.choose("Skip")
    assert "good time" in visitor.say("whether we need a CAIO at all")
    review = visitor.say("mornings, after 9")
    assert "Jane Ortiz" in review
    assert "Company" not in review
    assert "whether we need a CAIO at all" in review
    assert "mornings, after 9" in review


def test_question_in_between_is_answered_and_not_taken_for_a_detail(visitor: Visitor) -> None:
    visitor.say("my email is jane@acme.com, have somebody write to me")
    visitor.choose("Add more details")
    assert "$2,500" in visitor.say("how much does a fractional CAIO cost?")


def test_canceling_sends_nothing_and_forgets_the_details(firm: Firm, visitor: Visitor) -> None:
    before = firm.leads()
    visitor.say("my email is jane@acme.com, have somebody write to me")
    assert "haven't sent anything" in visitor.choose("Cancel")
    assert "How can they reach you?" in visitor.say("talk to someone")
    assert firm.leads() == before


def test_mistyped_address_is_asked_back(visitor: Visitor) -> None:
    assert "Did you mean jane@gmail.com?" in visitor.say("email me at jane@gmial.com")
    assert "jane@gmail.com" in visitor.choose("Yes, use that")


def test_interview_goes_on_after_the_details(visitor: Visitor) -> None:
    visitor.say("which one do we need?")
    visitor.say("we make 4 million")
    visitor.say("you can reach me at jane@acme.com")
    visitor.choose("Send as is")
    assert "mainly sell" in visitor.choose("Continue")


def test_answers_go_along_only_if_the_visitor_wants_it(firm: Firm, visitor: Visitor) -> None:
    visitor.say("we are a 35 person accounting firm with 4 million in revenue")
    visitor.say("you can reach me at jane@acme.com")
    visitor.choose("Include my answers")
    assert firm.leads()[-1][2]


def test_second_wish_is_not_asked_for_details_again(visitor: Visitor) -> None:
    visitor.say("you can reach me at jane@acme.com")
    visitor.choose("Send as is")
    assert "already has your request" in visitor.say("can I talk to a person?")


def test_history_shows_visitors_their_own_details(firm: Firm) -> None:
    visitor = Visitor(firm.address)
    visitor.say("you can reach me at jane@acme.com")
    assert "jane@acme.com" in visitor.replayed()[-1]["text"]


def test_address_that_follows_a_phone_number_updates_the_lead_once_at_every_destination(tmp_path: Path) -> None:
    webhook, hubspot, mailbox = Receiver(), Receiver(), Mailbox()
    hubspot.otherwise = Answer(200, b'{"results": [{"id": "1"}]}')
    settings = {
        **own_files(tmp_path),
        "SEATWISE_SECRET": KEY,
        "SEATWISE_WEBHOOK_URL": webhook.url,
        "SEATWISE_WEBHOOK_SECRET": f"whsec_{base64.b64encode(KEY.encode()[:32]).decode()}",
        "SEATWISE_HUBSPOT_URL": hubspot.address,
        "SEATWISE_HUBSPOT_TOKEN": "token",
        "SEATWISE_SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}",
        "SEATWISE_MAIL_FROM": "chat@firm.example",
        "SEATWISE_MAIL_TO": "sales@firm.example",
    }
    with serving(logs=tmp_path, environment=settings) as address:
        visitor = Visitor(address)
        for number, said in enumerate(
            ("can someone call me at +1 212 555 0142?", "my email is jane@acme.com"), start=1
        ):
            visitor.say(said)
            visitor.choose("Send as is")
            places = (webhook.got, hubspot.got, mailbox.mails)
            eventually(lambda number=number, places=places: all(len(got) >= number for got in places))
        leads = Firm(address, tmp_path).leads()
    assert [one.content["type"] for one in webhook.got] == ["lead", "lead.updated"]
    assert webhook.got[1].content["data"]["contact"] == {"email": "jane@acme.com", "phone": "+12125550142"}
    first, later = [one.content["inputs"][0] for one in hubspot.got]
    assert first["id"] == later["id"] and later["properties"]["email"] == "jane@acme.com"
    assert [str(mail["Subject"]) for mail in mailbox.mails] == ["New lead: +12125550142", "Update: jane@acme.com"]
    assert len(leads) == 1


def test_what_is_added_can_be_dropped_and_what_was_sent_stays(firm: Firm, visitor: Visitor) -> None:
    visitor.say("can someone call me at +1 212 555 0142?")
    visitor.choose("Send as is")
    before = firm.leads()
    visitor.say("my email is jane@acme.com")
    assert "still has what you sent" in visitor.choose("Cancel")
    assert firm.leads() == before


def test_erased_details_leave_no_trace(firm: Firm, visitor: Visitor) -> None:
    visitor.say(EVERYTHING)
    visitor.choose("Send as is")
    before = len(firm.leads())
    visitor.say("delete my data")
    assert "Done" in visitor.choose("Yes, delete it")
    assert len(firm.leads()) == before - 1
    assert files_containing(firm.folder) == set()


def test_nothing_is_kept_where_nobody_would_get_it(assistant_url: str) -> None:
    visitor = Visitor(assistant_url)
    assert "haven't kept" in visitor.say("my email is jane@acme.com")
