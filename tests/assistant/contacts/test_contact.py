"""A contact grows from message to message."""

from __future__ import annotations

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


def test_contact_survives_storage() -> None:
    assert Contact.from_json(JANE.as_json()) == JANE


def test_address_or_number_is_enough_to_be_reached() -> None:
    assert JANE.is_reachable
    assert Contact(phone="415-555-0142").is_reachable
    assert not Contact(name="Jane", company="Acme").is_reachable
