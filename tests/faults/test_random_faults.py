"""Under random faults, acknowledged messages are exactly those stored, each once with one answer."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from tests.faults.conftest import Report
from tests.faults.load import Browser, Sent
from tests.faults.system import Replica, System, eventually

VISITORS = 4
RUNS = 8
MOST_KILLS = 2  # per run; each needs a restart
WORDS = (
    "which one do we need?",
    "about 4 million",
    "what is a caio?",
    "can I talk to a person?",
    "services",
    "not sure",
)
ATTEMPT_TIMEOUT = 15.0  # seconds; a frozen replica does not reject, and the page moves on to the other one
_either = st.integers(0, 1)


class Faults(RuleBasedStateMachine):
    """Visitors talk while replicas and the database are killed, frozen and resumed.

    Each page sends its messages one after the other in the background, so no rule waits for an answer.
    """

    system: System
    done: list[Sent]
    faults: Counter[str]

    @initialize()
    def begin(self) -> None:
        """Start with a healthy system and new visitors."""
        self.system.recover()
        self._visitors = [Browser(*self.system.addresses[:: (-1) ** visitor]) for visitor in range(VISITORS)]
        self._pages = [ThreadPoolExecutor(1) for _ in self._visitors]
        self._sent: list[tuple[int, Future[Sent]]] = []
        self._frozen: set[int] = set()
        self._database_frozen = False
        self._kills = 0

    @rule(words=st.lists(st.sampled_from(WORDS), min_size=VISITORS, max_size=VISITORS))
    def talk(self, words: list[str]) -> None:
        """Every visitor sends a message."""
        for visitor, (page, browser) in enumerate(zip(self._pages, self._visitors, strict=True)):
            self._sent.append((visitor, page.submit(browser.send, words[visitor], attempt_timeout=ATTEMPT_TIMEOUT)))

    @precondition(lambda self: any(future.done() for _, future in self._sent))
    @rule(choice=st.randoms(use_true_random=False))
    def resend(self, choice: random.Random) -> None:
        """A page sends an answered message again."""
        visitor, future = choice.choice([one for one in self._sent if one[1].done()])
        before, browser = future.result(), self._visitors[visitor]
        again = self._pages[visitor].submit(browser.send, before.words, before.message, attempt_timeout=ATTEMPT_TIMEOUT)
        self._sent.append((visitor, again))

    @precondition(lambda self: self._kills < MOST_KILLS and not self._database_frozen)
    @rule(which=_either)
    def kill(self, which: int) -> None:
        """Kill and restart a replica."""
        self._kills += 1
        self.faults["kills"] += 1
        self._frozen.discard(which)
        self._replica(which).kill()
        self._replica(which).start()

    @rule(which=_either)
    def freeze(self, which: int) -> None:
        """Suspend a replica, which keeps its connections and locks."""
        self._frozen.add(which)
        self.faults["freezes of a replica"] += 1
        self._replica(which).freeze()

    @precondition(lambda self: self._frozen)
    @rule()
    def thaw(self) -> None:
        """Resume the frozen replicas."""
        for which in self._frozen:
            self._replica(which).thaw()
        self._frozen.clear()

    @precondition(lambda self: not self._database_frozen)
    @rule()
    def freeze_database(self) -> None:
        """Suspend PostgreSQL."""
        self._database_frozen = True
        self.faults["freezes of the database"] += 1
        self.system.postgresql.freeze()

    @precondition(lambda self: self._database_frozen)
    @rule()
    def thaw_database(self) -> None:
        """Resume PostgreSQL."""
        self._database_frozen = False
        self.system.postgresql.thaw()

    @precondition(lambda self: self._sent)
    @rule(seconds=st.sampled_from((0.1, 0.5, 2.0)))
    def wait(self, seconds: float) -> None:
        """Wait, unless all messages are answered."""
        eventually_or_not(lambda: all(future.done() for _, future in self._sent), seconds)

    def teardown(self) -> None:
        """Recover the system; acknowledged messages must be exactly those stored, each once with one answer."""
        self.system.recover()
        sent = [future.result() for _, future in self._sent]
        for page in self._pages:
            page.shutdown()
        eventually(lambda: self.system.records.unanswered() == 0)
        tally = self.system.records.tally(sent)
        self.done += sent
        assert tally.exactly_once, tally
        acknowledged = {(one.conversation, one.message) for one in sent if one.accepted}
        stored = {
            (visitor.conversation, message)
            for visitor in self._visitors
            for message in self.system.records.order(visitor.conversation)
        }
        assert acknowledged == stored

    def _replica(self, which: int) -> Replica:
        return self.system.replicas[which]


def eventually_or_not(holds: Callable[[], bool], seconds: float) -> None:
    """Wait for a condition, at most this many seconds."""
    try:
        eventually(holds, seconds)
    except AssertionError:
        return


@pytest.mark.slow
def test_random_faults_never_lose_or_duplicate_messages(system: System, report: Report) -> None:
    done: list[Sent] = []
    faults: Counter[str] = Counter()
    machine = type("FaultsOfThisRun", (Faults,), {"system": system, "done": done, "faults": faults})
    bounded = settings(
        max_examples=RUNS,
        stateful_step_count=20,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    with system.actions.slow(0.5):  # so that faults hit running turns
        run_state_machine_as_test(machine, settings=bounded)
    tally = system.records.tally(done)
    happened = ", ".join(f"{times} {fault}" for fault, times in faults.items())
    attempts = f"{tally.retries} failed attempts"
    report("H1", f"messages and retries under random faults in {RUNS} runs", tally, f"{happened}; {attempts}")
    assert done and len(faults) == 3
