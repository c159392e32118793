"""A second channel beside the web channel: both survive a crash, and neither gets the turns of the other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.faults.neighbours import Actions, Receiver
from tests.faults.records import Records
from tests.faults.system import SETTINGS, Replica, action_server, eventually

TALK_TO_PERSON = "can I talk to a person?"  # a single action, and a message to the firm's webhook
WEB = "assistant.channels.web.channel.WebChannel:\n"


class House:
    """One assistant with an action server, a webhook and, if wanted, a mailbox."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.actions = Actions(stack.enter_context(action_server(folder)))
        self.receiver = Receiver()
        self.mailbox = folder / "mailbox"
        self._credentials = folder / "credentials.yml"
        url = f"sqlite:///{folder / 'seatwise.db'}"
        settings = {
            **SETTINGS,
            "SEATWISE_DATABASE_URL": url,
            "SEATWISE_WEBHOOK_URL": self.receiver.url,
            "ACTION_ENDPOINT_URL": self.actions.url,
        }
        self.replica = Replica(folder, settings, credentials=str(self._credentials))
        self.records = Records(url)
        for close in (self.actions.close, self.receiver.close, self.replica.stop):
            stack.callback(close)

    def start(self, *, mailbox: bool) -> None:
        """Start the assistant, with or without the second channel."""
        second = f"tests.faults.mailbox.MailboxChannel:\n  file: {self.mailbox}\n" if mailbox else ""
        self._credentials.write_text(f"{WEB}{second}", encoding="utf-8")
        self.replica.start()

    def post_letter(self, sender: str, text: str) -> str:
        """Send a message by the second channel; its id."""
        letter = {"id": str(uuid4()), "sender": sender, "text": text}
        answer = requests.post(f"{self.replica.address}webhooks/mailbox/letters", json=letter, timeout=10)
        assert answer.status_code == 202
        return letter["id"]

    @property
    def letters(self) -> list[dict[str, Any]]:
        """The answers in the mailbox."""
        return [json.loads(line) for line in self.mailbox.read_text().splitlines()] if self.mailbox.exists() else []


class WebVisitor:
    """A visitor of the web channel who does not wait for the answer."""

    def __init__(self, address: str) -> None:
        self._address = address
        opened = requests.post(f"{address}webhooks/web/session", timeout=10).json()
        self.conversation = opened["session_id"]
        self._headers = {"Authorization": f"Bearer {opened['token']}"}

    def send(self, text: str, timeout: float = 30) -> str:
        """Send a message; its id. The connection is given up after so many seconds."""
        message = {"id": str(uuid4()), "text": text}
        try:
            url = f"{self._address}webhooks/web/messages"
            requests.post(url, json=message, headers=self._headers, timeout=timeout)
        except requests.Timeout:
            pass
        return message["id"]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with ExitStack() as stack:
        yield House(tmp_path, stack)


def test_each_channel_answers_its_own_turns_also_after_a_crash(house: House) -> None:
    house.start(mailbox=True)
    visitor = WebVisitor(house.replica.address)
    web = [visitor.send("what does a caio cost?")]
    letters = [house.post_letter("ann", "what does a caio cost?")]
    eventually(lambda: [one["turn"] for one in house.letters] == letters)

    with house.actions.slow(3):
        letters.append(house.post_letter("ann", TALK_TO_PERSON))
        web.append(visitor.send(TALK_TO_PERSON, timeout=1))
        eventually(lambda: len(house.actions.run) >= 4)
        house.replica.kill()
    assert house.records.undone() == 2

    house.start(mailbox=False)  # the letter has to wait for a process with a mailbox
    eventually(lambda: set(house.records.answers(visitor.conversation)) == set(web))
    assert house.records.undone() == 1
    house.replica.stop()

    house.start(mailbox=True)
    eventually(lambda: [one["turn"] for one in house.letters] == letters)
    assert {one["conversation"] for one in house.letters} == {"mailbox-ann"}
    assert house.letters[-1]["messages"] == house.records.answers("mailbox-ann")[letters[-1]]
    for channel, conversation in (("web", visitor.conversation), ("mailbox", "mailbox-ann")):
        users = [event for event in house.records.events(conversation) if event["event"] == "user"]
        assert [event["input_channel"] for event in users] == [channel, channel]
    eventually(lambda: house.records.undelivered() == 0)
    told = {one.content["data"]["conversation"]: one.content["data"]["channel"] for one in house.receiver.attempts}
    assert told == {visitor.conversation: "web", "mailbox-ann": "mailbox"}


def test_an_error_of_a_channel_is_answered_in_the_form_of_every_channel(house: House) -> None:
    house.start(mailbox=True)
    letter = {"id": "no uuid", "sender": "ann", "text": "hello"}
    answer = requests.post(f"{house.replica.address}webhooks/mailbox/letters", json=letter, timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_id")
