"""All labeled examples are read from Rasa's files in a fixed order."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.nlu.examples import LabeledExample, read_examples, read_synonyms
from tests.content import ROOT, examples, held_out

COST = """
version: "3.1"
nlu:
  - intent: faq/cost
    examples: |
      - what does it cost
      - price - and why?
  - intent: greet
    examples: |
      - hi

      -   good morning
responses:
  utter_faq/cost:
    - text: Much.
  utter_greet:
    - text: Hello.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "faq").mkdir()
    (tmp_path / "faq" / "cost.yml").write_text(COST, encoding="utf-8")
    (tmp_path / "rules.yml").write_text("rules: []\n", encoding="utf-8")
    (tmp_path / "a_list.yml").write_text("- say: we are ten\n", encoding="utf-8")
    (tmp_path / "empty.yml").touch()
    (tmp_path / "notes.txt").write_text("nlu: no\n", encoding="utf-8")
    return tmp_path


def test_examples_are_read_with_labels_and_without_bullets(folder: Path) -> None:
    assert read_examples(folder) == [
        LabeledExample("faq/cost", "what does it cost"),
        LabeledExample("faq/cost", "price - and why?"),
        LabeledExample("greet", "hi"),
        LabeledExample("greet", "good morning"),
    ]


def test_several_folders_are_read_in_order(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "bye.yml").write_text("nlu:\n  - intent: goodbye\n    examples: |\n      - bye\n", encoding="utf-8")
    assert [one.label for one in read_examples(other, folder)] == ["goodbye", "faq/cost", "faq/cost", "greet", "greet"]


def test_synonyms_are_read_with_their_values(folder: Path) -> None:
    block = "nlu:\n  - synonym: cto\n    examples: |\n      - tech chief\n      - cto\n"
    (folder / "roles.yml").write_text(block, encoding="utf-8")
    assert read_synonyms(folder) == {"tech chief": "cto", "cto": "cto"}


def test_examples_match_those_of_the_content_tests() -> None:
    assert sorted(read_examples(ROOT / "data")) == sorted((example.intent, example.text) for example in examples())
    assert sorted(read_examples(ROOT / "tests" / "held_out")) == sorted((one.intent, one.text) for one in held_out())
