"""The firm reads the contact details that a visitor agreed to send, and no others."""

from __future__ import annotations

import pytest

from assistant.contacts.contact import Contact
from assistant.contacts.disclosure import shared
from assistant.contacts.reading import Reading
from assistant.contacts.sealing import seal

JANE = Contact(name="Jane", email="jane@acme.example")


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATWISE_SECRET", "k" * 32)


def sealed(contact: Contact) -> str:
    return seal(Reading(contact, "").as_json())


def test_details_that_were_agreed_on_are_filled_in() -> None:
    assert shared("[name], [email]", sealed(JANE), JANE) == "Jane, jane@acme.example"


def test_details_that_differ_from_what_was_agreed_on_are_left_out() -> None:
    assert shared("[name], [email]", sealed(JANE), Contact(name="Jane", email="j@b.example")) == "Jane, …"


def test_nothing_is_filled_in_without_consent_or_without_details() -> None:
    assert shared("[name], [email]", sealed(JANE), None) == "…, …"
    assert shared("[name], [email]", None, JANE) == "…, …"


def test_two_of_a_kind_are_left_out_because_one_may_be_of_somebody_else() -> None:
    assert shared("[name] here, not [name], at [email]", sealed(JANE), JANE) == "… here, not …, at jane@acme.example"


def test_details_whose_key_is_gone_are_left_out() -> None:
    assert shared("[name]", "what no key opens", JANE) == "…"
