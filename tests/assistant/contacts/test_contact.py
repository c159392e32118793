"""A contact grows from message to message, and is shown so that only its owner recognizes it."""

from __future__ import annotations

import json

import pytest

from assistant.contacts.contact import Contact

JANE = Contact(name="Jane Ortiz", email="jane@acme.example", phone="415-555-0142", company="Acme")


def test_only_what_was_told_is_known() -> None:
    assert Contact(name="Jane").known == {"name": "Jane"}
    assert Contact().known == {}


def test_what_is_told_later_wins() -> None:
    assert JANE.updated(Contact(email="j@acme.example", when="Tuesday")).known == {
        **JANE.known,
        "email": "j@acme.example",
        "when": "Tuesday",
    }


def test_addresses_and_numbers_are_shown_masked() -> None:
    shown = JANE.masked()
    assert (shown.name, shown.company) == ("Jane Ortiz", "Acme")
    assert (shown.email, shown.phone) == ("j•••@acme.example", "•••• 0142")
    assert Contact().masked() == Contact()


def test_the_extension_is_no_part_of_the_last_digits() -> None:
    assert Contact(phone="415-555-0142 ext 77").masked().phone == "•••• 0142"


def test_a_contact_survives_storage() -> None:
    assert Contact.from_json(json.loads(json.dumps(JANE.as_json()))) == JANE
    with pytest.raises(TypeError):
        Contact.from_json({"shoe_size": "44"})
