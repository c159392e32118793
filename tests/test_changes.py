"""The usual changes need only the files listed in CONTRIBUTING.md; they are made in a copy, which is then run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.launcher import serving
from tests.conftest import own_files as settings_of
from tests.content import ROOT, own_files
from tests.visitor import Visitor

FIELD = """version: "3.1"

field:
  type: yes_no
  examples:
    true: ["we run a fleet of robots", "robots on the floor", "our warehouse robots pick the orders", "we use robots"]
    false: ["no robots", "we have no robots", "there are no robots here", "robots we don't have"]

responses:
  utter_question_has_robots:
    - text: "Do you run robots?"
      buttons:
        - {title: "Yes, robots", payload: '/answer{{"has_robots": true}}'}
        - {title: "No robots", payload: '/answer{{"has_robots": false}}'}
        - {title: Not sure, payload: '/answer{{"has_robots": "unknown"}}'}
  utter_why_has_robots:
    - text: "Because robots need somebody who leads technology."
  utter_brief_has_robots_true:
    - text: "robots that run"
  utter_brief_has_robots_false:
    - text: "no robots"
  utter_has_robots_true:
    - text: "you run robots"
  utter_has_robots_false:
    - text: "you run no robots"
  utter_has_robots_unknown:
    - text: "whether you run robots"
  utter_card_field_has_robots:
    - text: Robots
  utter_rule_P45:
    - text: "Robots need somebody who leads technology."
  utter_feeds_P45:
    - text: "a CTO first, where there are robots"
"""
RULE = """  - {id: P45, role: CTO_FIRST, when: {robots_to_lead: yes, ai_leadership: no, leadership: none},
     strength: default, basis: policy, facts: [F073], outranks: [P90, P95]}
  - {id: P50, role: CTO_FIRST, when: {technology_by_source"""
CONDITION = """  robots_to_lead:
    - {has_robots: yes}

  # What calls for AI leadership"""
ANSWER = """version: "3.1"
nlu:
  - intent: faq/parking
    examples: |
      - where can I park at your office
      - is there parking at your place
      - do you have a car park
      - parking spots for visitors
      - can I leave my car there
      - how do I park when I visit
responses:
  utter_faq/parking:
    - text: "There is parking behind the house."
      metadata: {question: "Where can I park?", missing: "parking for {officer}", facts: [F001], next: [cost, first]}
"""

ENOUGH = 60  # examples of a topic, or of the value of a field


class Copy:
    """A copy of the project that counts changed files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.changed: dict[str, set[str]] = {}

    def write(self, change: str, name: str, text: str) -> None:
        self.changed.setdefault(change, set()).add(name)
        (self.root / name).write_text(text, encoding="utf-8")

    def replace(self, change: str, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {name}"
        self.write(change, name, text.replace(old, new))


def _thinned(content: str) -> str:
    """A content file with fewer examples, which is trained in a fraction of the time."""
    kept: list[str] = []
    run, before = 0, ""
    for line in content.splitlines(keepends=True):
        beginning = line.partition("-")[0]
        run = run + 1 if beginning == before and line.strip().startswith("- ") else 0
        before = beginning
        if run < ENOUGH:
            kept.append(line)
    return "".join(kept)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    copy = Copy(tmp_path_factory.mktemp("copy") / "project")
    for path in own_files(""):
        target = copy.root / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
        if path.is_relative_to(ROOT / "data") and path.suffix == ".yml":
            target.write_text(_thinned(path.read_text(encoding="utf-8")), encoding="utf-8")
    copy.replace("price", "advisor/prices.yml", "low: 2_500, high: 15_000", "low: 3_500, high: 16_000")
    copy.write("question", "data/fields/has_robots.yml", FIELD)
    copy.replace("question", "domain.yml", "  - dev_team\n  - custom", "  - dev_team\n  - has_robots\n  - custom")
    slot = "{type: any, influence_conversation: false, mappings: [{type: from_entity, entity: has_robots}]}"
    copy.replace("question", "domain.yml", "  dev_team: {", f"  has_robots: {slot}\n  dev_team: {{")
    copy.replace("question", "domain.yml", "      - dev_team\n", "      - dev_team\n      - has_robots\n")
    copy.replace("question", "advisor/framework.yml", "  # What calls for AI leadership", CONDITION)
    row = "  - {id: P50, role: CTO_FIRST, when: {technology_by_source"
    copy.replace("question", "advisor/framework.yml", row, RULE)
    copy.replace("question", "advisor/interview.yml", "  ai_plans:\n", "    - [has_robots]\n  ai_plans:\n")
    copy.write("answer", "data/faq/parking.yml", ANSWER)
    copy.write("answer", "tests/held_out/faq/parking.yml", "nlu: []\n")
    return copy


@pytest.fixture(scope="module")
def url(copy: Copy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    logs = tmp_path_factory.mktemp("logs")
    with serving(root=copy.root, logs=logs, environment=settings_of(logs)) as url:
        yield url


def test_changes_touch_the_documented_number_of_files(copy: Copy) -> None:
    assert {change: len(files) for change, files in copy.changed.items()} == {"price": 1, "question": 4, "answer": 2}


def test_changed_price_is_quoted(url: str) -> None:
    assert "$3,500 to $16,000 a month" in Visitor(url).say("what does a fractional CAIO cost?")


def test_new_question_is_asked_and_changes_the_advice(url: str) -> None:
    visitor = Visitor(url)
    visitor.say("which one do we need?")
    visitor.choose("$1M to $10M")
    while visitor.asked and "Yes, robots" not in visitor.buttons:
        visitor.choose("Nobody" if "Nobody" in visitor.buttons else list(visitor.asked)[-1])
    visitor.choose("Yes, robots")
    visitor.answer_all(lambda: visitor.choose("Not sure"))
    assert "Robots need somebody who leads technology" in visitor.heard
    assert "robots that run" in visitor.say("what do you know about us?")


def test_new_field_is_extracted_from_text(url: str) -> None:
    visitor = Visitor(url)
    visitor.say("which one do we need?")
    assert "you run robots" in visitor.say("about 4 million, and we run a fleet of robots")
    assert "I've corrected that: no robots" in visitor.say("sorry, that was wrong, no robots here")


def test_new_faq_entry_is_answered(url: str) -> None:
    assert "parking behind the house" in Visitor(url).say("where do visitors park their cars?")
