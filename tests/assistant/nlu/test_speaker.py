"""Whether a message says that its writer is the CTO."""

from __future__ import annotations

import pytest

from assistant.nlu.speaker import speaker_of


@pytest.mark.parametrize(
    "text",
    [
        "I'm the CTO here and my CEO sent me your page",
        "Im the cto of a 40 person firm",
        "as the CTO I worry about this",
        "CTO here. is my job safe?",
        "I am CTO at a small bank",
        "I'm a founder and the CTO",
        "I'm our head of engineering",
    ],
)
def test_cto_is_known_by_what_they_say_they_are(text: str) -> None:
    assert speaker_of(text) == "cto"


@pytest.mark.parametrize(
    "text",
    [
        "our CTO here is swamped",
        "the CTO here is good",
        "I'm basically the CTO, the IT guy and the owner",
        "I do fractional CTO work myself",
        "i'm a fractional CTO",
        "I'm the owner and our CTO left",
        "what does a CTO do?",
    ],
)
def test_nobody_else_is_taken_for_the_cto(text: str) -> None:
    assert speaker_of(text) is None
