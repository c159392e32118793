"""A visitor's connection ends in the middle of a turn."""

from __future__ import annotations

import random
from contextlib import suppress
from uuid import uuid4

import requests

from tests.faults.conftest import Report
from tests.faults.load import Browser
from tests.faults.system import System, eventually

POINTS = 10
A_TURN = 0.5  # seconds, of which the action takes most


def test_client_that_disconnects_and_retries_gets_one_answer(system: System, report: Report) -> None:
    browser, dice = Browser(*system.addresses), random.Random(3)
    points = [0.002, *(dice.uniform(0.005, A_TURN) for _ in range(POINTS - 1))]
    sent = []
    left = 0
    with system.actions.slow(A_TURN * 0.8):
        for point in points:
            message = str(uuid4())
            with suppress(requests.RequestException):
                browser.post(message, "can I talk to a person?", timeout=point)
                left -= 1
            left += 1
            sent.append(browser.send("can I talk to a person?", message))
    eventually(lambda: system.records.undone() == 0)
    tally = system.records.tally(sent)
    parcels = system.records.parcels(browser.conversation)
    report("F3", "a client left at ten points of a turn and sent the message again", tally, f"{len(parcels)} parcels")
    assert left >= POINTS - 1
    assert tally.whole and tally.sent == POINTS
    assert len(parcels) == 1  # one a day
