"""Accuracy on held-out messages: the figures are printed and must not fall below a floor.

A message goes the way it goes in the assistant: topic model, choice, and the reader of company facts, which takes over
what tells us about a company. The floors leave some room below what was measured, for honest changes of content.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import mean
from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from assistant.nlu.company_extractor import CompanyExtractor
from assistant.nlu.company_facts.model import trained
from assistant.nlu.examples import LabeledExample, read_examples
from assistant.nlu.fallback import FALLBACK, Choice, Thresholds, choose, intent_of
from assistant.nlu.languages import foreign_language
from assistant.nlu.topics import TopicModel, topic_of
from tests.content import ROOT, words_of

KINDS = ("faq", "not_in_article", "out_of_scope", "intents")
LEAST_EXACT = 0.38  # of the questions for a part of a topic
WEAK = 0.6  # topics with lower recall are printed
MOST_MISTYPED = 0.04  # maximum loss, over all kinds, with typos in every second word
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


@dataclass(frozen=True)
class Heard:
    """A message with its correct label, the most likely labels and the resulting action."""

    label: str
    text: str
    likeliest: tuple[str, ...]
    choice: Choice

    @property
    def kind(self) -> str:
        intent = intent_of(self.label)
        return intent if intent in KINDS else "intents"

    @property
    def first(self) -> bool:
        return _same(self.label, self.likeliest[0])

    @property
    def in_three(self) -> bool:
        return any(_same(self.label, label) for label in self.likeliest[:3])

    @property
    def taken(self) -> bool:
        """Whether the message was handled without asking back, correctly or not."""
        return self.choice.intent != FALLBACK

    @property
    def right(self) -> bool:
        return self.taken and _same(self.label, self.choice.label)

    @property
    def offered(self) -> bool:
        return self.label in self.choice.offers

    @property
    def wrong(self) -> bool:
        return self.taken and not self.right

    @property
    def rejected(self) -> bool:
        """Whether the message was out of scope, or neither answered nor offered topics."""
        return self.choice.intent == "out_of_scope" or not (self.taken or self.choice.offers)


def _same(wanted: str, found: str) -> bool:
    """Merge labels that need not be distinguished: silences, other subjects, and all statements about a company."""
    if wanted == "out_of_scope":
        return found in (wanted, "cannot_do")
    if intent_of(wanted) == "not_in_article":
        return intent_of(found) == "not_in_article"
    return wanted == found or (wanted.startswith("inform_") and found.startswith("inform_"))


@pytest.fixture(scope="module")
def messages() -> list[LabeledExample]:
    """The held-out messages that are not training examples."""
    trained = {" ".join(words_of(one.text)) for one in read_examples(ROOT / "data")}
    return [one for one in read_examples(ROOT / "tests" / "held_out") if " ".join(words_of(one.text)) not in trained]


@pytest.fixture(scope="module")
def of_topics(messages: list[LabeledExample]) -> list[LabeledExample]:
    """Those that ask for a topic as a whole, or have another intent."""
    return [one for one in messages if topic_of(one.label) == one.label]


@pytest.fixture(scope="module")
def of_parts(messages: list[LabeledExample]) -> list[LabeledExample]:
    """Those that ask for a part of a topic."""
    return [one for one in messages if topic_of(one.label) != one.label]


@pytest.fixture(scope="module")
def hear(topic_model: TopicModel, thresholds: Thresholds) -> Callable[[Iterable[LabeledExample]], list[Heard]]:
    """Run a message through the pipeline."""
    extractor = CompanyExtractor(trained())

    def heard(label: str, text: str) -> Heard:
        prediction = topic_model.predict(text)
        choice = choose(prediction, thresholds)
        if foreign_language(text):
            choice = Choice("out_of_scope", "out_of_scope", 1.0)
        message = Message(data={"text": text, "intent": {"name": choice.intent}})
        extractor.process([message])
        intent = message.get("intent")["name"]
        if intent != choice.intent:
            choice = Choice(intent, intent, 1.0)
        return Heard(label, text, tuple(prediction.probabilities)[:3], choice)

    return lambda labelled: [heard(label, text) for label, text in labelled]


@pytest.fixture(scope="module")
def clean(of_topics: list[LabeledExample], hear: Callable[[Iterable[LabeledExample]], list[Heard]]) -> list[Heard]:
    return hear(of_topics)


@pytest.fixture(scope="module")
def mistyped(of_topics: list[LabeledExample], hear: Callable[[Iterable[LabeledExample]], list[Heard]]) -> list[Heard]:
    chance = random.Random(2026)
    return hear(LabeledExample(label, mistype(text, chance)) for label, text in of_topics)


def mistype(text: str, chance: random.Random) -> str:
    """The text with about half of its longer words mistyped."""
    return re.sub(r"[A-Za-z]{4,}", lambda word: _slip(word[0], chance) if chance.random() < 0.5 else word[0], text)


def _slip(word: str, chance: random.Random) -> str:
    """Add one typo: two letters swapped, one omitted, one doubled, or an adjacent key."""
    at = chance.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    row = next(row for row in KEYS if letter.lower() in row)
    near = row.index(letter.lower())
    beside = chance.choice(row[max(near - 1, 0) : near] + row[near + 1 : near + 2])
    return before + chance.choice([after[0] + letter + after[1:], after, letter * 2 + after, beside + after])


def of_kind(kind: str, heard: list[Heard]) -> list[Heard]:
    return [one for one in heard if one.kind == kind]


def share(fits: Callable[[Heard], bool], heard: list[Heard]) -> float:
    return mean(fits(one) for one in heard)


def figures(heard: list[Heard]) -> dict[str, float]:
    """The printed figures for a kind of message."""
    return {
        "top-1": share(lambda one: one.first, heard),
        "in three": share(lambda one: one.in_three, heard),
        "right": share(lambda one: one.right, heard),
        "right/offered": share(lambda one: one.right or one.offered, heard),
        "wrong": share(lambda one: one.wrong, heard),
        "rejected": share(lambda one: one.rejected, heard),
    }


def table(title: str, heard: list[Heard]) -> str:
    names = list(figures(heard))
    lines = [f"{title:<16}{'n':>5}" + "".join(f"{name:>15}" for name in names)]
    for kind in KINDS:
        values = figures(of_kind(kind, heard))
        lines.append(f"{kind:<16}{len(of_kind(kind, heard)):>5}" + "".join(f"{values[name]:>15.1%}" for name in names))
    return "\n".join(lines)


def weak_topics(heard: list[Heard]) -> list[str]:
    """The topics with low recall, with their recall."""
    found: dict[str, list[bool]] = {}
    for one in of_kind("faq", heard):
        found.setdefault(one.label, []).append(one.first)
    return [f"{label} {sum(hits)} of {len(hits)}" for label, hits in found.items() if mean(hits) < WEAK]


def confused(heard: list[Heard]) -> list[str]:
    """The most frequently confused pairs of topics and intents."""
    pairs = Counter((one.label, one.likeliest[0]) for one in heard if not one.first)
    return [f"{times}x {wanted} -> {found}" for (wanted, found), times in pairs.most_common(10) if times > 1]


def test_report_on_held_out_messages(
    clean: list[Heard], mistyped: list[Heard], capsys: pytest.CaptureFixture[str]
) -> None:
    report = [
        "",
        table("held out", clean),
        table("mistyped", mistyped),
        "topics found less than 60 % of the time: " + (", ".join(weak_topics(clean)) or "none"),
        "confused most: " + (", ".join(confused(clean)) or "nothing twice"),
    ]
    with capsys.disabled():
        print("\n".join(report))
    assert {one.kind for one in clean} == set(KINDS)


def test_questions_for_a_part_of_a_topic_get_its_answer(
    of_parts: list[LabeledExample],
    clean: list[Heard],
    hear: Callable[[Iterable[LabeledExample]], list[Heard]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    heard = hear(of_parts)
    exact = share(lambda one: one.choice.answer == one.label, heard)
    of_topic = share(lambda one: one.choice.label == topic_of(one.label), heard)
    questions = [one for one in clean if one.kind in ("faq", "not_in_article") and one.choice.label == one.label]
    narrowed = share(lambda one: one.choice.subtopic != "", questions)
    with capsys.disabled():
        print(f"\n{len(heard)} questions for a part of a topic: {exact:.1%} get its answer, {of_topic:.1%} the topic")
        print(f"{len(questions)} questions for a topic: {narrowed:.1%} get the answer to a part of it")
    assert exact >= LEAST_EXACT


@pytest.mark.parametrize(
    ("kind", "figure", "floor"),
    [
        ("faq", "top-1", 0.74),
        ("faq", "right/offered", 0.87),
        ("intents", "top-1", 0.85),
        ("out_of_scope", "rejected", 0.90),
    ],
)
def test_recall_on_held_out_messages(kind: str, figure: str, floor: float, clean: list[Heard]) -> None:
    assert figures(of_kind(kind, clean))[figure] >= floor


@pytest.mark.parametrize(
    ("kind", "figure", "ceiling"),
    [
        ("faq", "wrong", 0.22),
        ("faq", "rejected", 0.05),
        ("not_in_article", "wrong", 0.11),
        ("out_of_scope", "wrong", 0.09),
        ("intents", "wrong", 0.11),
    ],
)
def test_misclassification_and_rejection_rates(kind: str, figure: str, ceiling: float, clean: list[Heard]) -> None:
    assert figures(of_kind(kind, clean))[figure] <= ceiling


def test_typos_in_every_second_word_cost_little_recall(
    clean: list[Heard], mistyped: list[Heard], capsys: pytest.CaptureFixture[str]
) -> None:
    """The loss of recall on answerable messages together with the increase of answers to unanswerable ones."""
    lost = 0.0
    for kind in KINDS:
        figure = "wrong" if kind in ("not_in_article", "out_of_scope") else "top-1"
        before, after = (figures(of_kind(kind, heard))[figure] for heard in (clean, mistyped))
        lost += abs(after - before) * len(of_kind(kind, clean))
        with capsys.disabled():
            print(f"\n{kind}, mistyped: {figure} {before:.1%} -> {after:.1%}")
    with capsys.disabled():
        print(f"mistyped: {lost / len(clean):.1%} lost in all")
    assert lost / len(clean) <= MOST_MISTYPED


def test_mistype_changes_about_half_of_the_longer_words_only() -> None:
    text = "what does the chief officer of any company really cost"
    chance = random.Random(1)
    before = text.split()
    changed = [[old != new for old, new in zip(before, mistype(text, chance).split(), strict=True)] for _ in range(500)]
    for word, times in zip(before, zip(*changed, strict=True), strict=True):
        assert (0.35 < mean(times) < 0.6) if len(word) > 3 else not any(times), word


def test_apostrophes_make_no_difference(messages: list[LabeledExample], topic_model: TopicModel) -> None:
    correct = topic_model.speller.correct
    for _, text in messages:
        straight = text.replace("’", "'")
        assert correct(straight) == correct(straight.replace("'", "’")) == correct(straight.replace("'", "")), text


def test_settings_are_read_from_the_configuration(settings: dict[str, Any], thresholds: Thresholds) -> None:
    assert {"svd_components", "steps"} <= set(settings)
    assert 0 < thresholds.offer <= thresholds.accept < 1
