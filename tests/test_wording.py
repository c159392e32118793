"""What is said reads easily: school grades, sentence lengths, and phrases that no native writer would use."""

from __future__ import annotations

import re
from collections import defaultdict
from statistics import median

import textstat

from advisor.prices import texts as figures
from tests.content import Text, texts

HIGHEST_GRADE = 11  # Flesch-Kincaid, of one message
HIGHEST_MEDIAN = 8
LONGEST_SENTENCE = 30  # words
SHORTEST = 10  # words of a text that a grade says something about

PHRASES = (
    *("by the article", "my reading", "without reserve", "part of the time each", "a leader of its own"),
    *("the first hire that does more", "look twice", "fires in the infrastructure", "typically do", "on what terms"),
    *("sees sense in", "i know of no", "thinks from the business", "it did not count", "gain an advantage"),
    *("talks about ai", "what ai brings", "for you alone", "in the main", "hands daily", "answerable", "present work"),
    *("what stood on it", "make a fact of", "for what i know so far", "that i do not know", "falls away"),
    *("different eyes", "with a talk", "seat", "whoever is", "that is none", "as an ai language"),
    *("please use the contact",),
)
"""Phrases that were measured to put readers off."""


def spoken(text: Text) -> str:
    """A text as a visitor reads it, with the figures as one word each and list items as sentences."""
    filled = re.sub(r"{(\w+)}", lambda name: defaultdict(lambda: "this", figures())[name[1]], text.text)
    plain = re.sub(r"\n(?:- )?", ". ", re.sub(r"[*“”\"]", "", filled))
    return re.sub(r"\$?\d[\d,.]*[KM]?( to \$?\d[\d,.]*[KM]?)?", "ten", plain)


def read() -> list[tuple[Text, str]]:
    """All texts that are sentences, and not labels or parts of one."""
    said = [(text, spoken(text)) for text in texts() if not text.name.startswith("utter_speak_english_")]
    return [(text, words) for text, words in said if len(words.split()) >= SHORTEST]


def test_texts_read_easily() -> None:
    grades = {f"{text.file}: {text.text}": textstat.flesch_kincaid_grade(words) for text, words in read()}
    print(f"median grade {median(grades.values()):.1f}, highest {max(grades.values()):.1f}, of {len(grades)} texts")
    assert median(grades.values()) <= HIGHEST_MEDIAN
    assert {text: grade for text, grade in grades.items() if grade > HIGHEST_GRADE} == {}


def test_sentences_are_short() -> None:
    sentences = [(text.file, one) for text, words in read() for one in re.split(r"[.?;:]\s", words)]
    assert [(file, one) for file, one in sentences if len(one.split()) > LONGEST_SENTENCE] == []


def test_texts_have_none_of_the_phrases_that_put_readers_off() -> None:
    said = [(text, text.text.casefold()) for text in texts()]
    assert [
        (text.file, phrase) for text, words in said for phrase in PHRASES if re.search(rf"\b{phrase}\b", words)
    ] == []
