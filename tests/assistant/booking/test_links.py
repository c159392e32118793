"""A booking link takes the reference of the conversation along, and of the visitor only what the firm wants."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from yarl import URL

from assistant.booking.links import booking_link, link_of
from assistant.settings import Settings
from assistant.stores.references import CALL, CONVERSATION, References

KEY = "a-key-of-the-tests-with-more-than-thirty-two-bytes"


@dataclass(frozen=True)
class Contact:
    name: str | None
    email: str | None


JANE = Contact("Jane Müller & Co", "jane+ai@acme.example")


@pytest.mark.parametrize(
    ("url", "parameter"),
    [
        ("https://cal.com/firm/intro", "metadata[ref]"),
        ("https://app.cal.com/firm/intro?duration=30", "metadata[ref]"),
        ("https://firm.cal.com/intro", "metadata[ref]"),
        ("https://calendly.com/firm/intro?month=2026-12", "utm_content"),
    ],
)
def test_services_that_report_bookings_get_the_reference(url: str, parameter: str) -> None:
    query = dict(URL(booking_link(url, "abc.sig", JANE)).query)
    assert query == {
        **URL(url).query,
        parameter: "abc.sig",
        "name": "Jane Müller & Co",
        "email": "jane+ai@acme.example",
    }


@pytest.mark.parametrize(
    "url",
    [
        "https://meetings.hubspot.com/firm/intro",
        "https://www.firm.example/call?from=chat#times",
        "https://notcal.com/firm",
        "https://cal.com.evil.example/firm",
        "mailto:firm@firm.example",
    ],
)
def test_other_links_stay_as_they_are(url: str) -> None:
    assert booking_link(url, "abc.sig", JANE) == url


def test_a_link_can_say_where_the_reference_belongs() -> None:
    own = booking_link("https://book.firm.example/intro?metadata[ref]={reference}", "abc.sig", JANE)
    assert dict(URL(own).query) == {"metadata[ref]": "abc.sig"}


def test_unknown_details_are_left_to_the_visitor() -> None:
    link = booking_link("https://cal.com/firm", "abc.sig", Contact(None, "jane@acme.example"))
    assert set(URL(link).query) == {"metadata[ref]", "email"}
    assert set(URL(booking_link("https://cal.com/firm", "abc.sig")).query) == {"metadata[ref]"}


def test_only_a_firm_that_wants_it_gets_the_contact_in_the_link() -> None:
    chosen = {"SEATWISE_SECRET": KEY, "SEATWISE_BOOKING_URL": "https://calendly.com/firm"}
    shy = link_of("c0ffee", Settings.from_environment(chosen), JANE)
    assert shy is not None
    assert set(URL(shy).query) == {"utm_content"}
    keen = link_of("c0ffee", Settings.from_environment({**chosen, "SEATWISE_BOOKING_PREFILL": "yes"}), JANE)
    assert keen is not None
    assert URL(keen).query["email"] == JANE.email
    assert link_of("c0ffee", Settings.from_environment({"SEATWISE_SECRET": KEY}), JANE) is None


def test_the_reference_in_the_link_is_signed_for_bookings_only() -> None:
    chosen = {"SEATWISE_SECRET": KEY, "SEATWISE_BOOKING_URL": "https://calendly.com/firm"}
    link = link_of("c0ffee", Settings.from_environment(chosen))
    signed = URL(link or "").query["utm_content"]
    assert References([KEY], CONVERSATION).read(signed) == "c0ffee"
    assert References([KEY], CALL).read(signed) is None
