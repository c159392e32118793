"""A message with several statements is split exactly between them."""

from __future__ import annotations

import pytest

from assistant.nlu.utterance_splitter import split_utterance

ASKS, TELLS = True, False

CUTS: list[tuple[str, list[tuple[str, bool]]]] = [
    # an answer and a question
    ("Yes, but what does a CAIO cost?", [("Yes", TELLS), ("but what does a CAIO cost?", ASKS)]),
    ("We have a CTO. Do we still need a CAIO?", [("We have a CTO.", TELLS), ("Do we still need a CAIO?", ASKS)]),
    ("No idea, why do you ask?", [("No idea", TELLS), ("why do you ask?", ASKS)]),
    ("about 4 million; is that too small?", [("about 4 million", TELLS), ("is that too small?", ASKS)]),
    ("none of them – is that bad?", [("none of them", TELLS), ("is that bad?", ASKS)]),
    ("35 people - what does it cost?", [("35 people", TELLS), ("what does it cost?", ASKS)]),
    ("Fractional CTO vs. consultant", [("Fractional CTO vs. consultant", TELLS)]),
    ("just the website\nwhat is a CRM?", [("just the website", TELLS), ("what is a CRM?", ASKS)]),
    ("we have a CRM and what does a CTO do", [("we have a CRM", TELLS), ("and what does a CTO do", ASKS)]),
    ("Why do you ask? We have a CTO.", [("Why do you ask?", ASKS), ("We have a CTO.", TELLS)]),
    ("skip it! how many are left?", [("skip it!", TELLS), ("how many are left?", ASKS)]),
    # two questions
    (
        "How much does it save? Also any tax advantage",
        [("How much does it save?", ASKS), ("Also any tax advantage", ASKS)],
    ),
    ("Do we need one? And we have 40 people", [("Do we need one?", ASKS), ("And we have 40 people", TELLS)]),
    (
        "what does a CAIO cost, and who reports to whom?",
        [("what does a CAIO cost", ASKS), ("and who reports to whom?", ASKS)],
    ),
    ("What is a CAIO? What is a CTO?", [("What is a CAIO?", ASKS), ("What is a CTO?", ASKS)]),
    (
        "what does a CTO do and how does a CAIO differ",
        [("what does a CTO do", ASKS), ("and how does a CAIO differ", ASKS)],
    ),
    (
        "who looks after security and do they need a CISSP",
        [("who looks after security", ASKS), ("and do they need a CISSP", ASKS)],
    ),
    (
        "How many hours a week, also what does it cost?",
        [("How many hours a week", ASKS), ("also what does it cost?", ASKS)],
    ),
    (
        "who owns AI strategy, who owns security",
        [("who owns AI strategy", ASKS), ("who owns security", ASKS)],
    ),
    (
        "Yes, but what does a CAIO cost, and who reports to whom?",
        [("Yes", TELLS), ("but what does a CAIO cost", ASKS), ("and who reports to whom?", ASKS)],
    ),
    # what introduces a question stands before it; whether it counts is for the classifier to say
    ("Hi there, what is a CAIO?", [("Hi there", TELLS), ("what is a CAIO?", ASKS)]),
    (
        "My boss asked me this morning. What is a CAIO?",
        [("My boss asked me this morning.", TELLS), ("What is a CAIO?", ASKS)],
    ),
    # one thing
    ("What does a CAIO cost?", [("What does a CAIO cost?", ASKS)]),
    ("tell me about fractional leaders", [("tell me about fractional leaders", ASKS)]),
    ("ok and what about a CTO", [("ok and what about a CTO", ASKS)]),
    ("a website, a CRM and cloud systems", [("a website, a CRM and cloud systems", TELLS)]),
    ("we make $4.5 million a year", [("we make $4.5 million a year", TELLS)]),
    ("a CTO and a CAIO, both", [("a CTO and a CAIO, both", TELLS)]),
    ("we know what we want", [("we know what we want", TELLS)]),
    ("a CTO or a CAIO, the one who costs less?", [("a CTO or a CAIO, the one who costs less?", ASKS)]),
    ("", []),
]


@pytest.mark.parametrize(("text", "parts"), CUTS, ids=[text for text, _ in CUTS])
def test_message_is_split_between_statements(text: str, parts: list[tuple[str, bool]]) -> None:
    assert split_utterance(text) == parts
