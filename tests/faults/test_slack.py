"""Slack while replicas are killed and while forty people talk at once: nothing is lost, nothing comes twice."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.channels.slack.outgoing import LEASE
from tests.faults.conftest import Report
from tests.faults.records import Tally
from tests.faults.system import System, eventually, running
from tests.slack_api import Fields, SlackApi, slack_settings
from tests.slack_user import SlackUser

TALK_TO_PERSON = "can somebody from the firm join this chat?"  # a single action
USERS = 40
LONGEST_ACKNOWLEDGEMENT = 1.0  # seconds; Slack waits for three


@pytest.fixture(scope="module")
def api() -> Iterator[SlackApi]:
    made = SlackApi()
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, api: SlackApi) -> Iterator[System]:
    with running(tmp_path_factory.mktemp("slack"), extra=slack_settings(api)) as system:
        yield system


@pytest.fixture
def slack_system(shared: System, api: SlackApi) -> System:
    shared.recover()
    api.calls.clear()
    api.delay = 0.0
    [api.echo] = [one.echo for one in people(shared, api, 1, replica=1)]  # that one is never killed
    return shared


def people(system: System, api: SlackApi, count: int, replica: int = 0) -> list[SlackUser]:
    """People whose requests reach one replica."""
    return [SlackUser(system.addresses[replica], api, f"U0{replica}{number:03}") for number in range(count)]


def answers(api: SlackApi, user: SlackUser, thread: str) -> list[Fields]:
    return api.posts(user.dm, thread)


def twice(api: SlackApi) -> list[str]:
    """The posts that came more than once."""
    counted = Counter(str(one["client_msg_id"]) for one in api.posts())
    return [key for key, times in counted.items() if times > 1]


def tally(asked: dict[str, SlackUser], api: SlackApi, longest: float) -> Tally:
    answered = [thread for thread, user in asked.items() if answers(api, user, thread)]
    return Tally(len(asked), len(answered), len(asked) - len(answered), len(twice(api)), longest, 0)


def test_turn_of_a_killed_replica_is_answered_in_slack_by_the_other(
    slack_system: System, api: SlackApi, report: Report
) -> None:
    begun = time.monotonic()
    with slack_system.actions.slow(3):
        asked = {user.say(TALK_TO_PERSON): user for user in people(slack_system, api, 4)}
        time.sleep(1.5)  # until Slack shows that they are worked on
        slack_system.replicas[0].kill()
    eventually(lambda: all(answers(api, user, thread) for thread, user in asked.items()))
    time.sleep(3)
    counted = tally(asked, api, time.monotonic() - begun)
    report("F9", "a replica was killed during four turns in Slack, and the other one posted the answers", counted)
    assert counted.lost == counted.duplicated == 0
    eventually(lambda: all(left_showing(api, thread) == "active" for thread in asked))
    for thread, user in asked.items():
        assert len({one["client_msg_id"] for one in answers(api, user, thread)}) == len(answers(api, user, thread))


def left_showing(api: SlackApi, thread: str) -> str:
    """What Slack shows of a thread in the end."""
    shown = [one["status"] for one in api.of("agents.sessions.setStatus") if one["thread_ts"] == thread]
    return shown[-1] if shown else "active"


def test_answer_is_posted_though_its_replica_is_killed_while_posting(
    slack_system: System, api: SlackApi, report: Report
) -> None:
    begun = time.monotonic()
    api.delay = 2.0
    asked = {user.say("what does a caio cost?"): user for user in people(slack_system, api, 4)}
    time.sleep(1.0)
    slack_system.replicas[0].kill()
    api.delay = 0.0
    eventually(lambda: all(answers(api, user, thread) for thread, user in asked.items()))
    time.sleep(LEASE + 5)  # until the other one would have posted them
    counted = tally(asked, api, time.monotonic() - begun)
    report("F9", "a replica was killed while it posted to Slack, which took the posts and told of them", counted)
    assert counted.lost == counted.duplicated == 0


def test_answers_under_way_when_a_replica_stops_are_posted_by_it_and_once(slack_system: System, api: SlackApi) -> None:
    with slack_system.actions.slow(2):
        asked = {user.say(TALK_TO_PERSON): user for user in people(slack_system, api, 3)}
        slack_system.replicas[0].stop()
    assert all(answers(api, user, thread) for thread, user in asked.items()), "nothing is left to the other one"
    time.sleep(3)
    assert twice(api) == []


def test_forty_people_at_once_are_all_acknowledged_and_answered_once(
    slack_system: System, api: SlackApi, report: Report
) -> None:
    users = people(slack_system, api, USERS // 2) + people(slack_system, api, USERS // 2, replica=1)
    waited: list[float] = []

    def ask(user: SlackUser) -> str:
        begun = time.monotonic()
        thread = user.say("what does a caio cost?")
        waited.append(time.monotonic() - begun)
        return thread

    for round_ in range(3):
        with ThreadPoolExecutor(USERS) as pool:
            threads = list(pool.map(ask, users))
        asked = dict(zip(threads, users, strict=True))
        eventually(lambda: all(answers(api, user, thread) for thread, user in asked.items()))  # noqa: B023
        p95 = sorted(waited)[int(0.95 * len(waited))]
        print(f"round {round_}: acknowledgements p95 {p95:.2f} s, longest {max(waited):.2f} s")
    time.sleep(2)
    counted = tally(asked, api, max(waited))
    report("F9", f"{USERS} people asked in Slack at once, three times; the wait is for the acknowledgement", counted)
    assert counted.lost == counted.duplicated == 0
    assert len(api.posts()) == 3 * USERS
    assert max(waited) < LONGEST_ACKNOWLEDGEMENT


def test_event_that_reaches_both_replicas_is_answered_once(slack_system: System, api: SlackApi) -> None:
    first, second = people(slack_system, api, 1)[0], people(slack_system, api, 1, replica=1)[0]
    event = first.event(first.written("what does a caio cost?", first.dm))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda user: user.tell(event), [first, second, first, second]))
    thread = event["event"]["ts"]
    eventually(lambda: bool(answers(api, first, thread)))
    time.sleep(3)
    assert len(answers(api, first, thread)) == 1
