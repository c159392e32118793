"""A second channel next to the web channel: both survive a crash, and each answers only its own turns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.faults.records import Records
from tests.faults.services import Actions, Receiver
from tests.faults.system import SETTINGS, Replica, action_server, eventually

TALK_TO_PERSON = "can somebody from the firm join this chat?"  # a single action, and a message to the firm's webhook
WEB = "assistant.channels.web.channel.WebChannel:\n"


class Installation:
    """One assistant with an action server, a webhook and optionally a mailbox."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.receiver = Receiver()
        self.mailbox = folder / "mailbox"
        self._credentials = folder / "credentials.yml"
        url = f"sqlite:///{folder / 'seatwise.db'}"
        settings = {**SETTINGS, "SEATWISE_DATABASE_URL": url, "SEATWISE_WEBHOOK_URL": self.receiver.url}
        self.actions = Actions(stack.enter_context(action_server(folder, settings)))
        settings["ACTION_ENDPOINT_URL"] = self.actions.url
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
        """Send a message over the second channel; returns its id."""
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
        """Send a message and disconnect after the timeout; returns its id."""
        message = {"id": str(uuid4()), "text": text}
        try:
            url = f"{self._address}webhooks/web/messages"
            requests.post(url, json=message, headers=self._headers, timeout=timeout)
        except requests.Timeout:
            pass
        return message["id"]


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with ExitStack() as stack:
        yield Installation(tmp_path, stack)


def test_each_channel_answers_its_own_turns_even_after_a_crash(installation: Installation) -> None:
    installation.start(mailbox=True)
    visitor = WebVisitor(installation.replica.address)
    web = [visitor.send("what does a caio cost?")]
    letters = [installation.post_letter("ann", "what does a caio cost?")]
    eventually(lambda: [one["turn"] for one in installation.letters] == letters)

    with installation.actions.slow(3):
        letters.append(installation.post_letter("ann", TALK_TO_PERSON))
        web.append(visitor.send(TALK_TO_PERSON, timeout=1))
        eventually(lambda: len(installation.actions.run) >= 4)
        installation.replica.kill()
    assert installation.records.unanswered() == 2

    installation.start(mailbox=False)  # the letter waits for a process with a mailbox
    eventually(lambda: set(installation.records.answers(visitor.conversation)) == set(web))
    assert installation.records.unanswered() == 1
    installation.replica.stop()

    installation.start(mailbox=True)
    eventually(lambda: [one["turn"] for one in installation.letters] == letters)
    assert {one["conversation"] for one in installation.letters} == {"mailbox-ann"}
    assert installation.letters[-1]["messages"] == installation.records.answers("mailbox-ann")[letters[-1]]
    for channel, conversation in (("web", visitor.conversation), ("mailbox", "mailbox-ann")):
        users = [event for event in installation.records.events(conversation) if event["event"] == "user"]
        assert [event["input_channel"] for event in users] == [channel, channel]
    eventually(lambda: installation.records.undelivered() == 0)
    channels = {
        one.content["data"]["conversation"]: one.content["data"]["channel"] for one in installation.receiver.attempts
    }
    assert channels == {visitor.conversation: "web", "mailbox-ann": "mailbox"}


def test_channel_errors_have_a_common_format(installation: Installation) -> None:
    installation.start(mailbox=True)
    letter = {"id": "no uuid", "sender": "ann", "text": "hello"}
    answer = requests.post(f"{installation.replica.address}webhooks/mailbox/letters", json=letter, timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_id")
