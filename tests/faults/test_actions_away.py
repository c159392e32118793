"""The action server is down, slow or failing: the visitor is told, and no messages are lost."""

from __future__ import annotations

import pytest

from tests.faults.conftest import Report
from tests.faults.load import Browser, Sent
from tests.faults.records import Tally
from tests.faults.system import System

TALK_TO_PERSON = "can somebody from the firm join this chat?"
IN_TIME = 12.0  # seconds; ten are required, but the test machine may be busy
FAULTS = {
    "away": lambda system: system.actions.away(),
    "failing": lambda system: system.actions.failing(),
    "slow": lambda system: system.actions.slow(70),
}


def talk_during(system: System, fault: str) -> tuple[list[Sent], Tally]:
    """A visitor in an interview asks for a person during the fault and again afterwards."""
    browser = Browser(*system.addresses)
    sent = [browser.send("which one do we need?")]
    with FAULTS[fault](system):
        sent += [browser.send("about 4 million"), browser.send(TALK_TO_PERSON)]
        again = browser.send(TALK_TO_PERSON, sent[-1].message)
        assert again.answer == sent[-1].answer
    sent += [browser.send(TALK_TO_PERSON), browser.send("what is a caio?")]
    return sent, system.records.tally(sent)


def check(system: System, sent: list[Sent], tally: Tally) -> None:
    """Check that the error is reported in time, all messages are kept, and the next turn works."""
    _, number, failed, person, question = sent
    assert tally.exactly_once
    assert max(number.waited, failed.waited) < IN_TIME
    for one in (number, failed):
        assert "Nothing you told me is lost" in str(one.answer)
    assert "let the" in str(person.answer)
    assert "Chief AI Officer" in str(question.answer)
    assert "How" in str(question.answer) or "What" in str(question.answer)  # the interview continues
    assert len(system.records.webhook_messages(person.conversation)) == 1  # from the turn that succeeded


@pytest.mark.parametrize("fault", ["away", "failing"])
def test_action_failure_is_reported_and_answers_are_kept(system: System, report: Report, fault: str) -> None:
    sent, tally = talk_during(system, fault)
    report("F7", f"the action server was {fault} for two turns", tally)
    check(system, sent, tally)


@pytest.mark.slow
def test_hanging_action_is_reported_in_time(system: System, report: Report) -> None:
    sent, tally = talk_during(system, "slow")
    report("F7", "the action server took 70 seconds for every action, for two turns", tally)
    check(system, sent, tally)
