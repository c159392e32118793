"""Messages are parsed off the event loop, and those over budget get a separate intent."""

from __future__ import annotations

import asyncio
import random
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.engine.exceptions import GraphComponentException
from rasa.shared.nlu.training_data.message import Message

from assistant.nlu import parsing
from assistant.nlu.budget import check
from assistant.nlu.company_facts.hearing import hear
from assistant.nlu.company_facts.model import trained
from assistant.nlu.spelling import Speller
from tests.content import examples


def processor(read: Callable[[], object]) -> Any:
    """Rasa's processor for a pipeline of one component, with errors wrapped like in its runner."""

    def run(inputs: dict[str, Any], targets: list[str]) -> dict[str, list[Message]]:
        try:
            read()
        except Exception as error:  # as GraphNode does
            raise GraphComponentException("Error running graph component for node read.") from error
        return {targets[0]: [Message.build("hello")]}

    made = SimpleNamespace(graph_runner=SimpleNamespace(run=run), model_metadata=SimpleNamespace(nlu_target="nlu"))
    made._update_full_retrieval_intent = lambda parsed: None
    return made


def work_until_stopped() -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        check()


def test_message_over_budget_gets_its_own_intent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "CPU_SECONDS", 0.05)
    parsed = asyncio.run(parsing._parse_message(processor(work_until_stopped), UserMessage("what a message")))
    assert parsed == {"text": "what a message", "intent": {"name": "too_much", "confidence": 1.0}, "entities": []}


def test_pipeline_errors_are_reraised() -> None:
    with pytest.raises(GraphComponentException):
        asyncio.run(parsing._parse_message(processor(lambda: 1 / 0), UserMessage("hello")))


def test_parsing_does_not_block_the_event_loop() -> None:
    released = threading.Event()

    async def parse_and_release() -> dict[str, Any]:
        running = asyncio.ensure_future(parsing._parse_message(processor(lambda: released.wait(30)), UserMessage("hi")))
        await asyncio.sleep(0.05)
        assert not running.done()
        released.set()
        return await running

    assert asyncio.run(parse_and_release())["text"] == "hello"


def test_apply_patches_the_message_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MessageProcessor, "parse_message", MessageProcessor.parse_message)
    parsing.apply()
    assert MessageProcessor.parse_message is parsing._parse_message


def test_concurrent_parsing_is_thread_safe() -> None:
    """spaCy and symspellpy do not guarantee thread safety, so test it with frequent thread switches."""
    texts = [one.text for one in random.Random(1).sample(examples(), 400)]
    speller = Speller.from_texts(texts)

    def read_all(text: str) -> object:
        mistyped = text[:6] + text[7:]
        return hear(text, trained()), speller.correct(mistyped)

    alone = [read_all(text) for text in texts]
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.00002)
    try:
        with ThreadPoolExecutor(4) as threads:
            together = list(threads.map(read_all, texts))
    finally:
        sys.setswitchinterval(before)
    assert together == alone
