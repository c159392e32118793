"""A long conversation gets the same answers with the last turns as with the full history."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.launcher import serving
from tests.conftest import own_files
from tests.content import held_out
from tests.visitor import Visitor

LENGTH = 200  # turns
WORDS = (
    *("which one do we need?", "not sure", "rather not say", "skip", "why do you ask?", "go back", "stop"),
    *("what do you know about us?", "how many questions are left?", "how sure are you?", "tell me more"),
    *("and for a CTO?", "how much would that be?", "which section?", "change the revenue", "thanks"),
    *("actually we make 14 million", "we have no CRM", "we have a CTO", "nobody leads technology", "blorp"),
    *("what if we had a CTO?", "just tell me what you think", "no", "yes"),
)
"""Messages that depend on the conversation so far."""


@pytest.fixture(scope="module")
def unbounded_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same assistant with an unbounded history."""
    logs: Path = tmp_path_factory.mktemp("logs")
    with serving(logs=logs, environment={"SEATWISE_TURNS": "100000", **own_files(logs)}) as url:
        yield url


@pytest.mark.parametrize("seed", [1, 2])
def test_bounded_history_gives_the_same_replies(assistant_url: str, unbounded_url: str, seed: int) -> None:
    chance = random.Random(seed)
    questions = [one.text for one in held_out() if one.intent.startswith(("faq/", "not_in_article"))]
    bounded, unbounded = Visitor(assistant_url), Visitor(unbounded_url)
    for number in range(LENGTH):
        buttons = list(bounded.buttons) if bounded.messages else []
        if buttons and chance.random() < 0.4:
            title = chance.choice(buttons)
            heard = bounded.choose(title), unbounded.choose(title)
        else:
            words = chance.choice(WORDS) if chance.random() < 0.7 else chance.choice(questions)
            heard = bounded.say(words), unbounded.say(words)
        assert heard[0] == heard[1], f"turn {number}"
        assert bounded.buttons == unbounded.buttons, f"turn {number}"
