"""Responses and training examples, read once for all content tests."""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
HELD_OUT = ROOT / "tests" / "held_out"
SPECIAL = {"when", "officer", "speaker"}
"""What makes a variation one for certain companies, for another officer, or for the CTO."""


@dataclass(frozen=True)
class Text:
    """One wording of a response, with the metadata of its file."""

    name: str
    text: str
    metadata: dict[str, Any]
    file: str
    is_short: bool = False

    @property
    def facts(self) -> list[str]:
        return list(self.metadata.get("facts", ()))

    @property
    def entry(self) -> str:
        """What the response answers, if it is one of data/faq or data/not_in_article; otherwise its own name."""
        return self.name.removeprefix("utter_")

    @property
    def cell(self) -> str:
        """The topic that the text answers, with its role and engagement."""
        parts = (self.entry, self.metadata.get("role"), self.metadata.get("engagement"))
        return "/".join(filter(None, parts))

    @property
    def placeholders(self) -> set[str]:
        return set(re.findall(r"{(\w+)}", self.text))

    @property
    def words(self) -> str:
        """The text without its placeholders."""
        return re.sub(r"{\w+}", "", self.text)


@dataclass(frozen=True)
class Example:
    """An example message."""

    intent: str
    text: str
    file: str

    @property
    def key(self) -> str:
        """A key that ignores case, spacing and punctuation."""
        return " ".join(words_of(self.text)) or self.text


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z0-9$%']+", text.lower())


def topics() -> list[str]:
    """The topics with an answer, by file name."""
    return sorted(path.stem for path in (ROOT / "data" / "faq").glob("*.yml"))


def silences() -> list[str]:
    """The topics that the article does not cover, by file name."""
    return sorted(path.stem for path in (ROOT / "data" / "not_in_article").glob("*.yml"))


def subtopics() -> list[str]:
    """The parts of topics and silences that have an answer of their own: "faq/cost.for_both"."""
    answers = (text for text in texts() if text.file.startswith(("data/faq/", "data/not_in_article/")))
    return sorted({text.entry for text in answers if "." in text.entry})


def cells() -> list[str]:
    """Every answer to a question, by aspect, role and engagement: "faq/cost/caio/fractional"."""
    answers = (text for text in texts() if text.name.startswith(("utter_faq/", "utter_not_in_article/")))
    return [text.cell for text in answers if not SPECIAL & text.metadata.keys() and not text.is_short]


@cache
def texts() -> list[Text]:
    """Every wording in data/."""
    return [text for path, content in _files(ROOT / "data") for text in _texts(path, content)]


def answers() -> list[Text]:
    """The texts about the article: all topics, all silences, and any other text that cites facts."""
    return [text for text in texts() if text.facts or text.file.startswith(("data/faq/", "data/not_in_article/"))]


@cache
def examples() -> list[Example]:
    """Every training example in data/."""
    return [example for path, content in _files(ROOT / "data") for example in _examples(path, content)]


@cache
def held_out() -> list[Example]:
    """Every held-out question."""
    return [example for path, content in _files(HELD_OUT) for example in _examples(path, content)]


@cache
def rules() -> dict[str, list[str]]:
    """The actions that the rules of data/ run for each intent, outside forms."""
    found: dict[str, list[str]] = defaultdict(list)
    for _, content in _files(ROOT / "data"):
        for rule in content.get("rules", ()):
            intent, *steps = rule["steps"]
            if "intent" in intent and "condition" not in rule:
                found[intent["intent"]] += [step["action"] for step in steps if "action" in step]
    return found


def intents_with_rules() -> set[str]:
    """The intents that rules of data/ have a step for, also within forms."""
    steps = (
        step for _, content in _files(ROOT / "data") for rule in content.get("rules", ()) for step in rule["steps"]
    )
    return {step["intent"] for step in steps if "intent" in step}


def own_files(*suffixes: str) -> list[Path]:
    """The files of the project, committed or not."""
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return [ROOT / name for name in sorted(set(listed)) if name.endswith(suffixes) and (ROOT / name).is_file()]


@cache
def responses() -> dict[str, list[dict[str, Any]]]:
    """Every response in data/."""
    return {name: said for _, content in _files(ROOT / "data") for name, said in content.get("responses", {}).items()}


def _files(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(folder.rglob("*.yml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        if isinstance(content, dict):
            yield path.relative_to(ROOT).as_posix(), content


def _texts(file: str, content: dict[str, Any]) -> Iterator[Text]:
    for name, variations in content.get("responses", {}).items():
        for variation in variations:
            about = variation.get("metadata", {})
            thing = max([about.get("thing", ""), *about.get("things", ())], key=len)  # the hardest to read
            if "text" in variation:
                yield Text(name, variation["text"].replace("{thing}", thing), about, file)
            if "short" in about:
                beside = {key: value for key, value in about.items() if key not in ("question", "asks")}
                yield Text(name, about["short"].replace("{thing}", thing), beside, file, is_short=True)


def _examples(file: str, content: dict[str, Any]) -> Iterator[Example]:
    for entry in content.get("nlu", ()):
        if "intent" in entry:
            for line in entry["examples"].splitlines():
                yield Example(entry["intent"], line.strip().removeprefix("- ").strip(), file)
