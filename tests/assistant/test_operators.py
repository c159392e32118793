"""Operator commands do what they report, and are recorded without content."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from advisor.errors import SeatwiseError
from assistant import operators
from assistant.delivery import commands
from assistant.operators import run_command
from assistant.stores import outbox, unanswered
from assistant.stores.database import Database
from assistant.stores.erasures import digest
from assistant.stores.inbox import Inbox, MessageText
from assistant.stores.outbox import Outbox
from assistant.stores.schema import upgrade
from tests.assistant.delivery.servers import Answer, Receiver


@pytest.fixture
def stored(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path / 'seatwise.db'}")
    upgrade(made)
    hear(made, "visitor")
    return made


def hear(stored: Database, conversation: str) -> None:
    asyncio.run(Inbox(stored).receive("web", conversation, "m1", lambda _: MessageText("hello", "hello")))


def lines(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines()]


def test_commands_are_recorded_without_content(stored: Database) -> None:
    for command, argument in (("export", "visitor"), ("find", "acme"), ("erase", "visitor"), ("forget", "90")):
        run_command(stored, command, argument)
    run_command(stored, "unanswered")
    recorded = [(one["command"], one["subject"]) for one in lines(run_command(stored, "audit"))]
    assert recorded == [
        ("export", digest("visitor")),
        ("find", digest("acme")),
        ("erase", digest("visitor")),
        ("forget", "90"),
        ("unanswered", ""),
    ]


def test_unanswered_questions_are_printed_as_json_lines(stored: Database) -> None:
    question = {"asked": "do you take bitcoin?", "nearest": ["faq/cost"]}
    stored.run_sync(lambda connection: unanswered.put(connection, "visitor", [(1, question)]))
    [listed] = lines(run_command(stored, "unanswered"))
    assert (listed["asked"], listed["nearest"]) == ("do you take bitcoin?", ["faq/cost"])
    assert json.loads(run_command(stored, "export", "visitor"))["unanswered"][0]["asked"] == "do you take bitcoin?"
    assert json.loads(run_command(stored, "erase", "visitor"))["unanswered"] == 1
    assert run_command(stored, "unanswered") == ""


def test_tombstones_can_be_applied_to_a_restored_database(stored: Database, tmp_path: Path) -> None:
    run_command(stored, "erase", "visitor")
    (tmp_path / "list").write_text(run_command(stored, "erasures"))
    restored = Database(f"sqlite:///{tmp_path / 'restored' / 'seatwise.db'}")
    upgrade(restored)
    hear(restored, "visitor")
    hear(restored, "somebody else")
    receipt = json.loads(run_command(restored, "erase-again", str(tmp_path / "list")))
    assert (receipt["conversations"], receipt["messages"]) == (1, 1)
    assert len(json.loads(run_command(restored, "export", "somebody else"))["messages"]) == 1
    with pytest.raises(SeatwiseError, match="file not found"):
        run_command(restored, "erase-again", str(tmp_path / "nothing"))


def test_receipt_says_if_traces_are_still_on_disk(stored: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operators, "_SCRUB_TIMEOUT", 0)
    monkeypatch.setattr(operators, "scrub", lambda _: False)
    receipt = json.loads(run_command(stored, "erase", "visitor"))
    assert (receipt["messages"], receipt["scrubbed"]) == (1, False)


def test_nothing_is_reported_as_erased_if_the_database_is_down() -> None:
    with pytest.raises(SeatwiseError, match="database error"):
        run_command(Database("postgresql://nobody@127.0.0.1:1/nothing"), "erase", "visitor")


@pytest.fixture
def dead_letter(stored: Database) -> str:
    """The key of a message that its receiver has refused."""
    wish = {"kind": "lead", "content": {"conversation": "visitor"}}
    stored.run_sync(lambda held: outbox.put(held, "web", "visitor", [(3, wish)], {"lead": ["webhook", "mail"]}))
    [waiting] = asyncio.run(Outbox(stored).claim("webhook"))
    asyncio.run(Outbox(stored).refused(waiting, "status 422: no such customer"))
    return waiting.key


def test_dead_letters_can_be_listed_read_and_sent_again(stored: Database, dead_letter: str) -> None:
    listed = lines(run_command(stored, "outbox list"))
    assert [(one["key"], one["destination"], one["state"]) for one in listed] == [
        (dead_letter, "mail", "waiting"),
        (dead_letter, "webhook", "dead"),
    ]
    by_mail, by_webhook = lines(run_command(stored, "outbox show", dead_letter))
    assert (by_webhook["reason"], by_webhook["content"]) == (
        "status 422: no such customer",
        {"conversation": "visitor"},
    )
    assert by_mail["state"] == "waiting"
    assert json.loads(run_command(stored, "outbox retry", dead_letter)) == {"key": dead_letter, "deliveries": 1}
    assert {one["state"] for one in lines(run_command(stored, "outbox list"))} == {"waiting"}
    with pytest.raises(SeatwiseError, match="no dead letter has the key"):
        run_command(stored, "outbox retry", dead_letter)
    with pytest.raises(SeatwiseError, match="no outgoing message has the key"):
        run_command(stored, "outbox show", "nonsense")


def test_looking_into_the_outbox_is_recorded(stored: Database, dead_letter: str) -> None:
    run_command(stored, "outbox list")
    run_command(stored, "outbox retry", dead_letter)
    recorded = [(one["command"], one["subject"]) for one in lines(run_command(stored, "audit"))]
    assert recorded == [("outbox list", ""), ("outbox retry", digest("visitor"))]


def test_destination_is_tried_with_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    receiver = Receiver()
    monkeypatch.setenv("SEATWISE_WEBHOOK_URL", receiver.url)
    monkeypatch.setenv("SEATWISE_WEBHOOK_SECRET", f"whsec_{'a' * 32}")
    receiver.answers = [Answer(204), Answer(404, b"no such hook")]
    assert commands.test("webhook") == "webhook: the sample was accepted"
    assert receiver.got[0].content["data"]["test"] is True
    with pytest.raises(SeatwiseError, match="webhook: status 404: no such hook"):
        commands.test("webhook")
    receiver.close()
    with pytest.raises(SeatwiseError, match="mail is not configured; set SEATWISE_SMTP_URL"):
        commands.test("mail")
