"""A message over Socket.IO is acknowledged once stored: whatever fails afterwards, it is answered."""

from __future__ import annotations

import time
from uuid import uuid4

import pytest

from assistant.stores.inbox import LEASE
from tests.faults.conftest import Report
from tests.faults.load import Sent
from tests.faults.system import System, eventually
from tests.faults.window import Window

ONE_ACTION = "can I talk to a person?"


def acknowledged(window: Window, words: str, message: str | None = None) -> Sent:
    """A message that the assistant has acknowledged."""
    begun = time.monotonic()
    return Sent(window.session["session_id"], window.say(words, message), words, begun, accepted=True)


def test_answer_missed_by_a_dropped_connection_is_in_the_history(system: System, report: Report) -> None:
    with Window(system.nginx_url) as window:
        eventually(lambda: bool(window.session))
        sent = [acknowledged(window, "which one do we need?")]
        eventually(lambda: len(window.heard) == 1)
        last = window.heard[-1]["id"]
        with system.actions.slow(0.5):
            sent.append(acknowledged(window, "about 4 million"))
            window.drop()
            eventually(lambda: system.records.unanswered() == 0)
        assert len(window.heard) == 1
    with Window(system.nginx_url, window.session["token"]) as again:
        eventually(lambda: bool(again.session))
        missed = again.history(after=last)
    sent[-1].answer = [{name: value for name, value in one.items() if name != "turn"} for one in missed[1:]]
    sent[-1].ended = time.monotonic()
    tally = system.records.tally(sent)
    report(
        "F11",
        "the socket of a widget was dropped after the acknowledgement; it reconnected and asked for missed messages",
        tally,
    )
    assert tally.exactly_once
    assert (missed[0]["from"], missed[0]["text"]) == ("visitor", "about 4 million")
    assert "Got it" in missed[1]["text"]


def test_message_sent_five_times_over_a_socket_is_one_event(system: System, report: Report) -> None:
    message = str(uuid4())
    with Window(system.nginx_url) as window:
        eventually(lambda: bool(window.session))
        sent = [acknowledged(window, ONE_ACTION, message) for _ in range(5)]
        eventually(lambda: bool(window.heard) and system.records.unanswered() == 0)
        heard = {one["id"] for one in window.heard}
    tally = system.records.tally(sent)
    report("F12", "a message was sent five times with the same id over one socket", tally)
    assert tally.exactly_once
    assert len(heard) == 1


@pytest.mark.slow
def test_acknowledged_messages_survive_a_crash(system: System, report: Report) -> None:
    with Window(system.addresses[0]) as window, system.actions.slow(3):
        eventually(lambda: bool(window.session))
        sent = [acknowledged(window, ONE_ACTION) for _ in range(3)]
        system.replicas[0].kill()
    eventually(lambda: system.records.unanswered() == 0)
    waited = time.monotonic() - sent[0].begun
    answers = system.records.answers(sent[0].conversation)
    for one in sent:
        one.answer, one.ended = answers[one.message], time.monotonic()
    with Window(system.addresses[1], window.session["token"]) as again:
        eventually(lambda: bool(again.session))
        history = again.history(after="")
    tally = system.records.tally(sent)
    report("F12", "a replica was killed after acknowledging three messages and answering none", tally)
    assert tally.exactly_once
    assert system.records.order(sent[0].conversation) == [one.message for one in sent]
    assert [one["id"] for one in history if one.get("from") == "visitor"] == [one.message for one in sent]
    assert waited < LEASE + 20  # two checks for abandoned messages, and three turns
