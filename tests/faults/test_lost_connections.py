"""A visitor's connection is lost in the middle of a turn."""

from __future__ import annotations

import random
from contextlib import suppress
from uuid import uuid4

import requests

from tests.faults.conftest import Report
from tests.faults.load import Browser
from tests.faults.system import System, eventually

POINTS = 10
A_TURN = 0.5  # seconds, most of them in the action


def test_client_that_disconnects_and_retries_gets_one_answer(system: System, report: Report) -> None:
    browser, dice = Browser(*system.addresses), random.Random(3)
    points = [0.002, *(dice.uniform(0.005, A_TURN) for _ in range(POINTS - 1))]
    sent = []
    left = 0
    with system.actions.slow(A_TURN * 0.8):
        for point in points:
            message = str(uuid4())
            with suppress(requests.RequestException):
                browser.post(message, "can somebody from the firm join this chat?", timeout=point)
                left -= 1
            left += 1
            sent.append(browser.send("can somebody from the firm join this chat?", message))
    eventually(lambda: system.records.unanswered() == 0)
    tally = system.records.tally(sent)
    outgoing = system.records.webhook_messages(browser.conversation)
    report(
        "F3",
        "a client disconnected at ten points of a turn and retried the message",
        tally,
        f"{len(outgoing)} webhook messages",
    )
    assert left >= POINTS - 1
    assert tally.exactly_once and tally.sent == POINTS
    assert len(outgoing) == 1  # one a day
