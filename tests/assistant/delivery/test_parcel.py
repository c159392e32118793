"""What is delivered with a message is what the visitor agreed to."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert

from actions.wording import Wording
from assistant.contacts.contact import Contact
from assistant.contacts.sealing import seal
from assistant.delivery.parcel import Parcel, parcel
from assistant.stores.database import Database
from assistant.stores.schema import upgrade
from assistant.stores.tables import leads
from tests.assistant.delivery.conftest import message

KEY = "a-key-of-the-tests-with-more-than-thirty-two-bytes"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    for name, value in (("SECRET", KEY), ("PUBLIC_URL", "https://chat.firm.example"), ("CONSOLE_TOKEN", KEY)):
        monkeypatch.setenv(f"SEATWISE_{name}", value)
    made = Database(f"sqlite:///{tmp_path}/seatwise.db")
    upgrade(made)
    return made


def put_together(store: Database, wording: Wording, kind: str) -> Parcel:
    return store.run_sync(lambda connection: parcel(connection, message(kind=kind), wording))


def test_wish_for_a_person_comes_with_the_way_to_the_chat(
    store: Database, wording: Wording, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = put_together(store, wording, "handoff")
    assert asked.chat_link == f"https://chat.firm.example/console/conversations/{asked.conversation}"
    monkeypatch.delenv("SEATWISE_CONSOLE_TOKEN")
    assert put_together(store, wording, "handoff").chat_link is None


@pytest.mark.parametrize("included", [True, False])
def test_lead_comes_with_the_chat_only_if_its_answers_do(store: Database, wording: Wording, included: bool) -> None:
    row = {"conversation": message().conversation, "details": seal(Contact(email="jane@acme.example").as_json())}
    times = {"consented": 1.0, "created": 1.0, "updated": 1.0}
    values = {**row, **times, "consent": "2026-11", "answers_included": included, "call_sequence": 0}
    store.run_sync(lambda connection: connection.execute(insert(leads), values))
    sent = put_together(store, wording, "lead")
    assert sent.contact == {"email": "jane@acme.example"}
    assert (sent.chat_link is not None, sent.brief is not None) == (included, included)
