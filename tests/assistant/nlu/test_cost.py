"""The CPU cost of the most expensive messages, relative to an ordinary sentence in the same run."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from statistics import median

import pytest
from hypothesis import HealthCheck, Phase, given, settings, target
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.message import Message

from assistant.nlu.budget import LONGEST, OverBudget, budget, check
from assistant.nlu.company_extractor import CompanyExtractor
from assistant.nlu.company_facts.adapter import adapted
from assistant.nlu.company_facts.contract import stated
from assistant.nlu.company_facts.hearing import hear
from assistant.nlu.company_facts.model import trained
from assistant.nlu.encoder import encoder
from assistant.nlu.topic_classifier import TopicClassifier
from assistant.nlu.topics import TopicModel
from tests.assistant.nlu.patterns import pumps
from tests.expensive import ORDINARY, PROSE, REVIEWED

SHORT = 100  # characters
# An ordinary sentence takes 20 ms on the machine that the limits of 250 and 60 ms were set for.
MOST_ORDINARY = {LONGEST: 250 / 20, SHORT: 60 / 20}

Cost = Callable[[str], float]


@pytest.fixture(scope="module")
def cost(topic_model: TopicModel, settings: dict[str, float]) -> Cost:
    """The CPU seconds that the whole pipeline needs for a message."""
    classifier = TopicClassifier(settings, None, None, topic_model)  # type: ignore[arg-type]
    extractor = CompanyExtractor(trained())

    def measure(text: str) -> float:
        message = Message.build(text)
        adapted().forget()
        encoder().forget()  # a message that comes for the first time
        begun = time.thread_time()
        extractor.process(classifier.process([message]))
        return time.thread_time() - begun

    measure(ORDINARY)
    return measure


@pytest.fixture(scope="module")
def ordinary(cost: Cost) -> float:
    return median(cost(ORDINARY) for _ in range(15))


def test_reviewed_expensive_messages_cost_little_more_than_prose(cost: Cost, ordinary: float) -> None:
    found = {name: median(cost(text[:LONGEST]) for _ in range(3)) for name, text in REVIEWED.items()}
    print(f"\nan ordinary sentence: {ordinary * 1000:.0f} ms of CPU")
    for name, seconds in found.items():
        print(f"  {name:20} {len(REVIEWED[name][:LONGEST]):5} characters {seconds * 1000:5.0f} ms")
    for name, seconds in found.items():
        length = SHORT if len(REVIEWED[name]) <= SHORT else LONGEST
        assert seconds < MOST_ORDINARY[length] * ordinary, name


@pytest.mark.parametrize("length", [SHORT, LONGEST])
def test_repeated_lexicon_entries_stay_cheap(cost: Cost, ordinary: float, length: int) -> None:
    """Company facts have all the patterns, so their cost selects the worst texts for the whole pipeline."""
    some = random.Random(length)
    entries = pumps()
    short = length == SHORT  # few enough to try all of them
    texts = [
        _filled([entry, " "], length) for entry in (entries if short else some.sample(entries, min(600, len(entries))))
    ]
    texts += [_filled([*some.sample(entries, some.randint(2, 5)), " "], length) for _ in range(300)]
    texts += [_filled([some.choice(entries), some.choice(" 1~.,?$'-\n"), " "], length) for _ in range(300)]
    worst = sorted(texts, key=_facts_cost, reverse=True)[:25]
    found = {text: min(cost(text) for _ in range(3)) for text in worst}
    slowest = max(found, key=lambda text: found[text])
    print(
        f"\n{len(texts)} messages of {length} characters; the most expensive took {found[slowest] * 1000:.0f} ms "
        f"of CPU ({found[slowest] / ordinary:.1f} ordinary sentences): {slowest[:60]!r}"
    )
    assert found[slowest] < MOST_ORDINARY[length] * ordinary


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
    phases=[Phase.generate, Phase.target],  # the others trace a failure, which takes longer than the limit
)
@given(st.lists(st.sampled_from([*pumps(), *"~?.,$1\n-'/ ()", "\ufdfa", "why?\n"]), min_size=1, max_size=40))
def test_searching_for_slow_messages_finds_none(cost: Cost, ordinary: float, parts: list[str]) -> None:
    text = _filled([*(part + " " for part in parts)], LONGEST)
    seconds = cost(text)
    if seconds > MOST_ORDINARY[LONGEST] / 2 * ordinary:
        seconds = min(seconds, cost(text), cost(text))  # another process may have evicted the CPU caches
    target(seconds)
    assert seconds < MOST_ORDINARY[LONGEST] * ordinary


def test_parsing_stops_when_the_budget_is_used_up() -> None:
    with budget(0.0), pytest.raises(OverBudget):
        hear(PROSE, trained())
    check()  # no limit without a budget
    assert stated(hear(PROSE, trained()))["headcount"] == 120


def _filled(parts: Iterable[str], length: int) -> str:
    once = "".join(parts)
    return (once * (length // max(1, len(once)) + 1))[:length]


def _facts_cost(text: str) -> float:
    begun = time.thread_time()
    stated(hear(text, trained()))
    return time.thread_time() - begun
