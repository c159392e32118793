"""The action server is away, slow or broken: the visitor is told, and nothing that was said is lost."""

from __future__ import annotations

import pytest

from tests.faults.conftest import Report
from tests.faults.load import Browser, Sent
from tests.faults.records import Tally
from tests.faults.system import System

TALK_TO_PERSON = "can I talk to a person?"
IN_TIME = 12.0  # seconds; ten are asked for, and the machine of the tests may be busy
FAULTS = {
    "away": lambda system: system.actions.away(),
    "failing": lambda system: system.actions.failing(),
    "slow": lambda system: system.actions.slow(70),
}


def meets(system: System, fault: str) -> tuple[list[Sent], Tally]:
    """A visitor in an interview, who also asks for a person, while the action server is so, and again afterwards."""
    browser = Browser(*system.addresses)
    sent = [browser.send("which one do we need?")]
    with FAULTS[fault](system):
        sent += [browser.send("about 4 million"), browser.send(TALK_TO_PERSON)]
        again = browser.send(TALK_TO_PERSON, sent[-1].message)
        assert again.answer == sent[-1].answer
    sent += [browser.send(TALK_TO_PERSON), browser.send("what is a caio?")]
    return sent, system.records.tally(sent)


def checked(system: System, sent: list[Sent], tally: Tally) -> None:
    """The sentence comes in time, all is kept, and the next turn works."""
    _, number, failed, person, question = sent
    assert tally.whole
    assert max(number.waited, failed.waited) < IN_TIME
    for one in (number, failed):
        assert "Nothing you told me is lost" in str(one.answer)
    assert "free consultation" in str(person.answer)
    assert "Chief AI Officer" in str(question.answer)
    assert "How" in str(question.answer) or "What" in str(question.answer)  # the interview goes on
    assert len(system.records.parcels(person.conversation)) == 1  # of the turn that could do it


@pytest.mark.parametrize("fault", ["away", "failing"])
def test_the_visitor_is_told_and_everything_is_kept(system: System, report: Report, fault: str) -> None:
    sent, tally = meets(system, fault)
    report("F7", f"the action server was {fault} for two turns", tally)
    checked(system, sent, tally)


@pytest.mark.slow
def test_the_visitor_is_told_in_time_that_an_action_hangs(system: System, report: Report) -> None:
    sent, tally = meets(system, "slow")
    report("F7", "the action server took 70 seconds for every action, for two turns", tally)
    checked(system, sent, tally)
