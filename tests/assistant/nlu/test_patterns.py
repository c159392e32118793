"""No pattern backtracks catastrophically on any input."""

from __future__ import annotations

import random
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import yaml

from tests.assistant.nlu.patterns import anchored, parsed, patterns_used, repeats, samples, several_rounds
from tests.content import HELD_OUT, examples

_LONGEST = 400  # characters of a sentence; longer ones are cut (clause_splitter.py)
_ENDLESS = 1.0  # seconds of CPU: forty times what the slowest pattern takes
_SOME = 40  # texts for each repeat
_ENDINGS = ("\x01", " ~ zz", "")


@pytest.fixture(scope="module")
def patterns() -> list[tuple[str, int]]:
    descriptions = yaml.safe_load((HELD_OUT / "company_facts.yml").read_text(encoding="utf-8"))
    told = [one["say"] for one in descriptions]
    found = patterns_used([*told, *random.Random(1).sample([one.text for one in examples()], 1000)])
    assert len(found) > 100
    return found


def test_no_repetition_is_ambiguous(patterns: list[tuple[str, int]]) -> None:
    """Backtracking is exponential if a text can be matched in two ways."""
    ambiguous = [
        f"{text!r} in {pattern[:200]}"
        for pattern, flags in patterns
        for _, body in repeats(parsed(pattern, flags))
        for text in filter(several_rounds(body, flags).match, samples(body))
    ]
    assert not ambiguous, "\n".join(ambiguous)


def test_no_pattern_backtracks_catastrophically(patterns: list[tuple[str, int]]) -> None:
    some = random.Random(0)
    slowest, tried = (0.0, "", ""), 0
    for pattern, flags in patterns:
        found = list(repeats(parsed(pattern, flags)))
        search, whole = re.compile(pattern, flags), anchored(pattern, flags)
        for prefix, body in found:
            texts = samples(body)
            for text in some.sample(texts, min(len(texts), _SOME)):
                for start, ending in ((prefix, some.choice(_ENDINGS)), ("", _ENDINGS[0])):
                    hard = (start + text * _LONGEST)[:_LONGEST] + ending
                    tried += 1
                    with ended_after(_ENDLESS, f"{hard[:60]!r} at {pattern[:200]}"):
                        begun = time.process_time()
                        search.search(hard)
                        whole.match(hard)
                    slowest = max(slowest, (time.process_time() - begun, hard[:40], pattern[:60]))
    print(f"\n{len(patterns)} patterns, {tried} texts; the slowest took {slowest[0] * 1000:.0f} ms: {slowest[1:]}")


@contextmanager
def ended_after(seconds: float, what: str) -> Iterator[None]:
    """Fail if the block uses more CPU than this; the module re checks for signals while matching."""

    def fail(*_: object) -> None:
        raise AssertionError(f"a pattern runs away: {what}")

    before = signal.signal(signal.SIGVTALRM, fail)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
